import type { Bytes } from './bytes.ts'
import { ExtractFault } from './extractor.ts'

const textLimit = 64 * 1024 * 1024

interface Run {
  readonly start: number
  readonly end: number
  readonly data: Buffer
}

/** Bytes over retained runs in ascending order; adjoining runs are read across, gaps are refused. */
export class RetainedBytes implements Bytes {
  readonly size: number
  readonly complete: boolean
  readonly #runs: readonly Run[]
  /** Where the stretch without a gap that each run belongs to starts and ends. */
  readonly #stretches: readonly { start: number; end: number }[]

  /** `pieces`: offset and content of each retained piece, ascending and without overlap. */
  constructor(size: number, pieces: Iterable<readonly [offset: number, data: Buffer]>) {
    this.size = size
    const runs: Run[] = []
    const stretches: { start: number; end: number }[] = []
    let covered = 0
    for (const [start, data] of pieces) {
      if (data.length === 0) continue
      const last = stretches.at(-1)
      const stretch = last?.end === start ? last : { start, end: start }
      stretch.end = start + data.length
      stretches.push(stretch)
      runs.push({ start, end: stretch.end, data })
      covered += data.length
    }
    this.#runs = runs
    this.#stretches = stretches
    this.complete = covered === size
  }

  /** Content that lies in memory already: nested archive members, tests. */
  static of(data: Buffer | string): RetainedBytes {
    const buffer = typeof data === 'string' ? Buffer.from(data) : data
    return new RetainedBytes(buffer.length, [[0, buffer]])
  }

  has(start: number, end: number): boolean {
    const from = Math.max(0, start)
    const to = Math.min(end, this.size)
    if (from >= to) return true
    const stretch = this.#stretches[this.#find(from)]
    return stretch !== undefined && stretch.start <= from && stretch.end >= to
  }

  slice(start: number, end = this.size): Buffer {
    const from = Math.max(0, Math.min(start, this.size))
    const to = Math.max(from, Math.min(end, this.size))
    if (from === to) return Buffer.alloc(0)
    if (!this.has(from, to)) {
      throw new ExtractFault(
        'not-retained',
        `bytes ${from} to ${to} of a file of ${this.size} bytes were not kept`,
        { missing: { start: from, end: to } },
      )
    }
    let index = this.#find(from)
    const first = this.#runs[index]
    if (first.end >= to) return first.data.subarray(from - first.start, to - first.start)
    const joined = Buffer.allocUnsafe(to - from)
    for (let at = from; at < to; index++) {
      const run = this.#runs[index]
      const stop = Math.min(run.end, to)
      run.data.copy(joined, at - from, at - run.start, stop - run.start)
      at = stop
    }
    return joined
  }

  indexOf(pattern: Buffer, from = 0, to = this.size): number {
    if (pattern.length === 0) return -1
    for (let index = this.#find(Math.max(0, from)); index < this.#runs.length; index++) {
      const run = this.#runs[index]
      if (run.start >= to) return -1
      const hit = run.data.indexOf(pattern, Math.max(0, from - run.start))
      if (hit >= 0) {
        const at = run.start + hit
        return at + pattern.length <= to ? at : -1
      }
      // A hit may straddle this run and those that adjoin it: look at the seam alone.
      const stretch = this.#stretches[index]
      if (pattern.length === 1 || stretch.end === run.end) continue
      const seamStart = Math.max(from, run.end - pattern.length + 1, stretch.start)
      const seamHit = this.slice(seamStart, Math.min(stretch.end, run.end + pattern.length - 1)).indexOf(
        pattern,
      )
      if (seamHit >= 0) return seamStart + seamHit + pattern.length <= to ? seamStart + seamHit : -1
    }
    return -1
  }

  text(): string {
    if (this.size > textLimit)
      throw new ExtractFault('limit-exceeded', `a text file of ${this.size} bytes is over ${textLimit}`)
    const text = this.slice(0).toString('utf8')
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }

  /** Index of the first run that ends after `offset`. */
  #find(offset: number): number {
    let low = 0
    let high = this.#runs.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#runs[middle].end <= offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
