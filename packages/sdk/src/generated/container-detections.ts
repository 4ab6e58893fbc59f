// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { Count, Split } from './records.ts'

export interface Detection {
  readonly description: string
  readonly details: string
  readonly detection_type: string
  readonly id: string
  readonly image_architecture: string
  readonly image_created_at: string
  readonly image_digest: string
  readonly image_id: string
  readonly image_registry: string
  readonly image_repository: string
  readonly image_size: string
  readonly image_tag: string
  readonly name: string
  readonly os_name: string
  readonly os_version: string
  readonly remediation: string
  readonly severity: string
  readonly title: string
}

export interface DetectionKind {
  readonly cid: string
  readonly containers_impacted: number
  readonly description: string
  readonly details: readonly string[]
  readonly detection_id: string
  readonly detection_name: string
  readonly detection_severity: string
  readonly detection_type: string
  readonly images_impacted: number
  readonly last_detected: string
  readonly remediation: string
  readonly title: string
}

export interface RuntimeDetection {
  readonly action_taken: string
  readonly agent_type: string
  readonly aid: string
  readonly assigned_to: string
  readonly cid: string
  readonly cloud: string
  readonly cloud_account_id: string
  readonly cloud_id: string
  readonly cloud_instance_id: string
  readonly cloud_name: string
  readonly cluster_name: string
  readonly command_line: string
  readonly computer_name: string
  readonly container_devices: readonly string[]
  readonly container_id: string
  readonly container_interactive_mode: string
  readonly container_name: string
  readonly container_network_ip_address: string
  readonly container_privileged: string
  readonly container_read_only_root_fs: string
  readonly container_user_info: string
  readonly containers_impacted_count: string
  readonly detect_timestamp: string
  readonly detection_description: string
  readonly detection_id: string
  readonly detection_name: readonly string[]
  readonly executable_sha_256: string
  readonly file_name: string
  readonly file_path: string
  readonly host_containers_count: string
  readonly host_detections_count: string
  readonly host_detections_ids: readonly string[]
  readonly host_id: string
  readonly host_last_seen_timestamp: string
  readonly host_type: string
  readonly image_digest: string
  readonly image_first_seen_timestamp: string
  readonly image_id: string
  readonly image_label: string
  readonly image_last_seen_timestamp: string
  readonly image_maintainer: string
  readonly image_name: string
  readonly images_container_count: string
  readonly namespace: string
  readonly network_ip_address: string
  readonly os_version: string
  readonly pod_id: string
  readonly pod_name: string
  readonly pod_namespace: string
  readonly sensor_version: string
  readonly severity: string
  readonly tactic_and_technique: string
  readonly type: string
  readonly vulnerabilities_count: string
}

/** Parameters of ReadDetectionsCountBySeverity. */
export interface ReadDetectionsCountBySeverityParameters {
  /**
   * FQL expression that selects the records
   * Fields: cid, detection_type, image_digest, image_registry, image_repository, image_tag, severity.
   */
  readonly filter?: string
}

/** What goes with a call of ReadDetectionsCountBySeverity. */
export interface ReadDetectionsCountBySeverityInput extends CallOptions {
  readonly parameters?: ReadDetectionsCountBySeverityParameters
}

/** Parameters of ReadDetectionsCountByType. */
export interface ReadDetectionsCountByTypeParameters {
  /**
   * FQL expression that selects the records
   * Fields: cid, detection_type, image_digest, image_registry, image_repository, image_tag, severity.
   */
  readonly filter?: string
}

/** What goes with a call of ReadDetectionsCountByType. */
export interface ReadDetectionsCountByTypeInput extends CallOptions {
  readonly parameters?: ReadDetectionsCountByTypeParameters
}

/** Parameters of ReadDetectionsCount. */
export interface ReadDetectionsCountParameters {
  /**
   * FQL expression that selects the records
   * Fields: cid, detection_type, image_digest, image_registry, image_repository, image_tag, severity.
   */
  readonly filter?: string
}

/** What goes with a call of ReadDetectionsCount. */
export interface ReadDetectionsCountInput extends CallOptions {
  readonly parameters?: ReadDetectionsCountParameters
}

/** Parameters of ReadCombinedDetections. */
export interface ReadCombinedDetectionsParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: cid, detection_type, image_digest, image_registry, image_repository, image_tag, severity.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: containers_impacted, detection_name, detection_type, images_impacted, last_detected, severity.
   */
  readonly sort?: string
}

/** What goes with a call of ReadCombinedDetections. */
export interface ReadCombinedDetectionsInput extends CallOptions {
  readonly parameters?: ReadCombinedDetectionsParameters
}

/** Parameters of GetRuntimeDetectionsCombinedV2. */
export interface GetRuntimeDetectionsCombinedV2Parameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: agent_type, aid, cid, cloud, cloud_name, cluster_name, computer_name, container_id, detect_timestamp, host_id, host_type, image_id, name, namespace, pod_name, severity.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: cluster_name, computer_name, container_id, detect_timestamp, image_id, name, namespace, pod_name, severity.
   */
  readonly sort?: string
}

/** What goes with a call of GetRuntimeDetectionsCombinedV2. */
export interface GetRuntimeDetectionsCombinedV2Input extends CallOptions {
  readonly parameters?: GetRuntimeDetectionsCombinedV2Parameters
}

/** Parameters of ReadDetections. */
export interface ReadDetectionsParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: cid, detection_type, image_digest, image_registry, image_repository, image_tag, severity.
   */
  readonly filter?: string
}

/** What goes with a call of ReadDetections. */
export interface ReadDetectionsInput extends CallOptions {
  readonly parameters?: ReadDetectionsParameters
}

/** Parameters of SearchDetections. */
export interface SearchDetectionsParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: cid, detection_type, image_digest, image_registry, image_repository, image_tag, severity.
   */
  readonly filter?: string
}

/** What goes with a call of SearchDetections. */
export interface SearchDetectionsInput extends CallOptions {
  readonly parameters?: SearchDetectionsParameters
}

/** The collection Container Detections of the Falcon dialect. */
export class ContainerDetections extends Service {
  /**
   * Image detection counts split by severity.
   *
   * Scope: falcon-container-image:read.
   */
  ReadDetectionsCountBySeverity(input?: ReadDetectionsCountBySeverityInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadDetectionsCountBySeverity', input)
  }

  /** The same as ReadDetectionsCountBySeverity. */
  read_detection_counts_by_severity(input?: ReadDetectionsCountBySeverityInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadDetectionsCountBySeverity', input)
  }

  /**
   * Image detection counts split by type.
   *
   * Scope: falcon-container-image:read.
   */
  ReadDetectionsCountByType(input?: ReadDetectionsCountByTypeInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadDetectionsCountByType', input)
  }

  /** The same as ReadDetectionsCountByType. */
  read_detections_count_by_type(input?: ReadDetectionsCountByTypeInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadDetectionsCountByType', input)
  }

  /**
   * Number of image detections.
   *
   * Scope: falcon-container-image:read.
   */
  ReadDetectionsCount(input?: ReadDetectionsCountInput): Promise<Result<Resources<Count>>> {
    return this.client.command('ReadDetectionsCount', input)
  }

  /** The same as ReadDetectionsCount. */
  read_detections_count(input?: ReadDetectionsCountInput): Promise<Result<Resources<Count>>> {
    return this.client.command('ReadDetectionsCount', input)
  }

  /**
   * Image detections (malware, secrets, misconfigurations), one row per detection kind.
   *
   * Scope: falcon-container-image:read.
   */
  ReadCombinedDetections(input?: ReadCombinedDetectionsInput): Promise<Result<Resources<DetectionKind>>> {
    return this.client.command('ReadCombinedDetections', input)
  }

  /** The same as ReadCombinedDetections. */
  read_combined_detections(input?: ReadCombinedDetectionsInput): Promise<Result<Resources<DetectionKind>>> {
    return this.client.command('ReadCombinedDetections', input)
  }

  /**
   * Detections in running containers.
   *
   * Scope: falcon-container-image:read.
   */
  GetRuntimeDetectionsCombinedV2(input?: GetRuntimeDetectionsCombinedV2Input): Promise<Result<Resources<RuntimeDetection>>> {
    return this.client.command('GetRuntimeDetectionsCombinedV2', input)
  }

  /** The same as GetRuntimeDetectionsCombinedV2. */
  search_runtime_detections(input?: GetRuntimeDetectionsCombinedV2Input): Promise<Result<Resources<RuntimeDetection>>> {
    return this.client.command('GetRuntimeDetectionsCombinedV2', input)
  }

  /**
   * Image detections as entities, found by a filter.
   *
   * Scope: falcon-container-image:read.
   */
  ReadDetections(input?: ReadDetectionsInput): Promise<Result<Resources<Detection>>> {
    return this.client.command('ReadDetections', input)
  }

  /** The same as ReadDetections. */
  read_detections(input?: ReadDetectionsInput): Promise<Result<Resources<Detection>>> {
    return this.client.command('ReadDetections', input)
  }

  /**
   * Ids of image detections.
   *
   * Scope: falcon-container-image:read.
   */
  SearchDetections(input?: SearchDetectionsInput): Promise<Result<Resources<string>>> {
    return this.client.command('SearchDetections', input)
  }

  /** The same as SearchDetections. */
  search_detections(input?: SearchDetectionsInput): Promise<Result<Resources<string>>> {
    return this.client.command('SearchDetections', input)
  }
}
