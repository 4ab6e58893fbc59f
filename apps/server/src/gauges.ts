import { statfs } from 'node:fs/promises'
import type { OpenDatabase } from './db/open-database.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { queueLength } from './use-cases/status.ts'

/** What an operator watches beside requests: the queue, the database's connections, the disk. */
export function addGauges(
  metrics: Metrics,
  { opened, dataFolder, clock }: { opened: OpenDatabase; dataFolder: string; clock: () => number },
): void {
  const { pool, database } = opened
  metrics.gauge({
    name: 'jobs',
    help: 'Jobs that are not over, by state.',
    label: 'state',
    read: queueLength({ database, clock }),
  })
  metrics.gauge({
    name: 'database_connections',
    help: 'Connections to the database, and requests that wait for one.',
    label: 'state',
    read: () => ({
      idle: pool.idleCount,
      active: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
  })
  metrics.gauge({
    name: 'disk_free_bytes',
    help: 'Bytes that are free on the disk of the data directory.',
    async read() {
      const { bavail, bsize } = await statfs(dataFolder)
      return bavail * bsize
    },
  })
}
