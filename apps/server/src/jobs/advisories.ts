import { importAdvisoriesJob, updateAdvisoriesJob, updateEvery } from '../use-cases/advisories.ts'
import type { Services } from '../use-cases/services.ts'
import { defineJob } from './define.ts'
import { defineSchedule } from './schedule.ts'

/** Brings the advisories up to date from the network. */
export const updateAdvisories = defineJob<Services, typeof updateAdvisoriesJob.payload>({
  ...updateAdvisoriesJob,
  async run(_, { services, signal, progress }) {
    await services.advisories.update({ signal, onProgress: progress })
  },
})

/** Takes advisories from a folder. */
export const importAdvisories = defineJob<Services, typeof importAdvisoriesJob.payload>({
  ...importAdvisoriesJob,
  async run({ directory }, { services, signal, progress }) {
    await services.advisories.importFrom(directory, { signal, onProgress: progress })
  },
})

/** Keeps the advisories fresh. */
export const hourlyUpdate = defineSchedule({
  name: 'advisories-hourly',
  every: updateEvery,
  job: updateAdvisoriesJob,
  payload: {},
})
