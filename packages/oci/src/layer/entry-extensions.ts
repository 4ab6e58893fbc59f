import { LayerFault } from './layer-fault.ts'
import { type PaxRecords, parsePax } from './pax.ts'
import { readText } from './tar-header.ts'

/** Bytes of the longest name or PAX header that is read: Go's limit, so what runtimes refuse is refused here. */
const maxExtension = 1024 * 1024

const longName = 0x4c // L
const longLink = 0x4b // K
const paxHeader = 0x78 // x

/**
 * What stands before an entry because its own header does not hold it: GNU's long names, and PAX records.
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
export class EntryExtensions {
  /** GNU's long name; '' where there is none. */
  path = ''
  /** GNU's long link target; '' where there is none. */
  link = ''
  pax: PaxRecords | undefined
  readonly #what: string
  #type = 0
  #missing = 0
  /** An extension that spans chunks. */
  #parts: Buffer | undefined

  /** `what` names the archive in messages. */
  constructor(what: string) {
    this.#what = what
  }

  /** Whether a header of this type flag is one of them. */
  static isExtension(type: number): boolean {
    return type === longName || type === longLink || type === paxHeader
  }

  /** Begins an extension of so many bytes. Throws LayerFault `limit-exceeded`. */
  start(type: number, size: number): void {
    if (size > maxExtension) {
      const name = type === paxHeader ? 'PAX header' : 'long name'
      throw new LayerFault(
        'limit-exceeded',
        `${this.#what} has a ${name} of ${size} bytes; at most ${maxExtension} are read`,
      )
    }
    this.#type = type
    this.#missing = size
  }

  /**
   * Takes what the chunk holds of the extension from `at` on; answers how many bytes. Throws LayerFault `corrupt` where its
   * end is reached and it cannot be read; `position` is that of the chunk in the archive.
   */
  take(chunk: Buffer, at: number, position: number): number {
    const count = Math.min(this.#missing, chunk.length - at)
    if (this.#parts === undefined && count === this.#missing) {
      this.#read(chunk.subarray(at, at + count), position)
    } else {
      this.#parts ??= Buffer.allocUnsafe(this.#missing)
      chunk.copy(this.#parts, this.#parts.length - this.#missing, at, at + count)
    }
    this.#missing -= count
    if (this.#missing === 0 && this.#parts) {
      const whole = this.#parts
      this.#parts = undefined
      this.#read(whole, position)
    }
    return count
  }

  /** Whether the extension was taken to its end. */
  get complete(): boolean {
    return this.#missing === 0
  }

  /** They concern one entry. */
  forget(): void {
    this.path = ''
    this.link = ''
    this.pax = undefined
  }

  #read(bytes: Buffer, position: number): void {
    if (this.#type === longName) this.path = readText(bytes, 0, bytes.length)
    else if (this.#type === longLink) this.link = readText(bytes, 0, bytes.length)
    else {
      const pax = parsePax(bytes)
      if (typeof pax === 'string') {
        const where = `the PAX header before byte ${position}`
        throw new LayerFault('corrupt', `${this.#what}: ${where} is malformed: ${pax}`)
      }
      this.pax = pax
    }
  }
}
