import type { Database } from '../db/database.ts'
import {
  cancelNext,
  cancelWaiting,
  type JobRow,
  type JobState,
  jobById,
  listJobs,
  requestCancel,
} from '../db/job-history.ts'
import { ringJobBell } from './job-bell.ts'
import { type Priority, priorities } from './job-type.ts'
import { RequestFault } from './request-fault.ts'

/** A job as its tenant sees it. */
export interface Job {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly priority: Priority
  readonly state: JobState
  /** Begun so far. */
  readonly attempts: number
  /** What the job itself tells while it runs. */
  readonly progress?: unknown
  /** Why it failed, or why its last attempt did. */
  readonly error?: string
  /** It was to be ended, and will be in a moment. */
  readonly cancelRequested: boolean
  readonly enqueuedAt: Date
  readonly notBefore?: Date
  readonly startedAt?: Date
  readonly finishedAt?: Date
}

export interface JobPage {
  readonly jobs: readonly Job[]
  /** What to ask for next (`before`); absent on the last page. */
  readonly next?: string
}

export interface Jobs {
  /** Newest first; `before` is the `next` of the page before. At most 500. */
  list(
    cid: string,
    options: {
      readonly name?: string
      readonly states?: readonly JobState[]
      readonly before?: string
      readonly limit: number
    },
  ): Promise<JobPage>
  /** Throws RequestFault `not-found`. */
  get(cid: string, id: string): Promise<Job>
  /** Ends what waits at once and what runs in a moment; what has ended stays as it is. Throws RequestFault `not-found`. */
  cancel(cid: string, id: string): Promise<Job>
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const maxPage = 500
const names = Object.fromEntries(Object.entries(priorities).map(([name, rank]) => [rank, name as Priority]))

/** What a tenant may know of the work that is done for it. */
export function jobs({ database }: { readonly database: Database }): Jobs {
  async function get(cid: string, id: string): Promise<Job> {
    const row = uuid.test(id) ? await jobById(database, cid, id) : undefined
    if (!row) throw new RequestFault('not-found', `there is no job ${id}`)
    return jobOf(row)
  }

  return {
    get,
    async list(cid, { before, limit, ...filter }) {
      if (before !== undefined && !uuid.test(before))
        throw new RequestFault('invalid', `before: ${JSON.stringify(before)} is no id of a job`)
      const most = Math.min(limit, maxPage)
      const rows = await listJobs(database, cid, {
        ...filter,
        ...(before === undefined ? {} : { before }),
        limit: most + 1,
      })
      const page = rows.slice(0, most)
      const last = page.at(-1)
      return { jobs: page.map(jobOf), ...(rows.length > most && last ? { next: last.id } : {}) }
    },
    async cancel(cid, id) {
      await get(cid, id)
      // Between two of these statements a worker may take the job or let it wait again: the second round finds it.
      for (let round = 0; round < 2; round++) {
        if (await cancelWaiting(database, cid, id)) break
        if (await requestCancel(database, cid, id)) {
          ringJobBell('cancelled')
          break
        }
        if (await cancelNext(database, cid, id)) break
      }
      return get(cid, id)
    },
  }
}

function jobOf(row: JobRow): Job {
  const { progress, error, notBefore, startedAt, finishedAt, priority, ...rest } = row
  return {
    ...rest,
    priority: names[priority],
    ...(progress === null ? {} : { progress }),
    ...(error === null ? {} : { error }),
    ...(notBefore === null ? {} : { notBefore }),
    ...(startedAt === null ? {} : { startedAt }),
    ...(finishedAt === null ? {} : { finishedAt }),
  }
}
