import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { digestOf } from './digest-of-word.ts'

const first = new Date(Date.UTC(2026, 0, 20, 12, 30))
const last = new Date(Date.UTC(2026, 0, 21, 12, 30))

/** What runs of the estate's images: of both tenants, in one cluster of the same name. */
export async function putContainers(database: Database, cid: string, otherCid: string): Promise<void> {
  const known = [
    { of: cid, id: 'one', digest: digestOf('b/shop'), running: true },
    { of: cid, id: 'two', digest: digestOf('b/shop'), running: true },
    { of: cid, id: 'three', digest: digestOf('b/shop'), running: false },
    { of: cid, id: 'four', digest: digestOf('index of train'), running: true },
    { of: cid, id: 'five', digest: digestOf('d/odd'), running: false },
    { of: cid, id: 'six', digest: '', running: true },
    { of: otherCid, id: 'one', digest: digestOf('d/odd'), running: true },
    { of: otherCid, id: 'seven', digest: digestOf('a/base'), running: true },
  ]
  for (const { of, id, digest, running } of known) {
    await sql`
      insert into container (cid, cluster, container_id, namespace, pod, pod_uid, container_name, node, image_reference,
        image_digest, running, privileged, first_seen, last_seen)
      values (${of}, 'west', ${id}, '', '', '', '', '', '', ${digest}, ${running}, false, ${first}, ${last})`.execute(
      database,
    )
  }
}

/** Of c/train: two by its container, one by its image id; of the other tenant one by the same. */
export async function putRuntimeDetections(database: Database, cid: string, otherCid: string): Promise<void> {
  const imageId = digestOf('config of c/train').slice('sha256:'.length)
  const told = [
    { of: cid, id: '1', container: 'four', image: '', severity: 5 },
    { of: cid, id: '2', container: 'four', image: '', severity: 2 },
    { of: cid, id: '3', container: 'long gone', image: imageId, severity: 2 },
    { of: cid, id: '4', container: 'five', image: '', severity: 4 },
    { of: otherCid, id: '1', container: 'four', image: imageId, severity: 4 },
  ]
  for (const { of, id, container, image, severity } of told) {
    await sql`
      insert into runtime_detection (cid, detection_id, agent_type, aid, cloud, cloud_name, cluster_name, computer_name,
        container_id, detected_at, host_id, host_type, image_id, name, namespace, pod_name, severity, facts)
      values (${of}, ${id}, '', '', '', '', '', '', ${container}, ${first}, '', '', ${image}, '', '', '', ${severity},
        '{}')`.execute(database)
  }
}

/** Two containers of each of four images, one of which nobody knows, as a cluster tells them. */
export function startedContainers() {
  const told = {
    namespace: '',
    pod: '',
    podUid: '',
    name: '',
    node: '',
    imageReference: '',
    privileged: false,
    running: true,
  }
  return ['a/base', 'a/app', 'c/train', 'nobody knows'].flatMap((name) =>
    ['one', 'two'].map((turn) => ({
      ...told,
      containerId: `${name} ${turn}`,
      imageDigest: digestOf(name),
    })),
  )
}
