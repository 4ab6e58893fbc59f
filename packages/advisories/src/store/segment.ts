import type { AdvisoryRecord, CveFacts } from '@lanner/matching'
import { type CveNumber, cveHash, readCveSlot, type StoredExploited } from './cve-slot.ts'
import { hashOf } from './key.ts'
import { SegmentFile, window } from './segment-file.ts'
import { cveSlotLength, type SectionName } from './segment-format.ts'

/** A record with what the store keeps beside it. */
export interface StoredRecord {
  readonly record: AdvisoryRecord
  /** Which sources carry it: `osv/npm`, `debian-tracker`. */
  readonly sources: readonly string[]
  /** Keys under which its entries lie. */
  readonly keys: readonly string[]
}

/** What one file of the store says, from the sections where it lies. */
export class Segment {
  readonly path: string
  readonly #file: SegmentFile
  readonly #slots = Buffer.allocUnsafe(window * cveSlotLength)
  #ids: ReadonlySet<string> | undefined
  #exploited: readonly StoredExploited[] | undefined
  #epssDate: string | undefined

  /** Throws AdvisoryFault `no-store`, `foreign` or `corrupt`. */
  constructor(path: string) {
    this.path = path
    this.#file = new SegmentFile(path)
  }

  close(): void {
    this.#file.close()
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
    this.#ids ??= new Set(this.#file.json<string[]>('ids') ?? [])
    return this.#ids
  }

  /** Entries by ecosystem. */
  ecosystems(): Readonly<Record<string, number>> {
    return this.#file.json<Record<string, number>>('ecosystems') ?? {}
  }

  cve(number: CveNumber): CveFacts | undefined {
    const section = this.#file.table.cves
    if (!section || section[1] < cveSlotLength) return undefined
    const slots = section[1] / cveSlotLength
    let slot = cveHash(number) % slots
    for (let seen = 0; seen < slots; ) {
      const count = Math.min(window, slots - slot)
      this.#file.read(this.#slots, count * cveSlotLength, section[0] + slot * cveSlotLength)
      for (let index = 0; index < count; index++) {
        const found = readCveSlot(this.#slots, index * cveSlotLength)
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
    this.#exploited ??= this.#file.json<StoredExploited[]>('exploited') ?? []
    return this.#exploited
  }

  /** Every EPSS row, in no order. */
  *epssRows(): Generator<CveNumber & { score: number; percentile: number }> {
    const content = this.#file.section('cves')
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
    const values = this.#file.table.affectedValues
    if (!values) return
    for (const { offset, length } of this.#file.places('affected')) {
      const [key, ...entries] = this.#file.parse(this.#file.piece(values, offset, length), 'a value') as [
        string,
        ...unknown[],
      ]
      yield { key, entries }
    }
  }

  /** Every record, in the file's order. */
  *allRecords(): Generator<StoredRecord> {
    const lines = this.#file.table.recordLines
    if (!lines) return
    const places = this.#file.places('records')
    for (const [index, { offset }] of places.entries()) {
      const end = places[index + 1]?.offset ?? lines[1]
      const line = this.#file.piece(lines, offset, end - offset - 1)
      const tab = line.indexOf('\t')
      const record = this.#file.parse(line.slice(0, tab), 'a record') as AdvisoryRecord
      yield { record, ...besideRecord(line.slice(tab + 1)) }
    }
  }

  #epssDated(): { date?: string } {
    this.#epssDate ??= this.#file.json<{ date?: string }>('epss')?.date ?? ''
    return this.#epssDate === '' ? {} : { date: this.#epssDate }
  }

  #lookUp(tableName: SectionName, valueName: SectionName, key: string): readonly unknown[] {
    const values = this.#file.table[valueName]
    if (!values) return []
    const found = this.#file.find(tableName, hashOf(key), (length, offset) => {
      const value = this.#file.parse(this.#file.piece(values, offset, length), 'a value')
      if (!Array.isArray(value)) throw this.#file.corrupt('a value is not a list')
      return value[0] === key ? value : undefined
    })
    found?.shift()
    return found ?? []
  }

  #record(id: string): { record: AdvisoryRecord; end: number } | undefined {
    const lines = this.#file.table.recordLines
    if (!lines) return undefined
    return this.#file.find('records', hashOf(id), (length, offset) => {
      const record = this.#file.parse(
        this.#file.piece(lines, offset, length),
        'a record',
      ) as AdvisoryRecord | null
      return record?.id === id ? { record, end: offset + length } : undefined
    })
  }

  /** What stands behind a record, from its tab to the end of the line. */
  #restOfLine(end: number): string {
    const lines = this.#file.table.recordLines ?? [0, 0]
    for (let length = 1024; ; length *= 4) {
      const reach = Math.min(length, lines[1] - end)
      const text = this.#file.piece(lines, end, reach)
      const lineEnd = text.indexOf('\n')
      if (lineEnd >= 0) return text.slice(1, lineEnd)
      if (reach < length) throw this.#file.corrupt('a record is cut short')
    }
  }
}

function besideRecord(text: string): Pick<StoredRecord, 'sources' | 'keys'> {
  const [sources = '', keys = ''] = text.split('\t')
  return {
    sources: sources === '' ? [] : sources.split('|'),
    keys: keys === '' ? [] : keys.split('\u001e'),
  }
}
