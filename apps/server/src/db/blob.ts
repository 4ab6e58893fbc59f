import { sql } from 'kysely'
import type { Database } from './database.ts'

/** A hold that is older was left by a server that died: no write lasts as long. */
const holdMilliseconds = 24 * 3_600_000

/** Keeps a blob from being collected while it is being written. Waits for a deletion that is under way. Global. */
export async function holdBlob(database: Database, digest: string, size: number, now: Date): Promise<void> {
  await database
    .insertInto('stored_blob')
    .values({ digest, size, holds: 1, links: 0, touched_at: now })
    .onConflict((conflict) =>
      conflict
        .column('digest')
        .doUpdateSet({ holds: (update) => update('stored_blob.holds', '+', 1), touched_at: now }),
    )
    .execute()
}

/** Gives a hold back. Global. */
export async function releaseBlob(database: Database, digest: string): Promise<void> {
  await database
    .updateTable('stored_blob')
    .set({ holds: sql<number>`greatest(holds - 1, 0)` })
    .where('digest', '=', digest)
    .execute()
}

/** Locks the row of a blob until the transaction ends; undefined when there is none. Global. */
export async function lockBlob(
  transaction: Database,
  digest: string,
): Promise<{ size: number; links: number } | undefined> {
  return transaction
    .selectFrom('stored_blob')
    .select(['size', 'links'])
    .where('digest', '=', digest)
    .forUpdate()
    .executeTakeFirst()
}

/** Counts links more or fewer of a blob. Global. */
export async function countLinks(
  transaction: Database,
  digest: string,
  change: 1 | -1,
  now: Date,
): Promise<void> {
  await transaction
    .updateTable('stored_blob')
    .set({ links: (update) => update('links', '+', change), touched_at: now })
    .where('digest', '=', digest)
    .execute()
}

/** Blobs that nobody has and nobody touched since `before`, oldest first. Global. */
export async function unusedBlobs(
  database: Database,
  before: Date,
  now: Date,
  limit: number,
): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('stored_blob')
    .select('digest')
    .where('links', '=', 0)
    .where('touched_at', '<', before)
    .where((where) => where.or([where('holds', '=', 0), where('touched_at', '<', deadHold(now))]))
    .orderBy('touched_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.digest)
}

/**
 * Locks a blob if it is still unused. As long as the transaction lasts, nobody can begin to write or link it: what wants
 * to waits in `holdBlob` or `lockBlob` for this row. Global.
 */
export async function lockUnusedBlob(
  transaction: Database,
  digest: string,
  before: Date,
  now: Date,
): Promise<{ size: number } | undefined> {
  return transaction
    .selectFrom('stored_blob')
    .select('size')
    .where('digest', '=', digest)
    .where('links', '=', 0)
    .where('touched_at', '<', before)
    .where((where) => where.or([where('holds', '=', 0), where('touched_at', '<', deadHold(now))]))
    .forUpdate()
    .executeTakeFirst()
}

/** Forgets a blob that has been locked. Global. */
export async function removeBlob(transaction: Database, digest: string): Promise<void> {
  await transaction.deleteFrom('stored_blob').where('digest', '=', digest).execute()
}

/** Takes a blob that only the store knows into the books, so that it can be collected. Returns whether it was new. Global. */
export async function adoptBlob(
  database: Database,
  digest: string,
  size: number,
  now: Date,
): Promise<boolean> {
  const added = await database
    .insertInto('stored_blob')
    .values({ digest, size, links: 0, holds: 0, touched_at: now })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .returning('digest')
    .executeTakeFirst()
  return added !== undefined
}

function deadHold(now: Date): Date {
  return new Date(now.getTime() - holdMilliseconds)
}
