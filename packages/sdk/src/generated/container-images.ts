// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { Bucket, Count, Split } from './records.ts'

export interface AssessmentCounts {
  readonly assessed: number
  readonly error_image_pull: number
  readonly error_image_push: number
  readonly error_missing_config: number
  readonly error_unsupported_schema_version: number
  readonly time_stamp: string
}

export interface AssessmentHistory {
  readonly buckets: readonly AssessmentCounts[]
  readonly name: string
}

export interface BaseImage {
  readonly id: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly image_id: string
  readonly image_digest: string
  /** RFC 3339 */
  readonly created_at: string
}

export interface BaseImageRequest {
  readonly image_digest?: string
  readonly image_id?: string
  readonly registry?: string
  readonly repository?: string
  readonly tag?: string
}

export interface BaseImagesRequest {
  readonly base_images: readonly BaseImageRequest[]
}

export interface CloudGroup {
  readonly business_impact?: string
  readonly business_unit?: string
  readonly environment?: string
  readonly id?: string
  readonly name?: string
}

export interface CountByAction {
  readonly action: string
  readonly count: number
}

export interface CountBySeverity {
  readonly count: number
  readonly severity: string
}

export interface CountByType {
  readonly count: number
  readonly type: string
}

export interface ImageDetail {
  readonly ai_related: boolean
  readonly base_image_id?: string
  readonly base_os: string
  readonly base_os_version: string
  readonly cid: string
  readonly config?: ImageSettings
  readonly created_at: string
  readonly crowdstrike_user: string
  readonly digest: string
  readonly eol_date: string
  readonly first_scanned: string
  readonly image_id: string
  readonly image_scanning_active: boolean
  /** bytes */
  readonly image_size: number
  readonly index_digest?: string
  readonly is_base_image: boolean
  readonly multi_arch: boolean
  readonly registry: string
  readonly repository: string
  readonly source: string
  readonly source_base_image: ImageReference
  readonly tag: string
  readonly updated_at: string
  readonly uuid: string
  readonly warning: number
}

export interface ImageExportRow {
  readonly ai_related: boolean
  readonly architecture: string
  readonly base_os: string
  readonly business_impact?: readonly string[]
  readonly business_unit?: readonly string[]
  readonly cid: string
  readonly cloud_groups_v2?: readonly CloudGroup[]
  readonly cve_exploited_status?: number
  readonly cve_first_seen?: string
  readonly cve_id: string
  readonly cve_publication_date?: string
  readonly cvss_score: string
  readonly detection_name: string
  readonly detection_severity: string
  readonly detection_type: string
  readonly environment?: readonly string[]
  readonly first_seen: string
  readonly groups?: readonly string[]
  readonly image_build_date?: string
  readonly image_digest: string
  readonly image_id: string
  readonly index_digest: string
  readonly is_base_image: boolean
  readonly last_seen: string
  readonly package_name_version?: string
  readonly packages_impacted: number
  readonly registry: string
  readonly repository: string
  readonly source: string
  readonly started_containers: number
  readonly stopped_containers: number
  readonly tag: string
  readonly vulnerability_cps_rating: string
  readonly vulnerability_description: string
  readonly vulnerability_severity: string
}

export interface ImageIssues {
  readonly image_container_info: RunningContainers
  readonly image_detections: readonly CountByType[]
  readonly is_dca_run: boolean
  readonly known_issues: number
  readonly packages_info: PackageCounts
  readonly policies_summary: readonly CountByAction[]
  readonly runtime_detections: readonly Bucket[]
  readonly vulnerabilities_summary: readonly CountBySeverity[]
  readonly zero_day_impacted: boolean
}

export interface ImageReference {
  readonly digest: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
}

export interface ImageSettings {
  readonly architecture: string
  readonly cmd: readonly string[]
  readonly entry_point: readonly string[]
  readonly env: readonly string[]
  readonly exposed_ports: Readonly<Record<string, unknown>>
  readonly labels: Readonly<Record<string, string>>
  readonly user: string
  readonly working_dir: string
}

export interface ImageSummary {
  readonly ai_related: boolean
  readonly architecture: string
  readonly base_os: string
  readonly cid: string
  readonly containers: number
  readonly detections: number
  readonly first_seen: string
  readonly highest_detection_severity: string
  readonly highest_vulnerability_severity: string
  readonly image_digest: string
  readonly image_id: string
  readonly index_digest: string
  readonly last_seen: string
  readonly layers_with_vulnerabilities: number
  readonly multi_arch: boolean
  readonly packages: number
  readonly registry: string
  /** link to the report */
  readonly report_url_by_id_and_digest: string
  /** link to the report */
  readonly report_url_by_repo_and_tag: string
  readonly repository: string
  readonly tag: string
  readonly vulnerabilities: number
  readonly warning: number
}

export interface ImageVulnerabilities {
  readonly app_packages_with_vulnerabilities: number
  readonly app_vuln_by_severity: readonly CountBySeverity[]
  readonly image_vuln_by_severity: readonly CountBySeverity[]
  readonly layers_with_vulnerabilities: number
  readonly os_packages_with_vulnerabilities: number
  readonly os_vuln_by_severity: readonly CountBySeverity[]
  readonly total_app_packages: number
  readonly total_os_packages: number
  readonly total_vulnerabilities: number
}

export interface ImageVulnerabilityCount {
  readonly image_id: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly vulnerability_count: number
}

export interface PackageCounts {
  readonly count_with_vulnerabilities: number
  readonly total_count: number
}

export interface RunningContainers {
  readonly first_seen: number
  readonly last_seen: number
  readonly running_containers: number
}

/** Parameters of AggregateImageAssessmentHistory. */
export interface AggregateImageAssessmentHistoryParameters {
  /**
   * FQL expression that selects the records
   * Fields: cid, registry, repository.
   */
  readonly filter?: string
}

/** What goes with a call of AggregateImageAssessmentHistory. */
export interface AggregateImageAssessmentHistoryInput extends CallOptions {
  readonly parameters?: AggregateImageAssessmentHistoryParameters
}

/** Parameters of AggregateImageCountByBaseOS. */
export interface AggregateImageCountByBaseOSParameters {
  /**
   * FQL expression that selects the records
   * Fields: architecture, base_os, cid, first_seen, image_digest, image_id, index_digest, multi_arch, registry, repository, source, tag.
   */
  readonly filter?: string
}

/** What goes with a call of AggregateImageCountByBaseOS. */
export interface AggregateImageCountByBaseOSInput extends CallOptions {
  readonly parameters?: AggregateImageCountByBaseOSParameters
}

/** Parameters of AggregateImageCountByState. */
export interface AggregateImageCountByStateParameters {
  /**
   * FQL expression that selects the records
   * Fields: architecture, base_os, cid, first_seen, image_digest, image_id, index_digest, last_seen, multi_arch, registry, repository, source, tag.
   */
  readonly filter?: string
}

/** What goes with a call of AggregateImageCountByState. */
export interface AggregateImageCountByStateInput extends CallOptions {
  readonly parameters?: AggregateImageCountByStateParameters
}

/** Parameters of AggregateImageCount. */
export interface AggregateImageCountParameters {
  /**
   * FQL expression that selects the records
   * Fields: ai_related, ai_vulnerability_count, architecture, base_os, cid, container_id, container_running_status, cps_rating, crowdstrike_user, cve_id, detection_count, detection_name, detection_severity, first_seen, image_digest, image_id, include_base_image_vuln, index_digest, layer_digest, multi_arch, package_name_version, registry, repository, source, tag, vulnerability_count, vulnerability_severity.
   */
  readonly filter?: string
}

/** What goes with a call of AggregateImageCount. */
export interface AggregateImageCountInput extends CallOptions {
  readonly parameters?: AggregateImageCountParameters
}

/** Parameters of CombinedBaseImages. */
export interface CombinedBaseImagesParameters {
  /**
   * FQL expression that selects the records
   * Fields: image_digest, image_id, registry, repository, tag.
   */
  readonly filter?: string
}

/** What goes with a call of CombinedBaseImages. */
export interface CombinedBaseImagesInput extends CallOptions {
  readonly parameters?: CombinedBaseImagesParameters
}

/** Parameters of GetCombinedImages. */
export interface GetCombinedImagesParameters {
  /** largest number of records to return; 1 to 200; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, architecture, container_id, container_running_status, cve_id, detection_name, detection_severity, first_seen, image_digest, image_id, index_digest, multi_arch, registry, repository, tag, vulnerability_severity.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: architecture, first_seen, highest_detection_severity, highest_vulnerability_severity, image_digest, image_id, index_digest, multi_arch, registry, repository, source, tag.
   */
  readonly sort?: string
}

/** What goes with a call of GetCombinedImages. */
export interface GetCombinedImagesInput extends CallOptions {
  readonly parameters?: GetCombinedImagesParameters
}

/** Parameters of CombinedImageByVulnerabilityCount. */
export interface CombinedImageByVulnerabilityCountParameters {
  /** largest number of records to return; 1 to 10000; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: architecture, base_os, cid, first_seen, image_digest, image_id, index_digest, multi_arch, registry, repository, source, tag.
   */
  readonly filter?: string
}

/** What goes with a call of CombinedImageByVulnerabilityCount. */
export interface CombinedImageByVulnerabilityCountInput extends CallOptions {
  readonly parameters?: CombinedImageByVulnerabilityCountParameters
}

/** Parameters of CombinedImageDetail. */
export interface CombinedImageDetailParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: architecture, base_os, cid, first_seen, image_digest, image_id, index_digest, multi_arch, registry, repository, source, tag.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: architecture, base_os, cid, first_seen, image_digest, image_id, index_digest, multi_arch, registry, repository, source, tag.
   */
  readonly sort?: string
  /** whether the rows carry the image configuration; false unless said */
  readonly with_config?: boolean
}

/** What goes with a call of CombinedImageDetail. */
export interface CombinedImageDetailInput extends CallOptions {
  readonly parameters?: CombinedImageDetailParameters
}

/** Parameters of ReadCombinedImagesExport. */
export interface ReadCombinedImagesExportParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /** one row per detection instead of aggregated columns; false unless said */
  readonly expand_detections?: boolean
  /** one row per vulnerability instead of aggregated columns; false unless said */
  readonly expand_vulnerabilities?: boolean
  /**
   * FQL expression that selects the records
   * Fields: ai_related, ai_vulnerability_count, architecture, base_os, cid, container_id, container_running_status, cps_rating, crowdstrike_user, cve_id, detection_count, detection_name, detection_severity, first_seen, image_digest, image_id, include_base_image_vuln, index_digest, layer_digest, multi_arch, package_name_version, registry, repository, source, tag, vulnerability_count, vulnerability_severity.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: ai_vulnerability_count, architecture, base_os, cid, containers, cps_rating, detection_count, first_seen, highest_detection_severity, highest_vulnerability_severity, image_digest, image_id, index_digest, last_seen, layers_with_vulnerabilities, multi_arch, packages, registry, repository, source, tag, vulnerability_count.
   */
  readonly sort?: string
}

/** What goes with a call of ReadCombinedImagesExport. */
export interface ReadCombinedImagesExportInput extends CallOptions {
  readonly parameters?: ReadCombinedImagesExportParameters
}

/** Parameters of CombinedImageIssuesSummary. */
export interface CombinedImageIssuesSummaryParameters {
  /** customer id */
  readonly cid: string
  /** image digest */
  readonly image_digest?: string
  /** whether vulnerabilities that come from a declared base image count; false unless said */
  readonly include_base_image_vuln?: boolean
  /** registry host, such as docker.io; empty for an image that was pushed here */
  readonly registry?: string
  /** repository name inside the registry */
  readonly repository: string
  /** image tag */
  readonly tag: string
}

/** What goes with a call of CombinedImageIssuesSummary. */
export interface CombinedImageIssuesSummaryInput extends CallOptions {
  readonly parameters: CombinedImageIssuesSummaryParameters
}

/** Parameters of CombinedImageVulnerabilitySummary. */
export interface CombinedImageVulnerabilitySummaryParameters {
  /** customer id */
  readonly cid: string
  /** image digest */
  readonly image_digest?: string
  /** whether vulnerabilities that come from a declared base image count; false unless said */
  readonly include_base_image_vuln?: boolean
  /** registry host, such as docker.io; empty for an image that was pushed here */
  readonly registry?: string
  /** repository name inside the registry */
  readonly repository: string
  /** image tag */
  readonly tag: string
}

/** What goes with a call of CombinedImageVulnerabilitySummary. */
export interface CombinedImageVulnerabilitySummaryInput extends CallOptions {
  readonly parameters: CombinedImageVulnerabilitySummaryParameters
}

/** Parameters of DeleteBaseImages. */
export interface DeleteBaseImagesParameters {
  /** base image ids */
  readonly ids: string | readonly string[]
}

/** What goes with a call of DeleteBaseImages. */
export interface DeleteBaseImagesInput extends CallOptions {
  readonly parameters: DeleteBaseImagesParameters
}

/** What goes with a call of CreateBaseImagesEntities. */
export interface CreateBaseImagesEntitiesInput extends CallOptions {
  readonly body: BaseImagesRequest
}

/** The collection Container Images of the Falcon dialect. */
export class ContainerImages extends Service {
  /**
   * Number of image assessments over time.
   *
   * Scope: falcon-container-image:read.
   */
  AggregateImageAssessmentHistory(input?: AggregateImageAssessmentHistoryInput): Promise<Result<Resources<AssessmentHistory>>> {
    return this.client.command('AggregateImageAssessmentHistory', input)
  }

  /** The same as AggregateImageAssessmentHistory. */
  aggregate_assessment_history(input?: AggregateImageAssessmentHistoryInput): Promise<Result<Resources<AssessmentHistory>>> {
    return this.client.command('AggregateImageAssessmentHistory', input)
  }

  /**
   * Number of images for each base operating system.
   *
   * Scope: falcon-container-image:read.
   */
  AggregateImageCountByBaseOS(input?: AggregateImageCountByBaseOSInput): Promise<Result<Resources<Split>>> {
    return this.client.command('AggregateImageCountByBaseOS', input)
  }

  /** The same as AggregateImageCountByBaseOS. */
  aggregate_count_by_base_os(input?: AggregateImageCountByBaseOSInput): Promise<Result<Resources<Split>>> {
    return this.client.command('AggregateImageCountByBaseOS', input)
  }

  /**
   * Number of images for each assessment state.
   *
   * Scope: falcon-container-image:read.
   */
  AggregateImageCountByState(input?: AggregateImageCountByStateInput): Promise<Result<Resources<Split>>> {
    return this.client.command('AggregateImageCountByState', input)
  }

  /** The same as AggregateImageCountByState. */
  aggregate_count_by_state(input?: AggregateImageCountByStateInput): Promise<Result<Resources<Split>>> {
    return this.client.command('AggregateImageCountByState', input)
  }

  /**
   * Number of images that match a filter.
   *
   * Scope: falcon-container-image:read.
   */
  AggregateImageCount(input?: AggregateImageCountInput): Promise<Result<Resources<Count>>> {
    return this.client.command('AggregateImageCount', input)
  }

  /** The same as AggregateImageCount. */
  aggregate_count(input?: AggregateImageCountInput): Promise<Result<Resources<Count>>> {
    return this.client.command('AggregateImageCount', input)
  }

  /**
   * Lists the images that were declared as base images.
   *
   * Scope: falcon-container-image:read.
   */
  CombinedBaseImages(input?: CombinedBaseImagesInput): Promise<Result<Resources<BaseImage>>> {
    return this.client.command('CombinedBaseImages', input)
  }

  /** The same as CombinedBaseImages. */
  get_combined_base_images(input?: CombinedBaseImagesInput): Promise<Result<Resources<BaseImage>>> {
    return this.client.command('CombinedBaseImages', input)
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

  /**
   * Images with the most vulnerabilities first.
   *
   * offset has no effect.
   *
   * Scope: falcon-container-image:read.
   */
  CombinedImageByVulnerabilityCount(input?: CombinedImageByVulnerabilityCountInput): Promise<Result<Resources<ImageVulnerabilityCount>>> {
    return this.client.command('CombinedImageByVulnerabilityCount', input)
  }

  /** The same as CombinedImageByVulnerabilityCount. */
  get_combined_images_by_vulnerability_count(input?: CombinedImageByVulnerabilityCountInput): Promise<Result<Resources<ImageVulnerabilityCount>>> {
    return this.client.command('CombinedImageByVulnerabilityCount', input)
  }

  /**
   * Full image records, optionally with the image configuration.
   *
   * Scope: falcon-container-image:read.
   */
  CombinedImageDetail(input?: CombinedImageDetailInput): Promise<Result<Resources<ImageDetail>>> {
    return this.client.command('CombinedImageDetail', input)
  }

  /** The same as CombinedImageDetail. */
  get_combined_detail(input?: CombinedImageDetailInput): Promise<Result<Resources<ImageDetail>>> {
    return this.client.command('CombinedImageDetail', input)
  }

  /**
   * Image rows for an export, optionally one row per vulnerability or detection.
   *
   * Scope: falcon-container-image:read.
   */
  ReadCombinedImagesExport(input?: ReadCombinedImagesExportInput): Promise<Result<Resources<ImageExportRow>>> {
    return this.client.command('ReadCombinedImagesExport', input)
  }

  /** The same as ReadCombinedImagesExport. */
  read_combined_export(input?: ReadCombinedImagesExportInput): Promise<Result<Resources<ImageExportRow>>> {
    return this.client.command('ReadCombinedImagesExport', input)
  }

  /**
   * For one image: counts of image detections, runtime detections, policies and vulnerabilities.
   *
   * Scope: falcon-container-image:read.
   */
  CombinedImageIssuesSummary(input: CombinedImageIssuesSummaryInput): Promise<Result<Resources<ImageIssues>>> {
    return this.client.command('CombinedImageIssuesSummary', input)
  }

  /** The same as CombinedImageIssuesSummary. */
  get_combined_issues_summary(input: CombinedImageIssuesSummaryInput): Promise<Result<Resources<ImageIssues>>> {
    return this.client.command('CombinedImageIssuesSummary', input)
  }

  /**
   * For one image: vulnerability totals, split by severity, fixability and the like.
   *
   * Scope: falcon-container-image:read.
   */
  CombinedImageVulnerabilitySummary(input: CombinedImageVulnerabilitySummaryInput): Promise<Result<Resources<ImageVulnerabilities>>> {
    return this.client.command('CombinedImageVulnerabilitySummary', input)
  }

  /** The same as CombinedImageVulnerabilitySummary. */
  get_combined_vulnerabilities_summary(input: CombinedImageVulnerabilitySummaryInput): Promise<Result<Resources<ImageVulnerabilities>>> {
    return this.client.command('CombinedImageVulnerabilitySummary', input)
  }

  /**
   * Withdraws base image declarations.
   *
   * Scope: falcon-container-image:write.
   */
  DeleteBaseImages(input: DeleteBaseImagesInput): Promise<Result<Resources<string>>> {
    return this.client.command('DeleteBaseImages', input)
  }

  /** The same as DeleteBaseImages. */
  delete_base_images(input: DeleteBaseImagesInput): Promise<Result<Resources<string>>> {
    return this.client.command('DeleteBaseImages', input)
  }

  /**
   * Declares images as base images.
   *
   * The good status is 200, not 201.
   *
   * Scope: falcon-container-image:write.
   */
  CreateBaseImagesEntities(input: CreateBaseImagesEntitiesInput): Promise<Result<Resources<BaseImage>>> {
    return this.client.command('CreateBaseImagesEntities', input)
  }

  /** The same as CreateBaseImagesEntities. */
  create_base_images(input: CreateBaseImagesEntitiesInput): Promise<Result<Resources<BaseImage>>> {
    return this.client.command('CreateBaseImagesEntities', input)
  }
}
