import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface NewAuditEvent {
  readonly id: string
  readonly at: Date
  readonly action: string
  readonly actor: string
  readonly subject?: string
  readonly outcome: 'success' | 'refused'
  readonly address?: string
  readonly details?: Readonly<Record<string, unknown>>
}

export interface AuditRecord {
  readonly id: string
  readonly at: Date
  readonly action: string
  readonly actor: string
  readonly subject: string | null
  readonly outcome: 'success' | 'refused'
  readonly address: string | null
  readonly details: unknown
}

export async function insertAuditEvent(database: Database, cid: string, event: NewAuditEvent): Promise<void> {
  await database
    .insertInto('audit_event')
    .values({
      id: event.id,
      cid,
      at: event.at,
      action: event.action,
      actor: event.actor,
      subject: event.subject ?? null,
      outcome: event.outcome,
      address: event.address ?? null,
      details: JSON.stringify(event.details ?? {}),
    })
    .execute()
}

export interface AuditSelection {
  readonly action?: string
  readonly actor?: string
}

/** A tenant's trail, newest first. */
export async function listAuditEvents(
  database: Database,
  cid: string,
  page: AuditSelection & { readonly limit: number; readonly offset: number },
): Promise<readonly AuditRecord[]> {
  return selection(database, cid, page)
    .select(['id', 'at', 'action', 'actor', 'subject', 'outcome', 'address', 'details'])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

/** How many there are, counted up to a bound. */
export async function countAuditEvents(
  database: Database,
  cid: string,
  selected: AuditSelection,
  bound: number,
): Promise<number> {
  const { total } = await database
    .selectFrom(selection(database, cid, selected).select('id').limit(bound).as('counted'))
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}

/** Forgets a tenant's oldest events from before an instant, at most so many at once; gives how many. */
export async function removeAuditEventsBefore(
  database: Database,
  cid: string,
  before: Date,
  atMost: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from audit_event where cid = ${cid} and id in (
      select id from audit_event where cid = ${cid} and at < ${before} order by at limit ${atMost}
    )`.execute(database)
  return Number(numAffectedRows ?? 0)
}

function selection(database: Database, cid: string, { action, actor }: AuditSelection) {
  return database
    .selectFrom('audit_event')
    .where('cid', '=', cid)
    .$if(action !== undefined, (query) => query.where('action', '=', action!))
    .$if(actor !== undefined, (query) => query.where('actor', '=', actor!))
}
