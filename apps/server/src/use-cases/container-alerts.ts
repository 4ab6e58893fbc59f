import type { Checked } from '@lanner/fql'
import { alertCounts, alertPage, type StoredAlert } from '../db/container-alert.ts'
import type { Database } from '../db/database.ts'
import { type ListPage, type ListRequest, pageOf } from './images-list.ts'

export interface SeverityCount {
  /** Rank. */
  readonly severity: number
  readonly count: number
}

/** Alerts about running containers. */
export interface ContainerAlerts {
  /** The last first where no order is asked for. */
  list(cid: string, request: ListRequest): Promise<ListPage<StoredAlert>>
  /** Severities without an alert are left out. */
  countBySeverity(cid: string, filter?: Checked): Promise<readonly SeverityCount[]>
}

export function containerAlerts({ database }: { readonly database: Database }): ContainerAlerts {
  return {
    async list(cid, request) {
      const { filter } = request
      const [rows, counts] = await Promise.all([
        alertPage(database, cid, { ...pageOf(request), ...(filter ? { filter } : {}) }),
        alertCounts(database, cid, filter),
      ])
      return { rows, total: counts.reduce((sum, { count }) => sum + count, 0) }
    },
    countBySeverity: (cid, filter) => alertCounts(database, cid, filter),
  }
}

export type { StoredAlert }
