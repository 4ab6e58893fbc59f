// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface AuditRecord {
  readonly id: string
  /** RFC 3339 */
  readonly at: string
  /** such as sign_in or client_create */
  readonly action: string
  /** client id or user name */
  readonly actor: string
  /** what it was done to */
  readonly subject: string | null
  readonly outcome: 'success' | 'refused'
  /** IP address that it came from */
  readonly address: string | null
  readonly details: Readonly<Record<string, unknown>>
}

/** Parameters of ListAuditRecords. */
export interface ListAuditRecordsParameters {
  /** largest number of records to return; 1 to 1000; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; 0 unless said */
  readonly offset?: number
  /** only this action */
  readonly action?: string
  /** only by this client or user */
  readonly actor?: string
}

/** What goes with a call of ListAuditRecords. */
export interface ListAuditRecordsInput extends CallOptions {
  readonly parameters?: ListAuditRecordsParameters
}

/** The collection Audit of the Lanner dialect. */
export class Audit extends Service {
  /**
   * Sign-ins and acts of administration, newest first.
   *
   * Scope: lanner-audit:read.
   */
  ListAuditRecords(input?: ListAuditRecordsInput): Promise<Result<Resources<AuditRecord>>> {
    return this.client.command('ListAuditRecords', input)
  }

  /** The same as ListAuditRecords. */
  list_audit_records(input?: ListAuditRecordsInput): Promise<Result<Resources<AuditRecord>>> {
    return this.client.command('ListAuditRecords', input)
  }
}
