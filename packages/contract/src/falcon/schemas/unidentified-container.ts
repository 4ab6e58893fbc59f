import { Type } from 'typebox'
import { record } from '../../parts.ts'

export const NamedImage = record('NamedImage', {
  image_digest: Type.String(),
  image_id: Type.String(),
  image_name: Type.String(),
})

export const ImpactedContainer = record('ImpactedContainer', {
  container_detection_count: Type.String(),
  container_id: Type.String(),
})

export const UnidentifiedContainer = record('UnidentifiedContainer', {
  assessed_images: Type.Array(NamedImage),
  assessed_images_count: Type.String(),
  cid: Type.String(),
  cluster_name: Type.String(),
  containers_impacted: Type.Array(ImpactedContainer),
  containers_impacted_count: Type.String(),
  detect_timestamp: Type.String(),
  detections_count: Type.String(),
  first_seen: Type.String(),
  host_id: Type.String(),
  image_assessment_detections_count: Type.String(),
  last_seen: Type.String(),
  namespace: Type.String(),
  node_name: Type.String(),
  pod_id: Type.String(),
  pod_name: Type.String(),
  runtime_detections_count: Type.String(),
  severity: Type.String(),
  unassessed_images: Type.Array(NamedImage),
  unassessed_images_count: Type.String(),
  visible_to_k8s: Type.String(),
})
