import { randomUUID } from 'node:crypto'
import {
  type AuditRecord,
  type AuditSelection,
  countAuditEvents,
  insertAuditEvent,
  listAuditEvents,
  type NewAuditEvent,
} from '../db/audit.ts'
import type { Database } from '../db/database.ts'

/** What the trail tells of. */
export type AuditAction =
  | 'sign_in'
  | 'token_issue'
  | 'token_revoke'
  | 'client_create'
  | 'client_revoke'
  | 'user_create'
  | 'user_update'
  | 'user_delete'
  | 'tenant_create'
  | 'registry_create'
  | 'registry_update'
  | 'registry_delete'

/** One line to add; who and what, never a secret. */
export interface AuditEntry {
  readonly action: AuditAction
  readonly actor: string
  readonly outcome?: 'success' | 'refused'
  readonly subject?: string
  readonly address?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** The trail of sign-ins and acts of administration: added to, never changed. */
export interface Audit {
  /** Newest first; the total is counted up to `maxCounted`. */
  list(
    cid: string,
    page: AuditSelection & { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly records: readonly AuditRecord[]; readonly total: number }>
}

/** Lines of a trail that are counted; a longer one is said to have as many. */
export const maxCounted = 100_000

export function audit({ database }: { readonly database: Database }): Audit {
  return {
    async list(cid, page) {
      const [records, total] = await Promise.all([
        listAuditEvents(database, cid, page),
        countAuditEvents(database, cid, page, maxCounted),
      ])
      return { records, total }
    },
  }
}

/** Adds a line; inside a transaction it stands or falls with the act. */
export async function record(database: Database, cid: string, entry: AuditEntry, now: number): Promise<void> {
  await insertAuditEvent(database, cid, auditEvent(entry, now))
}

export function auditEvent(entry: AuditEntry, now: number): NewAuditEvent {
  return { outcome: 'success', ...entry, id: randomUUID(), at: new Date(now) }
}
