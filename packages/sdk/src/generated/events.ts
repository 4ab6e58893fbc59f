// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface ChangeEvent {
  /** grows; what comes after it is asked for with after */
  readonly id: string
  /** RFC 3339 */
  readonly at: string
  readonly kind: 'new' | 'gone' | 'severity_changed' | 'fix_available' | 'exploited'
  /** CVE name, or the id of the advisory */
  readonly vulnerability: string
  readonly image_digest: string
  /** package URL */
  readonly package: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

/** Parameters of ListEvents. */
export interface ListEventsParameters {
  /** id of the event after which to begin; absent: the oldest that is kept */
  readonly after?: string
  /** largest number of events to return; 1 to 1000; 100 unless said */
  readonly limit?: number
  /** kinds of change */
  readonly kind?: string | readonly ('new' | 'gone' | 'severity_changed' | 'fix_available' | 'exploited')[]
  /** only those of this vulnerability */
  readonly vulnerability?: string
  /** only those of this image */
  readonly image_digest?: string
}

/** What goes with a call of ListEvents. */
export interface ListEventsInput extends CallOptions {
  readonly parameters?: ListEventsParameters
}

/** The collection Events of the Lanner dialect. */
export class Events extends Service {
  /**
   * Changes of findings, oldest first: new, gone, severity changed, fix available, exploited.
   * Read page by page: after is the id of the last event that was read. An empty page means that nothing came since; the same after is asked again later.
   *
   * Scope: lanner-events:read.
   */
  ListEvents(input?: ListEventsInput): Promise<Result<Resources<ChangeEvent>>> {
    return this.client.command('ListEvents', input)
  }

  /** The same as ListEvents. */
  list_events(input?: ListEventsInput): Promise<Result<Resources<ChangeEvent>>> {
    return this.client.command('ListEvents', input)
  }
}
