import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { AdvisoryRecord, CveFacts } from '@lanner/matching'
import { AdvisoryFault, systemCode } from '../fault.ts'
import { type CveNumber, cveHash, readCveSlot, type StoredExploited } from './cve-slot.ts'
import { hashOf } from './key.ts'
import {
  closingMagic,
  cveSlotLength,
  headerLength,
  magic,
  type SectionName,
  type SectionTable,
  slotLength,
  trailerLength,
  version,
} from './segment-format.ts'

/** A record with what the store keeps beside it. */
export interface StoredRecord {
  readonly record: AdvisoryRecord
  /** Which sources carry it: `osv/npm`, `debian-tracker`. */
  readonly sources: readonly string[]
  /** Keys under which its entries lie. */
  readonly keys: readonly string[]
}

/** No table of contents and no value comes near this; a longer one is damage. */
const longestPiece = 1 << 28
/** Slots read at once: a probe rarely goes further. */
const window = 8

/** The longest table that is kept in memory. */
const residentCap = 4 << 20
/**
 * A table is read as a whole when the probes so far have cost as much as that would: one takes about as long as two
 * kilobytes, most of it for memory that is touched for the first time. A single image seldom gets there, a server soon does.
 */
const bytesPerProbe = 2048

/** One open file of the store. All reads are positioned, so that many readers share it. */
export class Segment {
  readonly path: string
  readonly #fd: number
  readonly #table: SectionTable
  readonly #probe = Buffer.allocUnsafe(window * Math.max(slotLength, cveSlotLength))
  readonly #small = Buffer.allocUnsafe(16 * 1024)
  readonly #resident = new Map<SectionName, Buffer>()
  readonly #asked = new Map<SectionName, number>()
  #ids: ReadonlySet<string> | undefined
  #exploited: readonly StoredExploited[] | undefined
  #epssDate: string | undefined
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
      this.#table = this.#readTable()
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

  /** Entries under this key in their stored form, or none. */
  affected(key: string): readonly unknown[] {
    return this.#lookUp('affected', 'affectedValues', key)
  }

  /** Ids of the records that name this vulnerability. */
  references(vulnerability: string): readonly string[] {
    return this.#lookUp('references', 'referenceValues', vulnerability) as readonly string[]
  }

  record(id: string): AdvisoryRecord | undefined {
    return this.#record(id)?.record
  }

  storedRecord(id: string): StoredRecord | undefined {
    const found = this.#record(id)
    return found && { record: found.record, ...besideRecord(this.#restOfLine(found.end)) }
  }

  /** Ids that this segment has the last word on, deleted ones included; only deltas list them. */
  ids(): ReadonlySet<string> {
    this.#ids ??= new Set(this.#readJson<string[]>('ids') ?? [])
    return this.#ids
  }

  /** Entries by ecosystem. */
  ecosystems(): Readonly<Record<string, number>> {
    return this.#readJson<Record<string, number>>('ecosystems') ?? {}
  }

  cve(number: CveNumber): CveFacts | undefined {
    const section = this.#table.cves
    if (!section || section[1] < cveSlotLength) return undefined
    const slots = section[1] / cveSlotLength
    let slot = cveHash(number) % slots
    for (let seen = 0; seen < slots; ) {
      const count = Math.min(window, slots - slot)
      this.#read(this.#probe, count * cveSlotLength, section[0] + slot * cveSlotLength)
      for (let index = 0; index < count; index++) {
        const found = readCveSlot(this.#probe, index * cveSlotLength)
        if (found === undefined) return undefined
        if (found.number !== number.number || found.year !== number.year) continue
        const exploited = found.exploited === undefined ? undefined : this.exploited()[found.exploited]
        return {
          ...(found.epss ? { epss: { ...found.epss, ...this.#epssDated() } } : {}),
          ...(exploited ? { exploited: exploited.facts } : {}),
        }
      }
      seen += count
      slot = (slot + count) % slots
    }
    return undefined
  }

  /** The known exploited vulnerabilities. */
  exploited(): readonly StoredExploited[] {
    this.#exploited ??= this.#readJson<StoredExploited[]>('exploited') ?? []
    return this.#exploited
  }

  /** Every EPSS row, in no order. */
  *epssRows(): Generator<CveNumber & { score: number; percentile: number }> {
    const content = this.#section('cves')
    for (let at = 0; at + cveSlotLength <= content.length; at += cveSlotLength) {
      const found = readCveSlot(content, at)
      if (found?.epss) yield { year: found.year, number: found.number, ...found.epss }
    }
  }

  epssDate(): string | undefined {
    return this.#epssDated().date
  }

  /** Every (key, entries), in the file's order. */
  *allAffected(): Generator<{ key: string; entries: readonly unknown[] }> {
    const values = this.#table.affectedValues
    if (!values) return
    for (const { offset, length } of this.#places('affected')) {
      const [key, ...entries] = this.#parse(this.#piece(values, offset, length), 'a value') as [
        string,
        ...unknown[],
      ]
      yield { key, entries }
    }
  }

  /** Every record, in the file's order. */
  *allRecords(): Generator<StoredRecord> {
    const lines = this.#table.recordLines
    if (!lines) return
    const places = this.#places('records')
    for (const [index, { offset }] of places.entries()) {
      const end = places[index + 1]?.offset ?? lines[1]
      const line = this.#piece(lines, offset, end - offset - 1)
      const tab = line.indexOf('\t')
      const record = this.#parse(line.slice(0, tab), 'a record') as AdvisoryRecord
      yield { record, ...besideRecord(line.slice(tab + 1)) }
    }
  }

  /** Where the values of a table lie, in the file's order. */
  #places(name: SectionName): { offset: number; length: number }[] {
    const slots = this.#section(name)
    const places: { offset: number; length: number }[] = []
    for (let at = 0; at + slotLength <= slots.length; at += slotLength) {
      const length = slots.readUInt32LE(at + 4)
      if (length > 0) places.push({ offset: slots.readDoubleLE(at + 8), length })
    }
    return places.sort((a, b) => a.offset - b.offset)
  }

  #epssDated(): { date?: string } {
    this.#epssDate ??= this.#readJson<{ date?: string }>('epss')?.date ?? ''
    return this.#epssDate === '' ? {} : { date: this.#epssDate }
  }

  #readTable(): SectionTable {
    const size = fstatSync(this.#fd).size
    const header = Buffer.alloc(headerLength)
    if (size < headerLength) throw this.#corrupt(`it is only ${size} bytes long`)
    this.#read(header, headerLength, 0)
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
    if (size < headerLength + trailerLength) throw this.#corrupt('its end is missing')
    const trailer = Buffer.alloc(trailerLength)
    this.#read(trailer, trailerLength, size - trailerLength)
    if (trailer.toString('latin1', 24) !== closingMagic || trailer.readDoubleLE(8) !== size) {
      throw this.#corrupt('its end is missing')
    }
    const length = trailer.readUInt32LE(0)
    if (length > longestPiece || length > size - headerLength - trailerLength)
      throw this.#corrupt('its table is too long')
    const table = Buffer.alloc(length)
    this.#read(table, length, size - trailerLength - length)
    if (crc32(table) !== trailer.readUInt32LE(4)) throw this.#corrupt('its table does not match its checksum')
    return this.#parse(table.toString(), 'its table') as SectionTable
  }

  #lookUp(tableName: SectionName, valueName: SectionName, key: string): readonly unknown[] {
    const values = this.#table[valueName]
    if (!values) return []
    const found = this.#find(tableName, hashOf(key), (length, offset) => {
      const value = this.#parse(this.#piece(values, offset, length), 'a value')
      if (!Array.isArray(value)) throw this.#corrupt('a value is not a list')
      return value[0] === key ? value : undefined
    })
    found?.shift()
    return found ?? []
  }

  /** The first answer that `check` gives for a slot with this hash, up to the first empty slot. */
  #find<Answer>(
    name: SectionName,
    hash: number,
    check: (length: number, offset: number) => Answer | undefined,
  ): Answer | undefined {
    const slots = Math.floor((this.#table[name]?.[1] ?? 0) / slotLength)
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
    const [offset, length] = this.#table[name] ?? [0, 0]
    const asked = (this.#asked.get(name) ?? 0) + 1
    this.#asked.set(name, asked)
    if (asked > length / bytesPerProbe && length <= residentCap) {
      const content = this.#section(name)
      this.#resident.set(name, content)
      return { buffer: content, start: row * slotLength }
    }
    this.#read(this.#probe, count * slotLength, offset + row * slotLength)
    return { buffer: this.#probe, start: 0 }
  }

  #record(id: string): { record: AdvisoryRecord; end: number } | undefined {
    const lines = this.#table.recordLines
    if (!lines) return undefined
    return this.#find('records', hashOf(id), (length, offset) => {
      const record = this.#parse(this.#piece(lines, offset, length), 'a record') as AdvisoryRecord | null
      return record?.id === id ? { record, end: offset + length } : undefined
    })
  }

  /** What stands behind a record, from its tab to the end of the line. */
  #restOfLine(end: number): string {
    const lines = this.#table.recordLines ?? [0, 0]
    for (let length = 1024; ; length *= 4) {
      const reach = Math.min(length, lines[1] - end)
      const text = this.#piece(lines, end, reach)
      const lineEnd = text.indexOf('\n')
      if (lineEnd >= 0) return text.slice(1, lineEnd)
      if (reach < length) throw this.#corrupt('a record is cut short')
    }
  }

  #section(name: SectionName): Buffer {
    const section = this.#table[name]
    if (!section) return Buffer.alloc(0)
    const content = Buffer.allocUnsafe(section[1])
    this.#read(content, section[1], section[0])
    return content
  }

  #readJson<T>(name: SectionName): T | undefined {
    const content = this.#section(name)
    return content.length === 0 ? undefined : (this.#parse(content.toString(), `its section ${name}`) as T)
  }

  #piece(section: readonly [number, number], offset: number, length: number): string {
    if (!Number.isSafeInteger(offset) || offset < 0 || length < 0 || offset + length > section[1])
      throw this.#corrupt('a value is out of bounds')
    const buffer = length <= this.#small.length ? this.#small : Buffer.allocUnsafe(length)
    this.#read(buffer, length, section[0] + offset)
    return buffer.toString('utf8', 0, length)
  }

  #parse(text: string, what: string): unknown {
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw this.#corrupt(`${what} cannot be read`, cause)
    }
  }

  #read(buffer: Buffer, length: number, position: number): void {
    // The system may have given the number to another file by now.
    if (!this.#open)
      throw new AdvisoryFault(
        'no-store',
        `The advisory store's file ${this.path} was closed before this look-up`,
      )
    for (let done = 0; done < length; ) {
      const count = readSync(this.#fd, buffer, done, length - done, position + done)
      if (count === 0) throw this.#corrupt('it ends early')
      done += count
    }
  }

  #corrupt(what: string, cause?: unknown): AdvisoryFault {
    return new AdvisoryFault(
      'corrupt',
      `The advisory store's file ${this.path} is damaged: ${what}. Import or update the advisories again`,
      { cause },
    )
  }
}

function besideRecord(text: string): Pick<StoredRecord, 'sources' | 'keys'> {
  const [sources = '', keys = ''] = text.split('\t')
  return {
    sources: sources === '' ? [] : sources.split('|'),
    keys: keys === '' ? [] : keys.split('\u001e'),
  }
}
