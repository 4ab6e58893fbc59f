import { Type } from 'typebox'
import { record } from '../../parts.ts'

/** An assessed image under one reference. */
export const ImageSummary = record('ImageSummary', {
  ai_related: Type.Boolean(),
  architecture: Type.String(),
  base_os: Type.String(),
  cid: Type.String(),
  containers: Type.Integer(),
  detections: Type.Integer(),
  first_seen: Type.String(),
  highest_detection_severity: Type.String(),
  highest_vulnerability_severity: Type.String(),
  image_digest: Type.String(),
  image_id: Type.String(),
  index_digest: Type.String(),
  last_seen: Type.String(),
  layers_with_vulnerabilities: Type.Integer(),
  multi_arch: Type.Boolean(),
  packages: Type.Integer(),
  registry: Type.String(),
  report_url_by_id_and_digest: Type.String({ description: 'link to the report' }),
  report_url_by_repo_and_tag: Type.String({ description: 'link to the report' }),
  repository: Type.String(),
  tag: Type.String(),
  vulnerabilities: Type.Integer(),
  warning: Type.Integer(),
})

export const ImageVulnerabilityCount = record('ImageVulnerabilityCount', {
  image_id: Type.String(),
  registry: Type.String(),
  repository: Type.String(),
  tag: Type.String(),
  vulnerability_count: Type.Integer(),
})

/** How the image runs. */
export const ImageSettings = record('ImageSettings', {
  architecture: Type.String(),
  cmd: Type.Array(Type.String()),
  entry_point: Type.Array(Type.String()),
  env: Type.Array(Type.String()),
  exposed_ports: Type.Record(Type.String(), Type.Unknown()),
  labels: Type.Record(Type.String(), Type.String()),
  user: Type.String(),
  working_dir: Type.String(),
})

export const ImageReference = record('ImageReference', {
  digest: Type.String(),
  registry: Type.String(),
  repository: Type.String(),
  tag: Type.String(),
})

/** The record of an image; its uuid is what image vulnerabilities are asked for with. */
export const ImageDetail = record('ImageDetail', {
  ai_related: Type.Boolean(),
  base_image_id: Type.Optional(Type.String()),
  base_os: Type.String(),
  base_os_version: Type.String(),
  cid: Type.String(),
  config: Type.Optional(ImageSettings),
  created_at: Type.String(),
  crowdstrike_user: Type.String(),
  digest: Type.String(),
  eol_date: Type.String(),
  first_scanned: Type.String(),
  image_id: Type.String(),
  image_scanning_active: Type.Boolean(),
  image_size: Type.Integer({ description: 'bytes' }),
  index_digest: Type.Optional(Type.String()),
  is_base_image: Type.Boolean(),
  multi_arch: Type.Boolean(),
  registry: Type.String(),
  repository: Type.String(),
  source: Type.String(),
  source_base_image: ImageReference,
  tag: Type.String(),
  updated_at: Type.String(),
  uuid: Type.String(),
  warning: Type.Integer(),
})
