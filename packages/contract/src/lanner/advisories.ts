import { Type } from 'typebox'
import { collection, get, post } from '../define.ts'
import { nullable, record, resources, time } from '../parts.ts'
import { advisoriesRead, advisoriesWrite } from './scopes.ts'

const Source = record('AdvisorySource', {
  source: Type.String({ description: 'such as osv/Debian or kev' }),
  checked: nullable(time('when it was last asked')),
  newest: nullable(Type.String({ description: 'date of its newest entry' })),
  hours: nullable(Type.Number({ description: 'since it was last asked' })),
  stale: Type.Boolean(),
  message: Type.String(),
})

const AdvisoryStatus = record('AdvisoryStatus', {
  state: Type.Enum(['none', 'current', 'stale', 'updating']),
  revision: nullable(Type.String({ description: 'of the advisories in use' })),
  changed_at: nullable(time('when they last changed')),
  applied: Type.Boolean({ description: 'whether all findings rest on this revision' }),
  next_update: nullable(time()),
  job_id: nullable(Type.String({ description: 'of the update or import that waits or runs' })),
  sources: Type.Array(Source),
})

const AdvisoryJob = record('AdvisoryJob', { job_id: Type.String() })

const AdvisoryImport = record('AdvisoryImport', {
  directory: Type.String({
    minLength: 1,
    maxLength: 4096,
    description: 'folder on the server that holds the downloaded advisories',
  }),
})

/** What findings are made from. */
export const advisories = collection('lanner', 'Advisories', {
  GetAdvisoryStatus: get('/lanner/v1/advisories', {
    tier: 'own',
    scope: advisoriesRead,
    summary: 'How fresh the advisories are, source by source.',
    reply: resources(AdvisoryStatus),
  }),

  UpdateAdvisories: post('/lanner/v1/advisories/update', {
    tier: 'own',
    scope: advisoriesWrite,
    summary: 'Brings the advisories up to date from the network, in the background.',
    status: 202,
    reply: resources(AdvisoryJob),
    failures: { 409: 'the server runs offline' },
  }),

  ImportAdvisories: post('/lanner/v1/advisories/import', {
    tier: 'own',
    scope: advisoriesWrite,
    summary: 'Takes advisories from a folder on the server, in the background.',
    body: AdvisoryImport,
    status: 202,
    reply: resources(AdvisoryJob),
    failures: { 400: 'there is no such folder' },
  }),
})
