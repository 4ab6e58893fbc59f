import { auditEventFields, installationTokenFields } from '@lanner/contract/fields'
import type { Checked } from '@lanner/fql'
import { sql } from 'kysely'
import { columns, text, time, word } from '../filters/columns.ts'
import { compileFilter } from '../filters/compile-filter.ts'
import { compileSort } from '../filters/compile-sort.ts'
import type { Database } from './database.ts'

export interface InstallationTokenRow {
  readonly token_id: string
  readonly label: string
  readonly type: string
  readonly sealed_value: string
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
}

export interface InstallationAuditRow {
  readonly event_id: string
  readonly token_id: string
  readonly action: string
  readonly actor: string
  readonly description: string
  readonly at: Date
}

export interface InstallationSettings {
  readonly tokens_required: boolean
  readonly max_active_tokens: number | null
}

/** A page of ids, and how many there are. */
export interface IdPage {
  readonly ids: readonly string[]
  readonly total: number
}

export interface IdQuery {
  readonly filter: Checked | undefined
  readonly sort: readonly { readonly field: string; readonly descending: boolean }[]
  readonly limit: number
  readonly offset: number
}

const standing = (now: Date) =>
  sql`case when revoked_at is not null then 'revoked' when expires_at <= ${now} then 'expired' else 'valid' end`

const tokenColumns = (now: Date) =>
  columns(installationTokenFields, {
    created_timestamp: time(sql`created_at`, { nullable: false }),
    expires_timestamp: time(sql`expires_at`),
    id: text(sql`token_id`, { nullable: false }),
    label: text(sql`label`, { nullable: false }),
    last_used_timestamp: time(sql`last_used_at`),
    revoked_timestamp: time(sql`revoked_at`),
    status: word(standing(now), { nullable: false }),
    type: text(sql`type`, { nullable: false }),
  })

/** A tenant's tokens, oldest first unless sorted otherwise. */
export async function queryTokens(
  database: Database,
  cid: string,
  query: IdQuery,
  now: Date,
): Promise<IdPage> {
  const fields = tokenColumns(now)
  const where = query.filter ? sql`and ${compileFilter(query.filter, fields)}` : sql``
  const order = compileSort(
    query.sort.length > 0 ? query.sort : [{ field: 'created_timestamp', descending: false }],
    fields,
    sql`token_id`,
  )
  const { rows } = await sql<{ token_id: string }>`
    select token_id from installation_token where cid = ${cid} ${where}
    order by ${order} limit ${query.limit} offset ${query.offset}`.execute(database)
  const counted = await sql<{ total: number }>`
    select count(*) as total from installation_token where cid = ${cid} ${where}`.execute(database)
  return { ids: rows.map((row) => row.token_id), total: counted.rows[0].total }
}

const auditColumns = columns(auditEventFields, {
  action: text(sql`action`, { nullable: false }),
  actor: text(sql`actor`, { nullable: false }),
  description: text(sql`description`, { nullable: false }),
  id: text(sql`event_id`, { nullable: false }),
  timestamp: time(sql`at`, { nullable: false }),
  token_id: text(sql`token_id`, { nullable: false }),
})

/** A tenant's audit events, oldest first unless sorted otherwise. */
export async function queryTokenAudit(database: Database, cid: string, query: IdQuery): Promise<IdPage> {
  const where = query.filter ? sql`and ${compileFilter(query.filter, auditColumns)}` : sql``
  const order = compileSort(
    query.sort.length > 0 ? query.sort : [{ field: 'timestamp', descending: false }],
    auditColumns,
    sql`event_id`,
  )
  const { rows } = await sql<{ event_id: string }>`
    select event_id from installation_audit where cid = ${cid} ${where}
    order by ${order} limit ${query.limit} offset ${query.offset}`.execute(database)
  const counted = await sql<{ total: number }>`
    select count(*) as total from installation_audit where cid = ${cid} ${where}`.execute(database)
  return { ids: rows.map((row) => row.event_id), total: counted.rows[0].total }
}

/** Tokens by id, in the order of the ids; those that are not there are left out. */
export async function tokensById(
  database: Database,
  cid: string,
  ids: readonly string[],
): Promise<readonly InstallationTokenRow[]> {
  const { rows } = await sql<InstallationTokenRow>`
    select token_id, label, type, sealed_value, created_at, expires_at, last_used_at, revoked_at
    from installation_token where cid = ${cid} and token_id = any(${[...ids]}::text[])
    order by array_position(${[...ids]}::text[], token_id)`.execute(database)
  return rows
}

/** Audit events by id, in the order of the ids. */
export async function tokenAuditById(
  database: Database,
  cid: string,
  ids: readonly string[],
): Promise<readonly InstallationAuditRow[]> {
  const { rows } = await sql<InstallationAuditRow>`
    select event_id, token_id, action, actor, description, at from installation_audit
    where cid = ${cid} and event_id = any(${[...ids]}::text[])
    order by array_position(${[...ids]}::text[], event_id)`.execute(database)
  return rows
}

export async function insertToken(
  database: Database,
  cid: string,
  token: InstallationTokenRow & { readonly value_hash: string },
): Promise<void> {
  await database
    .insertInto('installation_token')
    .values({ cid, ...token })
    .execute()
}

/** Changes what is given of tokens; gives the ids of those that there are. */
export async function changeTokens(
  database: Database,
  cid: string,
  ids: readonly string[],
  change: { readonly label?: string; readonly expires_at?: Date | null; readonly revoked_at?: Date | null },
): Promise<readonly string[]> {
  const changed = await database
    .updateTable('installation_token')
    .set(change)
    .where('cid', '=', cid)
    .where('token_id', 'in', [...ids])
    .returning('token_id')
    .execute()
  return changed.map((row) => row.token_id)
}

/** Removes tokens; gives the ids and labels of those that there were. */
export async function deleteTokens(
  database: Database,
  cid: string,
  ids: readonly string[],
): Promise<readonly { readonly token_id: string; readonly label: string }[]> {
  return database
    .deleteFrom('installation_token')
    .where('cid', '=', cid)
    .where('token_id', 'in', [...ids])
    .returning(['token_id', 'label'])
    .execute()
}

/** Tokens that can be used now. */
export async function countValidTokens(database: Database, cid: string, now: Date): Promise<number> {
  const { rows } = await sql<{ valid: number }>`
    select count(*) as valid from installation_token
    where cid = ${cid} and revoked_at is null and (expires_at is null or expires_at > ${now})`.execute(
    database,
  )
  return rows[0].valid
}

export async function insertTokenAudit(
  database: Database,
  cid: string,
  events: readonly InstallationAuditRow[],
): Promise<void> {
  if (events.length === 0) return
  await database
    .insertInto('installation_audit')
    .values(events.map((event) => ({ cid, ...event })))
    .execute()
}

export async function installationSettings(
  database: Database,
  cid: string,
): Promise<InstallationSettings | undefined> {
  return database
    .selectFrom('installation_setting')
    .select(['tokens_required', 'max_active_tokens'])
    .where('cid', '=', cid)
    .executeTakeFirst()
}

/** Locks the settings of a tenant until the transaction ends, so that tokens are counted one after the other. */
export async function lockInstallationSettings(
  transaction: Database,
  cid: string,
): Promise<InstallationSettings> {
  await sql`insert into installation_setting (cid, tokens_required, max_active_tokens) values (${cid}, false, null)
    on conflict (cid) do nothing`.execute(transaction)
  const { rows } = await sql<InstallationSettings>`
    select tokens_required, max_active_tokens from installation_setting where cid = ${cid} for update`.execute(
    transaction,
  )
  return rows[0]
}

export async function putInstallationSettings(
  database: Database,
  cid: string,
  settings: InstallationSettings,
): Promise<void> {
  await database.updateTable('installation_setting').set(settings).where('cid', '=', cid).execute()
}

/** Forgets the oldest lines of a tenant's trail from before an instant, at most so many at once; gives how many. */
export async function removeInstallationAuditBefore(
  database: Database,
  cid: string,
  before: Date,
  atMost: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from installation_audit where cid = ${cid} and event_id in (
      select event_id from installation_audit where cid = ${cid} and at < ${before} order by at limit ${atMost}
    )`.execute(database)
  return Number(numAffectedRows ?? 0)
}
