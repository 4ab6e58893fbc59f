import type { FieldTable } from '../field-table.ts'

/** What was done with an installation token or with their settings. The vendor's list of fields is open. */
export const auditEventFields = {
  action: {
    kind: 'text',
    sort: true,
    description: 'token_create, token_update, token_revoke, token_restore, token_delete or settings_update',
  },
  actor: { kind: 'text', sort: true, description: 'client id or user name of who did it' },
  description: { kind: 'text', description: 'what was done, in a sentence' },
  id: { kind: 'text', description: 'id of the event, 32 hex digits' },
  timestamp: { kind: 'time', sort: true, description: 'when it was done' },
  token_id: { kind: 'text', sort: true, description: 'id of the token' },
} as const satisfies FieldTable
