import { Type } from 'typebox'
import type { BlobStore } from '../blobs/blob-store.ts'
import { judgeProfiles, type RematchPorts } from './assessment/rematch.ts'
import { type CollectedGarbage, collectGarbage } from './blob-garbage.ts'
import type { ChangeEvents } from './change-events.ts'
import { jobType } from './job-type.ts'
import { type ForgottenRecords, forgetOld, type Retention } from './retention.ts'

/** What has to be done now and then, whether or not anybody asks for it. */
export const housekeepingJob = jobType({
  name: 'keep-house',
  payload: Type.Object({}),
  key: () => 'house',
  attempts: 3,
  priority: 'rescan',
})

export interface Housekeeping {
  /** Collects blobs that nobody needs, forgets what is old, and judges what time alone may have changed. */
  run(signal: AbortSignal): Promise<CollectedGarbage & ForgottenRecords>
}

export function housekeeping(
  ports: RematchPorts & {
    readonly blobs: BlobStore
    readonly events: ChangeEvents
    /** Milliseconds since 1970. */
    readonly clock: () => number
    readonly retention: Retention
  },
): Housekeeping {
  return {
    async run(signal) {
      await ports.events.turnOver(ports.now())
      // A distribution may have reached its end of life, or the advisories may have grown old.
      await judgeProfiles(ports)
      const forgotten = await forgetOld(
        { database: ports.database, now: ports.now() },
        ports.retention,
        signal,
      )
      return { ...(await collectGarbage(ports, { signal })), ...forgotten }
    },
  }
}
