import type { Checked } from '@lanner/fql'
import type { Database } from '../db/database.ts'
import { driftDays, driftPage, driftsById, driftTotal, type StoredDrift } from '../db/drift-indicator.ts'
import { type ListPage, type ListRequest, pageOf } from './images-list.ts'
import type { DayCount } from './unidentified-containers.ts'

/** Programs that ran in containers and that their images do not have. */
export interface DriftIndicators {
  /** The newest first where no order is asked for. */
  list(cid: string, request: ListRequest): Promise<ListPage<StoredDrift>>
  /** Those of the ids that there are, in their order. */
  get(cid: string, ids: readonly string[]): Promise<readonly StoredDrift[]>
  count(cid: string, filter?: Checked): Promise<number>
  /** The last days that have any, at most `limit`, oldest first. */
  countByDay(cid: string, limit: number, filter?: Checked): Promise<readonly DayCount[]>
}

export function driftIndicators({ database }: { readonly database: Database }): DriftIndicators {
  return {
    async list(cid, request) {
      const { filter } = request
      const [rows, total] = await Promise.all([
        driftPage(database, cid, { ...pageOf(request), ...(filter ? { filter } : {}) }),
        driftTotal(database, cid, filter),
      ])
      return { rows, total }
    },
    get: (cid, ids) => driftsById(database, cid, ids),
    count: (cid, filter) => driftTotal(database, cid, filter),
    countByDay: (cid, limit, filter) => driftDays(database, cid, filter, limit),
  }
}

export type { StoredDrift }
