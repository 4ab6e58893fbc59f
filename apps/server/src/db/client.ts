import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface ClientRecord {
  readonly cid: string
  readonly clientId: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly secretHash: string
  readonly createdBy: string
  readonly createdAt: Date
  readonly revokedAt: Date | null
}

const columns = [
  'cid',
  'client_id as clientId',
  'name',
  'scopes',
  'secret_hash as secretHash',
  'created_by as createdBy',
  'created_at as createdAt',
  'revoked_at as revokedAt',
] as const

/** Adds a client; false when its id is taken. */
export async function insertClient(
  database: Database,
  cid: string,
  client: Pick<ClientRecord, 'clientId' | 'name' | 'scopes' | 'secretHash' | 'createdBy'>,
  now: Date,
): Promise<boolean> {
  const row = await database
    .insertInto('api_client')
    .values({
      client_id: client.clientId,
      cid,
      name: client.name,
      scopes: client.scopes,
      secret_hash: client.secretHash,
      created_by: client.createdBy,
      created_at: now,
      revoked_at: null,
    })
    .onConflict((conflict) => conflict.column('client_id').doNothing())
    .returning('client_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Gives a client another secret and other scopes, and lets it in again if it was revoked. */
export async function replaceClient(
  database: Database,
  cid: string,
  client: Pick<ClientRecord, 'clientId' | 'scopes' | 'secretHash'>,
): Promise<boolean> {
  const row = await database
    .updateTable('api_client')
    .set({ scopes: client.scopes, secret_hash: client.secretHash, revoked_at: null })
    .where('cid', '=', cid)
    .where('client_id', '=', client.clientId)
    .returning('client_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Who signs in, by the id that was given: the tenant follows from it. */
export async function findClientAtSignIn(
  database: Database,
  clientId: string,
): Promise<ClientRecord | undefined> {
  return database
    .selectFrom('api_client')
    .select(columns)
    .where('client_id', '=', clientId)
    .modifyEnd(sql`/* every tenant: sign-in */`)
    .executeTakeFirst()
}

/** A tenant's clients, oldest first, the revoked ones among them. */
export async function listClients(
  database: Database,
  cid: string,
  page: { readonly limit: number; readonly offset: number },
): Promise<readonly ClientRecord[]> {
  return database
    .selectFrom('api_client')
    .select(columns)
    .where('cid', '=', cid)
    .orderBy('created_at')
    .orderBy('client_id')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

export async function countClients(database: Database, cid: string): Promise<number> {
  const { total } = await database
    .selectFrom('api_client')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('cid', '=', cid)
    .executeTakeFirstOrThrow()
  return total
}

/** Lets a client in no more; undefined when the tenant has no such client. Revoked twice, the first time stands. */
export async function revokeClient(
  database: Database,
  cid: string,
  clientId: string,
  now: Date,
): Promise<ClientRecord | undefined> {
  return database
    .updateTable('api_client')
    .set(({ fn, val }) => ({ revoked_at: fn.coalesce('revoked_at', val(now)) }))
    .where('cid', '=', cid)
    .where('client_id', '=', clientId)
    .returning(columns)
    .executeTakeFirst()
}

/** How many clients may sign in, by the id of the key that their secrets' hashes were made with. */
export async function clientsByKey(
  database: Database,
): Promise<readonly { readonly key: string; readonly clients: number }[]> {
  const { rows } = await sql<{ key: string; clients: number }>`
    select split_part(secret_hash, '.', 1) as key, count(*) as clients from api_client
    where revoked_at is null group by 1 order by 1 /* every tenant: the key is the installation's */`.execute(
    database,
  )
  return rows
}
