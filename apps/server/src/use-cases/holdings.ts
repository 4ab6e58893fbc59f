import type { Database } from '../db/database.ts'
import { countHolding, holdingChanged } from '../db/tenant-holding.ts'
import { countRunning, runningChanged } from '../db/tenant-running.ts'

/** What lists of packages and vulnerabilities are made with. */
export interface HoldingPorts {
  readonly database: Database
  readonly transaction: <T>(work: (transaction: Database) => Promise<T>) => Promise<T>
}

/**
 * Brings up to date how many images of a tenant have each package and each vulnerability. Nothing to do most of the time;
 * after that, as much as changed since the last list.
 */
export async function followImages({ database, transaction }: HoldingPorts, cid: string): Promise<void> {
  if (!(await holdingChanged(database, cid))) return
  // What was counted in parts stays counted, whoever does not wait for the rest.
  while (await transaction((held) => countHolding(held, cid)));
}

/** The same for how many running containers have each vulnerability. */
export async function followContainers({ database, transaction }: HoldingPorts, cid: string): Promise<void> {
  if (!(await runningChanged(database, cid))) return
  while (await transaction((held) => countRunning(held, cid)));
}
