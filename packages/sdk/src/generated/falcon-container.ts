// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Acknowledged, Resource, Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { GetCombinedImagesInput, ImageSummary } from './container-images.ts'
import type { Condition, PolicyData, PolicyGroup } from './records.ts'

export interface ApplicationLibrary {
  readonly Hash?: string
  readonly LayerHash?: string
  readonly LayerIndex?: number
  readonly License?: string
  readonly Name?: string
  readonly Path?: string
  readonly Version?: string
  readonly ai_related?: boolean
}

export interface ApplicationPackages {
  readonly libraries?: readonly ApplicationLibrary[]
  readonly type?: string | number
}

export interface Botnet {
  readonly botnet_name?: string
  readonly cve_references?: readonly CveReference[]
  readonly malpedia_url?: string
}

export interface CheckedImage {
  readonly image_digest: string
  readonly image_id: string
  readonly registry?: string
  readonly repository: string
  readonly tag: string
}

export interface CheckedPolicy {
  readonly created_at: string
  readonly description: string
  readonly is_default: boolean
  readonly is_enabled: boolean
  readonly name: string
  readonly policy_data?: PolicyData
  readonly precedence: number
  readonly updated_at: string
  readonly uuid: string
}

export interface ContentPackage {
  readonly id?: string
}

export interface CpsIndicator {
  readonly Description?: string
  readonly Name?: string
  readonly Value?: string
}

export interface CpsRating {
  readonly CurrentRating?: CpsRatingEntry
  readonly HighestRating?: CpsRatingEntry
  readonly NegativeIndicators?: readonly CpsIndicator[]
  readonly PositiveIndicators?: readonly CpsIndicator[]
  readonly RatingHistory?: readonly CpsRatingEntry[]
}

export interface CpsRatingEntry {
  /** RFC 3339 */
  readonly DateRecorded?: string
  readonly Rating?: string
}

export interface CredentialDetails {
  readonly username?: string
  /** password, API key or access token; write-only */
  readonly password?: string
  readonly domain_url?: string
  readonly credential_type?: 'PAT'
  readonly aws_iam_role?: string
  readonly aws_external_id?: string
  readonly aws_gov_using_commercial_connection?: boolean
  readonly project_id?: string
  readonly scope_name?: string
  readonly service_account_json?: ServiceAccountKey
  readonly compartment_ids?: readonly string[]
  readonly cert?: string
  readonly auth_type?: 'cert'
  readonly tenant_id?: string
  readonly client?: string
}

export interface CveExploit {
  /** RFC 3339 */
  readonly date_recorded?: string
  readonly sources?: readonly CveExploitSource[]
  readonly status?: number
  /** RFC 3339 */
  readonly updated_timestamp?: string
}

export interface CveExploitReference {
  readonly kind?: number
  readonly label?: string
  readonly url?: string
}

export interface CveExploitSource {
  readonly is_flat?: boolean
  readonly label?: string
  readonly references?: readonly CveExploitReference[]
  readonly source?: string
}

export interface CveRecord {
  readonly actors?: readonly string[]
  readonly additional_info?: string
  readonly base_score?: number
  readonly cisa_kev_info?: KnownExploited
  readonly content_packages?: readonly ContentPackage[]
  readonly cps_rating?: CpsRating
  /** null is safe only while Details.severity is set: cs_scanimage.py otherwise calls a method on it */
  readonly cvss_v2_score?: CvssV2 | null
  /** null is safe only while Details.severity is set: cs_scanimage.py otherwise calls a method on it */
  readonly cvss_v3_score?: CvssV3 | null
  readonly cvss_version?: string
  readonly description?: string
  readonly exploitability_score?: number
  readonly exploited?: CveExploit
  readonly id?: string
  readonly impact_score?: number
  readonly is_supported?: boolean
  readonly metadata_hash?: number
  readonly name?: string
  /** RFC 3339 */
  readonly published_date?: string
  readonly references?: readonly Reference[]
  /** compared without regard to case by the known clients */
  readonly severity?: 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW' | 'NEGLIGIBLE' | 'UNKNOWN' | 'NONE'
  readonly source?: string
  readonly source_type?: string
  /** RFC 3339 */
  readonly spotlight_published_date?: string
  readonly types?: readonly string[]
  readonly vector?: string
}

export interface CveReference {
  readonly cve?: readonly string[]
  readonly date_added?: string
  readonly url?: string
}

export interface CvssV2 {
  readonly base_score?: number
  readonly exploitability_score?: number
  readonly impact_score?: number
  readonly severity?: string
  readonly vector?: string
}

export interface CvssV3 {
  readonly attack_complexity?: string
  readonly attack_vector?: string
  readonly availability_impact?: string
  readonly base_score?: number
  readonly confidentiality_impact?: string
  readonly exploitability_score?: number
  readonly impact_score?: number
  readonly integrity_impact?: string
  readonly privileges_required?: string
  readonly scope?: string
  readonly severity?: string
  readonly user_interaction?: string
  readonly vector?: string
}

export interface Descriptor {
  readonly annotations?: Readonly<Record<string, string>>
  readonly artifactType?: string
  readonly data?: string
  readonly digest?: string
  readonly mediaType?: string
  readonly platform?: Platform
  readonly size?: number
  readonly urls?: readonly string[]
}

export interface DetectionDetails {
  /** what was found, printed by cs_scanimage.py for secrets and malware */
  readonly Match?: string
}

export interface DetectionEngine {
  readonly ApkStaticVersion?: string
  readonly EngineVersion?: string
  /** RFC 3339 */
  readonly PerformedAt?: string
}

export interface DetectionWrapper {
  readonly Detection?: ReportedDetection
}

export interface ElfBinary {
  /** free-form in the vendor model; the Jenkins plugin fails on an object */
  readonly Details?: string | null
  readonly Hash?: string
  readonly LayerHash?: string
  readonly LayerIndex?: number
  readonly Malicious?: boolean
  readonly Path?: string
  readonly Permissions?: string
  readonly Size?: number
}

export interface Epss {
  readonly epss_percentile?: number
  readonly epss_score?: number
}

export interface Exploit {
  readonly cve?: string
  readonly date_added?: string
  readonly exploit_availability?: string
  readonly exploit_maturity?: string
  readonly exploit_type?: string
  readonly name?: string
  readonly refsource?: string
  readonly url?: string
}

export interface ExploitCounts {
  readonly botnets?: number
  readonly exploits?: number
  readonly threat_actors?: number
}

export interface ExploitDetails {
  readonly botnets?: readonly Botnet[]
  readonly counts?: ExploitCounts
  readonly epss?: Epss
  readonly exploit_found?: boolean
  readonly exploits?: readonly Exploit[]
  readonly max_exploit_maturity?: string
  readonly ransomware?: readonly Ransomware[]
  readonly reported_exploited_by_botnets?: boolean
  readonly reported_exploited_by_named_threat_actors?: boolean
  readonly reported_exploited_by_ransomware?: boolean
  readonly reported_exploited_in_the_wild?: boolean
  readonly threat_actors?: readonly ThreatActor[]
  readonly timeline?: ExploitTimeline
  readonly trending?: ExploitTrend
}

export interface ExploitTimeline {
  readonly cisa_kev_date_added?: string
  readonly cisa_kev_date_due?: string
  readonly first_exploit_poc_or_higher?: string
  readonly first_exploit_published?: string
  readonly first_exploit_weaponized_or_higher?: string
  readonly first_reported_botnet?: string
  readonly first_reported_ransomware?: string
  readonly first_reported_threat_actor?: string
  readonly most_recent_exploit_published?: string
  readonly most_recent_reported_botnet?: string
  readonly most_recent_reported_ransomware?: string
  readonly most_recent_reported_threat_actor?: string
  readonly nvd_published?: string
}

export interface ExploitTrend {
  readonly github?: boolean
}

export interface ExportJob {
  readonly created_at: string
  readonly id: string
  readonly resource: string
  readonly retries: number
  readonly status: 'READY' | 'WAITING' | 'IN_PROGRESS' | 'DONE' | 'FAILED' | 'WAITING_FOR_RETRY' | 'CANCELED' | 'RESULT_DELETED'
  readonly updated_at: string
}

export interface ExportRequest {
  /** file format */
  readonly format: 'csv' | 'json'
  /** restricts the exported documents */
  readonly fql?: string
  /** what to export */
  readonly resource: 'assets.clusters' | 'assets.containers' | 'assets.deployments' | 'assets.images' | 'assets.namespaces' | 'assets.nodes' | 'assets.pods' | 'images.images-assessment' | 'images.images-assessment-detections-expanded' | 'images.images-assessment-expanded' | 'images.images-assessment-vulnerabilities-expanded' | 'images.images-detections' | 'images.packages' | 'images.vulnerabilities' | 'investigate.container-alerts' | 'investigate.drift-indicators' | 'investigate.kubernetes-ioms' | 'investigate.runtime-detections' | 'investigate.unidentified-containers' | 'policies.exclusions'
  /** column and direction; it may be empty */
  readonly sort?: string
  /** one row for each vulnerability */
  readonly expand_vulnerabilities?: boolean
}

export interface HashedFile {
  readonly Hash?: string
  readonly LayerHash?: string
  readonly LayerIndex?: number
  readonly Path?: string
  readonly Permissions?: string
  readonly Size?: number
}

export interface HighEntropyString {
  readonly Hash?: string
  readonly Line: number
  readonly Name?: string
  readonly RegexName: string
  readonly String?: string
}

export interface HistoryEntry {
  readonly author?: string
  readonly comment?: string
  /** RFC 3339 */
  readonly created?: string
  readonly created_by?: string
  readonly empty_layer?: boolean
}

export interface ImageConfiguration {
  readonly architecture?: string
  readonly author?: string
  readonly config?: ImageRuntime
  /** RFC 3339 */
  readonly created?: string
  readonly history?: readonly HistoryEntry[]
  readonly os?: string
  readonly 'os.features'?: readonly string[]
  readonly 'os.version'?: string
  readonly rootfs?: RootFilesystem
  readonly variant?: string
}

export interface ImageMetadata {
  readonly image_metadata_config_s3_key?: string
  readonly image_metadata_high_entropy_strings_s3_key?: string
  readonly image_metadata_image_inventory_s3_key?: string
  readonly image_metadata_image_inventory_s3_path?: string
  readonly image_metadata_manifest_s3_key?: string
  readonly image_metadata_scan_report_s3_key?: string
}

export interface ImageRuntime {
  readonly ArgsEscaped?: boolean
  readonly Cmd?: readonly string[]
  readonly Entrypoint?: readonly string[]
  readonly Env?: readonly string[]
  readonly ExposedPorts?: Readonly<Record<string, unknown>>
  readonly Labels?: Readonly<Record<string, string>>
  readonly StopSignal?: string
  readonly User?: string
  readonly Volumes?: Readonly<Record<string, unknown>>
  readonly WorkingDir?: string
}

export interface InstalledPackage {
  readonly InstallDate?: string
  readonly LayerHash?: string
  readonly LayerIndex?: number
  readonly MajorVersion?: string
  readonly PackageHash?: string
  readonly PackageProvider?: string
  readonly PackageSource?: string
  readonly Product?: string
  readonly SoftwareArchitecture?: string
  readonly Status?: string
  readonly Vendor?: string
}

export interface InventoriedImage {
  readonly Architecture?: string
  readonly CreatedAt?: string
  readonly Digest?: string
  readonly ID?: string
  readonly IndexDigest?: string
  readonly Registry?: string
  readonly Repository?: string
  readonly Size?: number
  readonly Tag?: string
  readonly config_s3_key?: string
  readonly manifest_s3_key?: string
  readonly scan_request_s3_key?: string
  readonly source?: string
}

export interface Inventory {
  readonly ApplicationPackages?: readonly ApplicationPackages[] | null
  readonly Config?: ImageConfiguration | null
  readonly ConfigInfo?: SentRunConfiguration | null
  readonly ELFBinaries?: readonly SentElfBinary[] | null
  readonly HashedFiles?: readonly HashedFile[] | null
  readonly ImageInfo: InventoriedImage
  readonly InventoryEngineInfo?: InventoryEngine | null
  readonly Layers?: readonly Layer[] | null
  readonly MLModels?: readonly MachineLearningModel[] | null
  readonly Manifest?: Manifest | null
  readonly OSInfo: OperatingSystem
  readonly Packages?: readonly InstalledPackage[] | null
  readonly ai_related?: boolean
  readonly high_entropy_s3_file_exists?: boolean
  readonly interesting_strings?: readonly StringsOfFile[] | null
  readonly whiteout_files?: readonly string[] | null
}

export interface InventoryEngine {
  readonly CWPPScannerVersion?: string
  readonly CollectedAt?: string
  readonly EngineVersion?: string
  readonly MalwareMetadata?: Readonly<Record<string, string>>
  readonly ELFModelVersion?: string
}

export interface InventoryScan {
  readonly agent_uuid?: string
  readonly agent_version?: string
  readonly agent_version_hash?: string
  readonly cluster_id?: string
  readonly cluster_name?: string
  readonly container_id?: string
  readonly ephemeral_scan?: boolean
  readonly helm_version?: string
  readonly high_entropy_strings?: readonly StringsOfFile[] | null
  readonly host_ip?: string
  readonly host_name?: string
  readonly inventory: Inventory
  readonly original_image_name?: string
  readonly pod_id?: string
  readonly pod_name?: string
  readonly pod_namespace?: string
  readonly runmode?: string
  readonly runtime_type?: string
  readonly scan_request?: ScanRequest | null
}

export interface KnownExploited {
  /** RFC 3339 */
  readonly due_date?: string
  readonly is_cisa_kev?: boolean
}

export interface Layer {
  readonly CreatedAt?: string
  readonly CreatedBy?: string
  readonly Digest?: string
  readonly Size?: number
  readonly layer_inventory_s3_key?: string
  readonly layer_reference_key?: string
  readonly layer_reference_type?: number
  readonly type?: number
}

export interface LookupRequest {
  readonly applicationPackages?: readonly ApplicationPackages[]
  /** operating system name and version of the image */
  readonly osversion: string
  readonly packages: readonly InstalledPackage[]
}

export interface MachineLearningModel {
  readonly Details?: unknown
  readonly DetectionName?: string
  readonly Hash?: string
  readonly LayerHash?: string
  readonly LayerIndex?: number
  readonly Malicious?: boolean
  readonly Path?: string
  readonly Size?: number
}

export interface Manifest {
  readonly annotations?: Readonly<Record<string, string>>
  readonly artifactType?: string
  readonly config?: Descriptor
  readonly layers?: readonly Descriptor[]
  readonly mediaType?: string
  readonly schemaVersion?: number
  readonly subject?: Descriptor
}

export interface OperatingSystem {
  readonly DisplayVersion?: string
  readonly EditionID?: string
  readonly InstallType?: string
  readonly LayerHash?: string
  readonly LayerIndex?: number
  readonly Name?: string
  readonly Version?: string
}

export interface Platform {
  readonly architecture?: string
  readonly os?: string
  readonly 'os.features'?: readonly string[]
  readonly 'os.version'?: string
  readonly variant?: string
}

export interface PolicyCheck {
  /** block or alert */
  readonly action?: string
  readonly conditions?: readonly Condition[]
  /** true when the image must not be used */
  readonly deny: boolean
  readonly evaluated_at: string
  readonly evaluation_details?: PolicyEvaluation
  readonly image: CheckedImage
  readonly policy: CheckedPolicy
  readonly policy_group?: PolicyGroup
  readonly policy_type: PolicyType
}

export interface PolicyEvaluation {
  readonly excluded_cve_list: readonly string[]
  readonly excluded_detection_list: readonly string[]
  readonly excluded_package_list: readonly string[]
  readonly matched_base_os_list: readonly string[]
  readonly matched_cve_list: readonly string[]
  readonly matched_detection_list: readonly string[]
  readonly matched_package_list: readonly string[]
}

export interface PolicyType {
  readonly created_at?: string
  readonly description: string
  readonly name: string
  readonly policy_config_data?: unknown
  readonly policy_type: string
  readonly updated_at?: string
  readonly uuid: string
  readonly version: string
}

export interface PullToken {
  readonly token: string
  readonly ids: readonly string[]
  readonly auto_authorize_scanners: boolean
}

export interface Ransomware {
  readonly ransomware_families?: readonly string[]
  readonly reference_data?: readonly RansomwareReference[]
}

export interface RansomwareReference {
  readonly date_added?: string
  readonly url?: string
}

export interface Reference {
  readonly Tags?: readonly string[]
  readonly URL?: string
}

export interface Registry {
  readonly created_at: string
  readonly credential?: RegistryCredential
  readonly id: string
  readonly last_refreshed_at: string
  readonly next_refresh_at: string
  /** seconds between two searches of the registry */
  readonly refresh_interval: number
  /** state of the connection; it changes some time after a request */
  readonly state: string
  readonly state_changed_at: string
  readonly type: string
  readonly updated_at: string
  readonly url: string
  /** the url_uniqueness_key that was given, otherwise a generated one */
  readonly url_uniqueness_alias: string
  readonly user_defined_alias: string
}

export interface RegistryChange {
  /** instead of the one in the query */
  readonly id?: string
  readonly credential?: SentCredential | null
  readonly state?: 'pause' | 'resume'
  readonly user_defined_alias?: string
}

export interface RegistryCredential {
  readonly created_at: string
  /** members that are no secrets */
  readonly details: unknown
  readonly expired: boolean
  readonly expired_at: string
  readonly id: string
  readonly updated_at: string
}

export interface RegistryRequest {
  readonly type: 'acr' | 'artifactory' | 'docker' | 'dockerhub' | 'ecr' | 'gar' | 'gcr' | 'github' | 'gitlab' | 'harbor' | 'icr' | 'mirantis' | 'nexus' | 'openshift' | 'oracle' | 'quay.io'
  readonly url: string
  readonly credential?: SentCredential | null
  /** tells apart two connections to the same url */
  readonly url_uniqueness_key?: string
  /** display name */
  readonly user_defined_alias?: string
}

export interface ReportedDetection {
  readonly ID?: string
  /** cs_scanimage.py lower-cases it and knows these four */
  readonly Type?: 'Malware' | 'Secret' | 'Misconfiguration' | 'CIS'
  readonly Name?: string
  readonly Title?: string
  readonly Description?: string
  readonly Remediation?: string
  readonly Severity?: string
  readonly Details?: DetectionDetails | null
}

export interface ReportedVulnerability {
  readonly CVEID?: string
  readonly ContentDataHash?: string | number
  /** may be null; cs_scanimage.py looks for severity here first, then in cvss_v3_score, then in cvss_v2_score; the Jenkins plugin needs a non-null severity whenever Details is present */
  readonly Details?: CveRecord | null
  readonly ExploitDetails?: ExploitDetails
  readonly FixedVersions?: readonly string[]
  readonly Product?: VulnerableProduct
  readonly Remediation?: readonly string[]
  readonly RemediationIDs?: readonly string[]
  /** digest of the layer that brought the package */
  readonly LayerHash?: string
  /** ISO-8601 time */
  readonly FirstSeen?: string
  /** name the Jenkins plugin maps; the vendor model calls the richer object ExploitDetails */
  readonly ExploitedDetails?: Readonly<Record<string, unknown>> | null
}

export interface RootFilesystem {
  readonly diff_ids?: readonly string[]
  readonly type?: string
}

export interface RunConfiguration {
  readonly Cmd?: readonly string[]
  readonly Entrypoint?: readonly string[]
  readonly Env?: readonly string[]
  readonly ExposedPorts?: Readonly<Record<string, unknown>>
  readonly Labels?: Readonly<Record<string, string>>
  readonly StopSignal?: string
  readonly User?: string
  readonly Volumes?: Readonly<Record<string, unknown>>
  readonly WorkingDir?: string
}

export interface ScanAcceptance {
  /** takes the report from GetReportByScanID */
  readonly scan_uuid: string
  readonly image_id: string
  readonly image_digest: string
}

export interface ScanInfo {
  readonly CID?: string
  readonly Username?: string
  readonly UserUUID?: string
  readonly ScanUUID?: string
  readonly CorrelationUUID?: string
  readonly RequestedAt?: string
}

export interface ScanOrigin {
  readonly CorrelationUUID?: string
  readonly RequestedAt?: string
  readonly ScanUUID?: string
  readonly UserUUID?: string
  readonly Username?: string
  readonly cid?: string
}

export interface ScanReport {
  readonly ScanInfo?: ScanInfo
  readonly ImageInfo?: InventoriedImage
  readonly Config?: ImageConfiguration
  readonly ConfigInfo?: RunConfiguration
  readonly Manifest?: Manifest
  readonly OSInfo?: OperatingSystem
  readonly Layers?: readonly Layer[] | null
  readonly Packages?: readonly InstalledPackage[] | null
  readonly ApplicationPackages?: readonly ApplicationPackages[] | null
  readonly ELFBinaries?: readonly ElfBinary[] | null
  readonly HashedFiles?: readonly HashedFile[] | null
  readonly MLModels?: readonly MachineLearningModel[] | null
  readonly InventoryEngineInfo?: InventoryEngine
  readonly DetectionEngineInfo?: DetectionEngine
  readonly Vulnerabilities: readonly {
    readonly Vulnerability?: ReportedVulnerability
  }[] | null
  readonly Detections: readonly DetectionWrapper[] | null
}

export interface ScanRequest {
  readonly Config?: ImageConfiguration | null
  readonly ConfigInfo?: SentRunConfiguration | null
  readonly ImageInfo?: InventoriedImage | null
  readonly ImageMetadata?: ImageMetadata | null
  readonly Layers?: readonly Layer[] | null
  readonly Manifest?: Manifest | null
  readonly ScanInfo?: ScanOrigin | null
  readonly high_entropy_strings_s3_key?: string
  readonly image_inventory_s3_key?: string
  readonly layer_inventory_s3_key?: string
  readonly scan_report_s3_key?: string
  readonly scan_request_s3_key?: string
}

export interface SentCredential {
  readonly username?: string
  /** password, API key or access token; write-only */
  readonly password?: string
  readonly domain_url?: string
  readonly credential_type?: 'PAT'
  readonly aws_iam_role?: string
  readonly aws_external_id?: string
  readonly aws_gov_using_commercial_connection?: boolean
  readonly project_id?: string
  readonly scope_name?: string
  readonly service_account_json?: ServiceAccountKey
  readonly compartment_ids?: readonly string[]
  readonly cert?: string
  readonly auth_type?: 'cert'
  readonly tenant_id?: string
  readonly client?: string
  readonly details?: CredentialDetails | null
  readonly type?: string
}

export interface SentElfBinary {
  readonly Details?: unknown
  readonly Hash?: string
  readonly LayerHash?: string
  readonly LayerIndex?: number
  readonly Malicious?: boolean
  readonly Path?: string
  readonly Permissions?: string
  readonly Size?: number
}

export interface SentRunConfiguration {
  readonly Cmd?: readonly string[] | null
  readonly Entrypoint?: readonly string[] | null
  readonly Env?: readonly string[] | null
  readonly ExposedPorts?: Readonly<Record<string, unknown>> | null
  readonly Labels?: Readonly<Record<string, string>> | null
  readonly StopSignal?: string
  readonly User?: string
  readonly Volumes?: Readonly<Record<string, unknown>> | null
  readonly WorkingDir?: string
}

export interface ServiceAccountKey {
  readonly type?: string
  readonly project_id?: string
  readonly private_key_id?: string
  readonly private_key?: string
  readonly client_email?: string
  readonly client_id?: string
}

export interface StringsOfFile {
  readonly LayerHash?: string
  readonly LayerIndex?: number
  readonly Path: string
  readonly Strings: readonly HighEntropyString[] | null
}

export interface ThreatActor {
  readonly cve_references?: readonly CveReference[]
  readonly malpedia_url?: string
  readonly misp_id?: string
  readonly misp_threat_actor_names?: readonly string[]
  readonly mitre_id?: string
  readonly mitre_threat_actor_names?: readonly string[]
  readonly threat_actor_name?: string
  readonly vendor_names_for_threat_actors?: readonly ThreatActorName[]
}

export interface ThreatActorName {
  readonly threat_actor_name?: string
  readonly url?: string
  readonly vendor_name?: string
}

export interface VulnerabilityWrapper {
  readonly Vulnerability?: ReportedVulnerability
}

export interface VulnerableProduct {
  readonly CPEID?: string
  readonly MajorVersion?: string
  readonly PackageHash?: string
  readonly PackageProvider?: string
  readonly PackageSource?: string
  readonly PackageType?: string
  readonly Path?: string
  readonly PlatformType?: string
  readonly Product?: string
  readonly ProductNormalized?: string
  readonly SoftwareArchitecture?: string
  readonly Vendor?: string
}

/** Parameters of GetImageAssessmentReport. */
export interface GetImageAssessmentReportParameters {
  /** repository as pushed; goes with tag */
  readonly repository?: string
  /** goes with repository */
  readonly tag?: string
  /** goes with digest */
  readonly image_id?: string
  /** goes with image_id */
  readonly digest?: string
}

/** What goes with a call of GetImageAssessmentReport. */
export interface GetImageAssessmentReportInput extends CallOptions {
  readonly parameters?: GetImageAssessmentReportParameters
}

/** Parameters of GetReportByReference. */
export interface GetReportByReferenceParameters {
  /** platform architecture such as amd64 or arm64 */
  readonly architecture?: string
  /** image digest, sha256: followed by 64 hex digits */
  readonly digest?: string
  /** image id (config digest) */
  readonly image_id?: string
  /** registry host, such as docker.io */
  readonly registry?: string
  /** format of the report; "json" unless said */
  readonly report_format?: 'json' | 'cyclonedx-json' | 'sarif'
  /** repository name inside the registry */
  readonly repository?: string
  /** image tag */
  readonly tag?: string
}

/** What goes with a call of GetReportByReference. */
export interface GetReportByReferenceInput extends CallOptions {
  readonly parameters?: GetReportByReferenceParameters
}

/** Parameters of GetReportByScanID. */
export interface GetReportByScanIDParameters {
  /** format of the report; "json" unless said */
  readonly report_format?: 'json' | 'cyclonedx-json' | 'sarif'
}

/** What goes with a call of GetReportByScanID. */
export interface GetReportByScanIDInput extends CallOptions {
  readonly parameters?: GetReportByScanIDParameters
  readonly path: {
    /** scan id */
    readonly uuid: string
  }
}

/** Parameters of ImageMatchesPolicy. */
export interface ImageMatchesPolicyParameters {
  /** fixed text that falconpy always adds; "image-prevention-policy" unless said */
  readonly policy_type?: 'image-prevention-policy'
  /** repository name inside the registry */
  readonly repository: string
  /** image tag */
  readonly tag: string
}

/** What goes with a call of ImageMatchesPolicy. */
export interface ImageMatchesPolicyInput extends CallOptions {
  readonly parameters: ImageMatchesPolicyParameters
}

/** Parameters of PolicyChecks. */
export interface PolicyChecksParameters {
  /** platform architecture such as amd64 or arm64 */
  readonly architecture?: string
  /** registry host, such as docker.io */
  readonly registry?: string
  /** repository name inside the registry */
  readonly repository: string
  /** image tag */
  readonly tag: string
}

/** What goes with a call of PolicyChecks. */
export interface PolicyChecksInput extends CallOptions {
  readonly parameters: PolicyChecksParameters
}

/** What goes with a call of DeleteImageDetails. */
export interface DeleteImageDetailsInput extends CallOptions {
  readonly path: {
    /** image id */
    readonly image_id: string
  }
}

/** What goes with a call of GetCredentials. */
export type GetCredentialsInput = CallOptions

/** Parameters of ReadRegistryEntities. */
export interface ReadRegistryEntitiesParameters {
  /** largest number of records to return; 1 to 5000; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; 0 unless said */
  readonly offset?: number
  /**
   * column and direction, such as first_seen.desc
   * Fields: created_at, last_refreshed_at, state, type, updated_at, url, user_defined_alias.
   */
  readonly sort?: string
}

/** What goes with a call of ReadRegistryEntities. */
export interface ReadRegistryEntitiesInput extends CallOptions {
  readonly parameters?: ReadRegistryEntitiesParameters
}

/** Parameters of ReadRegistryEntitiesByUUID. */
export interface ReadRegistryEntitiesByUUIDParameters {
  /** registry ids */
  readonly ids: string | readonly string[]
}

/** What goes with a call of ReadRegistryEntitiesByUUID. */
export interface ReadRegistryEntitiesByUUIDInput extends CallOptions {
  readonly parameters: ReadRegistryEntitiesByUUIDParameters
}

/** What goes with a call of CreateRegistryEntities. */
export interface CreateRegistryEntitiesInput extends CallOptions {
  readonly body: RegistryRequest
}

/** Parameters of UpdateRegistryEntities. */
export interface UpdateRegistryEntitiesParameters {
  /** registry id */
  readonly id?: string
}

/** What goes with a call of UpdateRegistryEntities. */
export interface UpdateRegistryEntitiesInput extends CallOptions {
  readonly parameters?: UpdateRegistryEntitiesParameters
  readonly body: RegistryChange
}

/** Parameters of DeleteRegistryEntities. */
export interface DeleteRegistryEntitiesParameters {
  /** registry ids */
  readonly ids: string | readonly string[]
}

/** What goes with a call of DeleteRegistryEntities. */
export interface DeleteRegistryEntitiesInput extends CallOptions {
  readonly parameters: DeleteRegistryEntitiesParameters
}

/** What goes with a call of ReadImageVulnerabilities. */
export interface ReadImageVulnerabilitiesInput extends CallOptions {
  readonly body: LookupRequest
}

/** What goes with a call of HeadImageScanInventory. */
export type HeadImageScanInventoryInput = CallOptions

/** What goes with a call of PostImageScanInventory. */
export interface PostImageScanInventoryInput extends CallOptions {
  readonly body: InventoryScan
}

/** What goes with a call of LaunchExportJob. */
export interface LaunchExportJobInput extends CallOptions {
  readonly body: ExportRequest
}

/** Parameters of QueryExportJobs. */
export interface QueryExportJobsParameters {
  /**
   * FQL expression that selects the records
   * Fields: resource, status.
   */
  readonly filter?: string
}

/** What goes with a call of QueryExportJobs. */
export interface QueryExportJobsInput extends CallOptions {
  readonly parameters?: QueryExportJobsParameters
}

/** Parameters of ReadExportJobs. */
export interface ReadExportJobsParameters {
  /** export job ids; at most 100 items */
  readonly ids: string | readonly string[]
}

/** What goes with a call of ReadExportJobs. */
export interface ReadExportJobsInput extends CallOptions {
  readonly parameters: ReadExportJobsParameters
}

/** Parameters of DownloadExportFile. */
export interface DownloadExportFileParameters {
  /** export job id */
  readonly id: string
}

/** What goes with a call of DownloadExportFile. */
export interface DownloadExportFileInput extends CallOptions {
  readonly parameters: DownloadExportFileParameters
}

/** The collection Falcon Container of the Falcon dialect. */
export class FalconContainer extends Service {
  /**
   * Returns the raw scan report of an image that was pushed to the upload host.
   *
   * In the vendor cloud it lives on a host of its own (container-upload); here on the same listener.
   * The body is the bare report, without an envelope.
   * While the assessment is pending the answer is a 404, never an empty report.
   * image_id and digest win over repository and tag when all four are given.
   * Vulnerabilities and Detections are always there.
   * A {} body is let pass.
   *
   * Scope: falcon-container-image:read.
   */
  GetImageAssessmentReport(input?: GetImageAssessmentReportInput): Promise<Result<ScanReport>> {
    return this.client.command('GetImageAssessmentReport', input)
  }

  /** The same as GetImageAssessmentReport. */
  get_assessment(input?: GetImageAssessmentReportInput): Promise<Result<ScanReport>> {
    return this.client.command('GetImageAssessmentReport', input)
  }

  /**
   * Returns the scan report of an image chosen by registry, repository, tag, image id, digest or architecture.
   *
   * resources holds one document of the asked format.
   *
   * Scope: falcon-container-image:read.
   */
  GetReportByReference(input?: GetReportByReferenceInput): Promise<Result<Resources<unknown>>> {
    return this.client.command('GetReportByReference', input)
  }

  /** The same as GetReportByReference. */
  get_report_by_reference(input?: GetReportByReferenceInput): Promise<Result<Resources<unknown>>> {
    return this.client.command('GetReportByReference', input)
  }

  /**
   * Returns the scan report of one scan.
   *
   * resources holds one document of the asked format.
   *
   * Scope: falcon-container-image:read.
   */
  GetReportByScanID(input: GetReportByScanIDInput): Promise<Result<Resources<unknown>>> {
    return this.client.command('GetReportByScanID', input)
  }

  /** The same as GetReportByScanID. */
  get_report_by_id(input: GetReportByScanIDInput): Promise<Result<Resources<unknown>>> {
    return this.client.command('GetReportByScanID', input)
  }

  /**
   * Evaluates the image assessment policies for a pushed image (first version, on the upload host).
   *
   * In the vendor cloud it lives on a host of its own (container-upload); here on the same listener.
   * Times end in Z.
   * errors is empty on success.
   *
   * Scope: falcon-container-image:read.
   */
  ImageMatchesPolicy(input: ImageMatchesPolicyInput): Promise<Result<Resources<PolicyCheck>>> {
    return this.client.command('ImageMatchesPolicy', input)
  }

  /** The same as ImageMatchesPolicy. */
  image_matches_policy(input: ImageMatchesPolicyInput): Promise<Result<Resources<PolicyCheck>>> {
    return this.client.command('ImageMatchesPolicy', input)
  }

  /**
   * Evaluates the image assessment policies for one image and says whether it is denied.
   *
   * Times end in Z.
   * errors is empty on success.
   *
   * Scope: falcon-container-image:read.
   */
  PolicyChecks(input: PolicyChecksInput): Promise<Result<Resources<PolicyCheck>>> {
    return this.client.command('PolicyChecks', input)
  }

  /** The same as PolicyChecks. */
  check_prevention_policies(input: PolicyChecksInput): Promise<Result<Resources<PolicyCheck>>> {
    return this.client.command('PolicyChecks', input)
  }

  /**
   * Forgets an image and everything assessed about it.
   *
   * In the vendor cloud it lives on a host of its own (container-upload); here on the same listener.
   * The answer has no resources.
   *
   * Scope: falcon-container-image:write.
   */
  DeleteImageDetails(input: DeleteImageDetailsInput): Promise<Result<Acknowledged>> {
    return this.client.command('DeleteImageDetails', input)
  }

  /** The same as DeleteImageDetails. */
  delete_image_details(input: DeleteImageDetailsInput): Promise<Result<Acknowledged>> {
    return this.client.command('DeleteImageDetails', input)
  }

  /**
   * Hands out a short-lived token with which a container runtime can pull images from this registry.
   *
   * Exactly one item is answered; ids and auto_authorize_scanners stand beside the token for falconjs.
   * Either of two scopes is enough.
   *
   * Scope: falcon-container:read or falcon-container-image:read.
   */
  GetCredentials(input?: GetCredentialsInput): Promise<Result<Resources<PullToken>>> {
    return this.client.command('GetCredentials', input)
  }

  /** The same as GetCredentials. */
  get_credentials(input?: GetCredentialsInput): Promise<Result<Resources<PullToken>>> {
    return this.client.command('GetCredentials', input)
  }

  /**
   * Lists the ids of the connected registries.
   *
   * Pages go up to 5000 ids.
   *
   * Scope: falcon-container-image:read.
   */
  ReadRegistryEntities(input?: ReadRegistryEntitiesInput): Promise<Result<Resources<string>>> {
    return this.client.command('ReadRegistryEntities', input)
  }

  /** The same as ReadRegistryEntities. */
  read_registry_entities(input?: ReadRegistryEntitiesInput): Promise<Result<Resources<string>>> {
    return this.client.command('ReadRegistryEntities', input)
  }

  /**
   * Returns registry connections by id.
   *
   * Scope: falcon-container-image:read.
   */
  ReadRegistryEntitiesByUUID(input: ReadRegistryEntitiesByUUIDInput): Promise<Result<Resources<Registry>>> {
    return this.client.command('ReadRegistryEntitiesByUUID', input)
  }

  /** The same as ReadRegistryEntitiesByUUID. */
  read_registry_entities_by_uuid(input: ReadRegistryEntitiesByUUIDInput): Promise<Result<Resources<Registry>>> {
    return this.client.command('ReadRegistryEntitiesByUUID', input)
  }

  /**
   * Connects a registry, so that its images are discovered and assessed.
   *
   * resources is one object.
   * Credential members may stand in credential, in credential.details, or in both.
   *
   * Scope: falcon-container-image:write.
   */
  CreateRegistryEntities(input: CreateRegistryEntitiesInput): Promise<Result<Resource<Registry>>> {
    return this.client.command('CreateRegistryEntities', input)
  }

  /** The same as CreateRegistryEntities. */
  create_registry_entities(input: CreateRegistryEntitiesInput): Promise<Result<Resource<Registry>>> {
    return this.client.command('CreateRegistryEntities', input)
  }

  /**
   * Changes credential, alias or pause state of a registry connection.
   *
   * resources is one object.
   * The id comes in the query or in the body.
   * An absent or empty credential.details leaves the stored secret as it is.
   * A POST with an id is taken for the PATCH that other clients send.
   * A secret never comes back.
   *
   * Scope: falcon-container-image:write.
   */
  UpdateRegistryEntities(input: UpdateRegistryEntitiesInput): Promise<Result<Resource<Registry>>> {
    return this.client.command('UpdateRegistryEntities', input)
  }

  /** The same as UpdateRegistryEntities. */
  update_registry_entities(input: UpdateRegistryEntitiesInput): Promise<Result<Resource<Registry>>> {
    return this.client.command('UpdateRegistryEntities', input)
  }

  /**
   * Removes a registry connection.
   *
   * Scope: falcon-container-image:write.
   */
  DeleteRegistryEntities(input: DeleteRegistryEntitiesInput): Promise<Result<Resources<Registry>>> {
    return this.client.command('DeleteRegistryEntities', input)
  }

  /** The same as DeleteRegistryEntities. */
  delete_registry_entities(input: DeleteRegistryEntitiesInput): Promise<Result<Resources<Registry>>> {
    return this.client.command('DeleteRegistryEntities', input)
  }

  /**
   * Matches a caller-supplied package inventory (OS packages and application libraries) against the vulnerability data, without an image upload.
   *
   * What was not judged is told: with status 200, an error of code 422 for each kind of thing that was left out.
   * Either of two scopes is enough.
   * The type of application packages is a word or a number; a number is read by the file that a library was found in.
   * resources holds the wrapped vulnerabilities of the scan report.
   *
   * Scope: falcon-container-cli:write or falcon-container-image:read.
   */
  ReadImageVulnerabilities(input: ReadImageVulnerabilitiesInput): Promise<Result<Resources<VulnerabilityWrapper>>> {
    return this.client.command('ReadImageVulnerabilities', input)
  }

  /** The same as ReadImageVulnerabilities. */
  read_image_vulnerabilities(input: ReadImageVulnerabilitiesInput): Promise<Result<Resources<VulnerabilityWrapper>>> {
    return this.client.command('ReadImageVulnerabilities', input)
  }

  /**
   * Tells a scanning CLI, by response headers alone, what it needs to know before it posts an inventory.
   *
   * The answer has headers only: X-Lanner-Max-Inventory-Bytes, X-Lanner-Max-Packages, X-Lanner-Version, and X-Lanner-Advisories with the revision of the advisories where there are any.
   *
   * Scope: falcon-container-cli:read.
   */
  HeadImageScanInventory(input?: HeadImageScanInventoryInput): Promise<Result<undefined>> {
    return this.client.command('HeadImageScanInventory', input)
  }

  /** The same as HeadImageScanInventory. */
  get_scan_headers(input?: HeadImageScanInventoryInput): Promise<Result<undefined>> {
    return this.client.command('HeadImageScanInventory', input)
  }

  /**
   * Accepts the inventory that a local scanner collected, for matching on the server.
   *
   * Where the digest is missing it is derived: from the image id, else from the inventory; the same inventory is the same image.
   * What was read of pushed images goes before what is told of them, and no tag is taken from them.
   *
   * Scope: falcon-container-cli:write.
   */
  PostImageScanInventory(input: PostImageScanInventoryInput): Promise<Result<Resources<ScanAcceptance>>> {
    return this.client.command('PostImageScanInventory', input)
  }

  /** The same as PostImageScanInventory. */
  scan_inventory(input: PostImageScanInventoryInput): Promise<Result<Resources<ScanAcceptance>>> {
    return this.client.command('PostImageScanInventory', input)
  }

  /**
   * Starts an asynchronous export of one resource kind.
   *
   * sort may be missing.
   * It asks for a read scope although it is a POST.
   * One export of a resource runs at a time.
   *
   * Scope: falcon-container-image:read.
   */
  LaunchExportJob(input: LaunchExportJobInput): Promise<Result<Resources<string>>> {
    return this.client.command('LaunchExportJob', input)
  }

  /** The same as LaunchExportJob. */
  launch_export_job(input: LaunchExportJobInput): Promise<Result<Resources<string>>> {
    return this.client.command('LaunchExportJob', input)
  }

  /**
   * Lists the ids of recent export jobs.
   *
   * Only the latest 100 exports are searched.
   *
   * Scope: falcon-container-image:read.
   */
  QueryExportJobs(input?: QueryExportJobsInput): Promise<Result<Resources<string>>> {
    return this.client.command('QueryExportJobs', input)
  }

  /** The same as QueryExportJobs. */
  query_export_jobs(input?: QueryExportJobsInput): Promise<Result<Resources<string>>> {
    return this.client.command('QueryExportJobs', input)
  }

  /**
   * Returns the state of export jobs.
   *
   * Scope: falcon-container-image:read.
   */
  ReadExportJobs(input: ReadExportJobsInput): Promise<Result<Resources<ExportJob>>> {
    return this.client.command('ReadExportJobs', input)
  }

  /** The same as ReadExportJobs. */
  read_export_jobs(input: ReadExportJobsInput): Promise<Result<Resources<ExportJob>>> {
    return this.client.command('ReadExportJobs', input)
  }

  /**
   * Delivers the file that a finished export job produced.
   *
   * The body is the file itself; CSV goes out as application/octet-stream.
   *
   * Scope: falcon-container-image:read.
   */
  DownloadExportFile(input: DownloadExportFileInput): Promise<Result<Uint8Array>> {
    return this.client.command('DownloadExportFile', input)
  }

  /** The same as DownloadExportFile. */
  download_export_file(input: DownloadExportFileInput): Promise<Result<Uint8Array>> {
    return this.client.command('DownloadExportFile', input)
  }

  /**
   * Assessed images, one row each, with severity and count columns.
   *
   * Pages go up to 200 rows, as the older documentation says; the newer says 100.
   * offset and limit together must not pass 10000.
   *
   * Scope: falcon-container-image:read.
   */
  GetCombinedImages(input?: GetCombinedImagesInput): Promise<Result<Resources<ImageSummary>>> {
    return this.client.command('GetCombinedImages', input)
  }

  /** The same as GetCombinedImages. */
  get_combined_images(input?: GetCombinedImagesInput): Promise<Result<Resources<ImageSummary>>> {
    return this.client.command('GetCombinedImages', input)
  }
}
