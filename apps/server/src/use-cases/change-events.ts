import {
  changeEventsAfter,
  dropEventPartitions,
  type EventKind,
  eventKinds,
  makeEventPartition,
  type StoredEvent,
} from '../db/change-event.ts'
import type { Database } from '../db/database.ts'
import { RequestFault } from './request-fault.ts'

export interface EventQuery {
  /** Id of the last event that was read; absent: from the oldest that is kept. */
  readonly after?: string
  readonly limit: number
  readonly kinds?: readonly string[]
  readonly vulnerability?: string
  readonly digest?: string
}

/** What changed about a tenant's images that did not change themselves. */
export interface ChangeEvents {
  /** Oldest first. Throws `invalid` for what is no id of an event. */
  list(cid: string, query: EventQuery): Promise<readonly (StoredEvent & { readonly kind: EventKind })[]>
  /** Makes room for the days to come and drops what is older than it is kept. */
  turnOver(now: Date): Promise<void>
}

/** Days that events are kept. */
export const eventDays = 90
/** Days that room is made for ahead of time. */
const daysAhead = 3
const day = 86_400_000

export function changeEvents({ database }: { readonly database: Database }): ChangeEvents {
  return {
    async list(cid, { after = '0', limit, kinds, vulnerability, digest }) {
      const position = Number(after)
      if (!/^\d{1,15}$/.test(after) || !Number.isSafeInteger(position))
        throw new RequestFault('invalid', `after: ${after.slice(0, 40)} is no id of an event`)
      const rows = await changeEventsAfter(database, cid, position, limit, {
        kinds: kinds ?? null,
        vulnerability: vulnerability ?? null,
        digest: digest ?? null,
      })
      return rows.flatMap((row) => {
        const kind = eventKinds.find((known) => known === row.kind)
        return kind ? [{ ...row, kind }] : []
      })
    },

    async turnOver(now) {
      for (let ahead = 0; ahead <= daysAhead; ahead++)
        await makeEventPartition(database, new Date(now.getTime() + ahead * day))
      await dropEventPartitions(database, new Date(now.getTime() - eventDays * day))
    },
  }
}
