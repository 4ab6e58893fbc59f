import {
  type ContainerSelection,
  containerPage,
  putContainers,
  removeStopped,
  runningIn,
  type StoredContainer,
  stopContainers,
  type ToldContainer,
} from '../db/container.ts'
import type { Database } from '../db/database.ts'
import { storableText } from '../db/storable.ts'
import type { ListPage } from './images-list.ts'
import { RequestFault } from './request-fault.ts'

/** Days after which a stopped container is forgotten. */
const stoppedContainerDays = 90

const day = 24 * 60 * 60 * 1000

/** What runs in a cluster, as it says itself. */
export interface ContainerSnapshot {
  readonly cluster: string
  readonly containers: readonly ToldContainer[]
  /** False: containers that are not listed stay as they are. */
  readonly complete: boolean
}

export interface SnapshotResult {
  readonly listed: number
  /** Of the whole cluster, now. */
  readonly running: number
  /** That ran before and do not any more. */
  readonly stopped: number
  /** Running ones whose image was never assessed. */
  readonly unidentified: number
}

export interface Containers {
  /** Takes a snapshot. Throws RequestFault `invalid` where it lists a container twice. */
  record(cid: string, snapshot: ContainerSnapshot): Promise<SnapshotResult>
  /** By cluster and id. */
  list(
    cid: string,
    selection: ContainerSelection,
    limit: number,
    offset: number,
  ): Promise<ListPage<StoredContainer>>
}

export function containers(ports: {
  readonly database: Database
  readonly transaction: <T>(work: (transaction: Database) => Promise<T>) => Promise<T>
  readonly now: () => Date
}): Containers {
  const { database, transaction, now } = ports
  return {
    async record(cid, snapshot) {
      const cluster = storableText(snapshot.cluster)
      const listed = snapshot.containers.map(storable)
      const ids = new Set<string>()
      for (const { containerId } of listed) {
        if (ids.has(containerId))
          throw new RequestFault('invalid', `containers: ${containerId} is listed twice`, { id: containerId })
        ids.add(containerId)
      }
      const at = now()
      return transaction(async (held) => {
        const stopped = await stopContainers(held, cid, cluster, listed, snapshot.complete)
        await putContainers(held, cid, cluster, listed, at)
        await removeStopped(held, cid, cluster, new Date(at.getTime() - stoppedContainerDays * day))
        return { listed: listed.length, stopped, ...(await runningIn(held, cid, cluster)) }
      })
    },
    list: (cid, selection, limit, offset) => containerPage(database, cid, selection, limit, offset),
  }
}

function storable(container: ToldContainer): ToldContainer {
  return {
    containerId: storableText(container.containerId),
    namespace: storableText(container.namespace),
    pod: storableText(container.pod),
    podUid: storableText(container.podUid),
    name: storableText(container.name),
    node: storableText(container.node),
    imageReference: storableText(container.imageReference),
    imageDigest: bareDigest(storableText(container.imageDigest)),
    running: container.running,
    privileged: container.privileged,
  }
}

/** Kubernetes' imageID has the digest behind the name: `docker.io/library/nginx@sha256:…`. */
function bareDigest(digest: string): string {
  return digest.slice(digest.lastIndexOf('@') + 1)
}

export type { ContainerSelection, StoredContainer, ToldContainer }
