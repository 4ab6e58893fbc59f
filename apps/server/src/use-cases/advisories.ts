import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { assessFreshness, type FreshnessLimits, type SourceAge } from '@lanner/advisories'
import { Type } from 'typebox'
import { advisoryState, takeOverRevision } from '../db/advisory-state.ts'
import type { Database } from '../db/database.ts'
import { listJobs } from '../db/job-history.ts'
import { transaction } from '../db/transaction.ts'
import { maxChangedNames, rematchJob } from './assessment/advisory-changes.ts'
import type { AdvisoryShelf } from './assessment/advisory-shelf.ts'
import { enqueue, jobType, platformCid } from './job-type.ts'
import { RequestFault } from './request-fault.ts'

/** Brings the store up to date from the network. */
export const updateAdvisoriesJob = jobType({
  name: 'update-advisories',
  payload: Type.Object({}),
  key: () => 'update',
  attempts: 3,
  priority: 'user',
})

/** Takes a folder of feeds into the store. */
export const importAdvisoriesJob = jobType({
  name: 'import-advisories',
  payload: Type.Object({ directory: Type.String() }),
  key: ({ directory }) => directory,
  attempts: 2,
  priority: 'user',
})

/** What became of the store in the folder. */
export interface StoreChanged {
  readonly revision: string
  /** Names that something else is said about now; absent: about anything. */
  readonly changedNames?: readonly string[]
  /** Sources that could not be had, each with the reason. */
  readonly failed: readonly string[]
}

interface Work {
  readonly signal: AbortSignal
  readonly onProgress: (progress: unknown) => void
}

/** Who does the heavy work on a store. */
export interface StoreKeeper {
  importStore(asked: { readonly from: string; readonly into: string }, work: Work): Promise<StoreChanged>
  updateStore(asked: { readonly into: string; readonly baseUrl?: string }, work: Work): Promise<StoreChanged>
}

export interface AdvisoryStatus {
  readonly state: 'none' | 'current' | 'stale' | 'updating'
  readonly revision: string | undefined
  readonly changedAt: Date | undefined
  /** All findings rest on this revision. */
  readonly applied: boolean
  /** Of the update or import that waits or runs. */
  readonly job: string | undefined
  /** When the next update is due; undefined on a server that stays offline. */
  readonly nextUpdate: Date | undefined
  readonly sources: readonly (SourceAge & { readonly checked?: string; readonly newest?: string })[]
}

/** The advisories of the installation. */
export interface Advisories {
  status(): Promise<AdvisoryStatus>
  /** Puts an update in and gives its job's id. Throws `conflict` when the server is to stay offline. */
  requestUpdate(): Promise<string>
  /** Puts an import in and gives its job's id. Throws `invalid` for what is no folder. */
  requestImport(directory: string): Promise<string>
  update(work: Work): Promise<StoreChanged>
  importFrom(directory: string, work: Work): Promise<StoreChanged>
  /** Opens what lies in the folder and lets the findings follow, if it is another revision than they rest on. */
  takeOver(changedNames?: readonly string[]): Promise<void>
  /** Takes over what somebody else put into the folder, such as the command; what a job puts there, the job takes over. */
  lookAgain(): Promise<void>
}

/** Milliseconds between two updates. Publishers publish at any hour, and an incremental update is a few requests. */
export const updateEvery = 3_600_000

const freshness: FreshnessLimits = { hours: 7 * 24 }

export function advisories(ports: {
  readonly database: Database
  readonly shelf: AdvisoryShelf
  readonly keeper: StoreKeeper
  readonly offline: boolean
  readonly baseUrl?: string
  readonly now: () => Date
}): Advisories {
  const { database, shelf, keeper, offline, baseUrl, now } = ports

  async function takeOver(changedNames?: readonly string[]): Promise<void> {
    shelf.open()
    const { reader } = shelf
    const state = await advisoryState(database)
    if (reader === undefined || reader.revision === state.revision) return
    const names = changedNames && changedNames.length <= maxChangedNames ? { names: [...changedNames] } : {}
    // The findings follow in a job of the same transaction: whoever dies in between leaves it to be done.
    await transaction(database, async (held) => {
      await takeOverRevision(held, reader.revision, now())
      await enqueue(held, rematchJob, state.revision === '' ? {} : names, { cid: platformCid })
    })
  }

  return {
    async status() {
      const { reader } = shelf
      const taken = await advisoryState(database)
      const checked = new Map(reader?.freshness().map((source) => [source.source, source]))
      const sources = reader ? assessFreshness(reader.freshness(), freshness, now()) : []
      const live = await liveJobs(database)
      const state = live
        ? 'updating'
        : !reader
          ? 'none'
          : sources.some(({ stale }) => stale)
            ? 'stale'
            : 'current'
      return {
        state,
        revision: reader?.revision,
        changedAt: taken.revision === '' ? undefined : taken.changed_at,
        applied: reader?.revision === taken.revision && taken.applied_sequence === taken.sequence,
        job: live,
        nextUpdate: offline
          ? undefined
          : new Date((Math.floor(now().getTime() / updateEvery) + 1) * updateEvery),
        sources: sources.map((source) => ({
          ...source,
          checked: checked.get(source.source)?.checked,
          newest: checked.get(source.source)?.newest,
        })),
      }
    },

    async requestUpdate() {
      if (offline)
        throw new RequestFault('conflict', 'the server runs offline: import advisories from a folder instead')
      return enqueue(database, updateAdvisoriesJob, {}, { cid: platformCid })
    },

    async requestImport(directory) {
      const found = isAbsolute(directory) ? await stat(directory).catch(() => undefined) : undefined
      if (!found?.isDirectory())
        throw new RequestFault('invalid', `${directory} is no folder on the server; give an absolute path`)
      return enqueue(database, importAdvisoriesJob, { directory }, { cid: platformCid })
    },

    async update(work) {
      const changed = await keeper.updateStore({ into: shelf.folder, ...(baseUrl ? { baseUrl } : {}) }, work)
      await takeOver(changed.changedNames)
      return changed
    },

    async importFrom(directory, work) {
      const changed = await keeper.importStore({ from: directory, into: shelf.folder }, work)
      await takeOver(changed.changedNames)
      return changed
    },

    takeOver,

    async lookAgain() {
      const { lying } = shelf
      if (lying === undefined || lying === shelf.reader?.revision) return
      // The job knows which names changed: without them everything is judged again.
      if ((await liveJobs(database)) === undefined) await takeOver()
    },
  }
}

/** Id of the update or import that waits or runs. */
async function liveJobs(database: Database): Promise<string | undefined> {
  for (const { name } of [importAdvisoriesJob, updateAdvisoriesJob]) {
    const [live] = await listJobs(database, platformCid, {
      name,
      states: ['ready', 'delayed', 'running'],
      limit: 1,
    })
    if (live) return live.id
  }
  return undefined
}
