import type { containers, Handlers, Row } from '@lanner/contract'
import type { StoredContainer } from '../../use-cases/containers.ts'
import type { Services } from '../../use-cases/services.ts'

/** What clusters tell of their containers. */
export const containerHandlers: Handlers<typeof containers, Services> = {
  async RecordContainers({ caller, body }, { containers }) {
    const { cluster, complete = true } = body
    const told = body.containers.map((container) => ({
      containerId: container.container_id,
      namespace: container.namespace ?? '',
      pod: container.pod ?? '',
      podUid: container.pod_uid ?? '',
      name: container.container_name ?? '',
      node: container.node ?? '',
      imageReference: container.image ?? '',
      imageDigest: container.image_digest,
      running: container.running,
      privileged: container.privileged ?? false,
    }))
    const result = await containers.record(caller.cid, { cluster, containers: told, complete })
    return { resources: [{ cluster, ...result }], affected: result.listed + result.stopped }
  },

  async ListContainers({ caller, query }, { containers }) {
    const { limit, offset, cluster, namespace, image_digest, running } = query
    const selection = {
      ...(cluster === undefined ? {} : { cluster }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(image_digest === undefined ? {} : { imageDigest: image_digest }),
      ...(running === undefined ? {} : { running }),
    }
    const { rows, total } = await containers.list(caller.cid, selection, limit, offset)
    return { resources: rows.map(containerRow), pagination: { limit, offset, total } }
  },
}

function containerRow(row: StoredContainer): Row<typeof containers, 'ListContainers'> {
  const { image_reference, first_seen, last_seen, ...same } = row
  return {
    ...same,
    image: image_reference,
    first_seen: first_seen.toISOString(),
    last_seen: last_seen.toISOString(),
  }
}
