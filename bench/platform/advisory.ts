import { join } from 'node:path'
import { sql } from 'kysely'
import { takeOverRevision } from '../../apps/server/src/db/advisory-state.ts'
import { databaseOf } from '../../apps/server/src/db/database.ts'
import { openPool } from '../../apps/server/src/db/pool.ts'
import { startPostgres } from '../../apps/server/src/db/supervisor.ts'
import { transaction } from '../../apps/server/src/db/transaction.ts'
import { matchGroups } from '../../apps/server/src/use-cases/assessment/matcher.ts'
import { type RematchProgress, rematch } from '../../apps/server/src/use-cases/assessment/rematch.ts'
import { applyRecords, openStore } from '../../packages/advisories/src/index.ts'
import { milliseconds, type Row } from '../measure.ts'
import { everywhere } from './estate.ts'

/**
 * A record about a package that every image has is written over the store as a delta, and its change carried into the findings
 * of the database of a stopped server, as the server's job does it. There is no registry: nothing could be read from one.
 */
export async function benchAdvisory(dataFolder: string, images: number): Promise<Row[]> {
  const server = await startPostgres({ dataDir: dataFolder })
  const pool = openPool({ server: server.address, size: 4 })
  const database = databaseOf(pool)
  const now = () => new Date()
  const sum = async () =>
    (await sql<{ sum: number }>`select sum(vulnerabilities) as sum from image`.execute(database)).rows[0].sum
  try {
    const before = await sum()
    const folder = join(dataFolder, 'advisories')
    const started = performance.now()
    const { changedKeys } = await applyRecords(folder, [record], { now })
    using store = openStore(folder)
    await takeOverRevision(database, store.revision, now())
    let written = Number.NaN
    const done = await rematch(
      changedKeys.map(({ name }) => name),
      {
        database,
        transaction: (work) => transaction(database, work),
        matcher: { match: async (groups) => matchGroups(groups, store, now()) },
        advisories: () => store,
        now,
      },
      new AbortController().signal,
      (progress: RematchProgress) => {
        // Told once the transaction that wrote them is on the disk.
        if (progress.events > 0 && Number.isNaN(written)) written = performance.now()
      },
    )
    const followed = performance.now()
    const grown = (await sum()) - before
    if (done.events < images || grown < images)
      throw new Error(`${done.events} events and ${grown} more vulnerabilities for ${images} images`)
    return [
      {
        what: `one changed advisory that concerns ${images.toLocaleString('en-US')} images: its ${done.events.toLocaleString('en-US')} events written`,
        figure: milliseconds(written - started),
        against: 'from the change of the record; no registry is there to be read; at most 5 s',
        holds: written - started <= 5_000,
      },
      {
        what: 'the counts of all these images following',
        figure: milliseconds(followed - written),
        against: 'after the events; no bound',
      },
    ]
  } finally {
    await database.destroy()
    await server.stop()
  }
}

const record = {
  schema_version: '1.6.0',
  id: 'DSA-9999-1',
  modified: '2026-11-20T00:00:00Z',
  summary: 'everywhere: a weakness',
  upstream: ['CVE-2026-99999'],
  affected: [
    {
      package: { ecosystem: 'Debian:12', name: everywhere },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.0-2' }] }],
    },
  ],
}
