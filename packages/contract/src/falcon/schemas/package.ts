import { Type } from 'typebox'
import { record } from '../../parts.ts'

export const PackageCount = record('PackageCount', {
  images: Type.Integer(),
  package: Type.String(),
  packages_type: Type.String(),
  running_images: Type.Integer(),
  version: Type.String(),
  vulnerabilities: Type.Integer(),
})

export const PackageVulnerability = record('PackageVulnerability', {
  cveid: Type.String(),
  description: Type.String(),
  fix_resolution: Type.Array(Type.String()),
  severity: Type.String(),
})

export const PackageRow = record('PackageRow', {
  ai_related: Type.Boolean(),
  all_images: Type.Integer(),
  cid: Type.String(),
  license: Type.String(),
  package_name_version: Type.String(),
  running_images: Type.Integer(),
  type: Type.String(),
  vulnerabilities: Type.Array(PackageVulnerability),
  vulnerability_count: Type.Integer(),
})

export const PackageVulnerabilityRow = record('PackageVulnerabilityRow', {
  ai_related: Type.Boolean(),
  all_images: Type.Integer(),
  cid: Type.String(),
  cveid: Type.String(),
  fix_resolution: Type.Array(Type.String()),
  license: Type.String(),
  package_name_version: Type.String(),
  running_images: Type.Integer(),
  severity: Type.String(),
  type: Type.String(),
  vulnerability_description: Type.String(),
})
