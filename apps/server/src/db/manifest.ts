import { sql } from 'kysely'
import type { Database } from './database.ts'

/** A manifest or an index that is to be kept. */
export interface NewManifest {
  readonly digest: string
  readonly mediaType: string
  readonly content: Buffer
  readonly subject: string | null
  readonly artifactType: string | null
  readonly annotations: Readonly<Record<string, string>> | null
}

/** A row of the referrers list. */
export interface ReferrerRow {
  readonly digest: string
  readonly media_type: string
  readonly size: number
  readonly artifact_type: string | null
  readonly annotations: Record<string, string> | null
}

/** Keeps a manifest. Returns whether the repository did not have it yet; what it had is left as it is. */
export async function addManifest(
  transaction: Database,
  cid: string,
  repository: string,
  manifest: NewManifest,
  now: Date,
): Promise<boolean> {
  const added = await transaction
    .insertInto('manifest')
    .values({
      cid,
      repository,
      digest: manifest.digest,
      media_type: manifest.mediaType,
      size: manifest.content.length,
      content: manifest.content,
      subject: manifest.subject,
      artifact_type: manifest.artifactType,
      annotations: manifest.annotations,
      pushed_at: now,
    })
    .onConflict((conflict) => conflict.columns(['cid', 'repository', 'digest']).doNothing())
    .returning('digest')
    .executeTakeFirst()
  return added !== undefined
}

/** The bytes of a manifest, and what they were pushed as. */
export async function manifestContent(
  database: Database,
  cid: string,
  repository: string,
  digest: string,
): Promise<{ media_type: string; content: Buffer } | undefined> {
  return database
    .selectFrom('manifest')
    .select(['media_type', 'content'])
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('digest', '=', digest)
    .executeTakeFirst()
}

/** What a manifest is, without its bytes. */
export async function manifestHead(
  database: Database,
  cid: string,
  repository: string,
  digest: string,
): Promise<{ media_type: string; size: number } | undefined> {
  return database
    .selectFrom('manifest')
    .select(['media_type', 'size'])
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('digest', '=', digest)
    .executeTakeFirst()
}

/** Sizes, by digest, of those of the manifests that a repository has. */
export async function manifestSizes(
  database: Database,
  cid: string,
  repository: string,
  digests: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (digests.length === 0) return new Map()
  const rows = await database
    .selectFrom('manifest')
    .select(['digest', 'size'])
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where(sql<boolean>`digest = any(${[...digests]}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.digest, row.size]))
}

/** Removes a manifest; returns what it was, if it was there. */
export async function removeManifest(
  transaction: Database,
  cid: string,
  repository: string,
  digest: string,
): Promise<{ media_type: string; size: number } | undefined> {
  return transaction
    .deleteFrom('manifest')
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('digest', '=', digest)
    .returning(['media_type', 'size'])
    .executeTakeFirst()
}

/** Manifests about a subject, in order of their digests, after `last`. */
export async function referrerRows(
  database: Database,
  cid: string,
  repository: string,
  subject: string,
  options: { readonly artifactType?: string; readonly last?: string; readonly limit: number },
): Promise<readonly ReferrerRow[]> {
  let rows = database
    .selectFrom('manifest')
    .select(['digest', 'media_type', 'size', 'artifact_type', 'annotations'])
    .where('cid', '=', cid)
    .where('repository', '=', repository)
    .where('subject', '=', subject)
    .orderBy('digest')
    .limit(options.limit)
  if (options.artifactType !== undefined) rows = rows.where('artifact_type', '=', options.artifactType)
  if (options.last !== undefined) rows = rows.where('digest', '>', options.last)
  return rows.execute()
}
