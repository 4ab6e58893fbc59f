import type { Database } from './database.ts'

/** Makes a repository, unless it is there. */
export async function addRepository(database: Database, cid: string, name: string, now: Date): Promise<void> {
  await database
    .insertInto('repository')
    .values({ cid, name, created_at: now })
    .onConflict((conflict) => conflict.columns(['cid', 'name']).doNothing())
    .execute()
}

export async function repositoryExists(database: Database, cid: string, name: string): Promise<boolean> {
  const row = await database
    .selectFrom('repository')
    .select('name')
    .where('cid', '=', cid)
    .where('name', '=', name)
    .executeTakeFirst()
  return row !== undefined
}

/** Names of repositories that hold a manifest, after `last`, in order of their bytes. */
export async function repositoryNames(
  database: Database,
  cid: string,
  last: string | undefined,
  limit: number,
): Promise<readonly string[]> {
  let names = database
    .selectFrom('repository')
    .select('name')
    .where('cid', '=', cid)
    .where((where) =>
      where.exists(
        where
          .selectFrom('manifest')
          .select('manifest.digest')
          .where('manifest.cid', '=', cid)
          .whereRef('manifest.repository', '=', 'repository.name'),
      ),
    )
    .orderBy('name')
    .limit(limit)
  if (last !== undefined) names = names.where('name', '>', last)
  return (await names.execute()).map((row) => row.name)
}

/** Removes repositories made before that time which hold nothing any more. Returns how many. */
export async function removeEmptyRepositories(
  database: Database,
  cid: string,
  before: Date,
): Promise<number> {
  const removed = await database
    .deleteFrom('repository')
    .where('cid', '=', cid)
    .where('created_at', '<', before)
    .where((where) =>
      where.and([
        where.not(
          where.exists(
            where
              .selectFrom('manifest')
              .select('manifest.digest')
              .where('manifest.cid', '=', cid)
              .whereRef('manifest.repository', '=', 'repository.name'),
          ),
        ),
        where.not(
          where.exists(
            where
              .selectFrom('repository_blob')
              .select('repository_blob.digest')
              .where('repository_blob.cid', '=', cid)
              .whereRef('repository_blob.repository', '=', 'repository.name'),
          ),
        ),
      ]),
    )
    .executeTakeFirst()
  return Number(removed.numDeletedRows)
}
