import type { FieldTable } from '../field-table.ts'

/** A token with which a worker or a sensor enrols. The vendor's list of fields is open: those of a token. */
export const installationTokenFields = {
  created_timestamp: { kind: 'time', sort: true, description: 'when the token was made' },
  expires_timestamp: { kind: 'time', sort: true, description: 'when it ends; null for never' },
  id: { kind: 'text', description: 'id of the token, 32 hex digits' },
  label: { kind: 'text', sort: true, description: 'label of the token' },
  last_used_timestamp: { kind: 'time', sort: true, description: 'when it was last used; null for never' },
  revoked_timestamp: { kind: 'time', sort: true, description: 'when it was revoked; null when it was not' },
  status: {
    kind: 'word',
    words: ['valid', 'expired', 'revoked'],
    sort: true,
    description: 'whether the token can be used',
  },
  type: { kind: 'text', description: 'kind of token: customer_managed' },
} as const satisfies FieldTable
