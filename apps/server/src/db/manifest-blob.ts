import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Notes which blobs a manifest needs. */
export async function addManifestBlobs(
  transaction: Database,
  cid: string,
  repository: string,
  manifest: string,
  blobs: readonly string[],
): Promise<void> {
  if (blobs.length === 0) return
  await sql`
    insert into manifest_blob (cid, repository, manifest, blob)
    select ${cid}, ${repository}, ${manifest}, blob from unnest(${[...blobs]}::text[]) as blob
    on conflict do nothing`.execute(transaction)
}

/** Forgets which blobs a manifest needed. */
export async function removeManifestBlobs(
  transaction: Database,
  cid: string,
  repository: string,
  manifest: string,
): Promise<void> {
  await transaction
    .deleteFrom('manifest_blob')
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('manifest', '=', manifest)
    .execute()
}

/** One of the manifests that need a blob; undefined when none does. */
export async function manifestNeeding(
  database: Database,
  cid: string,
  repository: string,
  blob: string,
): Promise<string | undefined> {
  const row = await database
    .selectFrom('manifest_blob')
    .select('manifest')
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('blob', '=', blob)
    .limit(1)
    .executeTakeFirst()
  return row?.manifest
}
