import type { containerDetections, Row } from '@lanner/contract'
import type { StoredRuntimeDetection } from '../../use-cases/detections.ts'
import { instant, severityWord } from './words.ts'

type RuntimeDetection = Row<typeof containerDetections, 'GetRuntimeDetectionsCombinedV2'>

/** Members that only a sensor can fill: what it did not tell is empty. */
const told = [
  'action_taken',
  'assigned_to',
  'cloud_account_id',
  'cloud_id',
  'cloud_instance_id',
  'command_line',
  'container_interactive_mode',
  'container_name',
  'container_network_ip_address',
  'container_privileged',
  'container_read_only_root_fs',
  'container_user_info',
  'containers_impacted_count',
  'detection_description',
  'executable_sha_256',
  'file_name',
  'file_path',
  'host_containers_count',
  'host_detections_count',
  'host_last_seen_timestamp',
  'image_digest',
  'image_first_seen_timestamp',
  'image_label',
  'image_last_seen_timestamp',
  'image_maintainer',
  'image_name',
  'images_container_count',
  'network_ip_address',
  'os_version',
  'pod_id',
  'sensor_version',
  'tactic_and_technique',
  'type',
  'vulnerabilities_count',
] as const

/** A detection in a container as clients read it. */
export function runtimeDetectionRow(cid: string, row: StoredRuntimeDetection): RuntimeDetection {
  const { facts, detected_at, severity, name, ...columns } = row
  return {
    ...textsOf(facts, told),
    ...columns,
    cid,
    container_devices: listOf(facts['container_devices']),
    detect_timestamp: instant(detected_at),
    detection_name: [name],
    host_detections_ids: listOf(facts['host_detections_ids']),
    pod_namespace: row.namespace,
    severity: severityWord(severity),
  }
}

/** The members by name, '' where they are no text. */
export function textsOf<Name extends string>(
  facts: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): Record<Name, string> {
  const texts = names.map((name) => [name, typeof facts[name] === 'string' ? facts[name] : ''] as const)
  return Object.fromEntries(texts) as Record<Name, string> // Object.fromEntries forgets the names.
}

/** The texts of a list. */
export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
