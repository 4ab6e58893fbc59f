import type { Bytes } from '../bytes.ts'
import { ExtractFault } from '../extractor.ts'

const textLimit = 64 * 1024 * 1024

/** A stretch of other bytes as bytes of their own: an archive stored inside an archive is read where it lies. */
export class BytesWindow implements Bytes {
  readonly size: number
  readonly #whole: Bytes
  readonly #start: number

  /** `start` to `end` (exclusive) of `whole`, clamped to it. */
  constructor(whole: Bytes, start: number, end: number) {
    this.#whole = whole
    this.#start = Math.max(0, Math.min(start, whole.size))
    this.size = Math.max(0, Math.min(end, whole.size) - this.#start)
  }

  get complete(): boolean {
    return this.#whole.complete || this.#whole.has(this.#start, this.#start + this.size)
  }

  has(start: number, end: number): boolean {
    return this.#whole.has(this.#start + Math.max(0, start), this.#start + Math.min(end, this.size))
  }

  slice(start: number, end = this.size): Buffer {
    const from = Math.max(0, Math.min(start, this.size))
    const to = Math.max(from, Math.min(end, this.size))
    return this.#whole.slice(this.#start + from, this.#start + to)
  }

  indexOf(pattern: Buffer, from = 0, to = this.size): number {
    const stop = this.#start + Math.min(to, this.size)
    const hit = this.#whole.indexOf(pattern, this.#start + Math.max(0, from), stop)
    return hit < 0 ? -1 : hit - this.#start
  }

  text(): string {
    if (this.size > textLimit) {
      throw new ExtractFault('limit-exceeded', `a text of ${this.size} bytes is over ${textLimit}`)
    }
    const text = this.slice(0).toString('utf8')
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }
}
