// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface ServerStatus {
  readonly version: string
  /** account of the caller */
  readonly cid: string
  /** RFC 3339 */
  readonly started_at: string
  readonly database: {
    readonly version: string
    readonly embedded: boolean
  }
  readonly advisories: {
    readonly state: 'none' | 'current' | 'stale' | 'updating'
    readonly revision: string | null
  }
  /** images of the account by state */
  readonly images: {
    readonly pending: number
    readonly assessed: number
    readonly partially: number
    readonly not_assessable: number
  }
  /** jobs of the account; failed ones of the last day */
  readonly jobs: {
    readonly waiting: number
    readonly running: number
    readonly failed: number
  }
  /** bytes that the account keeps in the registry, and how many it may */
  readonly storage: {
    readonly bytes: number
    readonly quota: number | null
  }
}

/** What goes with a call of GetServerStatus. */
export type GetServerStatusInput = CallOptions

/** The collection Status of the Lanner dialect. */
export class Status extends Service {
  /**
   * Version, database, advisories, and how much is assessed, waiting and stored.
   *
   * Scope: lanner-status:read.
   */
  GetServerStatus(input?: GetServerStatusInput): Promise<Result<Resources<ServerStatus>>> {
    return this.client.command('GetServerStatus', input)
  }

  /** The same as GetServerStatus. */
  get_server_status(input?: GetServerStatusInput): Promise<Result<Resources<ServerStatus>>> {
    return this.client.command('GetServerStatus', input)
  }
}
