// A process of its own that claims a job and never ends it; says so when it runs.
import { systemClock } from '@lanner/oci'
import { databaseOf } from '../../db/database.ts'
import { openPool } from '../../db/pool.ts'
import { jobQueue } from '../../use-cases/job-queue.ts'
import { Workers } from '../workers.ts'
import { sample } from './queue.ts'

const database = databaseOf(openPool({ server: process.argv[2], size: 2 }))
new Workers({
  queue: jobQueue({ database }),
  services: undefined,
  jobs: [
    {
      ...sample,
      run() {
        process.stdout.write('running\n')
        return new Promise<void>(() => {})
      },
    },
  ],
  types: [sample],
  slots: 1,
  clock: systemClock,
}).start()
