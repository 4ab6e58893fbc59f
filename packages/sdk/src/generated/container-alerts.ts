// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { LabelledCount } from './records.ts'

export interface ContainerAlert {
  readonly containers_impacted_count: string
  readonly containers_impacted_ids: readonly string[]
  readonly detection_description: string
  readonly detection_event_simple_name: string
  readonly detection_name: string
  readonly first_seen_timestamp: string
  readonly last_seen_timestamp: string
  readonly severity: string
}

/** Parameters of ReadContainerAlertsCountBySeverity. */
export interface ReadContainerAlertsCountBySeverityParameters {
  /**
   * FQL expression that selects the records
   * Fields: cid, container_id, last_seen.
   */
  readonly filter?: string
}

/** What goes with a call of ReadContainerAlertsCountBySeverity. */
export interface ReadContainerAlertsCountBySeverityInput extends CallOptions {
  readonly parameters?: ReadContainerAlertsCountBySeverityParameters
}

/** Parameters of ReadContainerAlertsCount. */
export interface ReadContainerAlertsCountParameters {
  /**
   * FQL expression that selects the records
   * Fields: cid, container_id, last_seen.
   */
  readonly filter?: string
}

/** What goes with a call of ReadContainerAlertsCount. */
export interface ReadContainerAlertsCountInput extends CallOptions {
  readonly parameters?: ReadContainerAlertsCountParameters
}

/** Parameters of SearchAndReadContainerAlerts. */
export interface SearchAndReadContainerAlertsParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: cid, container_id, last_seen, name, severity.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: first_seen, last_seen, name, severity.
   */
  readonly sort?: string
}

/** What goes with a call of SearchAndReadContainerAlerts. */
export interface SearchAndReadContainerAlertsInput extends CallOptions {
  readonly parameters?: SearchAndReadContainerAlertsParameters
}

/** The collection Container Alerts of the Falcon dialect. */
export class ContainerAlerts extends Service {
  /**
   * Container alert counts split by severity.
   *
   * A flat list of label and count, without buckets.
   *
   * Scope: falcon-container-image:read.
   */
  ReadContainerAlertsCountBySeverity(input?: ReadContainerAlertsCountBySeverityInput): Promise<Result<Resources<LabelledCount>>> {
    return this.client.command('ReadContainerAlertsCountBySeverity', input)
  }

  /** The same as ReadContainerAlertsCountBySeverity. */
  read_counts_by_severity(input?: ReadContainerAlertsCountBySeverityInput): Promise<Result<Resources<LabelledCount>>> {
    return this.client.command('ReadContainerAlertsCountBySeverity', input)
  }

  /**
   * Number of container alerts.
   *
   * label stands beside count.
   *
   * Scope: falcon-container-image:read.
   */
  ReadContainerAlertsCount(input?: ReadContainerAlertsCountInput): Promise<Result<Resources<LabelledCount>>> {
    return this.client.command('ReadContainerAlertsCount', input)
  }

  /** The same as ReadContainerAlertsCount. */
  read_counts(input?: ReadContainerAlertsCountInput): Promise<Result<Resources<LabelledCount>>> {
    return this.client.command('ReadContainerAlertsCount', input)
  }

  /**
   * Container alerts.
   *
   * Scope: falcon-container-image:read.
   */
  SearchAndReadContainerAlerts(input?: SearchAndReadContainerAlertsInput): Promise<Result<Resources<ContainerAlert>>> {
    return this.client.command('SearchAndReadContainerAlerts', input)
  }

  /** The same as SearchAndReadContainerAlerts. */
  search_and_read(input?: SearchAndReadContainerAlertsInput): Promise<Result<Resources<ContainerAlert>>> {
    return this.client.command('SearchAndReadContainerAlerts', input)
  }
}
