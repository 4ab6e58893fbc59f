import { sql } from 'kysely'
import type { Database } from './database.ts'

export type JobState = 'ready' | 'delayed' | 'running' | 'done' | 'failed' | 'cancelled'

/** A job of a tenant, live or ended. */
export interface JobRow {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly priority: number
  readonly state: JobState
  readonly attempts: number
  readonly progress: unknown
  readonly error: string | null
  readonly cancelRequested: boolean
  readonly enqueuedAt: Date
  readonly notBefore: Date | null
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

const live = sql`
  select id, name, key, priority, case state when 0 then 'ready' when 1 then 'delayed' else 'running' end as state,
    attempts, progress, error, cancel_requested as "cancelRequested", enqueued_at as "enqueuedAt",
    not_before as "notBefore", started_at as "startedAt", null::timestamptz as "finishedAt"
  from job`
const followers = sql`
  select next_id as id, name, key, next_priority as priority,
    case when next_not_before is null then 'ready' else 'delayed' end as state, 0::smallint as attempts,
    null::jsonb as progress, null::text as error, false as "cancelRequested", enqueued_at as "enqueuedAt",
    next_not_before as "notBefore", null::timestamptz as "startedAt", null::timestamptz as "finishedAt"
  from job`
const ended = sql`
  select id, name, key, priority, outcome as state, attempts, progress, error, false as "cancelRequested",
    enqueued_at as "enqueuedAt", null::timestamptz as "notBefore", started_at as "startedAt",
    finished_at as "finishedAt"
  from job_history`

/** A job by its id, live or ended, also the next run of one that is running. */
export async function jobById(database: Database, cid: string, id: string): Promise<JobRow | undefined> {
  const { rows } = await sql<JobRow>`
    ${live} where cid = ${cid} and id = ${id}::uuid
    union all ${followers} where cid = ${cid} and next_id = ${id}::uuid
    union all ${ended} where cid = ${cid} and id = ${id}::uuid
    limit 1`.execute(database)
  return rows[0]
}

/** A tenant's jobs, newest first, from behind `before` (an id). Absent filters let all pass. */
export async function listJobs(
  database: Database,
  cid: string,
  options: {
    readonly name?: string
    readonly states?: readonly JobState[]
    readonly before?: string
    readonly limit: number
  },
): Promise<JobRow[]> {
  const { name, states, before, limit } = options
  const page = sql`${name === undefined ? sql`` : sql`and name = ${name}`}
    ${before === undefined ? sql`` : sql`and id < ${before}::uuid`}
    ${states === undefined ? sql`` : sql`and state = any(${states}::text[])`}
    order by id desc limit ${limit}`
  const { rows } = await sql<JobRow>`
    select * from (
      (select * from (${live} where cid = ${cid}) live where true ${page})
      union all (select * from (${ended} where cid = ${cid}) ended where true ${page})
    ) job_of_tenant order by id desc limit ${limit}`.execute(database)
  return rows
}

/** Ends a job that waits. Answers whether there was one. */
export async function cancelWaiting(database: Database, cid: string, id: string): Promise<boolean> {
  const { rows } = await sql`
    with gone as (
      delete from job where cid = ${cid} and id = ${id}::uuid and state <> 2
      returning id, cid, name, key, priority, resource, 'cancelled', attempts, payload, progress, error,
        enqueued_at, started_at
    )
    insert into job_history (id, cid, name, key, priority, resource, outcome, attempts, payload, progress, error,
      enqueued_at, started_at)
    select * from gone
    returning id`.execute(database)
  return rows.length > 0
}

/** Asks the worker that runs a job to end it. Answers whether it runs. */
export async function requestCancel(database: Database, cid: string, id: string): Promise<boolean> {
  const { rows } = await sql`
    update job set cancel_requested = true where cid = ${cid} and id = ${id}::uuid and state = 2
    returning id`.execute(database)
  return rows.length > 0
}

/** Forgets the next run of a job. Answers whether there was to be one. */
export async function cancelNext(database: Database, cid: string, id: string): Promise<boolean> {
  const { rows } = await sql`
    with asked as (
      select id as current, next_id, cid, name, key, next_priority, resource, next_payload from job
      where cid = ${cid} and next_id = ${id}::uuid for update
    ), gone as (
      update job set next_id = null, next_payload = null, next_priority = null, next_not_before = null
      from asked where job.cid = ${cid} and job.id = asked.current
    )
    insert into job_history (id, cid, name, key, priority, resource, outcome, attempts, payload, enqueued_at)
    select next_id, cid, name, key, next_priority, resource, 'cancelled', 0, next_payload, now() from asked
    returning id`.execute(database)
  return rows.length > 0
}

/** Forgets what ended longer ago. Answers how many lines went; there may be more when they are as many as `limit`. */
export async function pruneHistory(database: Database, days: number, limit: number): Promise<number> {
  const { rows } = await sql`
    /* every tenant: what is old goes for all */
    delete from job_history where (cid, id) in (
      select cid, id from job_history where finished_at < now() - make_interval(days => ${days}::integer)
      order by finished_at limit ${limit}
    )
    returning id`.execute(database)
  return rows.length
}

/** Forgets the oldest ended jobs from before an instant, at most so many at once; gives how many. */
export async function removeEndedJobsBefore(
  database: Database,
  before: Date,
  atMost: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from job_history /* every tenant: what is old goes for all */ where (cid, id) in (
      select cid, id from job_history where finished_at < ${before} order by finished_at limit ${atMost}
    )`.execute(database)
  return Number(numAffectedRows ?? 0)
}
