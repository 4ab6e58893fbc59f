import { containerDetections } from '../../../packages/contract/src/index.ts'
import { examplesOf } from '../example.ts'

export const containerDetectionsExamples = examplesOf(containerDetections, 'container-detections', {
  ReadDetectionsCountBySeverity: () => ({}),
  ReadDetectionsCountByType: () => ({}),
  ReadDetectionsCount: () => ({ query: { filter: "severity:>='High'" } }),
  ReadCombinedDetections: () => ({ query: { sort: 'severity.desc' } }),
  GetRuntimeDetectionsCombinedV2: () => ({ query: { filter: "namespace:'shop'" } }),
  ReadDetections: () => ({ query: { filter: "detection_type:'Secret'" } }),
  SearchDetections: () => ({ query: { filter: "image_repository:'shop/checkout'" } }),
})
