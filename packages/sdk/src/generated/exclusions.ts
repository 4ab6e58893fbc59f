// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { Condition, ExclusionScope } from './records.ts'

export interface Exclusion {
  readonly id: string
  readonly prop: string
  readonly op: string
  readonly value: readonly string[]
  /** further conditions that hold as well */
  readonly and: readonly Condition[]
  readonly scope: ExclusionScope | null
  /** why */
  readonly description: string
  /** client id or user name that wrote it last */
  readonly author: string
  /** RFC 3339 */
  readonly created_at: string
  /** RFC 3339 */
  readonly updated_at: string
  /** null: no end; RFC 3339 */
  readonly expires_at: string | null
  readonly state: 'active' | 'expiring' | 'expired'
  /** when it first covered something in a verdict that was asked for; RFC 3339 */
  readonly first_matched_at: string | null
  /** the same for the last time, to the minute; RFC 3339 */
  readonly last_matched_at: string | null
  /** the statement that it was made from; null where a person wrote it */
  readonly vex: VexOrigin | null
}

export interface VexOrigin {
  /** id of the document */
  readonly document: string
  readonly version: string
  readonly author: string
  readonly vulnerability: string
  readonly status: 'not_affected' | 'fixed'
  readonly justification: string | null
  /** RFC 3339 */
  readonly stated_at: string
}

/** Parameters of ListExclusions. */
export interface ListExclusionsParameters {
  /** largest number of records to return; 1 to 1000; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; 0 unless said */
  readonly offset?: number
  /** active: not ended; expired; unmatched: never covered anything in a verdict; expiring: ends within the days */
  readonly state?: 'active' | 'expired' | 'unmatched' | 'expiring'
  /** days before its end from which on an exclusion is expiring; 1 to 3650; 14 unless said */
  readonly expiring_within_days?: number
}

/** What goes with a call of ListExclusions. */
export interface ListExclusionsInput extends CallOptions {
  readonly parameters?: ListExclusionsParameters
}

/** The collection Exclusions of the Lanner dialect. */
export class Exclusions extends Service {
  /**
   * Exclusions with their authors, their ends, and when they covered something.
   *
   * Whether an exclusion ever covered something rests on verdicts that were asked for: PreviewPolicies says it of the whole estate.
   *
   * Scope: lanner-policies:read.
   */
  ListExclusions(input?: ListExclusionsInput): Promise<Result<Resources<Exclusion>>> {
    return this.client.command('ListExclusions', input)
  }

  /** The same as ListExclusions. */
  list_exclusions(input?: ListExclusionsInput): Promise<Result<Resources<Exclusion>>> {
    return this.client.command('ListExclusions', input)
  }
}
