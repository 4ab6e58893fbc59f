import { isSkippableMagic, isZstdMagic } from './compression.ts'

/** Header bytes after the magic, by the two flags of the descriptor that size them. RFC 8878 section 3.1.1.1. */
const dictionaryIdLength = [0, 1, 2, 4]
const contentSizeLength = [0, 2, 4, 8]

type Part =
  | 'magic'
  | 'skippable-size'
  | 'descriptor'
  | 'header'
  | 'block-header'
  | 'block'
  | 'checksum'
  | 'skippable'

/**
 * Finds where the frames of a zstd stream end without inflating them, by the lengths that frames and blocks carry. Node's
 * decompressor stops at the first end of a frame within a write and drops the rest, so writes have to be cut there.
 * https://www.rfc-editor.org/rfc/rfc8878#section-3.1
 */
export class ZstdFrames {
  #part: Part = 'magic'
  /** Bytes still to come of the part; those of fixed parts are gathered in `#value`, little endian. */
  #remaining = 4
  #value = 0
  #scale = 1
  #checksum = false
  #lastBlock = false

  /** Whether the stream may end here. */
  get atBoundary(): boolean {
    return this.#part === 'magic' && this.#remaining === 4
  }

  /**
   * Takes bytes from `from` to the end of the chunk or of the frame, whichever comes first, and answers where that is.
   * Undefined where a frame should start and none does.
   */
  take(chunk: Buffer, from: number): number | undefined {
    let at = from
    while (at < chunk.length) {
      if (this.#isGathered()) {
        this.#value += chunk[at++] * this.#scale
        this.#scale *= 256
        this.#remaining--
      } else {
        const count = Math.min(this.#remaining, chunk.length - at)
        at += count
        this.#remaining -= count
      }
      while (this.#remaining === 0) {
        const next = this.#nextPart()
        if (next === 'bad') return undefined
        if (next === 'frame-end') return at
      }
    }
    return at
  }

  #isGathered(): boolean {
    return (
      this.#part !== 'block' &&
      this.#part !== 'header' &&
      this.#part !== 'skippable' &&
      this.#part !== 'checksum'
    )
  }

  #nextPart(): 'bad' | 'frame-end' | undefined {
    const value = this.#value
    switch (this.#part) {
      case 'magic':
        if (!isZstdMagic(value)) return 'bad'
        if (isSkippableMagic(value)) this.#enter('skippable-size', 4)
        else this.#enter('descriptor', 1)
        return undefined
      case 'skippable-size':
        this.#enter('skippable', value)
        return undefined
      case 'descriptor': {
        const singleSegment = (value & 0x20) !== 0
        const sizeFlag = value >>> 6
        this.#checksum = (value & 0x04) !== 0
        const contentSize = sizeFlag === 0 && singleSegment ? 1 : contentSizeLength[sizeFlag]
        this.#enter('header', (singleSegment ? 0 : 1) + dictionaryIdLength[value & 0x03] + contentSize)
        return undefined
      }
      case 'header':
        this.#enter('block-header', 3)
        return undefined
      case 'block-header': {
        this.#lastBlock = (value & 1) !== 0
        const repeated = ((value >>> 1) & 3) === 1
        this.#enter('block', repeated ? 1 : value >>> 3)
        return undefined
      }
      case 'block':
        if (!this.#lastBlock) {
          this.#enter('block-header', 3)
          return undefined
        }
        if (this.#checksum) {
          this.#enter('checksum', 4)
          return undefined
        }
        break
    }
    this.#enter('magic', 4)
    return 'frame-end'
  }

  #enter(part: Part, length: number): void {
    this.#part = part
    this.#remaining = length
    this.#value = 0
    this.#scale = 1
  }
}
