import { Type } from 'typebox'
import { collection, get, post } from '../define.ts'
import { integer, list, nullable, record, resources, text, time } from '../parts.ts'
import { jobsRead, jobsWrite } from './scopes.ts'

export const jobStates = ['ready', 'delayed', 'running', 'done', 'failed', 'cancelled'] as const

const Job = record('Job', {
  id: Type.String(),
  name: Type.String({ description: 'kind of job' }),
  key: Type.String({ description: 'what it is about; one live job for each' }),
  priority: Type.Enum(['gate', 'push', 'user', 'discovery', 'rescan']),
  state: Type.Enum([...jobStates]),
  attempts: Type.Integer({ description: 'begun so far' }),
  progress: Type.Unknown({ description: 'what the job tells while it runs; null when it tells nothing' }),
  error: nullable(Type.String({ description: 'why it failed, or why its last attempt did' })),
  cancel_requested: Type.Boolean(),
  enqueued_at: time(),
  not_before: nullable(time()),
  started_at: nullable(time()),
  finished_at: nullable(time()),
})

const path = { id: 'id of the job' }
const unknown = 'no such job in this account'

/** Work that is done in the background. */
export const jobs = collection('lanner', 'Jobs', {
  ListJobs: get('/lanner/v1/jobs', {
    tier: 'own',
    scope: jobsRead,
    summary: 'Jobs that wait, run or have ended, newest first.',
    description: 'Read page by page: before is the id of the last job of the page.',
    query: {
      name: text('only jobs of this kind'),
      state: list('only jobs in these states', { choices: jobStates }),
      before: text('id of the job before which to go on'),
      limit: integer('largest number of jobs to return', { minimum: 1, maximum: 500, default: 100 }),
    },
    reply: resources(Job),
  }),

  GetJob: get('/lanner/v1/jobs/{id}', {
    tier: 'own',
    scope: jobsRead,
    summary: 'One job.',
    path,
    reply: resources(Job),
    failures: { 404: unknown },
  }),

  CancelJob: post('/lanner/v1/jobs/{id}/cancel', {
    tier: 'own',
    scope: jobsWrite,
    summary: 'Ends a job that waits at once, one that runs in a moment.',
    path,
    reply: resources(Job),
    failures: { 404: unknown },
  }),
})
