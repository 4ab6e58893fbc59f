import { type FieldTable, narrow } from '../field-table.ts'
import { cid, severity } from './severity.ts'

/** An alert about running containers. */
export const containerAlertFields = {
  cid,
  container_id: { kind: 'text', description: 'id of a container that it is about' },
  first_seen: { kind: 'time', filter: false, description: 'when it was first raised' },
  last_seen: { kind: 'time', description: 'when it was last raised' },
  name: { kind: 'text', description: 'name of the alert' },
  severity: severity('severity of the alert'),
} as const satisfies FieldTable

/** SearchAndReadContainerAlerts. The vendor documents no sort column: those that a row shows. */
export const containerAlertRowFields = narrow(containerAlertFields, {
  filter: ['cid', 'container_id', 'last_seen', 'name', 'severity'],
  sort: ['first_seen', 'last_seen', 'name', 'severity'],
})

/** The counts. */
export const containerAlertCountFields = narrow(containerAlertFields, {
  filter: ['cid', 'container_id', 'last_seen'],
})
