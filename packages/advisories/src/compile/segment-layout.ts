import { hashOf, splitKey } from '../store/key.ts'
import { type SegmentWriter, SlotTable } from '../store/segment-writer.ts'
import { copied, Spool } from './spool.ts'

const listSeparator = '\u001e'

/** Lays records, entries and references out as sections of a segment. */
export class SegmentLayout {
  readonly #records: Spool
  readonly #entries: Spool
  readonly #references: Spool
  readonly #ecosystems = new Map<string, number>()

  constructor(workFolder: string, partitions: number) {
    this.#records = new Spool(workFolder, 'records', partitions)
    this.#entries = new Spool(workFolder, 'entries', partitions)
    this.#references = new Spool(workFolder, 'references', partitions)
  }

  /** `entries` holds key and encoded entry by turns. */
  add(
    id: string,
    sources: readonly string[],
    record: string,
    references: string,
    entries: readonly string[],
  ): void {
    const keys = new Set<string>()
    for (let at = 0; at < entries.length; at += 2) {
      keys.add(entries[at])
      this.#entries.add(entries[at], entries[at + 1])
    }
    // Records of one package lie together, so that an image's look-ups share pages of the file.
    const [first = ''] = keys
    this.#records.add(first, [id, record, sources.join('|'), [...keys].join(listSeparator)].join('\t'))
    for (const reference of references.split(listSeparator)) this.#references.add(reference, id)
  }

  async write(writer: SegmentWriter, breathe: () => Promise<void> | undefined): Promise<number> {
    const count = await this.#writeEntries(writer, breathe)
    await this.#writeRecords(writer, breathe)
    await this.#writeReferences(writer, breathe)
    writer.put('ecosystems', Buffer.from(JSON.stringify(Object.fromEntries([...this.#ecosystems].sort()))))
    return count
  }

  close(): void {
    this.#records.close()
    this.#entries.close()
    this.#references.close()
  }

  async #writeEntries(writer: SegmentWriter, breathe: () => Promise<void> | undefined): Promise<number> {
    const slots = new SlotTable()
    let count = 0
    writer.section('affectedValues')
    for (let partition = 0; partition < this.#entries.partitions; partition++) {
      for (const [key, entries] of grouped(this.#entries.take(partition))) {
        await breathe()
        this.#countEntries(splitKey(key).ecosystem, entries.length)
        count += entries.length
        const value = Buffer.from(`[${JSON.stringify(key)},${entries.join(',')}]`)
        slots.add(hashOf(key), value.length, writer.write(value))
      }
    }
    writer.put('affected', slots.layOut())
    return count
  }

  #countEntries(ecosystem: string, entries: number): void {
    const before = this.#ecosystems.get(ecosystem)
    this.#ecosystems.set(before === undefined ? copied(ecosystem) : ecosystem, (before ?? 0) + entries)
  }

  async #writeRecords(writer: SegmentWriter, breathe: () => Promise<void> | undefined): Promise<void> {
    const slots = new SlotTable()
    writer.section('recordLines')
    for (let partition = 0; partition < this.#records.partitions; partition++) {
      const found = this.#records.take(partition).sort(byKeyThenId)
      for (const [, id, record, sources, keys] of found) {
        await breathe()
        const line = Buffer.from(`${record}\t${sources}\t${keys}\n`)
        slots.add(hashOf(id), line.indexOf(9), writer.write(line))
      }
    }
    writer.put('records', slots.layOut())
  }

  async #writeReferences(writer: SegmentWriter, breathe: () => Promise<void> | undefined): Promise<void> {
    const slots = new SlotTable()
    writer.section('referenceValues')
    for (let partition = 0; partition < this.#references.partitions; partition++) {
      for (const [name, ids] of grouped(this.#references.take(partition))) {
        await breathe()
        const value = Buffer.from(JSON.stringify([name, ...ids]))
        slots.add(hashOf(name), value.length, writer.write(value))
      }
    }
    writer.put('references', slots.layOut())
  }
}

/** Second columns by first column, both in a fixed order so that the same input makes the same file. */
function grouped(lines: readonly string[][]): [string, string[]][] {
  const groups = new Map<string, string[]>()
  for (const [key, value] of lines) {
    const group = groups.get(key)
    if (group) group.push(value)
    else groups.set(key, [value])
  }
  for (const group of groups.values()) group.sort()
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}

function byKeyThenId(a: readonly string[], b: readonly string[]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1
  return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0
}
