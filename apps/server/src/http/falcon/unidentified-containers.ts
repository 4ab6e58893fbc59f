import type { Handlers, Row, unidentifiedContainers } from '@lanner/contract'
import type { Services } from '../../use-cases/services.ts'
import type { UnidentifiedPod } from '../../use-cases/unidentified-containers.ts'
import { paged } from './pages.ts'
import { instant, severityWord } from './words.ts'

type Collection = typeof unidentifiedContainers

/** Running containers whose image was never assessed. */
export const unidentifiedContainersHandlers: Handlers<Collection, Services> = {
  async ReadUnidentifiedContainersByDateRangeCount({ caller, query }, { unidentifiedContainers }) {
    const days = await unidentifiedContainers.countByDay(caller.cid, query.filter)
    const buckets = days.map(({ day, count }) => ({ label: day, count }))
    return { resources: [{ name: 'unidentified_containers', buckets }] }
  },

  async ReadUnidentifiedContainersCount({ caller, query }, { unidentifiedContainers }) {
    const count = await unidentifiedContainers.count(caller.cid, query.filter)
    return { resources: [{ label: 'unidentified_containers', count }] }
  },

  async SearchAndReadUnidentifiedContainers({ caller, query }, { unidentifiedContainers }) {
    const page = await unidentifiedContainers.list(caller.cid, query)
    return paged(query, page, (pod) => podRow(caller.cid, pod))
  },
}

function podRow(cid: string, pod: UnidentifiedPod): Row<Collection, 'SearchAndReadUnidentifiedContainers'> {
  return {
    assessed_images: pod.assessed.map(namedImage),
    assessed_images_count: String(pod.assessed.length),
    cid,
    cluster_name: pod.cluster,
    containers_impacted: pod.containers.map(({ id, detections }) => ({
      container_id: id,
      container_detection_count: String(detections),
    })),
    containers_impacted_count: String(pod.containers.length),
    detect_timestamp: instant(pod.first_seen),
    detections_count: String(pod.image_detections + pod.runtime_detections),
    first_seen: instant(pod.first_seen),
    host_id: '',
    image_assessment_detections_count: String(pod.image_detections),
    last_seen: instant(pod.last_seen),
    namespace: pod.namespace,
    node_name: pod.node,
    pod_id: pod.pod_uid,
    pod_name: pod.pod,
    runtime_detections_count: String(pod.runtime_detections),
    severity: pod.severity === null ? '' : severityWord(pod.severity),
    unassessed_images: pod.unassessed.map(namedImage),
    unassessed_images_count: String(pod.unassessed.length),
    visible_to_k8s: String(pod.pod !== ''),
  }
}

function namedImage({ digest, image_id, name }: UnidentifiedPod['assessed'][number]) {
  return { image_digest: digest, image_id, image_name: name }
}
