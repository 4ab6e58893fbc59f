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

/** A tenant's trail, newest first. */
export async function listAuditEvents(
  database: Database,
  cid: string,
  page: {
    readonly limit: number
    readonly offset: number
    readonly action?: string
    readonly actor?: string
  },
): Promise<readonly AuditRecord[]> {
  let query = database
    .selectFrom('audit_event')
    .select(['id', 'at', 'action', 'actor', 'subject', 'outcome', 'address', 'details'])
    .where('cid', '=', cid)
  if (page.action !== undefined) query = query.where('action', '=', page.action)
  if (page.actor !== undefined) query = query.where('actor', '=', page.actor)
  return query.orderBy('at', 'desc').orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
}
