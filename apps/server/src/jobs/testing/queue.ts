import type { TestContext } from 'node:test'
import { systemClock } from '@lanner/oci'
import { Type } from 'typebox'
import type { Database } from '../../db/database.ts'
import { testDatabase } from '../../testing/database.ts'
import { type JobQueue, jobQueue, type QueueOptions } from '../../use-cases/job-queue.ts'
import { jobType } from '../../use-cases/job-type.ts'
import type { AnyJob } from '../define.ts'
import { type WorkerEvent, Workers, type WorkersOptions } from '../workers.ts'

/** A job of tests: its payload is its key and anything else. */
export const sample = jobType({
  name: 'sample',
  payload: Type.Object({ key: Type.String(), note: Type.Optional(Type.String()) }),
  key: ({ key }) => key,
  attempts: 3,
  priority: 'user',
})

/** A queue in a fresh database, and workers that are stopped after the test. */
export async function testQueue(t: TestContext, options: Omit<QueueOptions, 'database'> = {}) {
  const { database, pool, url } = await testDatabase(t)
  const queue = jobQueue({ database, ...options })
  return {
    database,
    pool,
    url,
    queue,
    workers: (run: AnyJob<undefined>['run'], more: Partial<WorkersOptions<undefined>> = {}) =>
      startWorkers(t, queue, [{ ...sample, run }], more),
  }
}

/** Workers that run, with what they told. */
export function startWorkers(
  t: TestContext,
  queue: JobQueue,
  jobs: readonly AnyJob<undefined>[],
  more: Partial<WorkersOptions<undefined>> = {},
) {
  const events: WorkerEvent[] = []
  const waiting = new Set<() => void>()
  const workers = new Workers<undefined>({
    queue,
    services: undefined,
    jobs,
    types: jobs,
    slots: 4,
    clock: systemClock,
    random: () => 0,
    ...more,
    onEvent(event) {
      events.push(event)
      for (const check of waiting) check()
    },
  })
  workers.start()
  t.after(() => workers.stop({ within: 0 }))
  return {
    workers,
    events,
    /** Resolves once that many events of a kind were told. */
    told(kind: WorkerEvent['kind'], count = 1): Promise<void> {
      return new Promise((resolve) => {
        const check = () => {
          if (events.filter((event) => event.kind === kind).length < count) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      })
    },
  }
}

/** All that ended, in the order of their ids. */
export function historyOf(database: Database) {
  return database
    .selectFrom('job_history')
    .select(['id', 'cid', 'outcome', 'attempts', 'error'])
    .orderBy('id')
    .execute()
}

/** All that has not ended. */
export function liveJobs(database: Database) {
  return database.selectFrom('job').select(['id', 'cid', 'key', 'state', 'attempts']).orderBy('id').execute()
}
