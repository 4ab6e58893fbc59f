import { sql } from 'kysely'
import type { NewAuditEvent } from './audit.ts'
import type { Database } from './database.ts'

export interface TokenHolder {
  readonly cid: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly expiresAt: Date
}

/** Adds a token together with the line of the audit trail: one round trip, one commit. */
export async function insertToken(
  database: Database,
  cid: string,
  token: {
    readonly hash: Buffer
    readonly clientId: string
    readonly issuedAt: Date
    readonly expiresAt: Date
  },
  event: NewAuditEvent,
): Promise<void> {
  await sql`
    with audited as (
      insert into audit_event (id, cid, at, action, actor, subject, outcome, address, details)
      values (${event.id}, ${cid}, ${event.at}, ${event.action}, ${event.actor}, ${event.subject ?? null},
        ${event.outcome}, ${event.address ?? null}, ${JSON.stringify(event.details ?? {})})
    )
    insert into access_token (token_hash, cid, client_id, issued_at, expires_at)
    values (${token.hash}, ${cid}, ${token.clientId}, ${token.issuedAt}, ${token.expiresAt})`.execute(
    database,
  )
}

/** Whose token it is, with what the client may do now; undefined when it ran out or was revoked, or its client was. */
export async function findTokenHolder(
  database: Database,
  hash: Buffer,
  now: Date,
): Promise<TokenHolder | undefined> {
  return database
    .selectFrom('access_token as token')
    .innerJoin('api_client as client', (join) =>
      join.onRef('client.client_id', '=', 'token.client_id').onRef('client.cid', '=', 'token.cid'),
    )
    .select(['token.cid', 'token.client_id as clientId', 'client.scopes', 'token.expires_at as expiresAt'])
    .where('token.token_hash', '=', hash)
    .where('token.expires_at', '>', now)
    .where('client.revoked_at', 'is', null)
    .modifyEnd(sql`/* every tenant: sign-in */`)
    .executeTakeFirst()
}

export async function deleteToken(database: Database, cid: string, hash: Buffer): Promise<void> {
  await database.deleteFrom('access_token').where('cid', '=', cid).where('token_hash', '=', hash).execute()
}

export async function deleteTokensOfClient(database: Database, cid: string, clientId: string): Promise<void> {
  await database.deleteFrom('access_token').where('cid', '=', cid).where('client_id', '=', clientId).execute()
}

/** Sweeps out what ran out before an instant, at most so many at once. */
export async function deleteExpiredTokens(database: Database, before: Date, atMost: number): Promise<void> {
  await sql`
    delete from access_token where token_hash in (
      select token_hash from access_token where expires_at < ${before} limit ${atMost} for update skip locked
    ) /* every tenant: sweep */`.execute(database)
}
