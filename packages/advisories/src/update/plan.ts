import { AdvisoryFault, messageOf } from '../fault.ts'
import { readOsvDocument, sizeOfArchive } from '../sources/osv/index.ts'
import type { NativeRecord, Refusal } from '../sources/source.ts'
import type { SourceState } from '../store/manifest.ts'
import { type Change, fetchChanges, parseOsvChange } from './changes.ts'
import { type Downloaded, type Downloads, download, fetchSmall, forget } from './download.ts'
import { feedCaps, smallestShare, wholeAfterHours } from './settings.ts'

/** What is to be done about one source, with everything that it takes already fetched. */
export type Plan =
  | { readonly kind: 'whole'; readonly file: Downloaded; readonly seen?: string }
  | {
      readonly kind: 'changes'
      readonly records: readonly NativeRecord[]
      readonly refused: readonly Refusal[]
      /** Absent when something did not come along: it is asked for again next time. */
      readonly seen?: string
      /** Set when the whole should have been taken and could not: it is tried again a day later. */
      readonly whole?: string
      readonly message?: string
    }
  | { readonly kind: 'unchanged' }

/** Records asked for at a time. */
const atOnce = 8

/** Fetches what is new in one folder of the OSV bucket. Throws AdvisoryFault when the source cannot be taken. */
export async function planOsv(
  downloads: Downloads,
  base: string,
  ecosystem: string,
  state: SourceState | undefined,
  now: Date,
): Promise<Plan> {
  const folder = `${base}/${encodeURIComponent(ecosystem)}`
  const known = state?.seen ?? state?.newest
  const list =
    known === undefined
      ? undefined
      : await fetchChanges(downloads, `${folder}/modified_id.csv`, known, parseOsvChange)
  const isDue = hoursSince(state?.whole, now) >= wholeAfterHours
  const byRecord = async (changes: readonly Change[]) =>
    await planChanges(
      downloads,
      changes,
      list?.newest,
      (change) => `${folder}/${encodeURIComponent(change.name)}.json`,
    )
  if (list?.changes !== undefined && !isDue)
    return list.changes.length === 0 ? { kind: 'unchanged' } : await byRecord(list.changes)
  try {
    const seen = list?.newest ?? (await newestOf(downloads, folder))
    return await planWhole(downloads, `osv/${ecosystem}`, `${folder}/all.zip`, state, seen)
  } catch (error) {
    if (list?.changes === undefined || !(error instanceof AdvisoryFault) || error.code === 'cancelled')
      throw error
    // The weekly comparison failed; what changed can be had all the same.
    const plan = await byRecord(list.changes)
    if (plan.kind !== 'changes') return plan
    const whole = new Date(now.getTime() - (wholeAfterHours - 24) * 3_600_000).toISOString()
    const seen = plan.seen ?? (list.changes.length === 0 ? list.newest : undefined)
    return { ...plan, whole, message: plan.message ?? error.message, ...(seen ? { seen } : {}) }
  }
}

/** The list is read before the archive: what changes in between is asked for again, not missed. */
async function newestOf(downloads: Downloads, folder: string): Promise<string | undefined> {
  try {
    // Nothing is newer than the end of time, so only the first line is read.
    return (
      await fetchChanges(downloads, `${folder}/modified_id.csv`, '9999-12-31T23:59:59Z', parseOsvChange)
    ).newest
  } catch (error) {
    if (error instanceof AdvisoryFault && error.code === 'cancelled') throw error
    return undefined
  }
}

async function planWhole(
  downloads: Downloads,
  source: string,
  url: string,
  state: SourceState | undefined,
  seen: string | undefined,
): Promise<Plan> {
  const file = await download(downloads, source, url, feedCaps.archive)
  if (file === 'unchanged') return { kind: 'unchanged' }
  try {
    refuseShrunk(source, file, state)
  } catch (error) {
    forget(file.path)
    throw error
  }
  return { kind: 'whole', file, ...(seen ? { seen } : {}) }
}

/** OSV itself never withdraws more than a tenth of a source at once; its exports have lost more by accident. */
function refuseShrunk(source: string, file: Downloaded, state: SourceState | undefined): void {
  const { records } = sizeOfArchive(file.path)
  if (state === undefined || state.records === 0 || records >= state.records) return
  const lostRecords = records < state.records * smallestShare
  const lostBytes = state.bytes !== undefined && file.bytes < state.bytes * smallestShare
  if (!lostRecords && !lostBytes) return
  throw new AdvisoryFault(
    'malformed',
    `${source}: the new copy has ${records} records in ${file.bytes} bytes where the store has ${state.records}; the old copy is kept`,
  )
}

/** Fetches single records. */
export async function planChanges(
  downloads: Downloads,
  changes: readonly Change[],
  newest: string | undefined,
  addressOf: (change: Change) => string,
  read: (name: string, content: Buffer) => Iterable<NativeRecord | Refusal> = (name, content) => [
    readOsvDocument(name, content),
  ],
): Promise<Plan> {
  const records: NativeRecord[] = []
  const refused: Refusal[] = []
  const failures: string[] = []
  const queue = [...changes]
  const work = async () => {
    for (let change = queue.shift(); change !== undefined; change = queue.shift()) {
      try {
        const content = await fetchSmall(downloads, addressOf(change), feedCaps.record)
        for (const item of read(change.name, content)) {
          if ('problem' in item) refused.push(item)
          else records.push(item)
        }
      } catch (error) {
        if (error instanceof AdvisoryFault && error.code === 'cancelled') throw error
        failures.push(messageOf(error))
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, changes.length) }, work))
  return {
    kind: 'changes',
    records,
    refused,
    ...(failures.length > 0
      ? { message: `${failures.length} of ${changes.length} records did not come along: ${failures[0]}` }
      : {}),
    ...(failures.length === 0 && newest ? { seen: newest } : {}),
  }
}

/** Infinity when it was never. */
export function hoursSince(instant: string | undefined, now: Date): number {
  const hours = instant === undefined ? Number.NaN : (now.getTime() - Date.parse(instant)) / 3_600_000
  return Number.isNaN(hours) ? Number.POSITIVE_INFINITY : hours
}
