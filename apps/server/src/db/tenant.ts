import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface Tenant {
  readonly cid: string
  readonly name: string
  readonly createdAt: Date
}

/** Adds a tenant; one that is there stays as it is. */
export async function insertTenant(database: Database, cid: string, name: string): Promise<void> {
  await database
    .insertInto('tenant')
    .values({ cid, name })
    .onConflict((conflict) => conflict.column('cid').doNothing())
    .execute()
}

export async function findTenant(database: Database, cid: string): Promise<Tenant | undefined> {
  const row = await database
    .selectFrom('tenant')
    .select(['cid', 'name', 'created_at'])
    .where('cid', '=', cid)
    .executeTakeFirst()
  return row && { cid: row.cid, name: row.name, createdAt: row.created_at }
}

/** Every tenant of the installation, the first one first: for what the platform does by itself. */
export async function listTenants(database: Database): Promise<readonly Tenant[]> {
  const rows = await database
    .selectFrom('tenant')
    .select(['cid', 'name', 'created_at'])
    .orderBy('created_at')
    .orderBy('cid')
    .modifyEnd(sql`/* every tenant: the list of them is asked for */`)
    .execute()
  return rows.map((row) => ({ cid: row.cid, name: row.name, createdAt: row.created_at }))
}
