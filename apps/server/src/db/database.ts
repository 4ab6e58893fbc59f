import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** The one database; inside a transaction the same type is that transaction. */
export type Database = Kysely<Tables>
