import { sql } from 'kysely'
import type { Database } from './database.ts'
import { runningImages } from './held-images.ts'
import { changedSets, countChangedSets, type PackageCount } from './package-counts.ts'

/** How many images that containers run have each package. An image that many containers run is one. */
const runningByPackage: PackageCount = {
  sets: 'tenant_running_package_set',
  packages: 'tenant_running_package',
  now: (cid) =>
    sql`(select set_id, count(distinct image_uuid)::int as images from ${runningImages(cid)} as image group by set_id)`,
}

/** Whether anything changed since it was counted which packages run. */
export async function runningPackagesChanged(database: Database, cid: string): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean }>`
    select exists (select from ${changedSets(runningByPackage, cid)} as changed) as changed`.execute(database)
  return rows[0]?.changed === true
}

/**
 * Counts sets that images began or ceased to run with, or a part of them where they are many; gives whether there may be
 * more. What is found in packages does not matter: no event has to be followed.
 */
export async function countRunningPackages(transaction: Database, cid: string): Promise<boolean> {
  await sql`insert into tenant_running (cid, event_id) values (${cid}, 0) on conflict do nothing`.execute(
    transaction,
  )
  await sql`select from tenant_running where cid = ${cid} for update`.execute(transaction)
  return (await countChangedSets(runningByPackage, transaction, cid))?.goesOn ?? false
}
