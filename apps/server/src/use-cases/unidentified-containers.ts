import type { Checked } from '@lanner/fql'
import type { Database } from '../db/database.ts'
import {
  type DayCount,
  type UnidentifiedPod,
  unidentifiedByDay,
  unidentifiedCount,
  unidentifiedPage,
} from '../db/unidentified-container.ts'
import { type ListPage, type ListRequest, pageOf } from './images-list.ts'

/** Days that counts by date go back. */
const countedDays = 366

const day = 24 * 60 * 60 * 1000

/** Running containers whose image was never assessed here, by pod. */
export interface UnidentifiedContainers {
  /** Pods, last seen first where no order is asked for. */
  list(cid: string, request: ListRequest): Promise<ListPage<UnidentifiedPod>>
  /** Containers. */
  count(cid: string, filter?: Checked): Promise<number>
  /** Containers by day, those that run no more included; days without any are left out. */
  countByDay(cid: string, filter?: Checked): Promise<readonly DayCount[]>
}

export function unidentifiedContainers(ports: {
  readonly database: Database
  readonly now: () => Date
}): UnidentifiedContainers {
  const { database, now } = ports
  return {
    list: (cid, request) => unidentifiedPage(database, cid, { ...pageOf(request), ...filterOf(request) }),
    count: (cid, filter) => unidentifiedCount(database, cid, filter),
    countByDay: (cid, filter) =>
      unidentifiedByDay(database, cid, filter, new Date(now().getTime() - (countedDays - 1) * day)),
  }
}

function filterOf({ filter }: ListRequest): { filter?: Checked } {
  return filter ? { filter } : {}
}

export type { DayCount, UnidentifiedPod }
