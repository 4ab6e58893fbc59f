import type { Database } from '../db/database.ts'
import { DatabaseFault } from '../db/database-fault.ts'
import {
  analyzeJobs,
  type ClaimedJob,
  claimJobs,
  countJobs,
  type Lane,
  readyDelayedJobs,
  readyLanes,
  type Share,
  type Strike,
} from '../db/job.ts'
import { pruneHistory } from '../db/job-history.ts'
import {
  type Ending,
  endJobs,
  endOtherLeases,
  freeExpiredJobs,
  type Held,
  type Postponement,
  postponeJobs,
  releaseJobs,
  renewLeases,
} from '../db/job-lease.ts'
import { keepResources, pauseResource } from '../db/job-resource.ts'
import { takeSlot } from '../db/job-schedule.ts'
import { storableJson } from '../db/storable.ts'
import { transaction } from '../db/transaction.ts'
import { type EnqueueOptions, enqueue, type JobType } from './job-type.ts'

export type { ClaimedJob, Ending, Held, Lane, Postponement, Share, Strike }

export interface QueueOptions {
  readonly database: Database
  /** Seconds that a job stays with a worker that is not heard of. Default 15. */
  readonly leaseSeconds?: number
  /** Jobs that may use one resource at once where nothing else was set. Default 4. */
  readonly resourceLimit?: number
  /** Days that ended jobs are kept. Default 30. */
  readonly historyDays?: number
}

const pruneBatch = 10_000

/** Whether a job failed because the database went away, which says nothing of the job. */
export function databaseIsGone(error: unknown): boolean {
  return error instanceof DatabaseFault && error.code === 'unavailable'
}

/** The queue as workers see it. */
export interface JobQueue {
  readonly leaseSeconds: number
  lanes(maxPriority: number): Promise<Lane[]>
  /** May yield fewer than asked for: jobs that others take at the same time, or a resource that others count. */
  claim(worker: string, shares: readonly Share[]): Promise<ClaimedJob[]>
  renew(
    worker: string,
    /** `progress` is plain JSON; undefined leaves what is there. */
    jobs: readonly (Held & { readonly progress: unknown })[],
  ): Promise<{ id: string; cancelRequested: boolean }[]>
  /** Answers those that were still held. */
  end(endings: readonly Ending[]): Promise<ReadonlySet<string>>
  /** Answers those that wait for another attempt; the others are to be ended. */
  postpone(postponements: readonly Postponement[]): Promise<ReadonlySet<string>>
  release(worker: string): Promise<void>
  pauseResource(cid: string, resource: string, seconds: number): Promise<void>
  /** Frees what all others hold: for a worker that is the only one there is. */
  takeOver(worker: string): Promise<void>
  /** Makes delayed jobs ready whose time has come, and frees what dead workers held. */
  tidy(): Promise<void>
  analyze(): Promise<void>
  count(): ReturnType<typeof countJobs>
  /** Forgets what ended too long ago. */
  prune(): Promise<void>
  /** Puts a job in for a slot of a schedule, unless another instance did. */
  fire<T extends JobType>(
    schedule: string,
    slot: Date,
    type: T,
    payload: unknown,
    options: EnqueueOptions,
  ): Promise<boolean>
}

/** The queue in a database. */
export function jobQueue({
  database,
  leaseSeconds = 15,
  resourceLimit = 4,
  historyDays = 30,
}: QueueOptions): JobQueue {
  async function claim(worker: string, shares: readonly Share[]): Promise<ClaimedJob[]> {
    const options = { worker, leaseSeconds, resourceLimit }
    const limited = shares.filter(({ resource }) => resource !== '')
    if (limited.length === 0) return claimJobs(database, shares, options)
    return transaction(database, async (inside) => {
      const kept = new Set(
        (await keepResources(inside, limited)).map(({ cid, resource }) => `${cid} ${resource}`),
      )
      const allowed = shares.filter(({ cid, resource }) => resource === '' || kept.has(`${cid} ${resource}`))
      return claimJobs(inside, oneLaneAResource(allowed), options)
    })
  }

  async function end(endings: readonly Ending[]): Promise<ReadonlySet<string>> {
    const ended = new Set(await endJobs(database, endings))
    const missing = endings.filter(({ id }) => !ended.has(id))
    // Asked for again while the statement ran, or not held any more: the second time tells.
    if (missing.length > 0) for (const id of await endJobs(database, missing)) ended.add(id)
    return ended
  }

  return {
    leaseSeconds,
    lanes: (maxPriority) => readyLanes(database, { maxPriority, resourceLimit }),
    claim,
    renew: (worker, jobs) =>
      renewLeases(
        database,
        worker,
        leaseSeconds,
        jobs.map(({ progress, ...job }) => ({
          ...job,
          progress: progress === undefined ? null : storableJson(progress),
        })),
      ),
    end,
    postpone: async (postponements) => new Set(await postponeJobs(database, postponements)),
    release: async (worker) => void (await releaseJobs(database, worker)),
    pauseResource: (cid, resource, seconds) => pauseResource(database, cid, resource, seconds),
    takeOver: (worker) => endOtherLeases(database, worker),
    async tidy() {
      await readyDelayedJobs(database)
      const over = await freeExpiredJobs(database)
      if (over.length === 0) return
      await end(
        over.map(({ id, worker, attempts, cancelRequested }) => ({
          id,
          worker,
          attempts,
          outcome: cancelRequested ? 'cancelled' : 'failed',
          error: 'the worker that ran it is gone',
        })),
      )
    },
    analyze: () => analyzeJobs(database),
    count: () => countJobs(database),
    async prune() {
      while ((await pruneHistory(database, historyDays, pruneBatch)) === pruneBatch);
    },
    fire: (schedule, slot, type, payload, options) =>
      transaction(database, async (inside) => {
        if (!(await takeSlot(inside, schedule, slot))) return false
        await enqueue(inside, type, payload as never, options) // The schedule was declared with its type.
        return true
      }),
  }
}

/** Two lanes of one resource (of two classes) would each count what the other takes: the more urgent one goes first. */
function oneLaneAResource(shares: readonly Share[]): Share[] {
  const seen = new Set<string>()
  return shares.filter(({ cid, resource }) => {
    const name = `${cid} ${resource}`
    if (resource === '') return true
    if (seen.has(name)) return false
    seen.add(name)
    return true
  })
}
