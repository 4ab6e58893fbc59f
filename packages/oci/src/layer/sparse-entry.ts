import type { TarEntry } from './entry.ts'
import type { PaxSparse } from './pax.ts'
import { readGnuRegions, SparseMap, SparseMapText } from './sparse.ts'
import { blockSize } from './tar-header.ts'

/**
 * A sparse entry whose map is being read, in any of the formats: from blocks of the header (GNU), from the extension header
 * (PAX 0.x) or from the start of the body (PAX 1.0). Where a step answers with a text, that is what is wrong with the map, as it
 * follows the entry's name.
 */
export class SparseEntry {
  readonly entry: TarEntry
  #regions: number[] = []
  readonly #text = new SparseMapText()
  /** Stored bytes behind a textual map and its padding; those of the whole body where there is none. */
  #stored: number

  /** `stored`: bytes that the archive holds of the entry, a textual map included. */
  constructor(entry: TarEntry, stored: number) {
    this.entry = entry
    this.#stored = stored
  }

  /** Stored bytes of the content. */
  get stored(): number {
    return this.#stored
  }

  /** Takes regions of GNU's old format; answers whether another block of them follows, undefined where they are malformed. */
  takeBlock(block: Buffer, start: number, count: number, extendedFlag: number): boolean | undefined {
    return readGnuRegions(block, start, count, extendedFlag, this.#regions)
  }

  /** Takes the map of an extension header. */
  takeMap({ map, blocks }: PaxSparse): string | undefined {
    this.#regions = map ?? []
    if (blocks === undefined || this.#regions.length === 2 * blocks) return undefined
    return ` announces ${blocks} regions but its map has ${this.#regions.length / 2}`
  }

  /** Takes a part of the body that begins with a textual map; `taken` are its bytes, `padding` those that follow it to its end. */
  takeText(part: Buffer): { taken: number; padding?: number } | string {
    const taken = this.#text.take(part)
    if (typeof taken === 'string') return `: ${taken}`
    this.#stored -= taken
    if (!this.#text.complete) return this.#stored === 0 ? ' ends inside its map' : { taken }
    const padding = -this.#text.length & (blockSize - 1)
    if (padding > this.#stored) return ' ends inside its map'
    this.#regions = this.#text.regions
    this.#stored -= padding
    return { taken, padding }
  }

  /** The map, once it is whole, or what is wrong with it. */
  map(): SparseMap | string {
    const map = new SparseMap(this.#regions)
    const problem = map.problem(this.entry.size, this.#stored)
    return problem === undefined ? map : `: ${problem}`
  }
}
