import type { FieldTable } from '../field-table.ts'
import { cid, severity } from './severity.ts'

/** A pod with a running container whose image was never assessed. The vendor documents no sort column. */
export const unidentifiedContainerFields = {
  assessed_images_count: { kind: 'number', sort: true, description: 'its images that are assessed' },
  cid,
  cloud_account_id: { kind: 'text', description: 'cloud account of the cluster' },
  cloud_name: { kind: 'text', description: 'cloud of the cluster' },
  cloud_region: { kind: 'text', description: 'cloud region of the cluster' },
  cluster_id: { kind: 'text', description: 'id of the cluster' },
  cluster_name: { kind: 'text', sort: true, description: 'name of the cluster' },
  containers_impacted_count: { kind: 'number', sort: true, description: 'its containers' },
  detections_count: { kind: 'number', description: 'detections in its containers and images' },
  image_assessment_detections_count: { kind: 'number', description: 'detections in its images' },
  last_seen: { kind: 'time', sort: true, description: 'when a snapshot last listed it as running' },
  namespace: { kind: 'text', sort: true, description: 'Kubernetes namespace' },
  node_name: { kind: 'text', sort: true, description: 'node that runs it' },
  severity: { ...severity('worst severity of its detections'), sort: true },
  unassessed_images_count: { kind: 'number', sort: true, description: 'its images that were never assessed' },
  visible_to_k8s: { kind: 'boolean', description: 'whether Kubernetes knows it' },
} as const satisfies FieldTable
