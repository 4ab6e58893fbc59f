import type { Checked } from '@lanner/fql'
import type { Database } from '../db/database.ts'
import {
  type DetectionBucket,
  type DetectionKind,
  detectionBuckets,
  detectionKindPage,
  detectionPage,
  detectionTotal,
  type ListedDetection,
} from '../db/detection-list.ts'
import { runtimeDetectionPage, type StoredRuntimeDetection } from '../db/runtime-detection.ts'
import { type ListPage, type ListRequest, pageOf } from './images-list.ts'

/** What else than vulnerabilities was found in a tenant's current images, and what in running containers. */
export interface Detections {
  /** Each in each image that has it, the worst first. */
  list(cid: string, request: ListRequest): Promise<ListPage<ListedDetection>>
  count(cid: string, filter?: Checked): Promise<number>
  countBy(cid: string, by: 'severity' | 'type', filter?: Checked): Promise<readonly DetectionBucket[]>
  /** By type and name. */
  kinds(cid: string, request: ListRequest): Promise<ListPage<DetectionKind>>
  /** The newest first where no order is asked for. */
  inContainers(cid: string, request: ListRequest): Promise<ListPage<StoredRuntimeDetection>>
}

export function detections({ database }: { readonly database: Database }): Detections {
  return {
    list: (cid, request) => detectionPage(database, cid, wanted(request)),
    count: (cid, filter) => detectionTotal(database, cid, filter),
    countBy: (cid, by, filter) => detectionBuckets(database, cid, by, filter),
    kinds: (cid, request) => detectionKindPage(database, cid, wanted(request)),
    inContainers: (cid, request) => runtimeDetectionPage(database, cid, wanted(request)),
  }
}

function wanted(request: ListRequest) {
  return { ...pageOf(request), ...(request.filter ? { filter: request.filter } : {}) }
}

export type { DetectionBucket, DetectionKind, ListedDetection, StoredRuntimeDetection }
