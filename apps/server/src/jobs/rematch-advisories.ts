import { rematchJob } from '../use-cases/assessment/advisory-changes.ts'
import type { Services } from '../use-cases/services.ts'
import { defineJob } from './define.ts'

/** Matches again what changed advisories may concern. */
export const rematchAdvisories = defineJob<Services, typeof rematchJob.payload>({
  ...rematchJob,
  async run({ names }, { services, signal, progress }) {
    await services.advisoryChanges.rematch(names, signal, progress)
  },
})
