import type { AdvisoryRecord, AffectedPackage } from '@lanner/matching'
import { compareInstants } from '../instant.ts'
import { advisoryOf, encodeEntry } from '../store/entry.ts'
import { affectedKey, splitKey } from '../store/key.ts'
import { canonicalId, type OpenStore } from '../store/open.ts'
import type { SegmentWriter } from '../store/segment-writer.ts'
import { breathing } from './breath.ts'
import { SegmentLayout } from './segment-layout.ts'
import { copied, Spool } from './spool.ts'

/** What a source came to in the new store. */
export interface SourceTally {
  records: number
  withdrawn: number
  newest?: string
}

/** Marks what comes from the store that is being replaced; no source name starts so. */
const fromStore = '<'
const entryOnly = '>'

/**
 * Turns any number of records into one base segment in three passes over files, with memory bounded by one partition:
 * records are brought together by id (the newest `modified` stands), then entries by key, references by vulnerability.
 */
export class Compiler {
  readonly #incoming: Spool
  readonly #layout: SegmentLayout
  readonly #breathe: () => Promise<void> | undefined
  readonly tallies = new Map<string, SourceTally>()

  /** `partitions` by the size of the input: some 8 MB of JSON each is a good measure. */
  constructor(workFolder: string, partitions: number, signal?: AbortSignal) {
    this.#incoming = new Spool(workFolder, 'incoming', partitions)
    this.#layout = new SegmentLayout(workFolder, partitions)
    this.#breathe = breathing(signal)
  }

  add(source: string, record: AdvisoryRecord, affected: readonly AffectedPackage[]): void {
    const columns = [record.modified, source, encodeReferences(record), encodeRecord(record)]
    for (const entry of affected) {
      const key = affectedKey(entry.ecosystem, entry.name)
      columns.push(key, encodeEntry(entry, splitKey(key).name))
    }
    this.#incoming.add(record.id, columns.join('\t'))
  }

  /** Takes over what the store has, but for the sources that are replaced as a whole. */
  async addStore(store: OpenStore, replaced: ReadonlySet<string>): Promise<void> {
    for (const [position, segment] of store.advisories.entries()) {
      const newer = store.advisories.slice(0, position)
      const hidden = (id: string) => newer.some((other) => other.ids().has(id))
      for (const { record, sources } of segment.allRecords()) {
        await this.#breathe()
        const kept = sources.filter((source) => !replaced.has(source))
        if (kept.length === 0 || hidden(record.id)) continue
        const columns = [
          record.modified,
          fromStore + kept.join('|'),
          encodeReferences(record),
          encodeRecord(record),
        ]
        this.#incoming.add(record.id, columns.join('\t'))
      }
      for (const { key, entries } of segment.allAffected()) {
        await this.#breathe()
        for (const entry of entries) {
          const id = advisoryOf(entry)
          if (!hidden(id))
            this.#incoming.add(id, ['', entryOnly, '', '', key, JSON.stringify(entry)].join('\t'))
        }
      }
    }
  }

  /** Writes all sections of a base segment. */
  async write(writer: SegmentWriter): Promise<{ records: number; entries: number }> {
    let records = 0
    for (let partition = 0; partition < this.#incoming.partitions; partition++) {
      const standing = new Map<string, Standing>()
      for (const line of this.#incoming.take(partition)) gather(standing, line)
      for (const [id, found] of standing) {
        await this.#breathe()
        const winner = found.incoming ?? found.stored
        if (winner === undefined) continue
        if (winner === found.stored) winner.entries = found.storedEntries
        const sources = [
          ...new Set([...(found.stored?.sources ?? []), ...(found.incoming?.sources ?? [])]),
        ].sort()
        records++
        this.#tally(winner, sources)
        this.#layout.add(id, sources, winner.record, winner.references, winner.entries)
      }
    }
    this.#incoming.close()
    const entries = await this.#layout.write(writer, this.#breathe)
    return { records, entries }
  }

  close(): void {
    this.#incoming.close()
    this.#layout.close()
  }

  #tally(winner: Version, sources: readonly string[]): void {
    for (const source of sources) {
      let tally = this.tallies.get(source)
      if (tally === undefined) this.tallies.set(copied(source), (tally = { records: 0, withdrawn: 0 }))
      tally.records++
      if (winner.record.includes(',"withdrawn":"')) tally.withdrawn++
      if (compareInstants(winner.modified, tally.newest) > 0) tally.newest = copied(winner.modified)
    }
  }
}

interface Version {
  modified: string
  sources: string[]
  references: string
  record: string
  /** Key and entry by turns. */
  entries: string[]
}

interface Standing {
  incoming?: Version
  stored?: Version
  storedEntries: string[]
}

function gather(standing: Map<string, Standing>, line: string[]): void {
  const [id, modified, source, references, record, ...entries] = line
  let found = standing.get(id)
  if (found === undefined) standing.set(id, (found = { storedEntries: [] }))
  if (source === entryOnly) {
    found.storedEntries.push(...entries)
    return
  }
  const stored = source.startsWith(fromStore)
  const version = {
    modified,
    sources: (stored ? source.slice(1) : source).split('|'),
    references,
    record,
    entries,
  }
  if (stored) {
    found.stored = version
    return
  }
  // The same record lies in the archive of each of its ecosystems, now and then in different states.
  const before = found.incoming
  if (before === undefined) {
    found.incoming = version
    return
  }
  const newer = compareInstants(version.modified, before.modified) > 0 ? version : before
  found.incoming = { ...newer, sources: [...before.sources, ...version.sources] }
}

export function encodeRecord(record: AdvisoryRecord): string {
  const { id, ...rest } = record
  // The id stands first: look-ups tell records apart by it.
  return JSON.stringify({ id, ...rest })
}

/** Everything under which the record is to be found. Distributions put the CVE in the id, too (`DEBIAN-CVE-2024-1`). */
export function referencesOf(record: AdvisoryRecord): string[] {
  const inside = /(?:^|-)(?<cve>CVE-\d{4}-\d{4,19})$/.exec(record.id)?.groups?.['cve']
  const all = [
    record.id,
    ...(inside ? [inside] : []),
    ...record.aliases,
    ...record.upstream,
    ...record.related,
  ]
  return [...new Set(all.map(canonicalId))].filter((id) => !/[\u0000-\u001f]/.test(id))
}

const referenceSeparator = '\u001e'

export function encodeReferences(record: AdvisoryRecord): string {
  return referencesOf(record).join(referenceSeparator)
}
