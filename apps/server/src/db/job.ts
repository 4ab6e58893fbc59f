import { sql } from 'kysely'
import type { Database } from './database.ts'

/** The states of a live job, as the column says them. */
export const jobStates = { ready: 0, delayed: 1, running: 2 } as const

/** A job as it is put in: those of one statement differ in this alone. */
export interface NewJob {
  readonly id: string
  readonly key: string
  /** JSON text. */
  readonly payload: string
}

/** What the jobs of one statement share. */
export interface NewJobs {
  readonly name: string
  readonly priority: number
  readonly resource: string
  readonly maxAttempts: number
  /** Absent: as soon as a worker is free. */
  readonly notBefore?: Date
  /** No key twice. */
  readonly jobs: readonly NewJob[]
}

/**
 * Puts jobs in. One that is waiting under the same key takes the new payload, the higher priority and the earlier time; one
 * that is running is followed by another run with the new payload. Answers the id under which each key is now to be found.
 */
export async function insertJobs(
  database: Database,
  cid: string,
  { name, priority, resource, maxAttempts, notBefore, jobs }: NewJobs,
): Promise<ReadonlyMap<string, string>> {
  // In the order of their keys, so that two statements that meet cannot wait for each other.
  const sorted = jobs.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const { rows } = await sql<{ key: string; id: string }>`
    insert into job (id, turn, cid, name, key, priority, resource, state, not_before, max_attempts, payload)
    select new.id, new.id, ${cid}::text, ${name}::text, new.key, ${priority}::smallint, ${resource}::text,
      ${notBefore ? jobStates.delayed : jobStates.ready}::smallint, ${notBefore ?? null}::timestamptz,
      ${maxAttempts}::smallint, new.payload
    from unnest(${sorted.map(({ id }) => id)}::uuid[], ${sorted.map(({ key }) => key)}::text[],
      ${sorted.map(({ payload }) => payload)}::jsonb[]) as new (id, key, payload)
    on conflict (cid, name, key) do update set
      payload = case when job.state = 2 then job.payload else excluded.payload end,
      priority = case when job.state = 2 then job.priority else least(job.priority, excluded.priority) end,
      resource = case when job.state = 2 then job.resource else excluded.resource end,
      attempts = case when job.state = 2 then job.attempts else 0 end,
      strikes = case when job.state = 2 then job.strikes else '[]' end,
      state = case when job.state = 1 and excluded.state = 0 then 0 else job.state end,
      not_before = case
        when job.state = 1 and excluded.state = 1 then least(job.not_before, excluded.not_before)
        when job.state = 1 then null
        else job.not_before end,
      next_id = case when job.state = 2 then coalesce(job.next_id, excluded.id) else job.next_id end,
      next_payload = case when job.state = 2 then excluded.payload else job.next_payload end,
      next_priority = case when job.state = 2 then least(job.next_priority, excluded.priority) else job.next_priority end,
      next_not_before = case
        when job.state <> 2 then job.next_not_before
        when job.next_id is null then excluded.not_before
        when job.next_not_before is null or excluded.not_before is null then null
        else least(job.next_not_before, excluded.not_before) end
    returning key, case when state = 2 then next_id else id end as id`.execute(database)
  return new Map(rows.map(({ key, id }) => [key, id]))
}

/** Jobs that are claimed in one order: of one class, one tenant, one resource. */
export interface Lane {
  readonly priority: number
  readonly cid: string
  readonly resource: string
  /** Jobs that the resource can take beside those that run; absent where there is none. */
  readonly capacity?: number
}

/** Lanes that are looked at for one claim; what lies beyond waits until they are shorter. */
const maxLanes = 2_000

/**
 * The lanes in which jobs wait, most urgent class first; those whose resource is blocked or used up are left out. Steps from
 * lane to lane in the index and never reads a backlog.
 */
export async function readyLanes(
  database: Database,
  options: { readonly maxPriority: number; readonly resourceLimit: number },
): Promise<Lane[]> {
  const { maxPriority, resourceLimit } = options
  const { rows } = await sql<{ priority: number; cid: string; resource: string; capacity: number | null }>`
    /* every tenant: workers serve all */
    with recursive lane as (
      (select priority, cid, resource from job where state = 0 and priority <= ${maxPriority}::smallint
        order by priority, cid, resource limit 1)
      union all
      select next.priority, next.cid, next.resource from lane cross join lateral (
        select job.priority, job.cid, job.resource from job
        where state = 0 and job.priority <= ${maxPriority}::smallint
          and (job.priority, job.cid, job.resource) > (lane.priority, lane.cid, lane.resource)
        order by job.priority, job.cid, job.resource limit 1
      ) next
    )
    select lane.priority, lane.cid, lane.resource,
      case when lane.resource <> '' then coalesce(job_resource.at_most, ${resourceLimit}::integer) - (
        select count(*)::integer from job running
        where running.state = 2 and running.cid = lane.cid and running.resource = lane.resource
      ) end as capacity
    from (select * from lane limit ${maxLanes}) lane
    left join job_resource on job_resource.cid = lane.cid and job_resource.resource = lane.resource
    where job_resource.blocked_until is null or job_resource.blocked_until <= now()`.execute(database)
  return rows
    .filter(({ capacity }) => capacity === null || capacity > 0)
    .sort((a, b) => a.priority - b.priority)
    .map(({ priority, cid, resource, capacity }) => ({
      priority,
      cid,
      resource,
      ...(capacity === null ? {} : { capacity }),
    }))
}

/** How many jobs to take from a lane. */
export interface Share extends Lane {
  readonly take: number
}

/** What ended the process that a run worked in. */
export interface Strike {
  /** What it was at, such as a manifest's digest. */
  readonly on: string
  readonly reason: string
}

/** A job that a worker holds. */
export interface ClaimedJob {
  readonly id: string
  readonly cid: string
  readonly name: string
  readonly key: string
  readonly priority: number
  readonly resource: string
  /** 1 for the first. */
  readonly attempts: number
  readonly maxAttempts: number
  readonly payload: unknown
  /** Of earlier runs, oldest first. */
  readonly strikes: readonly Strike[]
  readonly enqueuedAt: Date
}

/**
 * Takes ready jobs, oldest first in each lane, and holds them for `worker` until the lease ends. Locked ones are
 * passed over. Their ids are an array, since the planner takes a subquery with a limit that it cannot know for a tenth of the
 * table and then reads all of it.
 */
export async function claimJobs(
  database: Database,
  shares: readonly Share[],
  options: { readonly worker: string; readonly leaseSeconds: number; readonly resourceLimit: number },
): Promise<ClaimedJob[]> {
  if (shares.length === 0) return []
  const { rows } = await sql<ClaimedJob>`
    /* every tenant: workers serve all */
    update job set state = 2, worker = ${options.worker}::uuid, attempts = job.attempts + 1, started_at = now(),
      lease_until = now() + make_interval(secs => ${options.leaseSeconds}), cancel_requested = false, progress = null
    where job.id = any(array(
      select chosen.id
      from unnest(${shares.map(({ priority }) => priority)}::smallint[], ${shares.map(({ cid }) => cid)}::text[],
        ${shares.map(({ resource }) => resource)}::text[], ${shares.map(({ take }) => take)}::integer[])
        as lane (priority, cid, resource, take)
      left join job_resource on lane.resource <> '' and job_resource.cid = lane.cid
        and job_resource.resource = lane.resource
      cross join lateral (
        select ready.id from job ready
        where ready.state = 0 and ready.priority = lane.priority and ready.cid = lane.cid
          and ready.resource = lane.resource
        order by ready.turn
        limit case when lane.resource = '' then lane.take else greatest(0, least(lane.take,
          coalesce(job_resource.at_most, ${options.resourceLimit}::integer) - (
            select count(*)::integer from job running
            where running.state = 2 and running.cid = lane.cid and running.resource = lane.resource))) end
        for update skip locked
      ) chosen
    ))
    returning job.id, job.cid, job.name, job.key, job.priority, job.resource, job.attempts,
      job.max_attempts as "maxAttempts", job.payload, job.strikes, job.enqueued_at as "enqueuedAt"`.execute(
    database,
  )
  return rows.sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
}

/** Makes jobs ready whose time has come. Answers how many. */
export async function readyDelayedJobs(database: Database): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    /* every tenant: workers serve all */
    update job set state = 0, not_before = null
    where id in (
      select id from job where state = 1 and not_before <= now() order by not_before limit 1000 for update skip locked
    )
    returning id`.execute(database)
  return rows.length
}

/** Live jobs by name, class and state: what metrics show. */
export async function countJobs(
  database: Database,
): Promise<{ name: string; priority: number; state: number; jobs: number }[]> {
  const { rows } = await sql<{ name: string; priority: number; state: number; jobs: number }>`
    /* every tenant: metrics of the platform */
    select name, priority, state, count(*)::integer as jobs from job group by name, priority, state`.execute(
    database,
  )
  return rows
}

/** Tells the planner what is there: with no statistics, claims are many times slower. */
export async function analyzeJobs(database: Database): Promise<void> {
  await sql`analyze job`.execute(database)
}
