import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Size of a blob that a repository has. */
export async function blobLink(
  database: Database,
  cid: string,
  repository: string,
  digest: string,
): Promise<{ size: number; touched_at: Date } | undefined> {
  return database
    .selectFrom('repository_blob')
    .select(['size', 'touched_at'])
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('digest', '=', digest)
    .executeTakeFirst()
}

/** Sizes, by digest, of those of the blobs that a repository has; they count as touched. */
export async function touchBlobLinks(
  database: Database,
  cid: string,
  repository: string,
  digests: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  if (digests.length === 0) return new Map()
  const rows = await database
    .updateTable('repository_blob')
    .set({ touched_at: now })
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where(sql<boolean>`digest = any(${[...digests]}::text[])`)
    .returning(['digest', 'size'])
    .execute()
  return new Map(rows.map((row) => [row.digest, row.size]))
}

/** Gives a repository a blob. Returns whether it did not have it yet. */
export async function addBlobLink(
  transaction: Database,
  cid: string,
  repository: string,
  digest: string,
  size: number,
  now: Date,
): Promise<boolean> {
  const added = await transaction
    .insertInto('repository_blob')
    .values({ cid, repository, digest, size, touched_at: now })
    .onConflict((conflict) => conflict.columns(['cid', 'repository', 'digest']).doNothing())
    .returning('digest')
    .executeTakeFirst()
  return added !== undefined
}

/** Whether any repository of the tenant has a blob. */
export async function tenantHasBlob(database: Database, cid: string, digest: string): Promise<boolean> {
  const row = await database
    .selectFrom('repository_blob')
    .select('digest')
    .where('cid', '=', cid)
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Takes a blob from a repository; with `before`, only if nobody touched it since. Returns its size if it was there. */
export async function removeBlobLink(
  transaction: Database,
  cid: string,
  repository: string,
  digest: string,
  before?: Date,
): Promise<number | undefined> {
  let removal = transaction
    .deleteFrom('repository_blob')
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('digest', '=', digest)
  if (before) removal = removal.where('touched_at', '<', before)
  const removed = await removal.returning('size').executeTakeFirst()
  return removed?.size
}

/** Blobs that no manifest of their repository needs and nobody touched since `before`, oldest first. */
export async function unneededBlobLinks(
  database: Database,
  cid: string,
  before: Date,
  limit: number,
): Promise<readonly { repository: string; digest: string }[]> {
  return database
    .selectFrom('repository_blob as link')
    .select(['link.repository', 'link.digest'])
    .where('link.cid', '=', cid)
    .where('link.touched_at', '<', before)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('manifest_blob as need')
            .select('need.manifest')
            .where('need.cid', '=', cid)
            .whereRef('need.repository', '=', 'link.repository')
            .whereRef('need.blob', '=', 'link.digest'),
        ),
      ),
    )
    .orderBy('link.touched_at')
    .limit(limit)
    .execute()
}
