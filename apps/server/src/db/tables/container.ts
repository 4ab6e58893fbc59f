import type { JSONColumnType } from 'kysely'

/** Members of an answer that are in no column: written as JSON text, read as a value. */
type Facts = JSONColumnType<Record<string, unknown>, string, string>

/** Rows of what is counted of images, and of what sensors tell: the migrations 0010, 0015 and 0016 say what each is for. */
export interface ContainerTables {
  tenant_holding: { cid: string; event_id: number }
  tenant_package_set: { cid: string; set_id: number; images: number }
  tenant_package: { cid: string; package_id: number; images: number }
  tenant_vulnerability: { cid: string; vulnerability_id: string; images: number }
  tenant_running: { cid: string; event_id: number }
  tenant_running_sets: { cid: string; sets: number[]; sets_digest: string; containers: number }
  tenant_running_vulnerability: { cid: string; vulnerability_id: string; containers: number }
  tenant_running_package_set: { cid: string; set_id: number; images: number }
  tenant_running_package: { cid: string; package_id: number; images: number }
  runtime_detection: {
    cid: string
    detection_id: string
    agent_type: string
    aid: string
    cloud: string
    cloud_name: string
    cluster_name: string
    computer_name: string
    container_id: string
    detected_at: Date
    host_id: string
    host_type: string
    image_id: string
    name: string
    namespace: string
    pod_name: string
    severity: number
    facts: Facts
  }
  container_alert: {
    cid: string
    alert_id: string
    name: string
    description: string
    event_name: string
    severity: number
    container_ids: string[]
    first_seen: Date
    last_seen: Date
  }
  drift_indicator: {
    cid: string
    indicator_id: string
    occurred_at: Date
    severity: number
    cloud_name: string
    command_line: string
    container_id: string
    file_name: string
    file_sha256: string
    host_id: string
    indicator_process_id: string
    namespace: string
    parent_process_id: string
    pod_name: string
    prevented: boolean
    scheduler_name: string
    worker_node_name: string
    facts: Facts
  }
}
