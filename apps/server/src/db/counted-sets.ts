import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

/** From so many changed vulnerabilities on, counting everything anew is quicker than counting each. */
const maxRecounted = 3000

/**
 * What is counted of a tenant by package sets, and how it follows what changes: sets that began or ceased to be had by
 * their difference, and each vulnerability that is new to a package or gone from it anew. Whatever order writers commit
 * in, the last word is that of a count made after it: an event is committed together with its finding.
 */
export interface SetCount {
  /** The table that notes the last event that is counted; a row for each tenant, which counting locks. */
  readonly notes: 'tenant_holding' | 'tenant_running'
  /** Sets whose number is another one than what is counted. */
  changedSets(cid: string): RawBuilder<unknown>
  forget(transaction: Database, cid: string): Promise<void>
  recount(transaction: Database, cid: string, vulnerabilities: readonly string[]): Promise<void>
  /** Counts sets that changed, or a part of them where they are many, and gives whether there may be more. */
  countSets(transaction: Database, cid: string): Promise<boolean>
}

/** Whether anything changed since it was counted. */
export async function countIsBehind(count: SetCount, database: Database, cid: string): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean }>`
    select exists (select from ${count.changedSets(cid)} as changed)
      or exists (select from ${uncountedEvents(count, cid)}) as changed`.execute(database)
  return rows[0]?.changed === true
}

/** Counts what changed, or a part of it where that is much, and gives whether there is more. */
export async function countChanges(count: SetCount, transaction: Database, cid: string): Promise<boolean> {
  const notes = sql.table(count.notes)
  await sql`insert into ${notes} (cid, event_id) values (${cid}, 0) on conflict do nothing`.execute(
    transaction,
  )
  await sql`select from ${notes} where cid = ${cid} for update`.execute(transaction)
  const changed = await vulnerabilitiesSince(count, transaction, cid)
  if (changed.length > maxRecounted) await count.forget(transaction, cid)
  else if (changed.length > 0) await count.recount(transaction, cid, changed)
  return count.countSets(transaction, cid)
}

function uncountedEvents({ notes }: SetCount, cid: string): RawBuilder<unknown> {
  return sql`change_event where change_event.cid = ${cid} and change_event.kind in ('new', 'gone')
    and change_event.event_id > coalesce((select event_id from ${sql.table(notes)} where cid = ${cid}), 0)`
}

/** Vulnerabilities that came or went since the last count; notes that they are counted. */
async function vulnerabilitiesSince(
  count: SetCount,
  transaction: Database,
  cid: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ vulnerability_id: string }>`
    with uncounted as materialized (
      select vulnerability_id, max(event_id) as event_id from ${uncountedEvents(count, cid)}
      group by vulnerability_id
    ), noted as (
      update ${sql.table(count.notes)} set event_id = (select max(event_id) from uncounted)
      where cid = ${cid} and exists (select from uncounted)
    )
    select vulnerability_id from uncounted`.execute(transaction)
  return rows.map((row) => row.vulnerability_id)
}
