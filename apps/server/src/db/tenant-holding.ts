import { type RawBuilder, sql } from 'kysely'
import type { SetCount } from './counted-sets.ts'
import type { Database } from './database.ts'
import { plannedByValues } from './prepared.ts'

/** Sets that are counted in one go, so that no statement comes near the time that it is given. */
const maxSets = 2500

/** How many current images of a tenant have each package and each vulnerability. */
export const holdingCount: SetCount = { notes: 'tenant_holding', changedSets, forget, recount, countSets }

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

async function forget(transaction: Database, cid: string): Promise<void> {
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
