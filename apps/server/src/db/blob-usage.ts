import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Bytes that a tenant has. */
export async function usedBytes(database: Database, cid: string): Promise<number> {
  const row = await database
    .selectFrom('storage_usage')
    .select('bytes')
    .where('cid', '=', cid)
    .executeTakeFirst()
  return row?.bytes ?? 0
}

/** Locks the books of a tenant until the transaction ends, and returns its bytes. */
export async function lockUsage(transaction: Database, cid: string): Promise<number> {
  const select = () =>
    transaction
      .selectFrom('storage_usage')
      .select('bytes')
      .where('cid', '=', cid)
      .forUpdate()
      .executeTakeFirst()
  const row = await select()
  if (row) return row.bytes
  await transaction
    .insertInto('storage_usage')
    .values({ cid, bytes: 0 })
    .onConflict((conflict) => conflict.column('cid').doNothing())
    .execute()
  return (await select())?.bytes ?? 0
}

/** Adds bytes, or takes them away, after `lockUsage`. */
export async function changeUsage(transaction: Database, cid: string, bytes: number): Promise<void> {
  if (bytes === 0) return
  await transaction
    .updateTable('storage_usage')
    .set({ bytes: (update) => update('bytes', '+', bytes) })
    .where('cid', '=', cid)
    .execute()
}

/** Every tenant that ever had content. */
export async function tenantsWithContent(database: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ cid: string }>`
    select cid from storage_usage /* every tenant: garbage is collected tenant by tenant */ order by cid`.execute(
    database,
  )
  return rows.map((row) => row.cid)
}
