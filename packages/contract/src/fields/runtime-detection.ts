import type { FieldTable } from '../field-table.ts'
import { cid, severity } from './severity.ts'

/** Something that was detected in a running container. The vendor documents no sort column. */
export const runtimeDetectionFields = {
  agent_type: { kind: 'text', description: 'kind of the agent that reported it' },
  aid: { kind: 'text', description: 'id of the agent that reported it' },
  cid,
  cloud: { kind: 'text', description: 'cloud that the host runs in' },
  cloud_name: { kind: 'text', description: 'name of the cloud' },
  cluster_name: { kind: 'text', sort: true, description: 'cluster of the container' },
  computer_name: { kind: 'text', sort: true, description: 'name of the host' },
  container_id: { kind: 'text', sort: true, description: 'id of the container' },
  detect_timestamp: { kind: 'time', sort: true, description: 'when it was detected' },
  host_id: { kind: 'text', description: 'id of the host' },
  host_type: { kind: 'text', description: 'kind of host' },
  image_id: { kind: 'text', sort: true, description: 'id of the image that the container runs' },
  name: { kind: 'text', sort: true, description: 'name of the detection' },
  namespace: { kind: 'text', sort: true, description: 'Kubernetes namespace' },
  pod_name: { kind: 'text', sort: true, description: 'Kubernetes pod' },
  severity: { ...severity('severity of the detection'), sort: true },
} as const satisfies FieldTable
