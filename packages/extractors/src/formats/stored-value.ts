import { RetainedBytes } from '../chunks.ts'
import { ExtractFault } from '../extractor.ts'

/** Gathers a value that a database keeps in pieces (local part, overflow pages), without joining them. */
export class StoredValue {
  readonly #size: number
  readonly #pieces: [offset: number, data: Buffer][] = []
  #filled = 0

  /** `size`: bytes of the whole value. */
  constructor(size: number) {
    this.#size = size
  }

  get missing(): number {
    return this.#size - this.#filled
  }

  add(piece: Buffer): void {
    this.#pieces.push([this.#filled, piece])
    this.#filled += piece.length
  }

  /** The value without its first `skip` bytes, which must lie in its first piece. */
  bytes(skip = 0): RetainedBytes {
    if (skip === 0) return new RetainedBytes(this.#size, this.#pieces)
    const [first, ...rest] = this.#pieces
    if (first === undefined || first[1].length < skip) {
      throw new ExtractFault('malformed', `a stored value begins with fewer than ${skip} bytes`)
    }
    const pieces = rest.map(([offset, data]): [number, Buffer] => [offset - skip, data])
    return new RetainedBytes(this.#size - skip, [[0, first[1].subarray(skip)], ...pieces])
  }
}
