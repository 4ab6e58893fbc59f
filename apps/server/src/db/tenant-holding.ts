import { type RawBuilder, sql } from 'kysely'
import type { SetCount } from './counted-sets.ts'
import type { Database } from './database.ts'
import { changedSets, countChangedSets, type PackageCount } from './package-counts.ts'
import { plannedByValues } from './prepared.ts'

/** How many current images of a tenant have each package and each vulnerability. */
export const holdingCount: SetCount = {
  notes: 'tenant_holding',
  changedSets: (cid) => changedSets(imagesByPackage, cid),
  forget,
  recount,
  countSets,
}

const imagesByPackage: PackageCount = {
  sets: 'tenant_package_set',
  packages: 'tenant_package',
  now: currentSets,
}

/** The sets of the current images of a tenant, with how many images have each. */
function currentSets(cid: string): RawBuilder<unknown> {
  return sql`(select set_id, count(*)::int as images from image
    where cid = ${cid} and superseded_at is null and set_id is not null group by set_id)`
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
  const counted = await countChangedSets(imagesByPackage, transaction, cid)
  if (!counted) return false
  await sql`
    insert into tenant_vulnerability (cid, vulnerability_id, images)
    select ${sql.raw(plannedByValues)} ${cid}, found.vulnerability_id, sum(found.more)
    from (
      select distinct changed.set_id, changed.more, finding.vulnerability_id
      from ${counted.changed} join package_set_member as member on member.set_id = changed.set_id
      join finding on finding.package_id = member.package_id
      where not member.suppressed
    ) as found group by found.vulnerability_id
    on conflict (cid, vulnerability_id) do update set images = tenant_vulnerability.images + excluded.images`.execute(
    transaction,
  )
  if (counted.fewer)
    await sql`delete from tenant_vulnerability where cid = ${cid} and images <= 0`.execute(transaction)
  return counted.goesOn
}
