import { sql } from 'kysely'
import type { Database } from './database.ts'

/** How many images of a tenant are in each state. */
export async function imagesByState(database: Database, cid: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ state: string; images: number }>`
    select state, count(*) as images from image where cid = ${cid} and superseded_at is null group by state`.execute(
    database,
  )
  return new Map(rows.map(({ state, images }) => [state, images]))
}

/** Version of the server, as it tells it. Global. */
export async function databaseVersion(database: Database): Promise<string> {
  const { rows } = await sql<{
    version: string
  }>`select current_setting('server_version') as version`.execute(database)
  return rows[0].version
}

/** Jobs of a tenant that wait or run, and those that failed since. */
export async function jobCounts(
  database: Database,
  cid: string,
  since: Date,
): Promise<{ readonly waiting: number; readonly running: number; readonly failed: number }> {
  const { rows } = await sql<{ waiting: number; running: number; failed: number }>`
    select
      (select count(*) from job where cid = ${cid} and state < 2) as waiting,
      (select count(*) from job where cid = ${cid} and state = 2) as running,
      (select count(*) from job_history where cid = ${cid} and outcome = 'failed' and finished_at >= ${since}) as failed`.execute(
    database,
  )
  return rows[0]
}

/** Jobs of all tenants that are not over, by what they do. */
export async function liveJobs(database: Database): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<{ ready: number; delayed: number; running: number }>`
    select count(*) filter (where state = 0) as ready, count(*) filter (where state = 1) as delayed,
      count(*) filter (where state = 2) as running
    from job /* every tenant: the length of the queue */`.execute(database)
  return { ...rows[0] }
}
