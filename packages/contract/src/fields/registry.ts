import type { FieldTable } from '../field-table.ts'

/** A connected registry. Its list takes no filter; the vendor documents no sort column. */
export const registryFields = {
  created_at: { kind: 'time', filter: false, sort: true, description: 'when it was connected' },
  last_refreshed_at: { kind: 'time', filter: false, sort: true, description: 'when it was last searched' },
  state: { kind: 'text', filter: false, sort: true, description: 'state of the connection' },
  type: { kind: 'text', filter: false, sort: true, description: 'kind of registry, such as ecr' },
  updated_at: { kind: 'time', filter: false, sort: true, description: 'when it was last changed' },
  url: { kind: 'text', filter: false, sort: true, description: 'address of the registry' },
  user_defined_alias: { kind: 'text', filter: false, sort: true, description: 'display name' },
} as const satisfies FieldTable
