import type { Preview } from '@lanner/policy'
import { databaseOf, endPool } from '../db/database.ts'
import { openPool, type PoolOptions } from '../db/pool.ts'
import { type EstatePreviewAsked, previewEstate } from './policy-preview-estate.ts'

/** Where a thread finds the database. */
export type PreviewDatabase = Pick<PoolOptions, 'server' | 'prepare'>

/** A preview over a connection of its own, which ends with it: for a thread, which has none. */
export async function runPreview(
  asked: EstatePreviewAsked,
  database: PreviewDatabase,
  signal: AbortSignal,
): Promise<Preview> {
  const pool = openPool({ ...database, size: 1 })
  const opened = databaseOf(pool)
  try {
    return await previewEstate(opened, asked, signal)
  } finally {
    await endPool(pool, opened)
  }
}
