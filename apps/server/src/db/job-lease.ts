import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { Strike } from './job.ts'
import { storableJson } from './storable.ts'

/** Which hold on which job: a run that lost its lease must not end the run of its successor. */
export interface Held {
  readonly id: string
  readonly worker: string
  /** Of the claim. */
  readonly attempts: number
}

export type Outcome = 'done' | 'failed' | 'cancelled'

/** How a run ended for good. */
export interface Ending extends Held {
  readonly outcome: Outcome
  readonly error?: string
}

/** How a run ended that is to be tried again. */
export interface Postponement extends Held {
  readonly delaySeconds: number
  readonly error: string
  /** The attempt did not count: nothing was wrong with the job. */
  readonly uncounted: boolean
  readonly strike?: Strike
}

/**
 * Renews the leases of a worker and writes progress (JSON text; null leaves it). Answers those that are still held, and
 * whether somebody asked for their end.
 */
export async function renewLeases(
  database: Database,
  worker: string,
  leaseSeconds: number,
  jobs: readonly (Held & { readonly progress: string | null })[],
): Promise<{ id: string; cancelRequested: boolean }[]> {
  const { rows } = await sql<{ id: string; cancelRequested: boolean }>`
    /* every tenant: workers serve all */
    update job set lease_until = now() + make_interval(secs => ${leaseSeconds}),
      progress = coalesce(held.progress, job.progress)
    from unnest(${jobs.map(({ id }) => id)}::uuid[], ${jobs.map(({ attempts }) => attempts)}::smallint[],
      ${jobs.map(({ progress }) => progress)}::jsonb[]) as held (id, attempts, progress)
    where job.id = held.id and job.attempts = held.attempts and job.state = 2 and job.worker = ${worker}::uuid
    returning job.id, job.cancel_requested as "cancelRequested"`.execute(database)
  return rows
}

/**
 * Ends runs: each leaves a line in the history, and its job goes or, where it was asked for again meanwhile, waits for its
 * next run. Answers the ids of those that ended; the others are not held any more, or were asked for again in this very
 * moment: asking once more tells them apart.
 */
export async function endJobs(database: Database, endings: readonly Ending[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    /* every tenant: workers serve all */
    with ending as (
      select * from unnest(${endings.map(({ id }) => id)}::uuid[], ${endings.map(({ worker }) => worker)}::uuid[],
        ${endings.map(({ attempts }) => attempts)}::smallint[], ${endings.map(({ outcome }) => outcome)}::text[],
        ${endings.map(({ error }) => error ?? null)}::text[]) as ending (id, worker, attempts, outcome, error)
    ), gone as (
      delete from job using ending
      where job.id = ending.id and job.state = 2 and job.worker = ending.worker and job.attempts = ending.attempts
        and job.next_id is null
      returning job.id, job.cid, job.name, job.key, job.priority, job.resource, ending.outcome, job.attempts,
        job.payload, job.progress, ending.error, job.enqueued_at, job.started_at
    ), asked as (
      select job.id, job.cid, job.name, job.key, job.priority, job.resource, ending.outcome, job.attempts,
        job.payload, job.progress, ending.error, job.enqueued_at, job.started_at
      from job join ending on job.id = ending.id
      where job.state = 2 and job.worker = ending.worker and job.attempts = ending.attempts and job.next_id is not null
      for update of job
    ), again as (
      update job set id = job.next_id, turn = job.next_id, payload = job.next_payload, priority = job.next_priority,
        state = case when job.next_not_before is null then 0 else 1 end, not_before = job.next_not_before,
        attempts = 0, strikes = '[]', progress = null, error = null, cancel_requested = false, enqueued_at = now(), started_at = null,
        worker = null, lease_until = null,
        next_id = null, next_payload = null, next_priority = null, next_not_before = null
      from asked where job.id = asked.id
    )
    insert into job_history (id, cid, name, key, priority, resource, outcome, attempts, payload, progress, error,
      enqueued_at, started_at)
    select * from gone union all select * from asked
    returning id`.execute(database)
  return rows.map(({ id }) => id)
}

/** Lets jobs wait for another attempt. Answers the ids of those that do; one that was asked for again meanwhile does not. */
export async function postponeJobs(
  database: Database,
  postponements: readonly Postponement[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    /* every tenant: workers serve all */
    update job set
      state = case when later.delay > 0 then 1 else 0 end,
      not_before = case when later.delay > 0 then now() + make_interval(secs => later.delay) end,
      attempts = job.attempts - case when later.uncounted then 1 else 0 end,
      strikes = job.strikes || later.strike, error = later.error, worker = null, lease_until = null
    from unnest(${postponements.map(({ id }) => id)}::uuid[], ${postponements.map(({ worker }) => worker)}::uuid[],
      ${postponements.map(({ attempts }) => attempts)}::smallint[],
      ${postponements.map(({ delaySeconds }) => delaySeconds)}::double precision[],
      ${postponements.map(({ error }) => error)}::text[], ${postponements.map(({ uncounted }) => uncounted)}::boolean[],
      ${postponements.map(({ strike }) => storableJson(strike ? [strike] : []))}::jsonb[])
      as later (id, worker, attempts, delay, error, uncounted, strike)
    where job.id = later.id and job.state = 2 and job.worker = later.worker and job.attempts = later.attempts
      and job.next_id is null and not job.cancel_requested
    returning job.id`.execute(database)
  return rows.map(({ id }) => id)
}

/** Gives jobs back that were held and not worked to the end: they are ready at once, and the attempt does not count. */
export async function releaseJobs(database: Database, worker: string): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    /* every tenant: workers serve all */
    update job set state = 0, attempts = attempts - 1, worker = null, lease_until = null
    where state = 2 and worker = ${worker}::uuid and not cancel_requested
    returning id`.execute(database)
  return rows.length
}

/** Ends the leases of all workers but one: whoever runs alone knows that the others are dead. */
export async function endOtherLeases(database: Database, worker: string): Promise<void> {
  await sql`
    /* every tenant: workers serve all */
    update job set lease_until = now() - interval '1 second'
    where state = 2 and worker <> ${worker}::uuid`.execute(database)
}

/** Frees the jobs of workers that died. Answers those that have no attempt left or were to be cancelled: they are to be ended. */
export async function freeExpiredJobs(
  database: Database,
): Promise<(Held & { readonly cancelRequested: boolean })[]> {
  await sql`
    /* every tenant: workers serve all */
    update job set state = 0, worker = null, lease_until = null, error = 'the worker that ran it is gone'
    where state = 2 and lease_until < now() and attempts < max_attempts and not cancel_requested`.execute(
    database,
  )
  const { rows } = await sql<Held & { cancelRequested: boolean }>`
    /* every tenant: workers serve all */
    select id, worker, attempts, cancel_requested as "cancelRequested" from job
    where state = 2 and lease_until < now() limit 1000`.execute(database)
  return rows
}
