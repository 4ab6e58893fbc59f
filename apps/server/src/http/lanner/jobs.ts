import type { Handlers, jobs } from '@lanner/contract'
import type { Static } from 'typebox'
import type { Job } from '../../use-cases/jobs.ts'
import type { Services } from '../../use-cases/services.ts'

type JobBody = Static<(typeof jobs)['operations']['GetJob']['reply']['schema']>

export const jobHandlers: Handlers<typeof jobs, Services> = {
  async ListJobs({ caller, query }, { jobs }) {
    const { name, state, before, limit } = query
    const page = await jobs.list(caller.cid, {
      limit,
      ...(name === undefined ? {} : { name }),
      // The contract's choices are the states.
      ...(state === undefined ? {} : { states: state as readonly Job['state'][] }),
      ...(before === undefined ? {} : { before }),
    })
    return { resources: page.jobs.map(jobBody) }
  },

  async GetJob({ caller, path }, { jobs }) {
    return { resources: [jobBody(await jobs.get(caller.cid, path['id']))] }
  },

  async CancelJob({ caller, path }, { jobs }) {
    return { resources: [jobBody(await jobs.cancel(caller.cid, path['id']))] }
  },
}

function jobBody(job: Job): JobBody {
  const { id, name, key, priority, state, attempts, progress, error } = job
  return {
    id,
    name,
    key,
    priority,
    state,
    attempts,
    progress: progress ?? null,
    error: error ?? null,
    cancel_requested: job.cancelRequested,
    enqueued_at: job.enqueuedAt.toISOString(),
    not_before: job.notBefore?.toISOString() ?? null,
    started_at: job.startedAt?.toISOString() ?? null,
    finished_at: job.finishedAt?.toISOString() ?? null,
  }
}
