import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface SetMember {
  readonly packageId: number
  readonly suppressed: boolean
}

/** Id of a set and whether it is new; members in the set's order. Global. */
export async function packageSet(
  database: Database,
  identity: Buffer,
  members: readonly SetMember[],
): Promise<{ setId: number; added: boolean }> {
  const { rows } = await sql<{ set_id: number }>`
    insert into package_set (identity, packages) values (${identity}, ${members.length})
    on conflict (identity) do nothing returning set_id`.execute(database)
  const [added] = rows
  if (added === undefined) {
    const known = await sql<{ set_id: number }>`
      select set_id from package_set where identity = ${identity}`.execute(database)
    return { setId: known.rows[0].set_id, added: false }
  }
  await sql`
    insert into package_set_member (set_id, package_id, position, suppressed)
    select ${added.set_id}, package_id, (position - 1)::int, suppressed
    from unnest(
      ${listed(members, ({ packageId }) => packageId)}::bigint[],
      ${listed(members, ({ suppressed }) => suppressed)}::boolean[]
    ) with ordinality as given (package_id, suppressed, position)`.execute(database)
  await sql`
    update package_set set ai_related = true where set_id = ${added.set_id} and exists (
      select from package_set_member as member join package on package.package_id = member.package_id
      where member.set_id = ${added.set_id} and package.ai_related)`.execute(database)
  return { setId: added.set_id, added: true }
}

/** An array as PostgreSQL writes it: a list as long as a set is long, which the driver would take item by item. */
function listed(members: readonly SetMember[], of: (member: SetMember) => number | boolean): string {
  return `{${members.map(of).join()}}`
}

/** Notes that the counts of every set with one of these packages have to follow; gives how many. Global. */
export async function markSetsDirty(database: Database, packageIds: readonly number[]): Promise<number> {
  const { numAffectedRows } = await sql`
    update package_set set dirty = true
    where set_id in (
      select set_id from package_set_member where package_id = any(${[...packageIds]}::bigint[])
    ) and not dirty`.execute(database)
  return Number(numAffectedRows ?? 0)
}

/** Sets whose counts have not followed yet, at most `limit`, held by this transaction. Global. */
export async function dirtySets(transaction: Database, limit: number): Promise<readonly number[]> {
  const { rows } = await sql<{ set_id: number }>`
    select set_id from package_set where dirty order by set_id limit ${limit} for update skip locked`.execute(
    transaction,
  )
  return rows.map((row) => row.set_id)
}

/**
 * Counts the findings of sets anew: each vulnerability once, at its worst, suppressed packages left out. Rows are taken in
 * the order of their ids. Global.
 */
export async function countSetFindings(database: Database, setIds: readonly number[]): Promise<void> {
  if (setIds.length === 0) return
  await sql`
    with counted as (
      select given.set_id,
        count(worst.vulnerability_id)::int as vulnerabilities,
        count(*) filter (where worst.severity = 5)::int as critical,
        count(*) filter (where worst.severity = 4)::int as high,
        count(*) filter (where worst.severity = 3)::int as medium,
        count(*) filter (where worst.severity = 2)::int as low,
        count(*) filter (where worst.severity = 1)::int as negligible,
        count(*) filter (where worst.severity = 0)::int as unknown,
        count(*) filter (where worst.exploited)::int as exploited,
        coalesce(max(worst.severity), 0)::smallint as highest_severity,
        coalesce(max(worst.cps_rating), 0)::smallint as highest_cps_rating,
        count(*) filter (where worst.ai_related)::int as ai_vulnerabilities,
        coalesce(bit_or(worst.cps_ratings), 0)::smallint as cps_ratings
      from unnest(${[...setIds]}::bigint[]) as given (set_id)
      left join (
        select member.set_id, finding.vulnerability_id, max(finding.severity) as severity,
          max(finding.cps_rating) as cps_rating, bool_or(vulnerability.exploited) as exploited,
          bool_or(package.ai_related) as ai_related, bit_or(1 << finding.cps_rating) as cps_ratings
        from package_set_member as member
        join package on package.package_id = member.package_id
        join finding on finding.package_id = member.package_id
        join vulnerability on vulnerability.vulnerability_id = finding.vulnerability_id
        where member.set_id = any(${[...setIds]}::bigint[]) and not member.suppressed
        group by member.set_id, finding.vulnerability_id
      ) worst on worst.set_id = given.set_id
      group by given.set_id
    ), vulnerable as (
      select member.set_id, count(*)::int as packages
      from package_set_member as member
      join package on package.package_id = member.package_id and package.vulnerabilities > 0
      where member.set_id = any(${[...setIds]}::bigint[]) and not member.suppressed
      group by member.set_id
    )
    update package_set set
      vulnerabilities = counted.vulnerabilities, critical = counted.critical, high = counted.high,
      medium = counted.medium, low = counted.low, negligible = counted.negligible, unknown = counted.unknown,
      exploited = counted.exploited, highest_severity = counted.highest_severity,
      highest_cps_rating = counted.highest_cps_rating, vulnerable_packages = coalesce(vulnerable.packages, 0),
      ai_vulnerabilities = counted.ai_vulnerabilities, cps_ratings = counted.cps_ratings,
      findings_revision = package_set.findings_revision + 1, dirty = false
    from counted left join vulnerable on vulnerable.set_id = counted.set_id
    where package_set.set_id = counted.set_id`.execute(database)
}
