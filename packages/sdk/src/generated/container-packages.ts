// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { LabelledCount, Split } from './records.ts'

export interface PackageCount {
  readonly images: number
  readonly package: string
  readonly packages_type: string
  readonly running_images: number
  readonly version: string
  readonly vulnerabilities: number
}

export interface PackageRow {
  readonly ai_related: boolean
  readonly all_images: number
  readonly cid: string
  readonly license: string
  readonly package_name_version: string
  readonly running_images: number
  readonly type: string
  readonly vulnerabilities: readonly PackageVulnerability[]
  readonly vulnerability_count: number
}

export interface PackageVulnerability {
  readonly cveid: string
  readonly description: string
  readonly fix_resolution: readonly string[]
  readonly severity: string
}

export interface PackageVulnerabilityRow {
  readonly ai_related: boolean
  readonly all_images: number
  readonly cid: string
  readonly cveid: string
  readonly fix_resolution: readonly string[]
  readonly license: string
  readonly package_name_version: string
  readonly running_images: number
  readonly severity: string
  readonly type: string
  readonly vulnerability_description: string
}

/** Parameters of ReadPackagesByImageCount. */
export interface ReadPackagesByImageCountParameters {
  /**
   * FQL expression that selects the records
   * Fields: ai_related, cveid, running_images, severity, type, vulnerability_count.
   */
  readonly filter?: string
  /** largest number of records to return; 1 to 100; 5 unless said */
  readonly limit?: number
}

/** What goes with a call of ReadPackagesByImageCount. */
export interface ReadPackagesByImageCountInput extends CallOptions {
  readonly parameters?: ReadPackagesByImageCountParameters
}

/** Parameters of ReadPackagesCountByZeroDay. */
export interface ReadPackagesCountByZeroDayParameters {
  /**
   * FQL expression that selects the records
   * Fields: cid.
   */
  readonly filter?: string
}

/** What goes with a call of ReadPackagesCountByZeroDay. */
export interface ReadPackagesCountByZeroDayInput extends CallOptions {
  readonly parameters?: ReadPackagesCountByZeroDayParameters
}

/** Parameters of ReadPackagesByFixableVulnCount. */
export interface ReadPackagesByFixableVulnCountParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, cid, container_id, cveid, fix_status, image_digest, license, package_name_version, severity, type, vulnerability_count.
   */
  readonly filter?: string
}

/** What goes with a call of ReadPackagesByFixableVulnCount. */
export interface ReadPackagesByFixableVulnCountInput extends CallOptions {
  readonly parameters?: ReadPackagesByFixableVulnCountParameters
}

/** Parameters of ReadPackagesByVulnCount. */
export interface ReadPackagesByVulnCountParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, cid, container_id, cveid, fix_status, image_digest, license, package_name_version, severity, type, vulnerability_count.
   */
  readonly filter?: string
}

/** What goes with a call of ReadPackagesByVulnCount. */
export interface ReadPackagesByVulnCountInput extends CallOptions {
  readonly parameters?: ReadPackagesByVulnCountParameters
}

/** Parameters of ReadPackagesCombinedExport. */
export interface ReadPackagesCombinedExportParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, cid, container_id, cveid, fix_status, image_digest, license, package_name_version, severity, type, vulnerability_count.
   */
  readonly filter?: string
  /** only packages hit by a zero-day vulnerability; false unless said */
  readonly only_zero_day_affected?: boolean
  /**
   * column and direction, such as first_seen.desc
   * Fields: license, package_name_version, type, vulnerability_count.
   */
  readonly sort?: string
}

/** What goes with a call of ReadPackagesCombinedExport. */
export interface ReadPackagesCombinedExportInput extends CallOptions {
  readonly parameters?: ReadPackagesCombinedExportParameters
}

/** Parameters of ReadPackagesCombined. */
export interface ReadPackagesCombinedParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, cid, container_id, cveid, fix_status, image_digest, license, package_name_version, severity, type, vulnerability_count.
   */
  readonly filter?: string
  /** only packages hit by a zero-day vulnerability; false unless said */
  readonly only_zero_day_affected?: boolean
  /**
   * column and direction, such as first_seen.desc
   * Fields: license, package_name_version, type, vulnerability_count.
   */
  readonly sort?: string
}

/** What goes with a call of ReadPackagesCombined. */
export interface ReadPackagesCombinedInput extends CallOptions {
  readonly parameters?: ReadPackagesCombinedParameters
}

/** Parameters of ReadPackagesCombinedV2. */
export interface ReadPackagesCombinedV2Parameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: ai_related, cid, container_id, cveid, fix_status, image_digest, license, package_name_version, severity, type, vulnerability_count.
   */
  readonly filter?: string
  /** only packages hit by a zero-day vulnerability; false unless said */
  readonly only_zero_day_affected?: boolean
  /**
   * column and direction, such as first_seen.desc
   * Fields: license, package_name_version, type, vulnerability_count.
   */
  readonly sort?: string
}

/** What goes with a call of ReadPackagesCombinedV2. */
export interface ReadPackagesCombinedV2Input extends CallOptions {
  readonly parameters?: ReadPackagesCombinedV2Parameters
}

/** The collection Container Packages of the Falcon dialect. */
export class ContainerPackages extends Service {
  /**
   * Packages used by the most images first.
   *
   * Five packages unless limit asks for more.
   *
   * Scope: falcon-container-image:read.
   */
  ReadPackagesByImageCount(input?: ReadPackagesByImageCountInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadPackagesByImageCount', input)
  }

  /** The same as ReadPackagesByImageCount. */
  read_packages_by_image_count(input?: ReadPackagesByImageCountInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadPackagesByImageCount', input)
  }

  /**
   * Number of packages hit by a zero-day vulnerability.
   *
   * label stands beside count.
   *
   * Scope: falcon-container-image:read.
   */
  ReadPackagesCountByZeroDay(input?: ReadPackagesCountByZeroDayInput): Promise<Result<Resources<LabelledCount>>> {
    return this.client.command('ReadPackagesCountByZeroDay', input)
  }

  /** The same as ReadPackagesCountByZeroDay. */
  read_zero_day_counts(input?: ReadPackagesCountByZeroDayInput): Promise<Result<Resources<LabelledCount>>> {
    return this.client.command('ReadPackagesCountByZeroDay', input)
  }

  /**
   * Application packages with the most fixable vulnerabilities first.
   *
   * Scope: falcon-container-image:read.
   */
  ReadPackagesByFixableVulnCount(input?: ReadPackagesByFixableVulnCountInput): Promise<Result<Resources<PackageCount>>> {
    return this.client.command('ReadPackagesByFixableVulnCount', input)
  }

  /** The same as ReadPackagesByFixableVulnCount. */
  read_fixable_vuln_count(input?: ReadPackagesByFixableVulnCountInput): Promise<Result<Resources<PackageCount>>> {
    return this.client.command('ReadPackagesByFixableVulnCount', input)
  }

  /**
   * Packages with the most vulnerabilities first.
   *
   * Scope: falcon-container-image:read.
   */
  ReadPackagesByVulnCount(input?: ReadPackagesByVulnCountInput): Promise<Result<Resources<PackageCount>>> {
    return this.client.command('ReadPackagesByVulnCount', input)
  }

  /** The same as ReadPackagesByVulnCount. */
  read_vuln_count(input?: ReadPackagesByVulnCountInput): Promise<Result<Resources<PackageCount>>> {
    return this.client.command('ReadPackagesByVulnCount', input)
  }

  /**
   * Package rows for an export.
   *
   * Scope: falcon-container-image:read.
   */
  ReadPackagesCombinedExport(input?: ReadPackagesCombinedExportInput): Promise<Result<Resources<PackageRow>>> {
    return this.client.command('ReadPackagesCombinedExport', input)
  }

  /** The same as ReadPackagesCombinedExport. */
  read_combined_export(input?: ReadPackagesCombinedExportInput): Promise<Result<Resources<PackageRow>>> {
    return this.client.command('ReadPackagesCombinedExport', input)
  }

  /**
   * Packages with the images and vulnerabilities they touch.
   *
   * Scope: falcon-container-image:read.
   */
  ReadPackagesCombined(input?: ReadPackagesCombinedInput): Promise<Result<Resources<PackageRow>>> {
    return this.client.command('ReadPackagesCombined', input)
  }

  /** The same as ReadPackagesCombined. */
  read_combined(input?: ReadPackagesCombinedInput): Promise<Result<Resources<PackageRow>>> {
    return this.client.command('ReadPackagesCombined', input)
  }

  /**
   * Packages with the images and vulnerabilities they touch, second version.
   *
   * Scope: falcon-container-image:read.
   */
  ReadPackagesCombinedV2(input?: ReadPackagesCombinedV2Input): Promise<Result<Resources<PackageVulnerabilityRow>>> {
    return this.client.command('ReadPackagesCombinedV2', input)
  }

  /** The same as ReadPackagesCombinedV2. */
  read_packages(input?: ReadPackagesCombinedV2Input): Promise<Result<Resources<PackageVulnerabilityRow>>> {
    return this.client.command('ReadPackagesCombinedV2', input)
  }
}
