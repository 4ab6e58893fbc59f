import { sql } from 'kysely'
import type { Database } from './database.ts'

/** When an exclusion covered something in a verdict. */
export interface ExclusionUseRecord {
  readonly id: string
  readonly first: Date
  readonly last: Date
}

/** What is kept of a tenant's exclusions; those that never covered anything have no row. */
export async function listExclusionUse(
  database: Database,
  cid: string,
): Promise<readonly ExclusionUseRecord[]> {
  return database
    .selectFrom('exclusion_use')
    .select(['exclusion_id as id', 'first_matched_at as first', 'last_matched_at as last'])
    .where('cid', '=', cid)
    .execute()
}

/** Keeps the earliest and the latest time of each, whoever else writes them. */
export async function putExclusionUse(
  database: Database,
  cid: string,
  used: readonly ExclusionUseRecord[],
): Promise<void> {
  // In one order, so that two writers never wait for each other in a circle.
  const sorted = used.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  await sql`
    insert into exclusion_use (cid, exclusion_id, first_matched_at, last_matched_at)
    select ${cid}, id, first, last from unnest(
      ${sorted.map(({ id }) => id)}::uuid[],
      ${sorted.map(({ first }) => first)}::timestamptz[],
      ${sorted.map(({ last }) => last)}::timestamptz[]
    ) as used (id, first, last)
    on conflict (cid, exclusion_id) do update set
      first_matched_at = least(exclusion_use.first_matched_at, excluded.first_matched_at),
      last_matched_at = greatest(exclusion_use.last_matched_at, excluded.last_matched_at)`.execute(database)
}

/** Forgets exclusions that are no more. */
export async function deleteExclusionUse(
  database: Database,
  cid: string,
  kept: readonly string[],
): Promise<void> {
  await sql`delete from exclusion_use where cid = ${cid} and exclusion_id <> all(${[...kept]}::uuid[])`.execute(
    database,
  )
}
