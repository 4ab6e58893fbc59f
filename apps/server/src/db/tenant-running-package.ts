import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { runningImages } from './held-images.ts'

/** Sets that are counted in one go, so that no statement comes near the time that it is given. */
const maxSets = 2500

/** Sets of which another number of images runs than what is counted. An image that many containers run is one. */
function changedSets(cid: string): RawBuilder<unknown> {
  return sql`(select set_id, coalesce(now.images, 0) as images, coalesce(now.images, 0) - coalesce(counted.images, 0) as more
    from (
      select set_id, count(distinct image_uuid)::int as images from ${runningImages(cid)} as image group by set_id
    ) as now
    full join (select set_id, images from tenant_running_package_set where cid = ${cid}) as counted using (set_id)
    where now.images is distinct from counted.images)`
}

/** Whether anything changed since it was counted which packages run. */
export async function runningPackagesChanged(database: Database, cid: string): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean }>`
    select exists (select from ${changedSets(cid)} as changed) as changed`.execute(database)
  return rows[0]?.changed === true
}

/**
 * Counts sets that images began or ceased to run with, by their difference, or a part of them where they are many; gives
 * whether there may be more. What is found in packages does not matter: no event has to be followed.
 */
export async function countRunningPackages(transaction: Database, cid: string): Promise<boolean> {
  await sql`insert into tenant_running (cid, event_id) values (${cid}, 0) on conflict do nothing`.execute(
    transaction,
  )
  await sql`select from tenant_running where cid = ${cid} for update`.execute(transaction)
  const { rows } = await sql<{ set_id: number; images: number; more: number }>`
    select set_id, images, more from ${changedSets(cid)} as changed order by set_id limit ${maxSets}`.execute(
    transaction,
  )
  if (rows.length === 0) return false
  const changed = sql`unnest(${rows.map((row) => row.set_id)}::bigint[], ${rows.map((row) => row.images)}::int[],
    ${rows.map((row) => row.more)}::int[]) as changed (set_id, images, more)`
  await sql`
    insert into tenant_running_package (cid, package_id, images)
    select ${cid}, member.package_id, sum(changed.more)
    from ${changed} join package_set_member as member on member.set_id = changed.set_id
    where not member.suppressed group by member.package_id
    on conflict (cid, package_id) do update set images = tenant_running_package.images + excluded.images`.execute(
    transaction,
  )
  await sql`
    insert into tenant_running_package_set (cid, set_id, images) select ${cid}, set_id, images from ${changed}
    on conflict (cid, set_id) do update set images = excluded.images`.execute(transaction)
  if (rows.some(({ more }) => more < 0)) {
    await sql`delete from tenant_running_package_set where cid = ${cid} and images = 0`.execute(transaction)
    await sql`delete from tenant_running_package where cid = ${cid} and images <= 0`.execute(transaction)
  }
  return rows.length === maxSets
}
