import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

/** Sets that are counted in one go, so that no statement comes near the time that it is given. */
const maxSets = 2500

/** Images of a tenant counted by their package set, and by each package in it. */
export interface PackageCount {
  /** The table with the number of images of each set, as it is counted in the other one. */
  readonly sets: 'tenant_package_set' | 'tenant_running_package_set'
  /** The table with the number of images of each package. */
  readonly packages: 'tenant_package' | 'tenant_running_package'
  /** The sets as they are now: `set_id`, `images`. */
  now(cid: string): RawBuilder<unknown>
}

/** What was counted in one go. */
export interface CountedSets {
  /** `set_id`, `images`, and how many `more` than were counted before, as a table of a statement. */
  readonly changed: RawBuilder<unknown>
  /** Whether any set has fewer images than before. */
  readonly fewer: boolean
  /** Whether there may be more to count. */
  readonly goesOn: boolean
}

/** Sets whose number of images is another one than what is counted: `set_id`, `images`, `more`. */
export function changedSets({ sets, now }: PackageCount, cid: string): RawBuilder<unknown> {
  return sql`(select set_id, coalesce(now.images, 0) as images, coalesce(now.images, 0) - coalesce(counted.images, 0) as more
    from ${now(cid)} as now
    full join (select set_id, images from ${sql.table(sets)} where cid = ${cid}) as counted using (set_id)
    where now.images is distinct from counted.images)`
}

/** Counts sets that changed by their difference, or a part of them where they are many; undefined where none did. */
export async function countChangedSets(
  count: PackageCount,
  transaction: Database,
  cid: string,
): Promise<CountedSets | undefined> {
  const [sets, packages] = [sql.table(count.sets), sql.table(count.packages)]
  const { rows } = await sql<{ set_id: number; images: number; more: number }>`
    select set_id, images, more from ${changedSets(count, cid)} as changed order by set_id limit ${maxSets}`.execute(
    transaction,
  )
  if (rows.length === 0) return undefined
  const changed = sql`unnest(${rows.map((row) => row.set_id)}::bigint[], ${rows.map((row) => row.images)}::int[],
    ${rows.map((row) => row.more)}::int[]) as changed (set_id, images, more)`
  await sql`
    insert into ${packages} (cid, package_id, images)
    select ${cid}, member.package_id, sum(changed.more)
    from ${changed} join package_set_member as member on member.set_id = changed.set_id
    where not member.suppressed group by member.package_id
    on conflict (cid, package_id) do update set images = ${packages}.images + excluded.images`.execute(
    transaction,
  )
  await sql`
    insert into ${sets} (cid, set_id, images) select ${cid}, set_id, images from ${changed}
    on conflict (cid, set_id) do update set images = excluded.images`.execute(transaction)
  const fewer = rows.some(({ more }) => more < 0)
  if (fewer) {
    await sql`delete from ${sets} where cid = ${cid} and images = 0`.execute(transaction)
    await sql`delete from ${packages} where cid = ${cid} and images <= 0`.execute(transaction)
  }
  return { changed, fewer, goesOn: rows.length === maxSets }
}
