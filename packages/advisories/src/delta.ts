import { type AdvisoryRecord, type AffectedPackage, readOsv } from '@lanner/matching'
import { breathing } from './compile/breath.ts'
import { encodeRecord, encodeReferences } from './compile/compiler.ts'
import { type RebuildOptions, rebuild } from './compile/rebuild.ts'
import { SegmentLayout } from './compile/segment-layout.ts'
import { AdvisoryFault } from './fault.ts'
import { compareInstants, laterInstant } from './instant.ts'
import type { Refusal } from './sources/source.ts'
import { buildSegment, commit, readableManifest } from './store/commit.ts'
import { advisoryOf, encodeEntry } from './store/entry.ts'
import { affectedKey, splitKey } from './store/key.ts'
import { lockForWriting, type WriterLock } from './store/lock.ts'
import type { SegmentEntry, SourceState } from './store/manifest.ts'
import { type OpenStore, openSegments } from './store/open.ts'

/** A package as advisories name it, in the spelling used for look-up. */
export interface ChangedKey {
  readonly ecosystem: string
  readonly name: string
}

/** What changed in the store. */
export interface ApplyReport {
  readonly revision: string
  /** Records written. */
  readonly applied: number
  /** Records that the store has in the same or a later state. */
  readonly passedOver: number
  readonly refused: readonly Refusal[]
  /** Packages for which the advisories now say something else; a new date alone is no change. */
  readonly changedKeys: readonly ChangedKey[]
  /** Deltas have grown so far that `compactAdvisories` is worth its time. */
  readonly compactionDue: boolean
}

/** The clock that changes are dated by, and what stops them. */
export interface ApplyOptions {
  readonly now: () => Date
  readonly signal?: AbortSignal
}

/** More deltas than this become one: every look-up asks each. */
const deltaCap = 6
/** Share of the base's records in deltas above which the store is better rebuilt. */
const compactionShare = 0.1
const compactionFloor = 5_000

/**
 * Writes changed OSV records (parsed JSON) over the store as a small delta, in milliseconds; they hide the older state of the same
 * records at once, withdrawn ones included. A record that the store knows in a later state is passed over.
 */
export async function applyRecords(
  into: string,
  records: readonly unknown[],
  options: ApplyOptions,
): Promise<ApplyReport> {
  const changes: RecordChange[] = []
  const refused: Refusal[] = []
  for (const [index, json] of records.entries()) {
    const reading = readOsv(json)
    if ('problem' in reading) refused.push({ name: `record ${index + 1}`, problem: reading.problem })
    else changes.push({ ...reading, sources: sourcesOf(reading.affected) })
  }
  using lock = lockForWriting(into)
  return { ...(await applyChanges(into, lock, changes, {}, options)), refused }
}

/** Merges all deltas into the base; takes as long as an import of everything, readers are not disturbed. */
export async function compactAdvisories(
  into: string,
  options: RebuildOptions = {},
): Promise<{ revision: string }> {
  using lock = lockForWriting(into)
  return await rebuild(into, lock, [], {}, options)
}

export interface RecordChange {
  readonly record: AdvisoryRecord
  readonly affected: readonly AffectedPackage[]
  /** Sources that carry it. */
  readonly sources: readonly string[]
}

/** `states` replaces what is remembered of the sources named; counts follow from the changes. */
export async function applyChanges(
  folder: string,
  lock: WriterLock,
  changes: readonly RecordChange[],
  states: Readonly<Record<string, Partial<SourceState>>>,
  { now, signal }: ApplyOptions,
): Promise<Omit<ApplyReport, 'refused'>> {
  const old = readableManifest(folder) && openSegments(folder)
  try {
    const lines = new Map<string, DeltaLine>()
    const changed = new Set<string>()
    const tally = new SourceTallies(old, states, now().toISOString())
    let passedOver = 0
    for (const change of changes) {
      const before = old?.storedRecord(change.record.id)
      if (before && compareInstants(change.record.modified, before.record.modified) <= 0) {
        passedOver++
        continue
      }
      const line = lineOf(change, before?.sources ?? [])
      for (const key of changedKeysOf(line, change.record, before, old)) changed.add(key)
      tally.add(change, before?.sources ?? [])
      lines.set(change.record.id, line)
    }
    const report = { applied: lines.size, passedOver, changedKeys: [...changed].sort().map(splitKey) }
    const present = old?.manifest.segments ?? []
    if (lines.size === 0) {
      if (old === undefined) {
        throw new AdvisoryFault(
          'nothing-found',
          `There was no advisory to write to ${folder}, and there is no store yet`,
        )
      }
      const manifest = commit(folder, [], present, tally.states())
      return { ...report, revision: manifest.revision, compactionDue: isDue(present) }
    }
    const merged = present.filter((segment) => segment.kind === 'delta').length >= deltaCap
    if (merged && old) addDeltaLines(lines, old)
    const delta = await buildDelta(lock, lines, signal)
    const rest = present.filter((segment) => !(merged && segment.kind === 'delta'))
    const segments = [delta.entry, ...rest]
    const manifest = commit(folder, [delta], segments, tally.states())
    return { ...report, revision: manifest.revision, compactionDue: isDue(segments) }
  } finally {
    old?.close()
  }
}

/** One record of a delta in its stored form. */
interface DeltaLine {
  readonly record: string
  readonly references: string
  readonly sources: readonly string[]
  /** Key and encoded entry by turns. */
  readonly entries: readonly string[]
}

/** `osv/npm` for every ecosystem that it names, without releases, as the bucket's folders are called. */
export function sourcesOf(affected: readonly AffectedPackage[]): string[] {
  const names = new Set(affected.map(({ ecosystem }) => `osv/${ecosystem.split(':', 1)[0]}`))
  return names.size === 0 ? ['osv/[EMPTY]'] : [...names]
}

function lineOf({ record, affected, sources }: RecordChange, before: readonly string[]): DeltaLine {
  const entries: string[] = []
  for (const entry of affected) {
    const key = affectedKey(entry.ecosystem, entry.name)
    entries.push(key, encodeEntry(entry, splitKey(key).name))
  }
  return {
    record: encodeRecord(record),
    references: encodeReferences(record),
    sources: [...new Set([...before, ...sources])].sort(),
    entries,
  }
}

function changedKeysOf(
  line: DeltaLine,
  record: AdvisoryRecord,
  before: { record: AdvisoryRecord; keys: readonly string[] } | undefined,
  old: OpenStore | undefined,
): string[] {
  const keys = new Set<string>(before?.keys ?? [])
  const entries = new Map<string, string[]>()
  for (let at = 0; at < line.entries.length; at += 2) {
    const list = entries.get(line.entries[at]) ?? []
    list.push(line.entries[at + 1])
    entries.set(line.entries[at], list)
    keys.add(line.entries[at])
  }
  const sameRecord = before !== undefined && undated(before.record) === undated(record)
  return [...keys].filter((key) => {
    if (!sameRecord || old === undefined) return true
    const stored = storedEntries(old, key, record.id)
    return stored.sort().join('\n') !== (entries.get(key) ?? []).sort().join('\n')
  })
}

function storedEntries(store: OpenStore, key: string, id: string): string[] {
  return store
    .stored(key)
    .filter((entry) => advisoryOf(entry) === id)
    .map((entry) => JSON.stringify(entry))
}

/** `modified` moves whenever OSV computes another alias or nothing at all. */
function undated(record: AdvisoryRecord): string {
  return JSON.stringify({ ...record, modified: '' })
}

/** Takes over what earlier deltas say of other records, so that one delta can stand for all. */
function addDeltaLines(lines: Map<string, DeltaLine>, store: OpenStore): void {
  for (const segment of store.advisories) {
    for (const id of segment.ids()) {
      if (lines.has(id)) continue
      const stored = store.storedRecord(id)
      if (stored === undefined) continue
      lines.set(id, {
        record: encodeRecord(stored.record),
        references: encodeReferences(stored.record),
        sources: stored.sources,
        entries: stored.keys.flatMap((key) => storedEntries(store, key, id).flatMap((entry) => [key, entry])),
      })
    }
  }
}

async function buildDelta(
  lock: WriterLock,
  lines: ReadonlyMap<string, DeltaLine>,
  signal: AbortSignal | undefined,
) {
  const layout = new SegmentLayout(lock.workFolder, 1)
  try {
    for (const [id, line] of lines) layout.add(id, line.sources, line.record, line.references, line.entries)
    return await buildSegment(lock.workFolder, 'delta', async (writer) => {
      await layout.write(writer, breathing(signal))
      writer.put('ids', Buffer.from(JSON.stringify([...lines.keys()].sort())))
      return lines.size
    })
  } finally {
    layout.close()
  }
}

function isDue(segments: readonly SegmentEntry[]): boolean {
  const count = (kind: SegmentEntry['kind']) =>
    segments.reduce((sum, segment) => sum + (segment.kind === kind ? segment.records : 0), 0)
  return count('delta') > Math.max(compactionFloor, count('base') * compactionShare)
}

/** Keeps the counts of sources in step with the records. */
class SourceTallies {
  readonly #states: Map<string, SourceState>
  readonly #checked: string

  constructor(
    old: OpenStore | undefined,
    changed: Readonly<Record<string, Partial<SourceState>>>,
    checked: string,
  ) {
    this.#checked = checked
    this.#states = new Map(Object.entries(old?.manifest.sources ?? {}))
    for (const [source, state] of Object.entries(changed)) {
      this.#states.set(source, { ...(this.#states.get(source) ?? { records: 0, checked }), ...state })
    }
  }

  add({ record, sources }: RecordChange, before: readonly string[]): void {
    for (const source of sources) {
      const state = this.#states.get(source) ?? { records: 0, checked: this.#checked }
      const newest = laterInstant(state.newest, record.modified)
      this.#states.set(source, {
        ...state,
        records: state.records + (before.includes(source) ? 0 : 1),
        ...(newest ? { newest } : {}),
      })
    }
  }

  states(): Record<string, SourceState> {
    return Object.fromEntries([...this.#states].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}
