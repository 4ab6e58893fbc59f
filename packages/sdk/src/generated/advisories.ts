// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface AdvisoryImport {
  /** folder on the server that holds the downloaded advisories; at least 1 characters; at most 4096 characters */
  readonly directory: string
}

export interface AdvisoryJob {
  readonly job_id: string
}

export interface AdvisorySource {
  /** such as osv/Debian or kev */
  readonly source: string
  /** when it was last asked; RFC 3339 */
  readonly checked: string | null
  /** date of its newest entry */
  readonly newest: string | null
  /** since it was last asked */
  readonly hours: number | null
  readonly stale: boolean
  readonly message: string
}

export interface AdvisoryStatus {
  readonly state: 'none' | 'current' | 'stale' | 'updating'
  /** of the advisories in use */
  readonly revision: string | null
  /** when they last changed; RFC 3339 */
  readonly changed_at: string | null
  /** whether all findings rest on this revision */
  readonly applied: boolean
  /** RFC 3339 */
  readonly next_update: string | null
  /** of the update or import that waits or runs */
  readonly job_id: string | null
  readonly sources: readonly AdvisorySource[]
}

/** What goes with a call of GetAdvisoryStatus. */
export type GetAdvisoryStatusInput = CallOptions

/** What goes with a call of UpdateAdvisories. */
export type UpdateAdvisoriesInput = CallOptions

/** What goes with a call of ImportAdvisories. */
export interface ImportAdvisoriesInput extends CallOptions {
  readonly body: AdvisoryImport
}

/** The collection Advisories of the Lanner dialect. */
export class Advisories extends Service {
  /**
   * How fresh the advisories are, source by source.
   *
   * Scope: lanner-advisories:read.
   */
  GetAdvisoryStatus(input?: GetAdvisoryStatusInput): Promise<Result<Resources<AdvisoryStatus>>> {
    return this.client.command('GetAdvisoryStatus', input)
  }

  /** The same as GetAdvisoryStatus. */
  get_advisory_status(input?: GetAdvisoryStatusInput): Promise<Result<Resources<AdvisoryStatus>>> {
    return this.client.command('GetAdvisoryStatus', input)
  }

  /**
   * Brings the advisories up to date from the network, in the background.
   *
   * Scope: lanner-advisories:write.
   */
  UpdateAdvisories(input?: UpdateAdvisoriesInput): Promise<Result<Resources<AdvisoryJob>>> {
    return this.client.command('UpdateAdvisories', input)
  }

  /** The same as UpdateAdvisories. */
  update_advisories(input?: UpdateAdvisoriesInput): Promise<Result<Resources<AdvisoryJob>>> {
    return this.client.command('UpdateAdvisories', input)
  }

  /**
   * Takes advisories from a folder on the server, in the background.
   *
   * Scope: lanner-advisories:write.
   */
  ImportAdvisories(input: ImportAdvisoriesInput): Promise<Result<Resources<AdvisoryJob>>> {
    return this.client.command('ImportAdvisories', input)
  }

  /** The same as ImportAdvisories. */
  import_advisories(input: ImportAdvisoriesInput): Promise<Result<Resources<AdvisoryJob>>> {
    return this.client.command('ImportAdvisories', input)
  }
}
