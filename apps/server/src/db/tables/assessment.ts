import type {
  AdvisoryEvidence,
  AssessmentReason,
  Distribution,
  ImageFacts,
  PackageFacts,
  RatedSeverity,
  Vulnerability,
} from '@lanner/model'
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'

/** Written as JSON text, read as a value. */
type Json<T> = JSONColumnType<T & object, string, string>

export interface AssessmentTables {
  layer: LayerRow
  matching_context: MatchingContextRow
  package: PackageRow
  package_name: { name: string; package_id: number }
  vulnerability: VulnerabilityRow
  finding: FindingRow
  package_set: PackageSetRow
  package_set_member: { set_id: number; package_id: number; position: number; suppressed: boolean }
  assessment_profile: AssessmentProfileRow
  image_content: ImageContentRow
  detection: DetectionRow
  image: ImageRow
  container: ContainerRow
  base_image: BaseImageRow
  advisory_state: AdvisoryStateRow
  image_layer: ImageLayerRow
  assessment_history: AssessmentHistoryRow
  change_event: ChangeEventRow
}

export interface LayerRow {
  blob_digest: string
  diff_id: string
  size: number
  inflated_size: number
  entries: number
  read_at: Date
}

export interface MatchingContextRow {
  context_id: Generated<number>
  identity: Buffer
  distribution: Json<Distribution> | null
  repository_cpes: string[]
}

export interface PackageRow {
  package_id: Generated<number>
  identity: Buffer
  context_id: number
  type: string
  name: string
  version: string
  purl: string
  licenses: string[]
  facts: Json<PackageFacts>
  first_seen: Date
  vulnerabilities: Generated<number>
  highest_severity: Generated<number>
  ai_related: Generated<boolean>
}

export interface VulnerabilityRow {
  vulnerability_id: string
  severity: number
  cvss_score: number | null
  cvss_vector: string | null
  cps_rating: number
  epss: number | null
  exploited: boolean
  published: Date | null
  title: string | null
  description: string | null
  malicious: Generated<boolean>
  facts: Json<Vulnerability>
  first_found: Date
}

/** What of a finding is not in columns. */
export interface FindingFacts {
  readonly ratings: readonly RatedSeverity[]
  readonly evidence: readonly AdvisoryEvidence[]
}

export interface FindingRow {
  package_id: number
  vulnerability_id: string
  verdict: 'affected' | 'unknown'
  severity: number
  cps_rating: number
  fix_state: string
  fixed_versions: string[]
  facts: Json<FindingFacts>
  facts_digest: string
  first_found: Date
  fix_known_since: Date | null
}

export interface PackageSetRow {
  set_id: Generated<number>
  identity: Buffer
  packages: number
  vulnerable_packages: Generated<number>
  vulnerabilities: Generated<number>
  critical: Generated<number>
  high: Generated<number>
  medium: Generated<number>
  low: Generated<number>
  negligible: Generated<number>
  unknown: Generated<number>
  exploited: Generated<number>
  highest_severity: Generated<number>
  highest_cps_rating: Generated<number>
  findings_revision: Generated<number>
  dirty: Generated<boolean>
  ai_related: Generated<boolean>
  ai_vulnerabilities: Generated<number>
  cps_ratings: Generated<number>
}

export interface AssessmentProfileRow {
  profile_id: Generated<number>
  identity: Buffer
  context_id: number
  package_types: string[]
  own_state: string
  empty: boolean
  state: string
  codes: string[]
  reason: string
}

export interface ImageContentRow {
  digest: string
  config_digest: string
  architecture: string
  os: string
  variant: string | null
  size: number
  created: Date | null
  base_os: string
  base_os_version: string
  profile_id: number | null
  set_id: number | null
  unread_reasons: Json<readonly AssessmentReason[]>
  facts: Json<ImageFacts>
  manifest: string
  config: string
  inventory: Buffer | null
  package_layers: number[]
  layers_with_vulnerabilities: Generated<number>
  extractor_revision: string
  read_at: Date
}

export interface DetectionRow {
  digest: string
  detection_id: string
  type: string
  name: string
  title: string
  description: string
  remediation: string
  severity: number
  details: Json<object>
  first_seen: Date
  last_seen: Date
}

export type ImageState = 'pending' | 'assessed' | 'partially' | 'not_assessable'

export interface ImageRow {
  cid: string
  image_uuid: string
  registry: string
  repository: string
  tag: string
  digest: string
  index_digest: string
  image_id: string
  architecture: string
  os: string
  variant: string
  source: string
  base_os: string
  base_os_version: string
  state: ImageState
  state_reason: string
  size: number
  created: Date | null
  first_seen: Date
  last_seen: Date
  assessed_at: Date | null
  superseded_at: Date | null
  is_base_image: boolean
  set_id: number | null
  profile_id: number | null
  packages: number
  vulnerabilities: number
  critical: number
  high: number
  medium: number
  low: number
  highest_severity: number
  highest_cps_rating: number
  layers_with_vulnerabilities: number
  detections: number
  highest_detection_severity: number
  actor: Generated<string>
  claimed: Generated<boolean>
  content_digest: GeneratedAlways<string>
}

export interface ContainerRow {
  cid: string
  cluster: string
  container_id: string
  namespace: string
  pod: string
  pod_uid: string
  container_name: string
  node: string
  image_reference: string
  image_digest: string
  running: boolean
  privileged: boolean
  first_seen: Date
  last_seen: Date
}

export interface BaseImageRow {
  cid: string
  base_image_id: string
  registry: string
  repository: string
  tag: string
  digest: string
  image_id: string
  created_at: Date
}

export interface AdvisoryStateRow {
  singleton: boolean
  sequence: number
  revision: string
  changed_at: Date
  applied_sequence: number
}

export interface ChangeEventRow {
  cid: string
  event_id: Generated<number>
  at: Date
  kind: string
  vulnerability_id: string
  digest: string
  package: string
  before: Json<object> | null
  after: Json<object> | null
}

export interface ImageLayerRow {
  digest: string
  layer_index: number
  layer_digest: string
  chain_id: Buffer
}

export interface AssessmentHistoryRow {
  cid: string
  history_id: string
  at: Date
  registry: string
  repository: string
  tag: string
  digest: string
  outcome: string
}
