import { expireExportsJob, exportJob } from '../use-cases/exports.ts'
import type { Services } from '../use-cases/services.ts'
import { defineJob } from './define.ts'
import { defineSchedule } from './schedule.ts'

/** Makes the file of an export. */
export const makeExport = defineJob<Services, typeof exportJob.payload>({
  ...exportJob,
  async run({ id }, { services, cid, signal, progress }) {
    await services.exports.run(cid, id, signal, (records) => progress({ records }))
  },
})

/** Takes old files of exports away. */
export const expireExports = defineJob<Services, typeof expireExportsJob.payload>({
  ...expireExportsJob,
  async run(_, { services, signal, progress }) {
    progress({ removed: await services.exports.expire(signal) })
  },
})

/** Once an hour. */
export const hourlyExpiry = defineSchedule({
  name: 'expire-exports-hourly',
  every: 3_600_000,
  job: expireExportsJob,
  payload: {},
})
