import { assessPushedJob } from '../use-cases/pushed-images.ts'
import type { Services } from '../use-cases/services.ts'
import { defineJob } from './define.ts'

/** Assesses what was pushed. Begun again it goes on: layers that were read are known. */
export const assessPushed = defineJob<Services, typeof assessPushedJob.payload>({
  ...assessPushedJob,
  async run(pushed, { services, cid, signal, progress, strikes, lastAttempt }) {
    try {
      await services.pushedImages.assess(cid, pushed, signal, progress, strikes)
    } catch (error) {
      // Nobody tries again: whoever asks is told so, rather than to wait.
      if (lastAttempt && !signal.aborted) await services.pushedImages.givenUp(cid, pushed, error)
      throw error
    }
  },
})
