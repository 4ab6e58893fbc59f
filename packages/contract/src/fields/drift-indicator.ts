import type { FieldTable } from '../field-table.ts'
import { cid, severity } from './severity.ts'

/** A program that ran in a container and that its image does not have. The vendor documents no sort column. */
export const driftIndicatorFields = {
  cid,
  cloud_name: { kind: 'text', description: 'cloud of the cluster' },
  command_line: { kind: 'text', description: 'command line of the program' },
  container_id: { kind: 'text', sort: true, description: 'id of the container' },
  file_name: { kind: 'text', sort: true, description: 'name of the program' },
  file_sha256: { kind: 'text', description: 'SHA-256 of the program, 64 hex digits' },
  host_id: { kind: 'text', description: 'id of the host' },
  indicator_process_id: { kind: 'text', description: 'id of the process' },
  namespace: { kind: 'text', sort: true, description: 'Kubernetes namespace' },
  occurred_at: { kind: 'time', sort: true, description: 'when it ran' },
  parent_process_id: { kind: 'text', description: 'id of the parent process' },
  pod_name: { kind: 'text', sort: true, description: 'Kubernetes pod' },
  prevented: { kind: 'boolean', description: 'whether it was kept from running' },
  scheduler_name: { kind: 'text', description: 'what scheduled the container' },
  severity: { ...severity('severity of the indicator'), sort: true },
  worker_node_name: { kind: 'text', sort: true, description: 'node that ran it' },
} as const satisfies FieldTable
