import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { plannedByValues } from './prepared.ts'

/** From so many changed vulnerabilities on, counting everything anew is quicker than counting each. */
const maxRecounted = 3000
/** Sets that are counted in one go, so that no statement comes near the time that it is given. */
const maxSets = 2500

/** The sets of the current images of a tenant, with how many images have each. */
function currentSets(cid: string): RawBuilder<unknown> {
  return sql`(select set_id, count(*)::int as images from image
    where cid = ${cid} and superseded_at is null and set_id is not null group by set_id)`
}

/** Sets whose number of images is another one than what is counted. */
function changedSets(cid: string): RawBuilder<unknown> {
  return sql`(select set_id, coalesce(now.images, 0) as images, coalesce(now.images, 0) - coalesce(counted.images, 0) as more
    from ${currentSets(cid)} as now
    full join (select set_id, images from tenant_package_set where cid = ${cid}) as counted using (set_id)
    where now.images is distinct from counted.images)`
}

function uncountedEvents(cid: string): RawBuilder<unknown> {
  return sql`change_event where change_event.cid = ${cid} and change_event.kind in ('new', 'gone')
    and change_event.event_id > coalesce((select event_id from tenant_holding where cid = ${cid}), 0)`
}

/** Whether anything changed since a tenant's holding was counted. */
export async function holdingChanged(database: Database, cid: string): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean }>`
    select exists (select from ${changedSets(cid)} as changed)
      or exists (select from ${uncountedEvents(cid)}) as changed`.execute(database)
  return rows[0]?.changed === true
}

/**
 * Counts what changed: sets that images began or ceased to have by their difference, and each vulnerability that is new to
 * a package or gone from it anew. Whatever order writers commit in, the last word is that of a count made after it: an
 * event is committed together with its finding. Gives whether there is more to count: much is counted in parts.
 */
export async function countHolding(transaction: Database, cid: string): Promise<boolean> {
  await sql`insert into tenant_holding (cid, event_id) values (${cid}, 0) on conflict do nothing`.execute(
    transaction,
  )
  await sql`select from tenant_holding where cid = ${cid} for update`.execute(transaction)
  const changed = await vulnerabilitiesSince(transaction, cid)
  if (changed.length > maxRecounted) await forgetHolding(transaction, cid)
  else if (changed.length > 0) await recount(transaction, cid, changed)
  return countSets(transaction, cid)
}

/** Vulnerabilities that came or went since the last count; notes that they are counted. */
async function vulnerabilitiesSince(transaction: Database, cid: string): Promise<readonly string[]> {
  const { rows } = await sql<{ vulnerability_id: string }>`
    with uncounted as materialized (
      select vulnerability_id, max(event_id) as event_id from ${uncountedEvents(cid)} group by vulnerability_id
    ), noted as (
      update tenant_holding set event_id = (select max(event_id) from uncounted)
      where cid = ${cid} and exists (select from uncounted)
    )
    select vulnerability_id from uncounted`.execute(transaction)
  return rows.map((row) => row.vulnerability_id)
}

async function forgetHolding(transaction: Database, cid: string): Promise<void> {
  await sql`delete from tenant_package_set where cid = ${cid}`.execute(transaction)
  await sql`delete from tenant_package where cid = ${cid}`.execute(transaction)
  await sql`delete from tenant_vulnerability where cid = ${cid}`.execute(transaction)
}

async function recount(
  transaction: Database,
  cid: string,
  vulnerabilities: readonly string[],
): Promise<void> {
  await sql`delete from tenant_vulnerability
    where cid = ${cid} and vulnerability_id = any(${[...vulnerabilities]}::text[])`.execute(transaction)
  await sql`
    insert into tenant_vulnerability (cid, vulnerability_id, images)
    select ${cid}, holder.vulnerability_id, sum(held.images)
    from (
      select distinct finding.vulnerability_id, member.set_id
      from finding join package_set_member as member on member.package_id = finding.package_id
      where finding.vulnerability_id = any(${[...vulnerabilities]}::text[]) and not member.suppressed
    ) as holder join tenant_package_set as held on held.cid = ${cid} and held.set_id = holder.set_id
    group by holder.vulnerability_id`.execute(transaction)
}

async function countSets(transaction: Database, cid: string): Promise<boolean> {
  const { rows } = await sql<{ set_id: number; images: number; more: number }>`
    select set_id, images, more from ${changedSets(cid)} as changed order by set_id limit ${maxSets}`.execute(
    transaction,
  )
  if (rows.length === 0) return false
  const goesOn = rows.length === maxSets
  const changed = sql`unnest(${rows.map((row) => row.set_id)}::bigint[], ${rows.map((row) => row.images)}::int[],
    ${rows.map((row) => row.more)}::int[]) as changed (set_id, images, more)`
  await sql`
    insert into tenant_package (cid, package_id, images)
    select ${cid}, member.package_id, sum(changed.more)
    from ${changed} join package_set_member as member on member.set_id = changed.set_id
    where not member.suppressed group by member.package_id
    on conflict (cid, package_id) do update set images = tenant_package.images + excluded.images`.execute(
    transaction,
  )
  await sql`
    insert into tenant_vulnerability (cid, vulnerability_id, images)
    select ${sql.raw(plannedByValues)} ${cid}, found.vulnerability_id, sum(found.more)
    from (
      select distinct changed.set_id, changed.more, finding.vulnerability_id
      from ${changed} join package_set_member as member on member.set_id = changed.set_id
      join finding on finding.package_id = member.package_id
      where not member.suppressed
    ) as found group by found.vulnerability_id
    on conflict (cid, vulnerability_id) do update set images = tenant_vulnerability.images + excluded.images`.execute(
    transaction,
  )
  await sql`
    insert into tenant_package_set (cid, set_id, images) select ${cid}, set_id, images from ${changed}
    on conflict (cid, set_id) do update set images = excluded.images`.execute(transaction)
  if (rows.every(({ more }) => more > 0)) return goesOn
  await sql`delete from tenant_package_set where cid = ${cid} and images = 0`.execute(transaction)
  await sql`delete from tenant_package where cid = ${cid} and images <= 0`.execute(transaction)
  await sql`delete from tenant_vulnerability where cid = ${cid} and images <= 0`.execute(transaction)
  return goesOn
}
