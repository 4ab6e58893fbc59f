import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Tables } from './tables.ts'

/** The one database; inside a transaction the same type is that transaction. */
export type Database = Kysely<Tables>

/** The tables over a pool; `endPool` closes both. */
export function databaseOf(pool: pg.Pool): Database {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

/** Ends every connection, of a database that was never asked anything as well. */
export async function endPool(pool: pg.Pool, database: Database): Promise<void> {
  await database.destroy()
  if (!pool.ending) await pool.end()
}
