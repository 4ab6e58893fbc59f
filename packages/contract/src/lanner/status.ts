import { Type } from 'typebox'
import { collection, get } from '../define.ts'
import { nullable, record, resources, time } from '../parts.ts'
import { statusRead } from './scopes.ts'

const ServerStatus = record('ServerStatus', {
  version: Type.String(),
  cid: Type.String({ description: 'account of the caller' }),
  started_at: time(),
  database: Type.Object({ version: Type.String(), embedded: Type.Boolean() }),
  advisories: Type.Object({
    state: Type.Enum(['none', 'current', 'stale', 'updating']),
    revision: nullable(Type.String()),
  }),
  images: Type.Object(
    {
      pending: Type.Integer(),
      assessed: Type.Integer(),
      partially: Type.Integer(),
      not_assessable: Type.Integer(),
    },
    { description: 'images of the account by state' },
  ),
  jobs: Type.Object(
    { waiting: Type.Integer(), running: Type.Integer(), failed: Type.Integer() },
    { description: 'jobs of the account; failed ones of the last day' },
  ),
  storage: Type.Object(
    { bytes: Type.Integer(), quota: nullable(Type.Integer()) },
    { description: 'bytes that the account keeps in the registry, and how many it may' },
  ),
})

/** The server itself. */
export const status = collection('lanner', 'Status', {
  GetServerStatus: get('/lanner/v1/status', {
    tier: 'own',
    scope: statusRead,
    summary: 'Version, database, advisories, and how much is assessed, waiting and stored.',
    reply: resources(ServerStatus),
  }),
})
