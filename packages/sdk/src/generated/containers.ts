// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface Container {
  /** at least 1 characters; at most 256 characters */
  readonly container_id: string
  /** digest of the manifest or the index that runs; empty when it is not known; at most 256 characters */
  readonly image_digest: string
  readonly running: boolean
  readonly cluster: string
  readonly namespace: string
  readonly pod: string
  readonly pod_uid: string
  readonly container_name: string
  readonly node: string
  readonly image: string
  readonly privileged: boolean
  /** RFC 3339 */
  readonly first_seen: string
  /** when a snapshot last listed it as running; RFC 3339 */
  readonly last_seen: string
}

export interface ContainerSnapshot {
  /** at least 1 characters; at most 256 characters */
  readonly cluster: string
  /** at most 10000 items */
  readonly containers: readonly SentContainer[]
  /** true, which it is unless said: containers of the cluster that are not listed run no more; false: they stay as they are */
  readonly complete?: boolean
}

export interface ContainerSnapshotResult {
  readonly cluster: string
  /** containers in the snapshot */
  readonly listed: number
  /** those of the cluster that run now */
  readonly running: number
  /** those that ran before and do not any more */
  readonly stopped: number
  /** running ones whose image was never assessed */
  readonly unidentified: number
}

export interface SentContainer {
  /** at least 1 characters; at most 256 characters */
  readonly container_id: string
  /** digest of the manifest or the index that runs; empty when it is not known; at most 256 characters */
  readonly image_digest: string
  readonly running: boolean
  /** at most 256 characters */
  readonly namespace?: string
  /** at most 256 characters */
  readonly pod?: string
  /** at most 256 characters */
  readonly pod_uid?: string
  /** at most 256 characters */
  readonly container_name?: string
  /** at most 256 characters */
  readonly node?: string
  /** reference as the cluster has it; at most 1024 characters */
  readonly image?: string
  readonly privileged?: boolean
}

/** What goes with a call of RecordContainers. */
export interface RecordContainersInput extends CallOptions {
  readonly body: ContainerSnapshot
}

/** Parameters of ListContainers. */
export interface ListContainersParameters {
  /** largest number of records to return; 1 to 1000; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; 0 unless said */
  readonly offset?: number
  /** name of the cluster */
  readonly cluster?: string
  /** Kubernetes namespace */
  readonly namespace?: string
  /** digest of the image */
  readonly image_digest?: string
  /** only those that run, or only those that do not */
  readonly running?: boolean
}

/** What goes with a call of ListContainers. */
export interface ListContainersInput extends CallOptions {
  readonly parameters?: ListContainersParameters
}

/** The collection Containers of the Lanner dialect. */
export class Containers extends Service {
  /**
   * Takes a snapshot of the containers of a cluster.
   * Snapshots of one cluster that are larger than 10,000 containers are sent in parts with complete: false.
   *
   * Scope: lanner-containers:write.
   */
  RecordContainers(input: RecordContainersInput): Promise<Result<Resources<ContainerSnapshotResult>>> {
    return this.client.command('RecordContainers', input)
  }

  /** The same as RecordContainers. */
  record_containers(input: RecordContainersInput): Promise<Result<Resources<ContainerSnapshotResult>>> {
    return this.client.command('RecordContainers', input)
  }

  /**
   * Containers as the clusters last told them.
   *
   * Scope: lanner-containers:read.
   */
  ListContainers(input?: ListContainersInput): Promise<Result<Resources<Container>>> {
    return this.client.command('ListContainers', input)
  }

  /** The same as ListContainers. */
  list_containers(input?: ListContainersInput): Promise<Result<Resources<Container>>> {
    return this.client.command('ListContainers', input)
  }
}
