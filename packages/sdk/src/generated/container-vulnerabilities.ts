// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { Count, Split } from './records.ts'

export interface AffectedPackage {
  readonly package_fixed_version: string
  readonly package_name_version: string
  readonly package_os_version: string
  readonly package_remediation: string
  readonly package_type: string
}

export interface ImageVulnerability {
  readonly cps_current_rating: string
  readonly cve_id: string
  readonly cvss_score: string
  readonly exploited_status: number
  readonly layer_command: string
  readonly layer_index: number
  readonly package_name_version: string
  readonly package_path: string
  readonly remediation_available: boolean
  readonly severity: string
}

export interface PublishedVulnerability {
  readonly containers_impacted: number
  readonly cve_id: string
  readonly cvss_score: number
  readonly images_impacted: number
  readonly published_date: string
  readonly severity: string
}

export interface VulnerabilityByImages {
  readonly cve_id: string
  readonly images_impacted: number
  readonly product: readonly string[]
  readonly severity: string
}

export interface VulnerabilityInfo {
  readonly cps_current_rating: string
  readonly cve_id: string
  readonly cvss_score: string
  readonly description: string
  readonly exploit_found: string
  readonly exploited_status_string: string
  readonly images_impacted: number
  readonly packages: readonly AffectedPackage[]
  readonly published_date: string
  readonly severity: string
  readonly threat_actors: readonly string[]
}

export interface VulnerabilityRow {
  readonly ai_related: boolean
  readonly containers_impacted: number
  readonly cps_current_rating: string
  readonly cve_id: string
  readonly cvss_score: number
  readonly description: string
  readonly exploit_found: boolean
  readonly exploited_status: number
  readonly exploited_status_string: string
  readonly images_impacted: number
  readonly packages_impacted: number
  readonly published_date: string
  readonly remediation_available: boolean
  readonly severity: string
}

/** Parameters of ReadVulnerabilityCountByActivelyExploited. */
export interface ReadVulnerabilityCountByActivelyExploitedParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, base_os, cid, container_id, container_running_status, containers_impacted_range, cps_rating, cve_id, cvss_score, description, exploited_status, exploited_status_name, fix_status, image_digest, image_id, images_impacted, include_base_image_vuln, index_digest, package_name_version, registry, repository, severity, tag.
   */
  readonly filter?: string
}

/** What goes with a call of ReadVulnerabilityCountByActivelyExploited. */
export interface ReadVulnerabilityCountByActivelyExploitedInput extends CallOptions {
  readonly parameters?: ReadVulnerabilityCountByActivelyExploitedParameters
}

/** Parameters of ReadVulnerabilityCountByCPSRating. */
export interface ReadVulnerabilityCountByCPSRatingParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, base_os, cid, container_id, container_running_status, containers_impacted_range, cps_rating, cve_id, cvss_score, description, exploited_status, exploited_status_name, fix_status, image_digest, image_id, images_impacted, include_base_image_vuln, index_digest, package_name_version, registry, repository, severity, tag.
   */
  readonly filter?: string
}

/** What goes with a call of ReadVulnerabilityCountByCPSRating. */
export interface ReadVulnerabilityCountByCPSRatingInput extends CallOptions {
  readonly parameters?: ReadVulnerabilityCountByCPSRatingParameters
}

/** Parameters of ReadVulnerabilityCountByCVSSScore. */
export interface ReadVulnerabilityCountByCVSSScoreParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, base_os, cid, container_id, container_running_status, containers_impacted_range, cps_rating, cve_id, cvss_score, description, exploited_status, exploited_status_name, fix_status, image_digest, image_id, images_impacted, include_base_image_vuln, index_digest, package_name_version, registry, repository, severity, tag.
   */
  readonly filter?: string
}

/** What goes with a call of ReadVulnerabilityCountByCVSSScore. */
export interface ReadVulnerabilityCountByCVSSScoreInput extends CallOptions {
  readonly parameters?: ReadVulnerabilityCountByCVSSScoreParameters
}

/** Parameters of ReadVulnerabilityCountBySeverity. */
export interface ReadVulnerabilityCountBySeverityParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, base_os, cid, container_id, container_running_status, containers_impacted_range, cps_rating, cve_id, cvss_score, description, exploited_status, exploited_status_name, fix_status, image_digest, image_id, images_impacted, include_base_image_vuln, index_digest, package_name_version, registry, repository, severity, tag.
   */
  readonly filter?: string
}

/** What goes with a call of ReadVulnerabilityCountBySeverity. */
export interface ReadVulnerabilityCountBySeverityInput extends CallOptions {
  readonly parameters?: ReadVulnerabilityCountBySeverityParameters
}

/** Parameters of ReadVulnerabilityCount. */
export interface ReadVulnerabilityCountParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, base_os, cid, container_id, container_running_status, containers_impacted_range, cps_rating, cve_id, cvss_score, description, exploited_status, exploited_status_name, fix_status, image_digest, image_id, images_impacted, include_base_image_vuln, index_digest, package_name_version, registry, repository, severity, tag.
   */
  readonly filter?: string
}

/** What goes with a call of ReadVulnerabilityCount. */
export interface ReadVulnerabilityCountInput extends CallOptions {
  readonly parameters?: ReadVulnerabilityCountParameters
}

/** Parameters of ReadVulnerabilitiesByImageCount. */
export interface ReadVulnerabilitiesByImageCountParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: cid, cve_id, registry, repository, tag.
   */
  readonly filter?: string
}

/** What goes with a call of ReadVulnerabilitiesByImageCount. */
export interface ReadVulnerabilitiesByImageCountInput extends CallOptions {
  readonly parameters?: ReadVulnerabilitiesByImageCountParameters
}

/** Parameters of ReadVulnerabilitiesPublicationDate. */
export interface ReadVulnerabilitiesPublicationDateParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: cid, cve_id, registry, repository, tag.
   */
  readonly filter?: string
}

/** What goes with a call of ReadVulnerabilitiesPublicationDate. */
export interface ReadVulnerabilitiesPublicationDateInput extends CallOptions {
  readonly parameters?: ReadVulnerabilitiesPublicationDateParameters
}

/** Parameters of ReadCombinedVulnerabilitiesDetails. */
export interface ReadCombinedVulnerabilitiesDetailsParameters {
  /** largest number of records to return; 1 to 5000; 5000 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: cid, cps_rating, cve_id, cvss_score, exploited_status, exploited_status_name, include_base_image_vuln, is_zero_day, remediation_available, severity.
   */
  readonly filter?: string
  /** id of the image record (uuid) */
  readonly id: string
}

/** What goes with a call of ReadCombinedVulnerabilitiesDetails. */
export interface ReadCombinedVulnerabilitiesDetailsInput extends CallOptions {
  readonly parameters: ReadCombinedVulnerabilitiesDetailsParameters
}

/** Parameters of ReadCombinedVulnerabilitiesInfo. */
export interface ReadCombinedVulnerabilitiesInfoParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /** CVE name */
  readonly cve_id: string
}

/** What goes with a call of ReadCombinedVulnerabilitiesInfo. */
export interface ReadCombinedVulnerabilitiesInfoInput extends CallOptions {
  readonly parameters: ReadCombinedVulnerabilitiesInfoParameters
}

/** Parameters of ReadCombinedVulnerabilities. */
export interface ReadCombinedVulnerabilitiesParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, base_os, cid, container_id, container_running_status, containers_impacted_range, cps_rating, cve_id, cvss_score, description, exploited_status, exploited_status_name, fix_status, image_digest, image_id, images_impacted, include_base_image_vuln, index_digest, package_name_version, registry, repository, severity, tag.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: cps_rating, cve_id, cvss_score, description, images_impacted, packages_impacted, severity.
   */
  readonly sort?: string
}

/** What goes with a call of ReadCombinedVulnerabilities. */
export interface ReadCombinedVulnerabilitiesInput extends CallOptions {
  readonly parameters?: ReadCombinedVulnerabilitiesParameters
}

/** The collection Container Vulnerabilities of the Falcon dialect. */
export class ContainerVulnerabilities extends Service {
  /**
   * Vulnerability counts split by whether exploitation is known.
   *
   * Scope: falcon-container-image:read.
   */
  ReadVulnerabilityCountByActivelyExploited(input?: ReadVulnerabilityCountByActivelyExploitedInput): Promise<Result<Resources<Count>>> {
    return this.client.command('ReadVulnerabilityCountByActivelyExploited', input)
  }

  /** The same as ReadVulnerabilityCountByActivelyExploited. */
  read_vulnerability_counts_by_active_exploited(input?: ReadVulnerabilityCountByActivelyExploitedInput): Promise<Result<Resources<Count>>> {
    return this.client.command('ReadVulnerabilityCountByActivelyExploited', input)
  }

  /**
   * Vulnerability counts split by the vendor exploit-prediction rating.
   *
   * Scope: falcon-container-image:read.
   */
  ReadVulnerabilityCountByCPSRating(input?: ReadVulnerabilityCountByCPSRatingInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadVulnerabilityCountByCPSRating', input)
  }

  /** The same as ReadVulnerabilityCountByCPSRating. */
  read_vulnerability_counts_by_cps_rating(input?: ReadVulnerabilityCountByCPSRatingInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadVulnerabilityCountByCPSRating', input)
  }

  /**
   * Vulnerability counts split by CVSS score.
   *
   * Scope: falcon-container-image:read.
   */
  ReadVulnerabilityCountByCVSSScore(input?: ReadVulnerabilityCountByCVSSScoreInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadVulnerabilityCountByCVSSScore', input)
  }

  /** The same as ReadVulnerabilityCountByCVSSScore. */
  read_vulnerability_counts_by_cvss_score(input?: ReadVulnerabilityCountByCVSSScoreInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadVulnerabilityCountByCVSSScore', input)
  }

  /**
   * Vulnerability counts split by severity.
   *
   * Scope: falcon-container-image:read.
   */
  ReadVulnerabilityCountBySeverity(input?: ReadVulnerabilityCountBySeverityInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadVulnerabilityCountBySeverity', input)
  }

  /** The same as ReadVulnerabilityCountBySeverity. */
  read_vulnerability_counts_by_severity(input?: ReadVulnerabilityCountBySeverityInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadVulnerabilityCountBySeverity', input)
  }

  /**
   * Number of vulnerabilities that match a filter.
   *
   * Scope: falcon-container-image:read.
   */
  ReadVulnerabilityCount(input?: ReadVulnerabilityCountInput): Promise<Result<Resources<Count>>> {
    return this.client.command('ReadVulnerabilityCount', input)
  }

  /** The same as ReadVulnerabilityCount. */
  read_vulnerability_count(input?: ReadVulnerabilityCountInput): Promise<Result<Resources<Count>>> {
    return this.client.command('ReadVulnerabilityCount', input)
  }

  /**
   * CVEs that hit the most images first.
   *
   * Scope: falcon-container-image:read.
   */
  ReadVulnerabilitiesByImageCount(input?: ReadVulnerabilitiesByImageCountInput): Promise<Result<Resources<VulnerabilityByImages>>> {
    return this.client.command('ReadVulnerabilitiesByImageCount', input)
  }

  /** The same as ReadVulnerabilitiesByImageCount. */
  read_vulnerabilities_by_count(input?: ReadVulnerabilitiesByImageCountInput): Promise<Result<Resources<VulnerabilityByImages>>> {
    return this.client.command('ReadVulnerabilitiesByImageCount', input)
  }

  /**
   * CVEs ordered by publication date, newest first.
   *
   * Scope: falcon-container-image:read.
   */
  ReadVulnerabilitiesPublicationDate(input?: ReadVulnerabilitiesPublicationDateInput): Promise<Result<Resources<PublishedVulnerability>>> {
    return this.client.command('ReadVulnerabilitiesPublicationDate', input)
  }

  /** The same as ReadVulnerabilitiesPublicationDate. */
  read_vulnerabilities_by_pub_date(input?: ReadVulnerabilitiesPublicationDateInput): Promise<Result<Resources<PublishedVulnerability>>> {
    return this.client.command('ReadVulnerabilitiesPublicationDate', input)
  }

  /**
   * Vulnerabilities of one image, with package and layer.
   *
   * id is the uuid of a CombinedImageDetail row.
   * cvss_score is text here, a number in ReadCombinedVulnerabilities.
   *
   * Scope: falcon-container-image:read.
   */
  ReadCombinedVulnerabilitiesDetails(input: ReadCombinedVulnerabilitiesDetailsInput): Promise<Result<Resources<ImageVulnerability>>> {
    return this.client.command('ReadCombinedVulnerabilitiesDetails', input)
  }

  /** The same as ReadCombinedVulnerabilitiesDetails. */
  read_combined_vulnerability_detail(input: ReadCombinedVulnerabilitiesDetailsInput): Promise<Result<Resources<ImageVulnerability>>> {
    return this.client.command('ReadCombinedVulnerabilitiesDetails', input)
  }

  /**
   * What is known about one CVE, and the packages and images that have it.
   *
   * cvss_score is text.
   *
   * Scope: falcon-container-image:read.
   */
  ReadCombinedVulnerabilitiesInfo(input: ReadCombinedVulnerabilitiesInfoInput): Promise<Result<Resources<VulnerabilityInfo>>> {
    return this.client.command('ReadCombinedVulnerabilitiesInfo', input)
  }

  /** The same as ReadCombinedVulnerabilitiesInfo. */
  read_combined_vulnerabilities_info(input: ReadCombinedVulnerabilitiesInfoInput): Promise<Result<Resources<VulnerabilityInfo>>> {
    return this.client.command('ReadCombinedVulnerabilitiesInfo', input)
  }

  /**
   * One row per CVE, with impact counts.
   *
   * Scope: falcon-container-image:read.
   */
  ReadCombinedVulnerabilities(input?: ReadCombinedVulnerabilitiesInput): Promise<Result<Resources<VulnerabilityRow>>> {
    return this.client.command('ReadCombinedVulnerabilities', input)
  }

  /** The same as ReadCombinedVulnerabilities. */
  read_combined_vulnerabilities(input?: ReadCombinedVulnerabilitiesInput): Promise<Result<Resources<VulnerabilityRow>>> {
    return this.client.command('ReadCombinedVulnerabilities', input)
  }
}
