import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { Type } from 'typebox'
import { databaseOf } from '../apps/server/src/db/database.ts'
import { timeOrderedId } from '../apps/server/src/db/job-id.ts'
import { migrate } from '../apps/server/src/db/migrate.ts'
import { migrationFiles } from '../apps/server/src/db/migration-files.ts'
import { openPool } from '../apps/server/src/db/pool.ts'
import { startPostgres } from '../apps/server/src/db/supervisor.ts'
import { type JobQueue, jobQueue } from '../apps/server/src/use-cases/job-queue.ts'
import { enqueueAll, jobType } from '../apps/server/src/use-cases/job-type.ts'
import { median, type Row, timed, times } from './measure.ts'

const jobs = 20_000
const batch = 50
const connections = 4
const cid = 'bench'
const sample = jobType({
  name: 'sample',
  payload: Type.Object({ digest: Type.String() }),
  key: ({ digest }) => digest,
  attempts: 3,
  priority: 'rescan',
})

/** The queue on an embedded PostgreSQL with synchronous commits, beside rows that are inserted and deleted without it. */
export async function benchQueue(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lanner-bench-'))
  const server = await startPostgres({ dataDir: folder })
  const pool = openPool({ server: server.address, size: connections * 2 })
  const database = databaseOf(pool)
  try {
    await migrate(pool, migrationFiles())
    await pool.query('create table plain (id uuid primary key, payload jsonb not null)')
    const queue = jobQueue({ database })
    const rounds: { put: number; run: number; raw: number }[] = []
    for (let round = 0; round < 4; round++) {
      const payloads = Array.from({ length: jobs }, (_, index) => ({ digest: `sha256:${round}-${index}` }))
      const put = await timed(() => enqueueAll(database, sample, payloads, { cid }))
      const run = await timed(() => runAll(queue))
      const raw = await timed(() => insertAndDelete(pool))
      // The first warms plans and pages.
      if (round > 0) rounds.push({ put, run, raw })
    }
    const perSecond = (took: number) => `${Math.round(jobs / took)} k/s`
    const ratio = median(rounds.map(({ put, run, raw }) => (put + run) / raw))
    return [
      {
        what: `jobs put in, run and kept in the history, ${batch} at a time`,
        figure: times(ratio),
        against: `rows inserted and deleted ${batch} at a time in the same run; put in ${perSecond(median(rounds.map(({ put }) => put)))}, run ${perSecond(median(rounds.map(({ run }) => run)))}`,
      },
    ]
  } finally {
    await database.destroy()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As workers do it, apart from what jobs do: lanes, claims, ends. */
async function runAll(queue: JobQueue): Promise<void> {
  let ended = 0
  async function worker(): Promise<void> {
    const id = randomUUID()
    while (ended < jobs) {
      const [lane] = await queue.lanes(4)
      if (!lane) return
      const claimed = await queue.claim(id, [{ ...lane, take: batch }])
      await queue.end(
        claimed.map((job) => ({ id: job.id, worker: id, attempts: job.attempts, outcome: 'done' })),
      )
      ended += claimed.length
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
}

async function insertAndDelete(pool: pg.Pool): Promise<void> {
  let left = jobs
  async function worker(): Promise<void> {
    while (left > 0) {
      left -= batch
      const ids = Array.from({ length: batch }, () => timeOrderedId(Date.now()))
      await pool.query(
        `insert into plain (id, payload) select id, '{"digest": "sha256:0"}' from unnest($1::uuid[]) id`,
        [ids],
      )
      await pool.query('delete from plain where id = any($1::uuid[])', [ids])
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
}
