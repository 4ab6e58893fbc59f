import { type RawBuilder, sql } from 'kysely'
import type { SetCount } from './counted-sets.ts'
import type { Database } from './database.ts'
import { runningImages } from './held-images.ts'
import { plannedByValues } from './prepared.ts'

/** Rows of changed sets that are counted in one go, so that no statement comes near the time that it is given. */
const maxSets = 2000

/** How many running containers of a tenant have each vulnerability. */
export const runningCount: SetCount = { notes: 'tenant_running', changedSets, forget, recount, countSets }

/** The package sets of the image, or of the images of the index, that containers run, with how many run such a one. */
function runningSets(cid: string): RawBuilder<unknown> {
  return sql`(
    select sets, md5(array_to_string(sets, ',')) as sets_digest, sum(containers)::int as containers
    from (
      select image_digest, containers, array_agg(distinct set_id) as sets from ${runningImages(cid)} as image
      group by image_digest, containers
    ) as running group by sets)`
}

function changedSets(cid: string): RawBuilder<unknown> {
  return sql`(select sets_digest, coalesce(now.sets, counted.sets) as sets, coalesce(now.containers, 0) as containers,
      coalesce(now.containers, 0) - coalesce(counted.containers, 0) as more
    from ${runningSets(cid)} as now
    full join (select sets, sets_digest, containers from tenant_running_sets where cid = ${cid}) as counted
      using (sets_digest)
    where now.containers is distinct from counted.containers)`
}

async function forget(transaction: Database, cid: string): Promise<void> {
  await sql`delete from tenant_running_sets where cid = ${cid}`.execute(transaction)
  await sql`delete from tenant_running_vulnerability where cid = ${cid}`.execute(transaction)
}

async function recount(
  transaction: Database,
  cid: string,
  vulnerabilities: readonly string[],
): Promise<void> {
  await sql`delete from tenant_running_vulnerability
    where cid = ${cid} and vulnerability_id = any(${[...vulnerabilities]}::text[])`.execute(transaction)
  await sql`
    insert into tenant_running_vulnerability (cid, vulnerability_id, containers)
    select ${cid}, holder.vulnerability_id, sum(holder.containers)
    from (
      select distinct finding.vulnerability_id, counted.sets_digest, counted.containers
      from finding join package_set_member as member on member.package_id = finding.package_id
      join (
        select unnest(sets) as set_id, sets_digest, containers from tenant_running_sets where cid = ${cid}
      ) as counted on counted.set_id = member.set_id
      where finding.vulnerability_id = any(${[...vulnerabilities]}::text[]) and not member.suppressed
    ) as holder group by holder.vulnerability_id`.execute(transaction)
}

async function countSets(transaction: Database, cid: string): Promise<boolean> {
  const { rows } = await sql<{ sets: readonly number[]; containers: number; more: number }>`
    select sets, containers, more from ${changedSets(cid)} as changed
    order by sets_digest limit ${maxSets}`.execute(transaction)
  if (rows.length === 0) return false
  const changed = sql`(
    select array(select jsonb_array_elements_text(sets)::bigint) as sets, containers, more
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as told (sets jsonb, containers int, more int))`
  await sql`
    insert into tenant_running_vulnerability (cid, vulnerability_id, containers)
    select ${sql.raw(plannedByValues)} ${cid}, found.vulnerability_id, sum(found.more)
    from (
      select distinct held.sets, held.more, finding.vulnerability_id
      from (select sets, more, unnest(sets) as set_id from ${changed} as changed) as held
      join package_set_member as member on member.set_id = held.set_id
      join finding on finding.package_id = member.package_id
      where not member.suppressed
    ) as found group by found.vulnerability_id
    on conflict (cid, vulnerability_id) do update
    set containers = tenant_running_vulnerability.containers + excluded.containers`.execute(transaction)
  await sql`
    insert into tenant_running_sets (cid, sets, sets_digest, containers)
    select ${cid}, sets, md5(array_to_string(sets, ',')), containers from ${changed} as changed
    on conflict (cid, sets_digest) do update set containers = excluded.containers`.execute(transaction)
  const goesOn = rows.length === maxSets
  if (rows.every(({ more }) => more > 0)) return goesOn
  await sql`delete from tenant_running_sets where cid = ${cid} and containers = 0`.execute(transaction)
  await sql`delete from tenant_running_vulnerability where cid = ${cid} and containers <= 0`.execute(
    transaction,
  )
  return goesOn
}
