import { countChanges, countIsBehind, type SetCount } from '../db/counted-sets.ts'
import type { Database } from '../db/database.ts'
import { holdingCount } from '../db/tenant-holding.ts'
import { runningCount } from '../db/tenant-running.ts'
import { countRunningPackages, runningPackagesChanged } from '../db/tenant-running-package.ts'

/** What lists of packages and vulnerabilities are made with. */
export interface HoldingPorts {
  readonly database: Database
  readonly transaction: <T>(work: (transaction: Database) => Promise<T>) => Promise<T>
}

/**
 * Brings up to date how many images of a tenant have each package and each vulnerability. Nothing to do most of the time;
 * after that, as much as changed since the last list.
 */
export async function followImages(ports: HoldingPorts, cid: string): Promise<void> {
  await follow(holdingCount, ports, cid)
}

/** The same for how many running containers have each vulnerability. */
export async function followContainers(ports: HoldingPorts, cid: string): Promise<void> {
  await follow(runningCount, ports, cid)
}

/** The same for how many images that containers run have each package. */
export async function followRunningPackages(
  { database, transaction }: HoldingPorts,
  cid: string,
): Promise<void> {
  if (!(await runningPackagesChanged(database, cid))) return
  while (await transaction((held) => countRunningPackages(held, cid)));
}

async function follow(count: SetCount, { database, transaction }: HoldingPorts, cid: string): Promise<void> {
  if (!(await countIsBehind(count, database, cid))) return
  // What was counted in parts stays counted, whoever does not wait for the rest.
  while (await transaction((held) => countChanges(count, held, cid)));
}
