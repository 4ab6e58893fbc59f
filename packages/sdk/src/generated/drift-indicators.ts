// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { LabelledCount, Split } from './records.ts'

export interface DriftIndicator {
  readonly agent_id: string
  readonly aid: string
  readonly cid: string
  readonly cloud_name: string
  readonly command_line: string
  readonly computer_name: string
  readonly container_id: string
  readonly detection_description: string
  readonly detection_id: string
  readonly detection_name: string
  readonly file_name: string
  readonly host_id: string
  readonly indicator_process_id: string
  readonly namespace: string
  readonly occurred_at: string
  readonly parent_process_id: string
  readonly pod_id: string
  readonly pod_name: string
  readonly prevented: boolean
  readonly prevention_status: readonly string[]
  readonly prevention_status_string: string
  readonly scheduler_name: string
  readonly severity: string
  readonly sha256: string
  readonly timestamp: string
}

/** Parameters of GetDriftIndicatorsValuesByDate. */
export interface GetDriftIndicatorsValuesByDateParameters {
  /**
   * FQL expression that selects the records
   * Fields: cid, cloud_name, command_line, container_id, file_name, file_sha256, host_id, indicator_process_id, namespace, occurred_at, parent_process_id, pod_name, prevented, scheduler_name, severity, worker_node_name.
   */
  readonly filter?: string
  /** largest number of records to return; 1 to 10000; 100 unless said */
  readonly limit?: number
}

/** What goes with a call of GetDriftIndicatorsValuesByDate. */
export interface GetDriftIndicatorsValuesByDateInput extends CallOptions {
  readonly parameters?: GetDriftIndicatorsValuesByDateParameters
}

/** Parameters of ReadDriftIndicatorsCount. */
export interface ReadDriftIndicatorsCountParameters {
  /**
   * FQL expression that selects the records
   * Fields: cid, cloud_name, command_line, container_id, file_name, file_sha256, host_id, indicator_process_id, namespace, occurred_at, parent_process_id, pod_name, prevented, scheduler_name, severity, worker_node_name.
   */
  readonly filter?: string
}

/** What goes with a call of ReadDriftIndicatorsCount. */
export interface ReadDriftIndicatorsCountInput extends CallOptions {
  readonly parameters?: ReadDriftIndicatorsCountParameters
}

/** Parameters of SearchAndReadDriftIndicatorEntities. */
export interface SearchAndReadDriftIndicatorEntitiesParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: cid, cloud_name, command_line, container_id, file_name, file_sha256, host_id, indicator_process_id, namespace, occurred_at, parent_process_id, pod_name, prevented, scheduler_name, severity, worker_node_name.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: container_id, file_name, namespace, occurred_at, pod_name, severity, worker_node_name.
   */
  readonly sort?: string
}

/** What goes with a call of SearchAndReadDriftIndicatorEntities. */
export interface SearchAndReadDriftIndicatorEntitiesInput extends CallOptions {
  readonly parameters?: SearchAndReadDriftIndicatorEntitiesParameters
}

/** Parameters of ReadDriftIndicatorEntities. */
export interface ReadDriftIndicatorEntitiesParameters {
  /** drift indicator ids; at most 100 items */
  readonly ids?: string | readonly string[]
}

/** What goes with a call of ReadDriftIndicatorEntities. */
export interface ReadDriftIndicatorEntitiesInput extends CallOptions {
  readonly parameters?: ReadDriftIndicatorEntitiesParameters
}

/** Parameters of SearchDriftIndicators. */
export interface SearchDriftIndicatorsParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: cid, cloud_name, command_line, container_id, file_name, file_sha256, host_id, indicator_process_id, namespace, occurred_at, parent_process_id, pod_name, prevented, scheduler_name, severity, worker_node_name.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: container_id, file_name, namespace, occurred_at, pod_name, severity, worker_node_name.
   */
  readonly sort?: string
}

/** What goes with a call of SearchDriftIndicators. */
export interface SearchDriftIndicatorsInput extends CallOptions {
  readonly parameters?: SearchDriftIndicatorsParameters
}

/** The collection Drift Indicators of the Falcon dialect. */
export class DriftIndicators extends Service {
  /**
   * Drift indicator counts per date.
   *
   * Scope: falcon-container-image:read.
   */
  GetDriftIndicatorsValuesByDate(input?: GetDriftIndicatorsValuesByDateInput): Promise<Result<Resources<Split>>> {
    return this.client.command('GetDriftIndicatorsValuesByDate', input)
  }

  /** The same as GetDriftIndicatorsValuesByDate. */
  get_drift_indicators_by_date(input?: GetDriftIndicatorsValuesByDateInput): Promise<Result<Resources<Split>>> {
    return this.client.command('GetDriftIndicatorsValuesByDate', input)
  }

  /**
   * Number of drift indicators.
   *
   * label stands beside count.
   *
   * Scope: falcon-container-image:read.
   */
  ReadDriftIndicatorsCount(input?: ReadDriftIndicatorsCountInput): Promise<Result<Resources<LabelledCount>>> {
    return this.client.command('ReadDriftIndicatorsCount', input)
  }

  /** The same as ReadDriftIndicatorsCount. */
  read_drift_indicator_counts(input?: ReadDriftIndicatorsCountInput): Promise<Result<Resources<LabelledCount>>> {
    return this.client.command('ReadDriftIndicatorsCount', input)
  }

  /**
   * Drift indicators (new binaries run in a container that its image did not contain).
   *
   * Scope: falcon-container-image:read.
   */
  SearchAndReadDriftIndicatorEntities(input?: SearchAndReadDriftIndicatorEntitiesInput): Promise<Result<Resources<DriftIndicator>>> {
    return this.client.command('SearchAndReadDriftIndicatorEntities', input)
  }

  /** The same as SearchAndReadDriftIndicatorEntities. */
  search_and_read_drift_indicators(input?: SearchAndReadDriftIndicatorEntitiesInput): Promise<Result<Resources<DriftIndicator>>> {
    return this.client.command('SearchAndReadDriftIndicatorEntities', input)
  }

  /**
   * Drift indicators by id.
   *
   * Scope: falcon-container-image:read.
   */
  ReadDriftIndicatorEntities(input?: ReadDriftIndicatorEntitiesInput): Promise<Result<Resources<DriftIndicator>>> {
    return this.client.command('ReadDriftIndicatorEntities', input)
  }

  /** The same as ReadDriftIndicatorEntities. */
  read_drift_indicator_entities(input?: ReadDriftIndicatorEntitiesInput): Promise<Result<Resources<DriftIndicator>>> {
    return this.client.command('ReadDriftIndicatorEntities', input)
  }

  /**
   * Ids of drift indicators.
   *
   * Scope: falcon-container-image:read.
   */
  SearchDriftIndicators(input?: SearchDriftIndicatorsInput): Promise<Result<Resources<string>>> {
    return this.client.command('SearchDriftIndicators', input)
  }

  /** The same as SearchDriftIndicators. */
  search_drift_indicators(input?: SearchDriftIndicatorsInput): Promise<Result<Resources<string>>> {
    return this.client.command('SearchDriftIndicators', input)
  }
}
