// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { LabelledCount, Split } from './records.ts'

export interface ImpactedContainer {
  readonly container_detection_count: string
  readonly container_id: string
}

export interface NamedImage {
  readonly image_digest: string
  readonly image_id: string
  readonly image_name: string
}

export interface UnidentifiedContainer {
  readonly assessed_images: readonly NamedImage[]
  readonly assessed_images_count: string
  readonly cid: string
  readonly cluster_name: string
  readonly containers_impacted: readonly ImpactedContainer[]
  readonly containers_impacted_count: string
  readonly detect_timestamp: string
  readonly detections_count: string
  readonly first_seen: string
  readonly host_id: string
  readonly image_assessment_detections_count: string
  readonly last_seen: string
  readonly namespace: string
  readonly node_name: string
  readonly pod_id: string
  readonly pod_name: string
  readonly runtime_detections_count: string
  readonly severity: string
  readonly unassessed_images: readonly NamedImage[]
  readonly unassessed_images_count: string
  readonly visible_to_k8s: string
}

/** Parameters of ReadUnidentifiedContainersByDateRangeCount. */
export interface ReadUnidentifiedContainersByDateRangeCountParameters {
  /**
   * FQL expression that selects the records
   * Fields: assessed_images_count, cid, cloud_account_id, cloud_name, cloud_region, cluster_id, cluster_name, containers_impacted_count, detections_count, image_assessment_detections_count, last_seen, namespace, node_name, severity, unassessed_images_count, visible_to_k8s.
   */
  readonly filter?: string
}

/** What goes with a call of ReadUnidentifiedContainersByDateRangeCount. */
export interface ReadUnidentifiedContainersByDateRangeCountInput extends CallOptions {
  readonly parameters?: ReadUnidentifiedContainersByDateRangeCountParameters
}

/** Parameters of ReadUnidentifiedContainersCount. */
export interface ReadUnidentifiedContainersCountParameters {
  /**
   * FQL expression that selects the records
   * Fields: assessed_images_count, cid, cloud_account_id, cloud_name, cloud_region, cluster_id, cluster_name, containers_impacted_count, detections_count, image_assessment_detections_count, last_seen, namespace, node_name, severity, unassessed_images_count, visible_to_k8s.
   */
  readonly filter?: string
}

/** What goes with a call of ReadUnidentifiedContainersCount. */
export interface ReadUnidentifiedContainersCountInput extends CallOptions {
  readonly parameters?: ReadUnidentifiedContainersCountParameters
}

/** Parameters of SearchAndReadUnidentifiedContainers. */
export interface SearchAndReadUnidentifiedContainersParameters {
  /** largest number of records to return; 1 to 100; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; with limit at most 10000; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: assessed_images_count, cid, cloud_account_id, cloud_name, cloud_region, cluster_id, cluster_name, containers_impacted_count, detections_count, image_assessment_detections_count, last_seen, namespace, node_name, severity, unassessed_images_count, visible_to_k8s.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: assessed_images_count, cluster_name, containers_impacted_count, last_seen, namespace, node_name, severity, unassessed_images_count.
   */
  readonly sort?: string
}

/** What goes with a call of SearchAndReadUnidentifiedContainers. */
export interface SearchAndReadUnidentifiedContainersInput extends CallOptions {
  readonly parameters?: SearchAndReadUnidentifiedContainersParameters
}

/** The collection Unidentified Containers of the Falcon dialect. */
export class UnidentifiedContainers extends Service {
  /**
   * Unidentified container counts per date.
   *
   * Scope: falcon-container-image:read.
   */
  ReadUnidentifiedContainersByDateRangeCount(input?: ReadUnidentifiedContainersByDateRangeCountInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadUnidentifiedContainersByDateRangeCount', input)
  }

  /** The same as ReadUnidentifiedContainersByDateRangeCount. */
  read_count_by_date_range(input?: ReadUnidentifiedContainersByDateRangeCountInput): Promise<Result<Resources<Split>>> {
    return this.client.command('ReadUnidentifiedContainersByDateRangeCount', input)
  }

  /**
   * Number of containers whose image was never assessed.
   *
   * label stands beside count.
   *
   * Scope: falcon-container-image:read.
   */
  ReadUnidentifiedContainersCount(input?: ReadUnidentifiedContainersCountInput): Promise<Result<Resources<LabelledCount>>> {
    return this.client.command('ReadUnidentifiedContainersCount', input)
  }

  /** The same as ReadUnidentifiedContainersCount. */
  read_count(input?: ReadUnidentifiedContainersCountInput): Promise<Result<Resources<LabelledCount>>> {
    return this.client.command('ReadUnidentifiedContainersCount', input)
  }

  /**
   * Containers whose image was never assessed.
   *
   * Scope: falcon-container-image:read.
   */
  SearchAndReadUnidentifiedContainers(input?: SearchAndReadUnidentifiedContainersInput): Promise<Result<Resources<UnidentifiedContainer>>> {
    return this.client.command('SearchAndReadUnidentifiedContainers', input)
  }

  /** The same as SearchAndReadUnidentifiedContainers. */
  search_and_read(input?: SearchAndReadUnidentifiedContainersInput): Promise<Result<Resources<UnidentifiedContainer>>> {
    return this.client.command('SearchAndReadUnidentifiedContainers', input)
  }
}
