import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { assessFreshness, type FreshnessLimits, type SourceAge } from '@lanner/advisories'
import { Type } from 'typebox'
import { advisoryState, takeOverRevision } from '../db/advisory-state.ts'
import type { Database } from '../db/database.ts'
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
  readonly revision: string | undefined
  readonly changedAt: Date | undefined
  /** All findings rest on this revision. */
  readonly applied: boolean
  readonly sources: readonly SourceAge[]
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
}

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
      const state = await advisoryState(database)
      return {
        revision: reader?.revision,
        changedAt: state.revision === '' ? undefined : state.changed_at,
        applied: reader?.revision === state.revision && state.applied_sequence === state.sequence,
        sources: reader ? assessFreshness(reader.freshness(), freshness, now()) : [],
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
  }
}
