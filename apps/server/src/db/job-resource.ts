import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Names a resource that jobs are about to use; one that has a name keeps what was set. */
export async function nameResource(database: Database, cid: string, resource: string): Promise<void> {
  await sql`insert into job_resource (cid, resource) values (${cid}, ${resource})
    on conflict (cid, resource) do nothing`.execute(database)
}

/** No job begins that uses the resource for so long; a longer pause that was asked for stays. */
export async function pauseResource(
  database: Database,
  cid: string,
  resource: string,
  seconds: number,
): Promise<void> {
  await sql`insert into job_resource (cid, resource, blocked_until)
    values (${cid}, ${resource}, now() + make_interval(secs => ${seconds}))
    on conflict (cid, resource) do update
    set blocked_until = greatest(job_resource.blocked_until, excluded.blocked_until)`.execute(database)
}

/**
 * Keeps others from claiming for the same resources until the transaction ends: whoever counts what runs must see all of
 * it. Answers those that nobody else keeps.
 */
export async function keepResources(
  database: Database,
  resources: readonly { readonly cid: string; readonly resource: string }[],
): Promise<{ cid: string; resource: string }[]> {
  const { rows } = await sql<{ cid: string; resource: string }>`
    /* every tenant: workers serve all */
    select job_resource.cid, job_resource.resource from job_resource
    join unnest(${resources.map(({ cid }) => cid)}::text[], ${resources.map(({ resource }) => resource)}::text[])
      as wanted (cid, resource) on wanted.cid = job_resource.cid and wanted.resource = job_resource.resource
    where job_resource.blocked_until is null or job_resource.blocked_until <= now()
    for update of job_resource skip locked`.execute(database)
  return rows
}
