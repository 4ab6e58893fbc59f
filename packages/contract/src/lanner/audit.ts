import { Type } from 'typebox'
import { collection, get } from '../define.ts'
import { nullable, paging, record, resources, text, time } from '../parts.ts'
import { auditRead } from './scopes.ts'

const AuditRecord = record('AuditRecord', {
  id: Type.String(),
  at: time(),
  action: Type.String({ description: 'such as sign_in or client_create' }),
  actor: Type.String({ description: 'client id or user name' }),
  subject: nullable(Type.String({ description: 'what it was done to' })),
  outcome: Type.Enum(['success', 'refused']),
  address: nullable(Type.String({ description: 'IP address that it came from' })),
  details: Type.Record(Type.String(), Type.Unknown()),
})

/** Sign-ins and acts of administration. */
export const audit = collection('lanner', 'Audit', {
  ListAuditRecords: get('/lanner/v1/audit', {
    tier: 'own',
    scope: auditRead,
    summary: 'Sign-ins and acts of administration, newest first.',
    query: {
      ...paging({ limit: 1000 }),
      action: text('only this action'),
      actor: text('only by this client or user'),
    },
    reply: resources(AuditRecord),
  }),
})
