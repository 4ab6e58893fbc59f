import type { containerDetections, Handlers, Row } from '@lanner/contract'
import type { DetectionBucket, DetectionKind, ListedDetection } from '../../use-cases/detections.ts'
import type { Services } from '../../use-cases/services.ts'
import { paged } from './pages.ts'
import { runtimeDetectionRow } from './runtime-detection-row.ts'
import { instant, severityWord } from './words.ts'

type Collection = typeof containerDetections

/** What else than vulnerabilities was found in images, and what in running containers. */
export const containerDetectionsHandlers: Handlers<Collection, Services> = {
  async ReadDetectionsCountBySeverity({ caller, query }, { detections }) {
    const counts = countsOf(await detections.countBy(caller.cid, 'severity', query.filter))
    const buckets = [5, 4, 3, 2, 1, 0].map((rank) => ({
      label: severityWord(rank),
      count: counts.get(rank) ?? 0,
    }))
    return { resources: [{ name: 'severity', buckets }] }
  },

  async ReadDetectionsCountByType({ caller, query }, { detections }) {
    const counts = countsOf(await detections.countBy(caller.cid, 'type', query.filter))
    const buckets = types.map((label) => ({ label, count: counts.get(label) ?? 0 }))
    return { resources: [{ name: 'detection_type', buckets }] }
  },

  async ReadDetectionsCount({ caller, query }, { detections }) {
    return { resources: [{ count: await detections.count(caller.cid, query.filter) }] }
  },

  async ReadCombinedDetections({ caller, query }, { detections }) {
    const page = await detections.kinds(caller.cid, query)
    return paged(query, page, (kind) => kindRow(caller.cid, kind))
  },

  async GetRuntimeDetectionsCombinedV2({ caller, query }, { detections }) {
    const page = await detections.inContainers(caller.cid, query)
    return paged(query, page, (detection) => runtimeDetectionRow(caller.cid, detection))
  },

  async ReadDetections({ caller, query }, { detections }) {
    return paged(query, await detections.list(caller.cid, query), detectionRow)
  },

  async SearchDetections({ caller, query }, { detections }) {
    return paged(query, await detections.list(caller.cid, query), ({ id }) => id)
  },
}

const types = ['Malware', 'Secret', 'Misconfiguration', 'CIS']

function countsOf(buckets: readonly DetectionBucket[]): ReadonlyMap<DetectionBucket['value'], number> {
  return new Map(buckets.map(({ value, count }) => [value, count]))
}

function kindRow(cid: string, kind: DetectionKind): Row<Collection, 'ReadCombinedDetections'> {
  return {
    cid,
    containers_impacted: kind.containers,
    description: kind.description,
    details: [...kind.details],
    detection_id: kind.id,
    detection_name: kind.name,
    detection_severity: severityWord(kind.severity),
    detection_type: kind.type,
    images_impacted: kind.images,
    last_detected: instant(kind.last_detected),
    remediation: kind.remediation,
    title: kind.title,
  }
}

function detectionRow(row: ListedDetection): Row<Collection, 'ReadDetections'> {
  return {
    description: row.description,
    details: JSON.stringify(row.details),
    detection_type: row.type,
    id: row.id,
    image_architecture: row.architecture,
    image_created_at: row.created ? instant(row.created) : '',
    image_digest: row.digest,
    image_id: row.image_id,
    image_registry: row.registry,
    image_repository: row.repository,
    image_size: String(row.size),
    image_tag: row.tag,
    name: row.name,
    os_name: row.base_os,
    os_version: row.base_os_version,
    remediation: row.remediation,
    severity: severityWord(row.severity),
    title: row.title,
  }
}
