import { sql } from 'kysely'
import type { Database } from './database.ts'

export async function addUpload(
  database: Database,
  cid: string,
  repository: string,
  id: string,
  now: Date,
): Promise<void> {
  await database
    .insertInto('upload')
    .values({ cid, id, repository, bytes: 0, started_at: now, updated_at: now })
    .execute()
}

/** Whether an upload is under way in a repository. */
export async function uploadExists(
  database: Database,
  cid: string,
  repository: string,
  id: string,
): Promise<boolean> {
  const row = await database
    .selectFrom('upload')
    .select('id')
    .where('cid', '=', cid)
    .where('id', '=', id)
    .where('repository', '=', repository)
    .executeTakeFirst()
  return row !== undefined
}

/** Uploads that a tenant has under way, and the bytes of all but one of them. */
export async function openUploads(
  database: Database,
  cid: string,
  except?: string,
): Promise<{ count: number; bytes: number }> {
  const row = await database
    .selectFrom('upload')
    .select((select) => [
      select.fn.countAll<number>().as('count'),
      select.fn.sum<number | null>('bytes').as('bytes'),
    ])
    .where('cid', '=', cid)
    .where('id', 'is distinct from', except ?? null)
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), bytes: Number(row.bytes ?? 0) }
}

/** Notes how many bytes an upload has. */
export async function noteUpload(
  database: Database,
  cid: string,
  id: string,
  bytes: number,
  now: Date,
): Promise<void> {
  await database
    .updateTable('upload')
    .set({ bytes, updated_at: now })
    .where('cid', '=', cid)
    .where('id', '=', id)
    .execute()
}

/** Ends an upload. Returns whether it was under way. */
export async function removeUpload(
  database: Database,
  cid: string,
  repository: string,
  id: string,
): Promise<boolean> {
  const removed = await database
    .deleteFrom('upload')
    .where('cid', '=', cid)
    .where('id', '=', id)
    .where('repository', '=', repository)
    .returning('id')
    .executeTakeFirst()
  return removed !== undefined
}

/** Ends uploads to which nothing came since `before`, of every tenant; returns how many. */
export async function removeUploadsBefore(database: Database, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from upload /* every tenant: what is dead is dead by its age */ where updated_at < ${before}`.execute(
    database,
  )
  return Number(numAffectedRows ?? 0)
}
