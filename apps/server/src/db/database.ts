import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Tables } from './tables.ts'

/** The one database; inside a transaction the same type is that transaction. */
export type Database = Kysely<Tables>

/** The tables over a pool. `destroy()` ends the pool. */
export function databaseOf(pool: pg.Pool): Database {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}
