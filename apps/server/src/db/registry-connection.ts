import { registryFields } from '@lanner/contract/fields'
import type { Insertable, Selectable, Updateable } from 'kysely'
import { sql } from 'kysely'
import { columns, text, time } from '../filters/columns.ts'
import { compileSort } from '../filters/compile-sort.ts'
import type { Database } from './database.ts'
import type { RegistryConnectionTables } from './tables/registry-connection.ts'

type Table = RegistryConnectionTables['registry_connection']
/** A connection without what is sealed. */
export type RegistryConnectionRow = Omit<Selectable<Table>, 'cid' | 'sealed_credential'>
export type NewRegistryConnection = Omit<Insertable<Table>, 'cid'>
export type RegistryConnectionChange = Omit<Updateable<Table>, 'cid' | 'registry_id'>

const shown = [
  'registry_id',
  'type',
  'url',
  'url_uniqueness_alias',
  'user_defined_alias',
  'state',
  'state_changed_at',
  'created_at',
  'updated_at',
  'last_refreshed_at',
  'next_refresh_at',
  'refresh_interval',
  'credential_id',
  'shown_credential',
  'credential_created_at',
  'credential_updated_at',
  'credential_expired_at',
] as const

const sortable = columns(registryFields, {
  created_at: time(sql`created_at`, { nullable: false }),
  last_refreshed_at: time(sql`last_refreshed_at`),
  state: text(sql`state`, { nullable: false }),
  type: text(sql`type`, { nullable: false }),
  updated_at: time(sql`updated_at`, { nullable: false }),
  url: text(sql`url`, { nullable: false }),
  user_defined_alias: text(sql`user_defined_alias`, { nullable: false }),
})

/** A page of the ids of a tenant's connections, oldest first unless sorted otherwise. */
export async function registryConnectionIds(
  database: Database,
  cid: string,
  page: {
    readonly sort: readonly { readonly field: string; readonly descending: boolean }[]
    readonly limit: number
    readonly offset: number
  },
): Promise<{ readonly ids: readonly string[]; readonly total: number }> {
  const sort = page.sort.length > 0 ? page.sort : [{ field: 'created_at', descending: false }]
  const { rows } = await sql<{ registry_id: string }>`
    select registry_id from registry_connection where cid = ${cid}
    order by ${compileSort(sort, sortable, sql`registry_id`)} limit ${page.limit} offset ${page.offset}`.execute(
    database,
  )
  const counted = await sql<{ total: number }>`
    select count(*) as total from registry_connection where cid = ${cid}`.execute(database)
  return { ids: rows.map((row) => row.registry_id), total: counted.rows[0].total }
}

/** Connections by id, oldest first. */
export async function registryConnections(
  database: Database,
  cid: string,
  ids: readonly string[],
): Promise<readonly RegistryConnectionRow[]> {
  if (ids.length === 0) return []
  return database
    .selectFrom('registry_connection')
    .select([...shown])
    .where('cid', '=', cid)
    .where('registry_id', 'in', [...ids])
    .orderBy('created_at')
    .orderBy('registry_id')
    .execute()
}

/** Says false where there is one of this url and alias. */
export async function insertRegistryConnection(
  database: Database,
  cid: string,
  connection: NewRegistryConnection,
): Promise<boolean> {
  const inserted = await database
    .insertInto('registry_connection')
    .values({ cid, ...connection })
    .onConflict((conflict) => conflict.columns(['cid', 'url', 'url_uniqueness_alias']).doNothing())
    .returning('registry_id')
    .execute()
  return inserted.length > 0
}

export async function updateRegistryConnection(
  database: Database,
  cid: string,
  id: string,
  change: RegistryConnectionChange,
): Promise<void> {
  await database
    .updateTable('registry_connection')
    .set(change)
    .where('cid', '=', cid)
    .where('registry_id', '=', id)
    .execute()
}

/** Gives the connections that were removed. */
export async function deleteRegistryConnections(
  database: Database,
  cid: string,
  ids: readonly string[],
): Promise<readonly RegistryConnectionRow[]> {
  if (ids.length === 0) return []
  return database
    .deleteFrom('registry_connection')
    .where('cid', '=', cid)
    .where('registry_id', 'in', [...ids])
    .returning([...shown])
    .execute()
}
