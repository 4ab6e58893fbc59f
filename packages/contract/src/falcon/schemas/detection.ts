import { Type } from 'typebox'
import { record } from '../../parts.ts'

export const DetectionKind = record('DetectionKind', {
  cid: Type.String(),
  containers_impacted: Type.Integer(),
  description: Type.String(),
  details: Type.Array(Type.String()),
  detection_id: Type.String(),
  detection_name: Type.String(),
  detection_severity: Type.String(),
  detection_type: Type.String(),
  images_impacted: Type.Integer(),
  last_detected: Type.String(),
  remediation: Type.String(),
  title: Type.String(),
})

export const Detection = record('Detection', {
  description: Type.String(),
  details: Type.String(),
  detection_type: Type.String(),
  id: Type.String(),
  image_architecture: Type.String(),
  image_created_at: Type.String(),
  image_digest: Type.String(),
  image_id: Type.String(),
  image_registry: Type.String(),
  image_repository: Type.String(),
  image_size: Type.String(),
  image_tag: Type.String(),
  name: Type.String(),
  os_name: Type.String(),
  os_version: Type.String(),
  remediation: Type.String(),
  severity: Type.String(),
  title: Type.String(),
})
