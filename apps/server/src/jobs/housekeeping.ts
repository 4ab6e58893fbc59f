import { housekeepingJob } from '../use-cases/housekeeping.ts'
import type { Services } from '../use-cases/services.ts'
import { defineJob } from './define.ts'
import { defineSchedule } from './schedule.ts'

/** Keeps house. */
export const keepHouse = defineJob<Services, typeof housekeepingJob.payload>({
  ...housekeepingJob,
  async run(_, { services, signal, progress }) {
    progress(await services.housekeeping.run(signal))
  },
})

/** Once an hour. */
export const hourlyHousekeeping = defineSchedule({
  name: 'keep-house-hourly',
  every: 3_600_000,
  job: housekeepingJob,
  payload: {},
})
