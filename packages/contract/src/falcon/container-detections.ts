import { Type } from 'typebox'
import { collection, get } from '../define.ts'
import { detectionKindFields, detectionQueryFields } from '../fields/detection.ts'
import { runtimeDetectionFields } from '../fields/runtime-detection.ts'
import { fql, paging, resources, sortBy } from '../parts.ts'
import { Count, Split } from './schemas/count.ts'
import { Detection, DetectionKind } from './schemas/detection.ts'
import { RuntimeDetection } from './schemas/runtime-detection.ts'
import { imageRead } from './scopes.ts'

/** Secrets, malware and misconfigurations in images, and detections in running containers. */
export const containerDetections = collection('falcon', 'Container Detections', {
  ReadDetectionsCountBySeverity: get('/container-security/aggregates/detections/count-by-severity/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Image detection counts split by severity.',
    snakeName: 'read_detection_counts_by_severity',
    query: { filter: fql(detectionQueryFields) },
    reply: resources(Split),
  }),

  ReadDetectionsCountByType: get('/container-security/aggregates/detections/count-by-type/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Image detection counts split by type.',
    query: { filter: fql(detectionQueryFields) },
    reply: resources(Split),
  }),

  ReadDetectionsCount: get('/container-security/aggregates/detections/count/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Number of image detections.',
    query: { filter: fql(detectionQueryFields) },
    reply: resources(Count),
  }),

  ReadCombinedDetections: get('/container-security/combined/detections/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Image detections (malware, secrets, misconfigurations), one row per detection kind.',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(detectionKindFields),
      sort: sortBy(detectionKindFields),
    },
    reply: resources(DetectionKind),
  }),

  GetRuntimeDetectionsCombinedV2: get('/container-security/combined/runtime-detections/v2', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Detections in running containers.',
    snakeName: 'search_runtime_detections',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(runtimeDetectionFields),
      sort: sortBy(runtimeDetectionFields),
    },
    reply: resources(RuntimeDetection),
  }),

  ReadDetections: get('/container-security/entities/detections/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Image detections as entities, found by a filter.',
    query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(detectionQueryFields) },
    reply: resources(Detection),
  }),

  SearchDetections: get('/container-security/queries/detections/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Ids of image detections.',
    query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(detectionQueryFields) },
    reply: resources(Type.String()),
  }),
})
