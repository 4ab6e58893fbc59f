import type { Database } from './database.ts'

/** What a tag points to. */
export async function tagDigest(
  database: Database,
  cid: string,
  repository: string,
  name: string,
): Promise<string | undefined> {
  const row = await database
    .selectFrom('tag')
    .select('digest')
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.digest
}

/** Points a tag to a manifest. */
export async function setTag(
  transaction: Database,
  cid: string,
  repository: string,
  name: string,
  digest: string,
  now: Date,
): Promise<void> {
  await transaction
    .insertInto('tag')
    .values({ cid, repository, name, digest, updated_at: now })
    .onConflict((conflict) =>
      conflict.columns(['cid', 'repository', 'name']).doUpdateSet({ digest, updated_at: now }),
    )
    .execute()
}

/** Tags after `last`, in order of their bytes. */
export async function tagNames(
  database: Database,
  cid: string,
  repository: string,
  last: string | undefined,
  limit: number,
): Promise<readonly string[]> {
  let names = database
    .selectFrom('tag')
    .select('name')
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .orderBy('name')
    .limit(limit)
  if (last !== undefined) names = names.where('name', '>', last)
  return (await names.execute()).map((row) => row.name)
}

/** Removes a tag and returns what it pointed to. */
export async function removeTag(
  transaction: Database,
  cid: string,
  repository: string,
  name: string,
): Promise<string | undefined> {
  const removed = await transaction
    .deleteFrom('tag')
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('name', '=', name)
    .returning('digest')
    .executeTakeFirst()
  return removed?.digest
}

/** Removes the tags that point to a manifest and returns their names. */
export async function removeTagsOf(
  transaction: Database,
  cid: string,
  repository: string,
  digest: string,
): Promise<readonly string[]> {
  const removed = await transaction
    .deleteFrom('tag')
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('digest', '=', digest)
    .returning('name')
    .execute()
  return removed.map((row) => row.name)
}
