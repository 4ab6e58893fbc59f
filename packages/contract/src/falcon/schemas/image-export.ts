import { Type } from 'typebox'
import { partial, record } from '../../parts.ts'

export const CloudGroup = partial('CloudGroup', {
  business_impact: Type.String(),
  business_unit: Type.String(),
  environment: Type.String(),
  id: Type.String(),
  name: Type.String(),
})

/** An image, or with the expand parameters one vulnerability or detection of it. */
export const ImageExportRow = record('ImageExportRow', {
  ai_related: Type.Boolean(),
  architecture: Type.String(),
  base_os: Type.String(),
  business_impact: Type.Optional(Type.Array(Type.String())),
  business_unit: Type.Optional(Type.Array(Type.String())),
  cid: Type.String(),
  cloud_groups_v2: Type.Optional(Type.Array(CloudGroup)),
  cve_exploited_status: Type.Optional(Type.Integer()),
  cve_first_seen: Type.Optional(Type.String()),
  cve_id: Type.String(),
  cve_publication_date: Type.Optional(Type.String()),
  cvss_score: Type.String(),
  detection_name: Type.String(),
  detection_severity: Type.String(),
  detection_type: Type.String(),
  environment: Type.Optional(Type.Array(Type.String())),
  first_seen: Type.String(),
  groups: Type.Optional(Type.Array(Type.String())),
  image_build_date: Type.Optional(Type.String()),
  image_digest: Type.String(),
  image_id: Type.String(),
  index_digest: Type.String(),
  is_base_image: Type.Boolean(),
  last_seen: Type.String(),
  package_name_version: Type.Optional(Type.String()),
  packages_impacted: Type.Integer(),
  registry: Type.String(),
  repository: Type.String(),
  source: Type.String(),
  started_containers: Type.Integer(),
  stopped_containers: Type.Integer(),
  tag: Type.String(),
  vulnerability_cps_rating: Type.String(),
  vulnerability_description: Type.String(),
  vulnerability_severity: Type.String(),
})
