import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { AdvisoryFault, systemCode } from '../fault.ts'
import {
  closingMagic,
  headerLength,
  magic,
  type SectionName,
  type SectionTable,
  slotLength,
  trailerLength,
  version,
} from './segment-format.ts'

/** No table of contents and no value comes near this; a longer one is damage. */
const longestPiece = 1 << 28
/** Slots read at once: a probe rarely goes further. */
export const window = 8

/** The longest table that is kept in memory. */
const residentCap = 4 << 20
/**
 * A table is read as a whole when the probes so far have cost as much as that would: one takes about as long as two
 * kilobytes, most of it for memory that is touched for the first time. A single image seldom gets there, a server soon does.
 */
const bytesPerProbe = 2048

/**
 * One open file of the store: its sections, and the rows of its hash tables. All reads are positioned, so that many readers
 * share it.
 */
export class SegmentFile {
  readonly path: string
  readonly #fd: number
  readonly table: SectionTable
  /** Room for the rows read last. */
  readonly #probe = Buffer.allocUnsafe(window * slotLength)
  readonly #small = Buffer.allocUnsafe(16 * 1024)
  readonly #resident = new Map<SectionName, Buffer>()
  readonly #asked = new Map<SectionName, number>()
  #open = true

  /** Throws AdvisoryFault `no-store`, `foreign` or `corrupt`. */
  constructor(path: string) {
    this.path = path
    try {
      this.#fd = openSync(path, 'r')
    } catch (cause) {
      throw new AdvisoryFault(
        'no-store',
        `The advisory store's file ${path} cannot be opened (${systemCode(cause)})`,
        { cause },
      )
    }
    try {
      this.table = this.#readTable()
    } catch (error) {
      this.close()
      throw error
    }
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    // Nothing may be answered from memory any more, least of all that there is nothing.
    this.#resident.clear()
    closeSync(this.#fd)
  }

  /** The first answer that `check` gives for a slot with this hash, up to the first empty slot. */
  find<Answer>(
    name: SectionName,
    hash: number,
    check: (length: number, offset: number) => Answer | undefined,
  ): Answer | undefined {
    const slots = Math.floor((this.table[name]?.[1] ?? 0) / slotLength)
    if (slots === 0) return undefined
    let slot = hash % slots
    for (let seen = 0; seen < slots; ) {
      const count = Math.min(window, slots - slot)
      let { buffer, start } = this.#rows(name, slot, count)
      for (let index = 0; index < count; index++) {
        const at = start + index * slotLength
        const length = buffer.readUInt32LE(at + 4)
        if (length === 0) return undefined
        if (buffer.readUInt32LE(at) !== hash) continue
        const answer = check(length, buffer.readDoubleLE(at + 8))
        if (answer !== undefined)
          return answer
          // The check may have read rows of another table into the shared buffer: these are taken again.
        ;({ buffer, start } = this.#rows(name, slot, count))
      }
      seen += count
      slot = (slot + count) % slots
    }
    return undefined
  }

  /** Rows of a table: read where they lie, or from memory once the table has been asked often enough to be worth it. */
  #rows(name: SectionName, row: number, count: number): { buffer: Buffer; start: number } {
    const resident = this.#resident.get(name)
    if (resident) return { buffer: resident, start: row * slotLength }
    const [offset, length] = this.table[name] ?? [0, 0]
    const asked = (this.#asked.get(name) ?? 0) + 1
    this.#asked.set(name, asked)
    if (asked > length / bytesPerProbe && length <= residentCap) {
      const content = this.section(name)
      this.#resident.set(name, content)
      return { buffer: content, start: row * slotLength }
    }
    this.read(this.#probe, count * slotLength, offset + row * slotLength)
    return { buffer: this.#probe, start: 0 }
  }

  /** Where the values of a table lie, in the file's order. */
  places(name: SectionName): { offset: number; length: number }[] {
    const slots = this.section(name)
    const places: { offset: number; length: number }[] = []
    for (let at = 0; at + slotLength <= slots.length; at += slotLength) {
      const length = slots.readUInt32LE(at + 4)
      if (length > 0) places.push({ offset: slots.readDoubleLE(at + 8), length })
    }
    return places.sort((a, b) => a.offset - b.offset)
  }

  section(name: SectionName): Buffer {
    const section = this.table[name]
    if (!section) return Buffer.alloc(0)
    const content = Buffer.allocUnsafe(section[1])
    this.read(content, section[1], section[0])
    return content
  }

  json<T>(name: SectionName): T | undefined {
    const content = this.section(name)
    return content.length === 0 ? undefined : (this.parse(content.toString(), `its section ${name}`) as T)
  }

  piece(section: readonly [number, number], offset: number, length: number): string {
    if (!Number.isSafeInteger(offset) || offset < 0 || length < 0 || offset + length > section[1])
      throw this.corrupt('a value is out of bounds')
    const buffer = length <= this.#small.length ? this.#small : Buffer.allocUnsafe(length)
    this.read(buffer, length, section[0] + offset)
    return buffer.toString('utf8', 0, length)
  }

  parse(text: string, what: string): unknown {
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw this.corrupt(`${what} cannot be read`, cause)
    }
  }

  read(buffer: Buffer, length: number, position: number): void {
    // The system may have given the number to another file by now.
    if (!this.#open)
      throw new AdvisoryFault(
        'no-store',
        `The advisory store's file ${this.path} was closed before this look-up`,
      )
    for (let done = 0; done < length; ) {
      const count = readSync(this.#fd, buffer, done, length - done, position + done)
      if (count === 0) throw this.corrupt('it ends early')
      done += count
    }
  }

  corrupt(what: string, cause?: unknown): AdvisoryFault {
    return new AdvisoryFault(
      'corrupt',
      `The advisory store's file ${this.path} is damaged: ${what}. Import or update the advisories again`,
      { cause },
    )
  }
  #readTable(): SectionTable {
    const size = fstatSync(this.#fd).size
    const header = Buffer.alloc(headerLength)
    if (size < headerLength) throw this.corrupt(`it is only ${size} bytes long`)
    this.read(header, headerLength, 0)
    if (header.toString('latin1', 0, 8) !== magic) {
      throw new AdvisoryFault('foreign', `${this.path} is not an advisory store; name the folder of a store`)
    }
    const written = header.readUInt32LE(8)
    if (written !== version) {
      throw new AdvisoryFault(
        'foreign',
        `${this.path} has store version ${written}, this program reads version ${version}; update the advisories again or use the matching program`,
      )
    }
    if (size < headerLength + trailerLength) throw this.corrupt('its end is missing')
    const trailer = Buffer.alloc(trailerLength)
    this.read(trailer, trailerLength, size - trailerLength)
    if (trailer.toString('latin1', 24) !== closingMagic || trailer.readDoubleLE(8) !== size) {
      throw this.corrupt('its end is missing')
    }
    const length = trailer.readUInt32LE(0)
    if (length > longestPiece || length > size - headerLength - trailerLength)
      throw this.corrupt('its table is too long')
    const table = Buffer.alloc(length)
    this.read(table, length, size - trailerLength - length)
    if (crc32(table) !== trailer.readUInt32LE(4)) throw this.corrupt('its table does not match its checksum')
    return this.parse(table.toString(), 'its table') as SectionTable
  }
}
