// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { OperationFacts } from '../operation.ts'
import type { Acknowledged, Resource, Resources } from '../result.ts'
import type {
  AdvisoryJob,
  AdvisoryStatus,
  GetAdvisoryStatusInput,
  ImportAdvisoriesInput,
  UpdateAdvisoriesInput,
} from './advisories.ts'
import type {
  AuditRecord,
  ListAuditRecordsInput,
} from './audit.ts'
import type {
  Client,
  CreateClientInput,
  ListClientsInput,
  NewClient,
  RevokeClientInput,
} from './clients.ts'
import type {
  ContainerAlert,
  ReadContainerAlertsCountBySeverityInput,
  ReadContainerAlertsCountInput,
  SearchAndReadContainerAlertsInput,
} from './container-alerts.ts'
import type {
  Detection,
  DetectionKind,
  GetRuntimeDetectionsCombinedV2Input,
  ReadCombinedDetectionsInput,
  ReadDetectionsCountBySeverityInput,
  ReadDetectionsCountByTypeInput,
  ReadDetectionsCountInput,
  ReadDetectionsInput,
  RuntimeDetection,
  SearchDetectionsInput,
} from './container-detections.ts'
import type {
  AggregateImageAssessmentHistoryInput,
  AggregateImageCountByBaseOSInput,
  AggregateImageCountByStateInput,
  AggregateImageCountInput,
  AssessmentHistory,
  BaseImage,
  CombinedBaseImagesInput,
  CombinedImageByVulnerabilityCountInput,
  CombinedImageDetailInput,
  CombinedImageIssuesSummaryInput,
  CombinedImageVulnerabilitySummaryInput,
  CreateBaseImagesEntitiesInput,
  DeleteBaseImagesInput,
  GetCombinedImagesInput,
  ImageDetail,
  ImageExportRow,
  ImageIssues,
  ImageSummary,
  ImageVulnerabilities,
  ImageVulnerabilityCount,
  ReadCombinedImagesExportInput,
} from './container-images.ts'
import type {
  PackageCount,
  PackageRow,
  PackageVulnerabilityRow,
  ReadPackagesByFixableVulnCountInput,
  ReadPackagesByImageCountInput,
  ReadPackagesByVulnCountInput,
  ReadPackagesCombinedExportInput,
  ReadPackagesCombinedInput,
  ReadPackagesCombinedV2Input,
  ReadPackagesCountByZeroDayInput,
} from './container-packages.ts'
import type {
  ImageVulnerability,
  PublishedVulnerability,
  ReadCombinedVulnerabilitiesDetailsInput,
  ReadCombinedVulnerabilitiesInfoInput,
  ReadCombinedVulnerabilitiesInput,
  ReadVulnerabilitiesByImageCountInput,
  ReadVulnerabilitiesPublicationDateInput,
  ReadVulnerabilityCountByActivelyExploitedInput,
  ReadVulnerabilityCountByCPSRatingInput,
  ReadVulnerabilityCountByCVSSScoreInput,
  ReadVulnerabilityCountBySeverityInput,
  ReadVulnerabilityCountInput,
  VulnerabilityByImages,
  VulnerabilityInfo,
  VulnerabilityRow,
} from './container-vulnerabilities.ts'
import type {
  Container,
  ContainerSnapshotResult,
  ListContainersInput,
  RecordContainersInput,
} from './containers.ts'
import type {
  DriftIndicator,
  GetDriftIndicatorsValuesByDateInput,
  ReadDriftIndicatorEntitiesInput,
  ReadDriftIndicatorsCountInput,
  SearchAndReadDriftIndicatorEntitiesInput,
  SearchDriftIndicatorsInput,
} from './drift-indicators.ts'
import type {
  ChangeEvent,
  ListEventsInput,
} from './events.ts'
import type {
  Exclusion,
  ListExclusionsInput,
} from './exclusions.ts'
import type {
  CreateRegistryEntitiesInput,
  DeleteImageDetailsInput,
  DeleteRegistryEntitiesInput,
  DownloadExportFileInput,
  ExportJob,
  GetCredentialsInput,
  GetImageAssessmentReportInput,
  GetReportByReferenceInput,
  GetReportByScanIDInput,
  HeadImageScanInventoryInput,
  ImageMatchesPolicyInput,
  LaunchExportJobInput,
  PolicyCheck,
  PolicyChecksInput,
  PostImageScanInventoryInput,
  PullToken,
  QueryExportJobsInput,
  ReadExportJobsInput,
  ReadImageVulnerabilitiesInput,
  ReadRegistryEntitiesByUUIDInput,
  ReadRegistryEntitiesInput,
  Registry,
  ScanAcceptance,
  ScanReport,
  UpdateRegistryEntitiesInput,
  VulnerabilityWrapper,
} from './falcon-container.ts'
import type {
  CreatePoliciesInput,
  CreatePolicyGroupsInput,
  DeletePolicyGroupInput,
  DeletePolicyInput,
  Policy,
  PolicyExclusions,
  ReadPoliciesInput,
  ReadPolicyExclusionsInput,
  ReadPolicyGroupsInput,
  UpdatePoliciesInput,
  UpdatePolicyExclusionsInput,
  UpdatePolicyGroupsInput,
  UpdatePolicyPrecedenceInput,
} from './image-assessment-policies.ts'
import type {
  ExplainFindingsInput,
  Explanation,
  GetImageStateInput,
  ImageState,
} from './images.ts'
import type {
  AuditEvent,
  AuditEventsQueryInput,
  AuditEventsReadInput,
  CustomerSettingsReadInput,
  CustomerSettingsUpdateInput,
  InstallationToken,
  TokenSettings,
  TokensCreateInput,
  TokensDeleteInput,
  TokensQueryInput,
  TokensReadInput,
  TokensUpdateInput,
} from './installation-tokens.ts'
import type {
  CancelJobInput,
  GetJobInput,
  Job,
  ListJobsInput,
} from './jobs.ts'
import type {
  AccessToken,
  Oauth2AccessTokenInput,
  Oauth2RevokeTokenInput,
} from './o-auth2.ts'
import type {
  ApplyPolicyDocumentInput,
  GetPolicyChangesInput,
  PolicyChangeRecord,
  PolicyDocumentAt,
  PolicyDocumentResult,
  ReadPolicyDocumentInput,
} from './policies.ts'
import type {
  PolicyPreviewResult,
  PreviewPoliciesInput,
} from './policy-preview.ts'
import type {
  Count,
  LabelledCount,
  PolicyGroup,
  Split,
} from './records.ts'
import type {
  GetServerStatusInput,
  ServerStatus,
} from './status.ts'
import type {
  ReadUnidentifiedContainersByDateRangeCountInput,
  ReadUnidentifiedContainersCountInput,
  SearchAndReadUnidentifiedContainersInput,
  UnidentifiedContainer,
} from './unidentified-containers.ts'
import type {
  CreateUserInput,
  DeleteUserInput,
  ListUsersInput,
  NewUser,
  SetUserPasswordInput,
  UpdateUserInput,
  User,
} from './users.ts'
import type {
  GetVerdictInput,
  Verdict,
} from './verdicts.ts'
import type {
  ExportVexInput,
  ImportVexInput,
  VexExportReport,
  VexImportReport,
} from './vex.ts'

/** What goes into each operation, and the body of its good answer. */
export interface OperationTypes {
  oauth2AccessToken: { readonly input: Oauth2AccessTokenInput; readonly body: AccessToken }
  oauth2RevokeToken: { readonly input: Oauth2RevokeTokenInput; readonly body: Acknowledged }
  GetImageAssessmentReport: { readonly input: GetImageAssessmentReportInput; readonly body: ScanReport }
  GetReportByReference: { readonly input: GetReportByReferenceInput; readonly body: Resources<unknown> }
  GetReportByScanID: { readonly input: GetReportByScanIDInput; readonly body: Resources<unknown> }
  ImageMatchesPolicy: { readonly input: ImageMatchesPolicyInput; readonly body: Resources<PolicyCheck> }
  PolicyChecks: { readonly input: PolicyChecksInput; readonly body: Resources<PolicyCheck> }
  DeleteImageDetails: { readonly input: DeleteImageDetailsInput; readonly body: Acknowledged }
  GetCredentials: { readonly input: GetCredentialsInput; readonly body: Resources<PullToken> }
  ReadRegistryEntities: { readonly input: ReadRegistryEntitiesInput; readonly body: Resources<string> }
  ReadRegistryEntitiesByUUID: { readonly input: ReadRegistryEntitiesByUUIDInput; readonly body: Resources<Registry> }
  CreateRegistryEntities: { readonly input: CreateRegistryEntitiesInput; readonly body: Resource<Registry> }
  UpdateRegistryEntities: { readonly input: UpdateRegistryEntitiesInput; readonly body: Resource<Registry> }
  DeleteRegistryEntities: { readonly input: DeleteRegistryEntitiesInput; readonly body: Resources<Registry> }
  ReadImageVulnerabilities: { readonly input: ReadImageVulnerabilitiesInput; readonly body: Resources<VulnerabilityWrapper> }
  HeadImageScanInventory: { readonly input: HeadImageScanInventoryInput; readonly body: undefined }
  PostImageScanInventory: { readonly input: PostImageScanInventoryInput; readonly body: Resources<ScanAcceptance> }
  LaunchExportJob: { readonly input: LaunchExportJobInput; readonly body: Resources<string> }
  QueryExportJobs: { readonly input: QueryExportJobsInput; readonly body: Resources<string> }
  ReadExportJobs: { readonly input: ReadExportJobsInput; readonly body: Resources<ExportJob> }
  DownloadExportFile: { readonly input: DownloadExportFileInput; readonly body: Uint8Array }
  AggregateImageAssessmentHistory: { readonly input: AggregateImageAssessmentHistoryInput; readonly body: Resources<AssessmentHistory> }
  AggregateImageCountByBaseOS: { readonly input: AggregateImageCountByBaseOSInput; readonly body: Resources<Split> }
  AggregateImageCountByState: { readonly input: AggregateImageCountByStateInput; readonly body: Resources<Split> }
  AggregateImageCount: { readonly input: AggregateImageCountInput; readonly body: Resources<Count> }
  CombinedBaseImages: { readonly input: CombinedBaseImagesInput; readonly body: Resources<BaseImage> }
  GetCombinedImages: { readonly input: GetCombinedImagesInput; readonly body: Resources<ImageSummary> }
  CombinedImageByVulnerabilityCount: { readonly input: CombinedImageByVulnerabilityCountInput; readonly body: Resources<ImageVulnerabilityCount> }
  CombinedImageDetail: { readonly input: CombinedImageDetailInput; readonly body: Resources<ImageDetail> }
  ReadCombinedImagesExport: { readonly input: ReadCombinedImagesExportInput; readonly body: Resources<ImageExportRow> }
  CombinedImageIssuesSummary: { readonly input: CombinedImageIssuesSummaryInput; readonly body: Resources<ImageIssues> }
  CombinedImageVulnerabilitySummary: { readonly input: CombinedImageVulnerabilitySummaryInput; readonly body: Resources<ImageVulnerabilities> }
  DeleteBaseImages: { readonly input: DeleteBaseImagesInput; readonly body: Resources<string> }
  CreateBaseImagesEntities: { readonly input: CreateBaseImagesEntitiesInput; readonly body: Resources<BaseImage> }
  DeletePolicy: { readonly input: DeletePolicyInput; readonly body: Resources<string> }
  ReadPolicies: { readonly input: ReadPoliciesInput; readonly body: Resources<Policy> }
  UpdatePolicies: { readonly input: UpdatePoliciesInput; readonly body: Resources<Policy> }
  CreatePolicies: { readonly input: CreatePoliciesInput; readonly body: Resources<Policy> }
  ReadPolicyExclusions: { readonly input: ReadPolicyExclusionsInput; readonly body: Resources<PolicyExclusions> }
  UpdatePolicyExclusions: { readonly input: UpdatePolicyExclusionsInput; readonly body: Resources<PolicyExclusions> }
  DeletePolicyGroup: { readonly input: DeletePolicyGroupInput; readonly body: Resources<string> }
  ReadPolicyGroups: { readonly input: ReadPolicyGroupsInput; readonly body: Resources<PolicyGroup> }
  UpdatePolicyGroups: { readonly input: UpdatePolicyGroupsInput; readonly body: Resources<PolicyGroup> }
  CreatePolicyGroups: { readonly input: CreatePolicyGroupsInput; readonly body: Resources<PolicyGroup> }
  UpdatePolicyPrecedence: { readonly input: UpdatePolicyPrecedenceInput; readonly body: Resources<Policy> }
  audit_events_read: { readonly input: AuditEventsReadInput; readonly body: Resources<AuditEvent> }
  customer_settings_read: { readonly input: CustomerSettingsReadInput; readonly body: Resources<TokenSettings> }
  customer_settings_update: { readonly input: CustomerSettingsUpdateInput; readonly body: Resources<TokenSettings> }
  tokens_delete: { readonly input: TokensDeleteInput; readonly body: Acknowledged }
  tokens_read: { readonly input: TokensReadInput; readonly body: Resources<InstallationToken> }
  tokens_update: { readonly input: TokensUpdateInput; readonly body: Resources<InstallationToken> }
  tokens_create: { readonly input: TokensCreateInput; readonly body: Resources<InstallationToken> }
  audit_events_query: { readonly input: AuditEventsQueryInput; readonly body: Resources<string> }
  tokens_query: { readonly input: TokensQueryInput; readonly body: Resources<string> }
  ReadPackagesByImageCount: { readonly input: ReadPackagesByImageCountInput; readonly body: Resources<Split> }
  ReadPackagesCountByZeroDay: { readonly input: ReadPackagesCountByZeroDayInput; readonly body: Resources<LabelledCount> }
  ReadPackagesByFixableVulnCount: { readonly input: ReadPackagesByFixableVulnCountInput; readonly body: Resources<PackageCount> }
  ReadPackagesByVulnCount: { readonly input: ReadPackagesByVulnCountInput; readonly body: Resources<PackageCount> }
  ReadPackagesCombinedExport: { readonly input: ReadPackagesCombinedExportInput; readonly body: Resources<PackageRow> }
  ReadPackagesCombined: { readonly input: ReadPackagesCombinedInput; readonly body: Resources<PackageRow> }
  ReadPackagesCombinedV2: { readonly input: ReadPackagesCombinedV2Input; readonly body: Resources<PackageVulnerabilityRow> }
  ReadVulnerabilityCountByActivelyExploited: { readonly input: ReadVulnerabilityCountByActivelyExploitedInput; readonly body: Resources<Count> }
  ReadVulnerabilityCountByCPSRating: { readonly input: ReadVulnerabilityCountByCPSRatingInput; readonly body: Resources<Split> }
  ReadVulnerabilityCountByCVSSScore: { readonly input: ReadVulnerabilityCountByCVSSScoreInput; readonly body: Resources<Split> }
  ReadVulnerabilityCountBySeverity: { readonly input: ReadVulnerabilityCountBySeverityInput; readonly body: Resources<Split> }
  ReadVulnerabilityCount: { readonly input: ReadVulnerabilityCountInput; readonly body: Resources<Count> }
  ReadVulnerabilitiesByImageCount: { readonly input: ReadVulnerabilitiesByImageCountInput; readonly body: Resources<VulnerabilityByImages> }
  ReadVulnerabilitiesPublicationDate: { readonly input: ReadVulnerabilitiesPublicationDateInput; readonly body: Resources<PublishedVulnerability> }
  ReadCombinedVulnerabilitiesDetails: { readonly input: ReadCombinedVulnerabilitiesDetailsInput; readonly body: Resources<ImageVulnerability> }
  ReadCombinedVulnerabilitiesInfo: { readonly input: ReadCombinedVulnerabilitiesInfoInput; readonly body: Resources<VulnerabilityInfo> }
  ReadCombinedVulnerabilities: { readonly input: ReadCombinedVulnerabilitiesInput; readonly body: Resources<VulnerabilityRow> }
  ReadDetectionsCountBySeverity: { readonly input: ReadDetectionsCountBySeverityInput; readonly body: Resources<Split> }
  ReadDetectionsCountByType: { readonly input: ReadDetectionsCountByTypeInput; readonly body: Resources<Split> }
  ReadDetectionsCount: { readonly input: ReadDetectionsCountInput; readonly body: Resources<Count> }
  ReadCombinedDetections: { readonly input: ReadCombinedDetectionsInput; readonly body: Resources<DetectionKind> }
  GetRuntimeDetectionsCombinedV2: { readonly input: GetRuntimeDetectionsCombinedV2Input; readonly body: Resources<RuntimeDetection> }
  ReadDetections: { readonly input: ReadDetectionsInput; readonly body: Resources<Detection> }
  SearchDetections: { readonly input: SearchDetectionsInput; readonly body: Resources<string> }
  ReadContainerAlertsCountBySeverity: { readonly input: ReadContainerAlertsCountBySeverityInput; readonly body: Resources<LabelledCount> }
  ReadContainerAlertsCount: { readonly input: ReadContainerAlertsCountInput; readonly body: Resources<LabelledCount> }
  SearchAndReadContainerAlerts: { readonly input: SearchAndReadContainerAlertsInput; readonly body: Resources<ContainerAlert> }
  ReadUnidentifiedContainersByDateRangeCount: { readonly input: ReadUnidentifiedContainersByDateRangeCountInput; readonly body: Resources<Split> }
  ReadUnidentifiedContainersCount: { readonly input: ReadUnidentifiedContainersCountInput; readonly body: Resources<LabelledCount> }
  SearchAndReadUnidentifiedContainers: { readonly input: SearchAndReadUnidentifiedContainersInput; readonly body: Resources<UnidentifiedContainer> }
  GetDriftIndicatorsValuesByDate: { readonly input: GetDriftIndicatorsValuesByDateInput; readonly body: Resources<Split> }
  ReadDriftIndicatorsCount: { readonly input: ReadDriftIndicatorsCountInput; readonly body: Resources<LabelledCount> }
  SearchAndReadDriftIndicatorEntities: { readonly input: SearchAndReadDriftIndicatorEntitiesInput; readonly body: Resources<DriftIndicator> }
  ReadDriftIndicatorEntities: { readonly input: ReadDriftIndicatorEntitiesInput; readonly body: Resources<DriftIndicator> }
  SearchDriftIndicators: { readonly input: SearchDriftIndicatorsInput; readonly body: Resources<string> }
  GetServerStatus: { readonly input: GetServerStatusInput; readonly body: Resources<ServerStatus> }
  GetImageState: { readonly input: GetImageStateInput; readonly body: Resources<ImageState> }
  ExplainFindings: { readonly input: ExplainFindingsInput; readonly body: Resources<Explanation> }
  GetVerdict: { readonly input: GetVerdictInput; readonly body: Resources<Verdict> }
  ReadPolicyDocument: { readonly input: ReadPolicyDocumentInput; readonly body: Resources<PolicyDocumentAt> }
  ApplyPolicyDocument: { readonly input: ApplyPolicyDocumentInput; readonly body: Resources<PolicyDocumentResult> }
  GetPolicyChanges: { readonly input: GetPolicyChangesInput; readonly body: Resources<PolicyChangeRecord> }
  PreviewPolicies: { readonly input: PreviewPoliciesInput; readonly body: Resources<PolicyPreviewResult> }
  ListExclusions: { readonly input: ListExclusionsInput; readonly body: Resources<Exclusion> }
  ImportVex: { readonly input: ImportVexInput; readonly body: Resources<VexImportReport> }
  ExportVex: { readonly input: ExportVexInput; readonly body: Resources<VexExportReport> }
  ListEvents: { readonly input: ListEventsInput; readonly body: Resources<ChangeEvent> }
  RecordContainers: { readonly input: RecordContainersInput; readonly body: Resources<ContainerSnapshotResult> }
  ListContainers: { readonly input: ListContainersInput; readonly body: Resources<Container> }
  GetAdvisoryStatus: { readonly input: GetAdvisoryStatusInput; readonly body: Resources<AdvisoryStatus> }
  UpdateAdvisories: { readonly input: UpdateAdvisoriesInput; readonly body: Resources<AdvisoryJob> }
  ImportAdvisories: { readonly input: ImportAdvisoriesInput; readonly body: Resources<AdvisoryJob> }
  ListJobs: { readonly input: ListJobsInput; readonly body: Resources<Job> }
  GetJob: { readonly input: GetJobInput; readonly body: Resources<Job> }
  CancelJob: { readonly input: CancelJobInput; readonly body: Resources<Job> }
  ListClients: { readonly input: ListClientsInput; readonly body: Resources<Client> }
  CreateClient: { readonly input: CreateClientInput; readonly body: Resources<NewClient> }
  RevokeClient: { readonly input: RevokeClientInput; readonly body: Resources<Client> }
  ListUsers: { readonly input: ListUsersInput; readonly body: Resources<User> }
  CreateUser: { readonly input: CreateUserInput; readonly body: Resources<NewUser> }
  UpdateUser: { readonly input: UpdateUserInput; readonly body: Resources<User> }
  SetUserPassword: { readonly input: SetUserPasswordInput; readonly body: Acknowledged }
  DeleteUser: { readonly input: DeleteUserInput; readonly body: Acknowledged }
  ListAuditRecords: { readonly input: ListAuditRecordsInput; readonly body: Resources<AuditRecord> }
}

/** The id of an operation. */
export type OperationId = keyof OperationTypes

/** Every operation of both dialects, by its id. */
export const operations = {
  oauth2AccessToken: {
    collection: 'OAuth2',
    name: 'token',
    summary: 'Exchanges client id and secret for a bearer token.',
    method: 'POST',
    url: '/oauth2/token',
    answer: 'json',
    form: true,
    tokenless: true,
  },
  oauth2RevokeToken: {
    collection: 'OAuth2',
    name: 'revoke',
    summary: 'Invalidates a bearer token before it expires.',
    method: 'POST',
    url: '/oauth2/revoke',
    answer: 'json',
    form: true,
    tokenless: true,
  },
  GetImageAssessmentReport: {
    collection: 'Falcon Container',
    name: 'get_assessment',
    summary: 'Returns the raw scan report of an image that was pushed to the upload host.',
    method: 'GET',
    url: '/reports',
    answer: 'json',
    uploadHost: true,
  },
  GetReportByReference: {
    collection: 'Falcon Container',
    name: 'get_report_by_reference',
    summary: 'Returns the scan report of an image chosen by registry, repository, tag, image id, digest or architecture.',
    method: 'GET',
    url: '/image-assessment/entities/reports/v2',
    answer: 'json',
  },
  GetReportByScanID: {
    collection: 'Falcon Container',
    name: 'get_report_by_id',
    summary: 'Returns the scan report of one scan.',
    method: 'GET',
    url: '/image-assessment/entities/reports/v2/{uuid}',
    answer: 'json',
  },
  ImageMatchesPolicy: {
    collection: 'Falcon Container',
    name: 'image_matches_policy',
    summary: 'Evaluates the image assessment policies for a pushed image (first version, on the upload host).',
    method: 'GET',
    url: '/policy-checks',
    answer: 'json',
    uploadHost: true,
  },
  PolicyChecks: {
    collection: 'Falcon Container',
    name: 'check_prevention_policies',
    summary: 'Evaluates the image assessment policies for one image and says whether it is denied.',
    method: 'GET',
    url: '/image-assessment/entities/policy-checks/v2',
    answer: 'json',
  },
  DeleteImageDetails: {
    collection: 'Falcon Container',
    name: 'delete_image_details',
    summary: 'Forgets an image and everything assessed about it.',
    method: 'DELETE',
    url: '/images/{image_id}',
    answer: 'json',
    uploadHost: true,
  },
  GetCredentials: {
    collection: 'Falcon Container',
    name: 'get_credentials',
    summary: 'Hands out a short-lived token with which a container runtime can pull images from this registry.',
    method: 'GET',
    url: '/container-security/entities/image-registry-credentials/v1',
    answer: 'json',
  },
  ReadRegistryEntities: {
    collection: 'Falcon Container',
    name: 'read_registry_entities',
    summary: 'Lists the ids of the connected registries.',
    method: 'GET',
    url: '/container-security/queries/registries/v1',
    answer: 'json',
  },
  ReadRegistryEntitiesByUUID: {
    collection: 'Falcon Container',
    name: 'read_registry_entities_by_uuid',
    summary: 'Returns registry connections by id.',
    method: 'GET',
    url: '/container-security/entities/registries/v1',
    answer: 'json',
  },
  CreateRegistryEntities: {
    collection: 'Falcon Container',
    name: 'create_registry_entities',
    summary: 'Connects a registry, so that its images are discovered and assessed.',
    method: 'POST',
    url: '/container-security/entities/registries/v1',
    answer: 'json',
  },
  UpdateRegistryEntities: {
    collection: 'Falcon Container',
    name: 'update_registry_entities',
    summary: 'Changes credential, alias or pause state of a registry connection.',
    method: 'PATCH',
    url: '/container-security/entities/registries/v1',
    answer: 'json',
  },
  DeleteRegistryEntities: {
    collection: 'Falcon Container',
    name: 'delete_registry_entities',
    summary: 'Removes a registry connection.',
    method: 'DELETE',
    url: '/container-security/entities/registries/v1',
    answer: 'json',
  },
  ReadImageVulnerabilities: {
    collection: 'Falcon Container',
    name: 'read_image_vulnerabilities',
    summary: 'Matches a caller-supplied package inventory (OS packages and application libraries) against the vulnerability data, without an image upload.',
    method: 'POST',
    url: '/image-assessment/combined/vulnerability-lookups/v1',
    answer: 'json',
  },
  HeadImageScanInventory: {
    collection: 'Falcon Container',
    name: 'get_scan_headers',
    summary: 'Tells a scanning CLI, by response headers alone, what it needs to know before it posts an inventory.',
    method: 'HEAD',
    url: '/image-assessment/entities/image-inventory/v1',
    answer: 'nothing',
  },
  PostImageScanInventory: {
    collection: 'Falcon Container',
    name: 'scan_inventory',
    summary: 'Accepts the inventory that a local scanner collected, for matching on the server.',
    method: 'POST',
    url: '/image-assessment/entities/image-inventory/v1',
    answer: 'json',
  },
  LaunchExportJob: {
    collection: 'Falcon Container',
    name: 'launch_export_job',
    summary: 'Starts an asynchronous export of one resource kind.',
    method: 'POST',
    url: '/container-security/entities/exports/v1',
    answer: 'json',
  },
  QueryExportJobs: {
    collection: 'Falcon Container',
    name: 'query_export_jobs',
    summary: 'Lists the ids of recent export jobs.',
    method: 'GET',
    url: '/container-security/queries/exports/v1',
    answer: 'json',
  },
  ReadExportJobs: {
    collection: 'Falcon Container',
    name: 'read_export_jobs',
    summary: 'Returns the state of export jobs.',
    method: 'GET',
    url: '/container-security/entities/exports/v1',
    answer: 'json',
  },
  DownloadExportFile: {
    collection: 'Falcon Container',
    name: 'download_export_file',
    summary: 'Delivers the file that a finished export job produced.',
    method: 'GET',
    url: '/container-security/entities/exports/files/v1',
    answer: 'bytes',
  },
  AggregateImageAssessmentHistory: {
    collection: 'Container Images',
    name: 'aggregate_assessment_history',
    summary: 'Number of image assessments over time.',
    method: 'GET',
    url: '/container-security/aggregates/images/assessment-history/v1',
    answer: 'json',
  },
  AggregateImageCountByBaseOS: {
    collection: 'Container Images',
    name: 'aggregate_count_by_base_os',
    summary: 'Number of images for each base operating system.',
    method: 'GET',
    url: '/container-security/aggregates/images/count-by-os-distribution/v1',
    answer: 'json',
  },
  AggregateImageCountByState: {
    collection: 'Container Images',
    name: 'aggregate_count_by_state',
    summary: 'Number of images for each assessment state.',
    method: 'GET',
    url: '/container-security/aggregates/images/count-by-state/v1',
    answer: 'json',
  },
  AggregateImageCount: {
    collection: 'Container Images',
    name: 'aggregate_count',
    summary: 'Number of images that match a filter.',
    method: 'GET',
    url: '/container-security/aggregates/images/count/v1',
    answer: 'json',
  },
  CombinedBaseImages: {
    collection: 'Container Images',
    name: 'get_combined_base_images',
    summary: 'Lists the images that were declared as base images.',
    method: 'GET',
    url: '/container-security/combined/base-images/v1',
    answer: 'json',
  },
  GetCombinedImages: {
    collection: 'Container Images',
    name: 'get_combined_images',
    summary: 'Assessed images, one row each, with severity and count columns.',
    method: 'GET',
    url: '/container-security/combined/image-assessment/images/v1',
    answer: 'json',
  },
  CombinedImageByVulnerabilityCount: {
    collection: 'Container Images',
    name: 'get_combined_images_by_vulnerability_count',
    summary: 'Images with the most vulnerabilities first.',
    method: 'GET',
    url: '/container-security/combined/images/by-vulnerability-count/v1',
    answer: 'json',
  },
  CombinedImageDetail: {
    collection: 'Container Images',
    name: 'get_combined_detail',
    summary: 'Full image records, optionally with the image configuration.',
    method: 'GET',
    url: '/container-security/combined/images/detail/v1',
    answer: 'json',
  },
  ReadCombinedImagesExport: {
    collection: 'Container Images',
    name: 'read_combined_export',
    summary: 'Image rows for an export, optionally one row per vulnerability or detection.',
    method: 'GET',
    url: '/container-security/combined/images/export/v1',
    answer: 'json',
  },
  CombinedImageIssuesSummary: {
    collection: 'Container Images',
    name: 'get_combined_issues_summary',
    summary: 'For one image: counts of image detections, runtime detections, policies and vulnerabilities.',
    method: 'GET',
    url: '/container-security/combined/images/issues-summary/v1',
    answer: 'json',
  },
  CombinedImageVulnerabilitySummary: {
    collection: 'Container Images',
    name: 'get_combined_vulnerabilities_summary',
    summary: 'For one image: vulnerability totals, split by severity, fixability and the like.',
    method: 'GET',
    url: '/container-security/combined/images/vulnerabilities-summary/v1',
    answer: 'json',
  },
  DeleteBaseImages: {
    collection: 'Container Images',
    name: 'delete_base_images',
    summary: 'Withdraws base image declarations.',
    method: 'DELETE',
    url: '/container-security/entities/base-images/v1',
    answer: 'json',
  },
  CreateBaseImagesEntities: {
    collection: 'Container Images',
    name: 'create_base_images',
    summary: 'Declares images as base images.',
    method: 'POST',
    url: '/container-security/entities/base-images/v1',
    answer: 'json',
  },
  DeletePolicy: {
    collection: 'Image Assessment Policies',
    name: 'delete_policy',
    summary: 'Deletes a policy.',
    method: 'DELETE',
    url: '/container-security/entities/image-assessment-policies/v1',
    answer: 'json',
  },
  ReadPolicies: {
    collection: 'Image Assessment Policies',
    name: 'read_policies',
    summary: 'All image assessment policies.',
    method: 'GET',
    url: '/container-security/entities/image-assessment-policies/v1',
    answer: 'json',
  },
  UpdatePolicies: {
    collection: 'Image Assessment Policies',
    name: 'update_policies',
    summary: 'Renames, enables or gives rules to a policy.',
    method: 'PATCH',
    url: '/container-security/entities/image-assessment-policies/v1',
    answer: 'json',
  },
  CreatePolicies: {
    collection: 'Image Assessment Policies',
    name: 'create_policies',
    summary: 'Creates an image assessment policy with no rules yet.',
    method: 'POST',
    url: '/container-security/entities/image-assessment-policies/v1',
    answer: 'json',
  },
  ReadPolicyExclusions: {
    collection: 'Image Assessment Policies',
    name: 'read_policy_exclusions',
    summary: 'The account-wide exclusion list.',
    method: 'GET',
    url: '/container-security/entities/image-assessment-policy-exclusions/v1',
    answer: 'json',
  },
  UpdatePolicyExclusions: {
    collection: 'Image Assessment Policies',
    name: 'update_policy_exclusions',
    summary: 'Replaces the conditions of the exclusion list.',
    method: 'POST',
    url: '/container-security/entities/image-assessment-policy-exclusions/v1',
    answer: 'json',
  },
  DeletePolicyGroup: {
    collection: 'Image Assessment Policies',
    name: 'delete_policy_group',
    summary: 'Deletes an image group.',
    method: 'DELETE',
    url: '/container-security/entities/image-assessment-policy-groups/v1',
    answer: 'json',
  },
  ReadPolicyGroups: {
    collection: 'Image Assessment Policies',
    name: 'read_policy_groups',
    summary: 'All image groups.',
    method: 'GET',
    url: '/container-security/entities/image-assessment-policy-groups/v1',
    answer: 'json',
  },
  UpdatePolicyGroups: {
    collection: 'Image Assessment Policies',
    name: 'update_policy_groups',
    summary: 'Changes an image group.',
    method: 'PATCH',
    url: '/container-security/entities/image-assessment-policy-groups/v1',
    answer: 'json',
  },
  CreatePolicyGroups: {
    collection: 'Image Assessment Policies',
    name: 'create_policy_groups',
    summary: 'Creates an image group and binds it to a policy.',
    method: 'POST',
    url: '/container-security/entities/image-assessment-policy-groups/v1',
    answer: 'json',
  },
  UpdatePolicyPrecedence: {
    collection: 'Image Assessment Policies',
    name: 'update_policy_precedence',
    summary: 'Puts the policies into a new order.',
    method: 'POST',
    url: '/container-security/entities/image-assessment-policy-precedence/v1',
    answer: 'json',
  },
  audit_events_read: {
    collection: 'Installation Tokens',
    name: 'audit_events_read',
    summary: 'Returns audit events by id.',
    method: 'GET',
    url: '/installation-tokens/entities/audit-events/v1',
    answer: 'json',
    alsoCalled: ['audit-events-read'],
  },
  customer_settings_read: {
    collection: 'Installation Tokens',
    name: 'customer_settings_read',
    summary: 'Returns the installation token settings of the account.',
    method: 'GET',
    url: '/installation-tokens/entities/customer-settings/v1',
    answer: 'json',
    alsoCalled: ['customer-settings-read'],
  },
  customer_settings_update: {
    collection: 'Installation Tokens',
    name: 'customer_settings_update',
    summary: 'Changes the installation token settings of the account.',
    method: 'PATCH',
    url: '/installation-tokens/entities/customer-settings/v1',
    answer: 'json',
    alsoCalled: ['customer-settings-update'],
  },
  tokens_delete: {
    collection: 'Installation Tokens',
    name: 'tokens_delete',
    summary: 'Deletes tokens for good (revoking is done with tokens_update).',
    method: 'DELETE',
    url: '/installation-tokens/entities/tokens/v1',
    answer: 'json',
    alsoCalled: ['tokens-delete'],
  },
  tokens_read: {
    collection: 'Installation Tokens',
    name: 'tokens_read',
    summary: 'Returns installation tokens by id.',
    method: 'GET',
    url: '/installation-tokens/entities/tokens/v1',
    answer: 'json',
    alsoCalled: ['tokens-read'],
  },
  tokens_update: {
    collection: 'Installation Tokens',
    name: 'tokens_update',
    summary: 'Relabels, re-dates, revokes or restores tokens.',
    method: 'PATCH',
    url: '/installation-tokens/entities/tokens/v1',
    answer: 'json',
    alsoCalled: ['tokens-update'],
  },
  tokens_create: {
    collection: 'Installation Tokens',
    name: 'tokens_create',
    summary: 'Creates an installation token.',
    method: 'POST',
    url: '/installation-tokens/entities/tokens/v1',
    answer: 'json',
    alsoCalled: ['tokens-create'],
  },
  audit_events_query: {
    collection: 'Installation Tokens',
    name: 'audit_events_query',
    summary: 'Lists ids of audit events.',
    method: 'GET',
    url: '/installation-tokens/queries/audit-events/v1',
    answer: 'json',
    alsoCalled: ['audit-events-query'],
  },
  tokens_query: {
    collection: 'Installation Tokens',
    name: 'tokens_query',
    summary: 'Lists ids of installation tokens.',
    method: 'GET',
    url: '/installation-tokens/queries/tokens/v1',
    answer: 'json',
    alsoCalled: ['tokens-query'],
  },
  ReadPackagesByImageCount: {
    collection: 'Container Packages',
    name: 'read_packages_by_image_count',
    summary: 'Packages used by the most images first.',
    method: 'GET',
    url: '/container-security/aggregates/packages/by-image-count/v1',
    answer: 'json',
  },
  ReadPackagesCountByZeroDay: {
    collection: 'Container Packages',
    name: 'read_zero_day_counts',
    summary: 'Number of packages hit by a zero-day vulnerability.',
    method: 'GET',
    url: '/container-security/aggregates/packages/count-by-zero-day/v1',
    answer: 'json',
  },
  ReadPackagesByFixableVulnCount: {
    collection: 'Container Packages',
    name: 'read_fixable_vuln_count',
    summary: 'Application packages with the most fixable vulnerabilities first.',
    method: 'GET',
    url: '/container-security/combined/packages/app-by-fixable-vulnerability-count/v1',
    answer: 'json',
  },
  ReadPackagesByVulnCount: {
    collection: 'Container Packages',
    name: 'read_vuln_count',
    summary: 'Packages with the most vulnerabilities first.',
    method: 'GET',
    url: '/container-security/combined/packages/by-vulnerability-count/v1',
    answer: 'json',
  },
  ReadPackagesCombinedExport: {
    collection: 'Container Packages',
    name: 'read_combined_export',
    summary: 'Package rows for an export.',
    method: 'GET',
    url: '/container-security/combined/packages/export/v1',
    answer: 'json',
  },
  ReadPackagesCombined: {
    collection: 'Container Packages',
    name: 'read_combined',
    summary: 'Packages with the images and vulnerabilities they touch.',
    method: 'GET',
    url: '/container-security/combined/packages/v1',
    answer: 'json',
  },
  ReadPackagesCombinedV2: {
    collection: 'Container Packages',
    name: 'read_packages',
    summary: 'Packages with the images and vulnerabilities they touch, second version.',
    method: 'GET',
    url: '/container-security/combined/packages/v2',
    answer: 'json',
  },
  ReadVulnerabilityCountByActivelyExploited: {
    collection: 'Container Vulnerabilities',
    name: 'read_vulnerability_counts_by_active_exploited',
    summary: 'Vulnerability counts split by whether exploitation is known.',
    method: 'GET',
    url: '/container-security/aggregates/vulnerabilities/count-by-actively-exploited/v1',
    answer: 'json',
  },
  ReadVulnerabilityCountByCPSRating: {
    collection: 'Container Vulnerabilities',
    name: 'read_vulnerability_counts_by_cps_rating',
    summary: 'Vulnerability counts split by the vendor exploit-prediction rating.',
    method: 'GET',
    url: '/container-security/aggregates/vulnerabilities/count-by-cps-rating/v1',
    answer: 'json',
  },
  ReadVulnerabilityCountByCVSSScore: {
    collection: 'Container Vulnerabilities',
    name: 'read_vulnerability_counts_by_cvss_score',
    summary: 'Vulnerability counts split by CVSS score.',
    method: 'GET',
    url: '/container-security/aggregates/vulnerabilities/count-by-cvss-score/v1',
    answer: 'json',
  },
  ReadVulnerabilityCountBySeverity: {
    collection: 'Container Vulnerabilities',
    name: 'read_vulnerability_counts_by_severity',
    summary: 'Vulnerability counts split by severity.',
    method: 'GET',
    url: '/container-security/aggregates/vulnerabilities/count-by-severity/v1',
    answer: 'json',
  },
  ReadVulnerabilityCount: {
    collection: 'Container Vulnerabilities',
    name: 'read_vulnerability_count',
    summary: 'Number of vulnerabilities that match a filter.',
    method: 'GET',
    url: '/container-security/aggregates/vulnerabilities/count/v1',
    answer: 'json',
  },
  ReadVulnerabilitiesByImageCount: {
    collection: 'Container Vulnerabilities',
    name: 'read_vulnerabilities_by_count',
    summary: 'CVEs that hit the most images first.',
    method: 'GET',
    url: '/container-security/combined/vulnerabilities/by-image-count/v1',
    answer: 'json',
  },
  ReadVulnerabilitiesPublicationDate: {
    collection: 'Container Vulnerabilities',
    name: 'read_vulnerabilities_by_pub_date',
    summary: 'CVEs ordered by publication date, newest first.',
    method: 'GET',
    url: '/container-security/combined/vulnerabilities/by-published-date/v1',
    answer: 'json',
  },
  ReadCombinedVulnerabilitiesDetails: {
    collection: 'Container Vulnerabilities',
    name: 'read_combined_vulnerability_detail',
    summary: 'Vulnerabilities of one image, with package and layer.',
    method: 'GET',
    url: '/container-security/combined/vulnerabilities/details/v1',
    answer: 'json',
  },
  ReadCombinedVulnerabilitiesInfo: {
    collection: 'Container Vulnerabilities',
    name: 'read_combined_vulnerabilities_info',
    summary: 'What is known about one CVE, and the packages and images that have it.',
    method: 'GET',
    url: '/container-security/combined/vulnerabilities/info/v1',
    answer: 'json',
  },
  ReadCombinedVulnerabilities: {
    collection: 'Container Vulnerabilities',
    name: 'read_combined_vulnerabilities',
    summary: 'One row per CVE, with impact counts.',
    method: 'GET',
    url: '/container-security/combined/vulnerabilities/v1',
    answer: 'json',
  },
  ReadDetectionsCountBySeverity: {
    collection: 'Container Detections',
    name: 'read_detection_counts_by_severity',
    summary: 'Image detection counts split by severity.',
    method: 'GET',
    url: '/container-security/aggregates/detections/count-by-severity/v1',
    answer: 'json',
  },
  ReadDetectionsCountByType: {
    collection: 'Container Detections',
    name: 'read_detections_count_by_type',
    summary: 'Image detection counts split by type.',
    method: 'GET',
    url: '/container-security/aggregates/detections/count-by-type/v1',
    answer: 'json',
  },
  ReadDetectionsCount: {
    collection: 'Container Detections',
    name: 'read_detections_count',
    summary: 'Number of image detections.',
    method: 'GET',
    url: '/container-security/aggregates/detections/count/v1',
    answer: 'json',
  },
  ReadCombinedDetections: {
    collection: 'Container Detections',
    name: 'read_combined_detections',
    summary: 'Image detections (malware, secrets, misconfigurations), one row per detection kind.',
    method: 'GET',
    url: '/container-security/combined/detections/v1',
    answer: 'json',
  },
  GetRuntimeDetectionsCombinedV2: {
    collection: 'Container Detections',
    name: 'search_runtime_detections',
    summary: 'Detections in running containers.',
    method: 'GET',
    url: '/container-security/combined/runtime-detections/v2',
    answer: 'json',
  },
  ReadDetections: {
    collection: 'Container Detections',
    name: 'read_detections',
    summary: 'Image detections as entities, found by a filter.',
    method: 'GET',
    url: '/container-security/entities/detections/v1',
    answer: 'json',
  },
  SearchDetections: {
    collection: 'Container Detections',
    name: 'search_detections',
    summary: 'Ids of image detections.',
    method: 'GET',
    url: '/container-security/queries/detections/v1',
    answer: 'json',
  },
  ReadContainerAlertsCountBySeverity: {
    collection: 'Container Alerts',
    name: 'read_counts_by_severity',
    summary: 'Container alert counts split by severity.',
    method: 'GET',
    url: '/container-security/aggregates/container-alerts/count-by-severity/v1',
    answer: 'json',
  },
  ReadContainerAlertsCount: {
    collection: 'Container Alerts',
    name: 'read_counts',
    summary: 'Number of container alerts.',
    method: 'GET',
    url: '/container-security/aggregates/container-alerts/count/v1',
    answer: 'json',
  },
  SearchAndReadContainerAlerts: {
    collection: 'Container Alerts',
    name: 'search_and_read',
    summary: 'Container alerts.',
    method: 'GET',
    url: '/container-security/combined/container-alerts/v1',
    answer: 'json',
  },
  ReadUnidentifiedContainersByDateRangeCount: {
    collection: 'Unidentified Containers',
    name: 'read_count_by_date_range',
    summary: 'Unidentified container counts per date.',
    method: 'GET',
    url: '/container-security/aggregates/unidentified-containers/count-by-date/v1',
    answer: 'json',
    alsoCalled: ['CountByDateRange'],
  },
  ReadUnidentifiedContainersCount: {
    collection: 'Unidentified Containers',
    name: 'read_count',
    summary: 'Number of containers whose image was never assessed.',
    method: 'GET',
    url: '/container-security/aggregates/unidentified-containers/count/v1',
    answer: 'json',
    alsoCalled: ['Count'],
  },
  SearchAndReadUnidentifiedContainers: {
    collection: 'Unidentified Containers',
    name: 'search_and_read',
    summary: 'Containers whose image was never assessed.',
    method: 'GET',
    url: '/container-security/combined/unidentified-containers/v1',
    answer: 'json',
    alsoCalled: ['Search'],
  },
  GetDriftIndicatorsValuesByDate: {
    collection: 'Drift Indicators',
    name: 'get_drift_indicators_by_date',
    summary: 'Drift indicator counts per date.',
    method: 'GET',
    url: '/container-security/aggregates/drift-indicators/count-by-date/v1',
    answer: 'json',
  },
  ReadDriftIndicatorsCount: {
    collection: 'Drift Indicators',
    name: 'read_drift_indicator_counts',
    summary: 'Number of drift indicators.',
    method: 'GET',
    url: '/container-security/aggregates/drift-indicators/count/v1',
    answer: 'json',
  },
  SearchAndReadDriftIndicatorEntities: {
    collection: 'Drift Indicators',
    name: 'search_and_read_drift_indicators',
    summary: 'Drift indicators (new binaries run in a container that its image did not contain).',
    method: 'GET',
    url: '/container-security/combined/drift-indicators/v1',
    answer: 'json',
  },
  ReadDriftIndicatorEntities: {
    collection: 'Drift Indicators',
    name: 'read_drift_indicator_entities',
    summary: 'Drift indicators by id.',
    method: 'GET',
    url: '/container-security/entities/drift-indicators/v1',
    answer: 'json',
  },
  SearchDriftIndicators: {
    collection: 'Drift Indicators',
    name: 'search_drift_indicators',
    summary: 'Ids of drift indicators.',
    method: 'GET',
    url: '/container-security/queries/drift-indicators/v1',
    answer: 'json',
  },
  GetServerStatus: {
    collection: 'Status',
    name: 'get_server_status',
    summary: 'Version, database, advisories, and how much is assessed, waiting and stored.',
    method: 'GET',
    url: '/lanner/v1/status',
    answer: 'json',
  },
  GetImageState: {
    collection: 'Images',
    name: 'get_image_state',
    summary: 'How far the assessment of an image is, and why it is no further.',
    method: 'GET',
    url: '/lanner/v1/images/{digest}',
    answer: 'json',
  },
  ExplainFindings: {
    collection: 'Images',
    name: 'explain_findings',
    summary: 'Why an image has a vulnerability: packages, where they lie, and the advisories that decided.',
    method: 'GET',
    url: '/lanner/v1/images/{digest}/why',
    answer: 'json',
  },
  GetVerdict: {
    collection: 'Verdicts',
    name: 'get_verdict',
    summary: 'Whether an image may pass, and what decides; for an index the worst of its platforms.',
    method: 'GET',
    url: '/lanner/v1/verdict',
    answer: 'json',
  },
  ReadPolicyDocument: {
    collection: 'Policies',
    name: 'read_policy_document',
    summary: 'All policies, groups and exclusions as one document.',
    method: 'GET',
    url: '/lanner/v1/policies/document',
    answer: 'json',
  },
  ApplyPolicyDocument: {
    collection: 'Policies',
    name: 'apply_policy_document',
    summary: 'Makes policies, groups and exclusions what a document says, all or nothing.',
    method: 'PUT',
    url: '/lanner/v1/policies/document',
    answer: 'json',
  },
  GetPolicyChanges: {
    collection: 'Policies',
    name: 'get_policy_changes',
    summary: 'Who changed policies, groups, order and exclusions, newest first, with before and after.',
    method: 'GET',
    url: '/lanner/v1/policies/changes',
    answer: 'json',
  },
  PreviewPolicies: {
    collection: 'Policy Preview',
    name: 'preview_policies',
    summary: 'Which images would pass or be denied otherwise if a document of policies were applied.',
    method: 'POST',
    url: '/lanner/v1/policies/preview',
    answer: 'json',
  },
  ListExclusions: {
    collection: 'Exclusions',
    name: 'list_exclusions',
    summary: 'Exclusions with their authors, their ends, and when they covered something.',
    method: 'GET',
    url: '/lanner/v1/policies/exclusions',
    answer: 'json',
  },
  ImportVex: {
    collection: 'VEX',
    name: 'import_vex',
    summary: 'Makes exclusions of what a VEX document says to be not affected or fixed.',
    method: 'POST',
    url: '/lanner/v1/vex',
    answer: 'json',
  },
  ExportVex: {
    collection: 'VEX',
    name: 'export_vex',
    summary: 'What exclusions say, as OpenVEX: all of them, or those that spared something in one image.',
    method: 'GET',
    url: '/lanner/v1/vex',
    answer: 'json',
  },
  ListEvents: {
    collection: 'Events',
    name: 'list_events',
    summary: 'Changes of findings, oldest first: new, gone, severity changed, fix available, exploited.',
    method: 'GET',
    url: '/lanner/v1/events',
    answer: 'json',
  },
  RecordContainers: {
    collection: 'Containers',
    name: 'record_containers',
    summary: 'Takes a snapshot of the containers of a cluster.',
    method: 'POST',
    url: '/lanner/v1/containers',
    answer: 'json',
  },
  ListContainers: {
    collection: 'Containers',
    name: 'list_containers',
    summary: 'Containers as the clusters last told them.',
    method: 'GET',
    url: '/lanner/v1/containers',
    answer: 'json',
  },
  GetAdvisoryStatus: {
    collection: 'Advisories',
    name: 'get_advisory_status',
    summary: 'How fresh the advisories are, source by source.',
    method: 'GET',
    url: '/lanner/v1/advisories',
    answer: 'json',
  },
  UpdateAdvisories: {
    collection: 'Advisories',
    name: 'update_advisories',
    summary: 'Brings the advisories up to date from the network, in the background.',
    method: 'POST',
    url: '/lanner/v1/advisories/update',
    answer: 'json',
  },
  ImportAdvisories: {
    collection: 'Advisories',
    name: 'import_advisories',
    summary: 'Takes advisories from a folder on the server, in the background.',
    method: 'POST',
    url: '/lanner/v1/advisories/import',
    answer: 'json',
  },
  ListJobs: {
    collection: 'Jobs',
    name: 'list_jobs',
    summary: 'Jobs that wait, run or have ended, newest first.',
    method: 'GET',
    url: '/lanner/v1/jobs',
    answer: 'json',
  },
  GetJob: {
    collection: 'Jobs',
    name: 'get_job',
    summary: 'One job.',
    method: 'GET',
    url: '/lanner/v1/jobs/{id}',
    answer: 'json',
  },
  CancelJob: {
    collection: 'Jobs',
    name: 'cancel_job',
    summary: 'Ends a job that waits at once, one that runs in a moment.',
    method: 'POST',
    url: '/lanner/v1/jobs/{id}/cancel',
    answer: 'json',
  },
  ListClients: {
    collection: 'Clients',
    name: 'list_clients',
    summary: 'API clients, without their secrets.',
    method: 'GET',
    url: '/lanner/v1/clients',
    answer: 'json',
  },
  CreateClient: {
    collection: 'Clients',
    name: 'create_client',
    summary: 'Creates an API client and shows its secret once.',
    method: 'POST',
    url: '/lanner/v1/clients',
    answer: 'json',
  },
  RevokeClient: {
    collection: 'Clients',
    name: 'revoke_client',
    summary: 'Revokes an API client: its tokens end at once.',
    method: 'DELETE',
    url: '/lanner/v1/clients/{client_id}',
    answer: 'json',
  },
  ListUsers: {
    collection: 'Users',
    name: 'list_users',
    summary: 'Users of the account.',
    method: 'GET',
    url: '/lanner/v1/users',
    answer: 'json',
  },
  CreateUser: {
    collection: 'Users',
    name: 'create_user',
    summary: 'Creates a user; without a password one is made and shown once.',
    method: 'POST',
    url: '/lanner/v1/users',
    answer: 'json',
  },
  UpdateUser: {
    collection: 'Users',
    name: 'update_user',
    summary: 'Changes the role of a user, disables or enables them.',
    method: 'PATCH',
    url: '/lanner/v1/users/{username}',
    answer: 'json',
  },
  SetUserPassword: {
    collection: 'Users',
    name: 'set_user_password',
    summary: 'Gives a user another password.',
    method: 'PUT',
    url: '/lanner/v1/users/{username}/password',
    answer: 'json',
  },
  DeleteUser: {
    collection: 'Users',
    name: 'delete_user',
    summary: 'Removes a user.',
    method: 'DELETE',
    url: '/lanner/v1/users/{username}',
    answer: 'json',
  },
  ListAuditRecords: {
    collection: 'Audit',
    name: 'list_audit_records',
    summary: 'Sign-ins and acts of administration, newest first.',
    method: 'GET',
    url: '/lanner/v1/audit',
    answer: 'json',
  },
} as const satisfies Readonly<Record<OperationId, OperationFacts>>
