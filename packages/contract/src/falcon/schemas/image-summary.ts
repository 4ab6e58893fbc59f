import { Type } from 'typebox'
import { record } from '../../parts.ts'
import { Bucket } from './count.ts'

/** Times in seconds since 1970; 0 for never. */
export const RunningContainers = record('RunningContainers', {
  first_seen: Type.Integer(),
  last_seen: Type.Integer(),
  running_containers: Type.Integer(),
})

export const CountByType = record('CountByType', {
  count: Type.Integer(),
  type: Type.String(),
})

export const PackageCounts = record('PackageCounts', {
  count_with_vulnerabilities: Type.Integer(),
  total_count: Type.Integer(),
})

export const CountByAction = record('CountByAction', {
  action: Type.String(),
  count: Type.Integer(),
})

export const CountBySeverity = record('CountBySeverity', {
  count: Type.Integer(),
  severity: Type.String(),
})

export const ImageIssues = record('ImageIssues', {
  image_container_info: RunningContainers,
  image_detections: Type.Array(CountByType),
  is_dca_run: Type.Boolean(),
  known_issues: Type.Integer(),
  packages_info: PackageCounts,
  policies_summary: Type.Array(CountByAction),
  runtime_detections: Type.Array(Bucket),
  vulnerabilities_summary: Type.Array(CountBySeverity),
  zero_day_impacted: Type.Boolean(),
})

export const ImageVulnerabilities = record('ImageVulnerabilities', {
  app_packages_with_vulnerabilities: Type.Integer(),
  app_vuln_by_severity: Type.Array(CountBySeverity),
  image_vuln_by_severity: Type.Array(CountBySeverity),
  layers_with_vulnerabilities: Type.Integer(),
  os_packages_with_vulnerabilities: Type.Integer(),
  os_vuln_by_severity: Type.Array(CountBySeverity),
  total_app_packages: Type.Integer(),
  total_os_packages: Type.Integer(),
  total_vulnerabilities: Type.Integer(),
})
