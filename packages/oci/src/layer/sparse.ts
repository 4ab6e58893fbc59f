import type { BodySink } from './entry.ts'
import { maxSparseRegions, type PaxSparse } from './pax.ts'
import { readNumber } from './tar-header.ts'

/**
 * Where the stored bytes of a sparse file belong: offset and length of each region in turn.
 * https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html
 */
export class SparseMap {
  readonly #regions: number[]
  #index = 0
  /** Bytes of the current region that were delivered. */
  #done = 0

  constructor(regions: number[]) {
    this.#regions = regions
  }

  /** What is wrong with the map for a file of `size` bytes of which `stored` are in the archive; undefined if nothing. */
  problem(size: number, stored: number): string | undefined {
    if (this.#regions.length % 2 !== 0) return 'the sparse map is cut short'
    let end = 0
    let sum = 0
    for (let at = 0; at < this.#regions.length; at += 2) {
      const offset = this.#regions[at]
      const length = this.#regions[at + 1]
      if (offset < end) return 'regions of the sparse map overlap'
      end = offset + length
      sum += length
      if (end > size) return 'the sparse map reaches beyond the file'
    }
    return sum === stored ? undefined : `the sparse map covers ${sum} bytes but ${stored} are stored`
  }

  /** Delivers stored bytes at the offsets of the expanded file. */
  deliver(part: Buffer, sink: BodySink): boolean {
    let at = 0
    let kept = false
    while (at < part.length) {
      const offset = this.#regions[this.#index]
      const length = this.#regions[this.#index + 1]
      const count = Math.min(length - this.#done, part.length - at)
      if (count > 0) {
        if (sink.write(part.subarray(at, at + count), offset + this.#done) !== false) kept = true
        at += count
        this.#done += count
      }
      if (this.#done === length) {
        this.#index += 2
        this.#done = 0
      }
    }
    return kept
  }
}

/**
 * Appends the regions of one block of an old GNU sparse map. Answers whether a further block follows; undefined when a
 * number is malformed or there are too many regions.
 */
export function readGnuRegions(
  block: Buffer,
  start: number,
  count: number,
  extendedFlag: number,
  regions: number[],
): boolean | undefined {
  for (let at = start; at < start + count * 24 && block[at] !== 0; at += 24) {
    const offset = readNumber(block, at, 12)
    const length = readNumber(block, at + 12, 12)
    if (offset === undefined || length === undefined || regions.length >= 2 * maxSparseRegions)
      return undefined
    regions.push(offset, length)
  }
  return block[extendedFlag] !== 0
}

/** The sparse map 1.0: decimal numbers, a line each, in front of the body: how many regions, then their offsets and lengths. */
export class SparseMapText {
  readonly regions: number[] = []
  /** Bytes taken so far. */
  length = 0
  #wanted: number | undefined
  #number = 0
  #digits = 0

  get complete(): boolean {
    return this.#wanted === this.regions.length
  }

  /** Takes bytes until the map is complete; answers how many, or what is wrong. */
  take(part: Buffer): number | string {
    let at = 0
    while (at < part.length && !this.complete) {
      const byte = part[at++]
      if (byte === 0x0a) {
        if (this.#digits === 0) return 'the sparse map has an empty line'
        this.#line(this.#number)
        this.#number = 0
        this.#digits = 0
      } else {
        const digit = byte - 0x30
        if (digit < 0 || digit > 9 || this.#digits === 15)
          return 'the sparse map holds something that is no number'
        this.#number = this.#number * 10 + digit
        this.#digits++
      }
      if (this.#wanted !== undefined && this.#wanted > 2 * maxSparseRegions) {
        return `the sparse map has more than ${maxSparseRegions} regions`
      }
    }
    this.length += at
    return at
  }

  #line(number: number): void {
    if (this.#wanted === undefined) this.#wanted = number * 2
    else this.regions.push(number)
  }
}

/** 0.0 and the first writers of 0.1 name no version. A version that is not known is read as an ordinary file. */
export function isKnownSparse({ major, minor, map }: PaxSparse): boolean {
  if (major === undefined && minor === undefined) return map !== undefined
  return (major === '1' && minor === '0') || (major === '0' && (minor === '0' || minor === '1'))
}
