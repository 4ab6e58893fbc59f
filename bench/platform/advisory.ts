import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { sql } from 'kysely'
import { databaseOf } from '../../apps/server/src/db/database.ts'
import { openPool } from '../../apps/server/src/db/pool.ts'
import { milliseconds, type Row } from '../measure.ts'
import { everywhere } from './estate.ts'
import type { LannerProcess } from './server.ts'

/** A record about a package that every image has is changed, by import into the running server. */
export async function benchAdvisory(
  server: LannerProcess,
  dataFolder: string,
  folder: string,
  images: number,
  authorization: Readonly<Record<string, string>>,
): Promise<Row[]> {
  const feeds = join(folder, 'changed')
  cpSync(join(import.meta.dirname, '..', '..', 'demo', 'advisories'), feeds, { recursive: true })
  mkdirSync(join(feeds, 'Debian'), { recursive: true })
  writeFileSync(join(feeds, 'Debian', 'DSA-9999-1.json'), JSON.stringify(record))
  // The embedded server's socket: looked at from outside, so that nothing is asked of the process that is measured.
  const pool = openPool({
    server: { host: socketFolder(dataFolder), port: 5432, user: 'lanner', database: 'lanner' },
    size: 1,
  })
  const database = databaseOf(pool)
  const count = async (query: ReturnType<typeof sql<{ count: number }>>) =>
    (await query.execute(database)).rows[0].count
  const taken = () => count(sql`select sequence as count from advisory_state`)
  const events = () =>
    count(sql`select count(*) as count from change_event where vulnerability_id = 'CVE-2026-99999'`)
  const applied = () => count(sql`select applied_sequence as count from advisory_state`)
  try {
    const sequence = await taken()
    const counted = await count(sql`select sum(vulnerabilities) as count from image`)
    const asked = performance.now()
    const answer = await fetch(`${server.url}/lanner/v1/advisories/import`, {
      method: 'POST',
      headers: { ...authorization, 'Content-Type': 'application/json' },
      body: JSON.stringify({ directory: feeds }),
    })
    if (!answer.ok) throw new Error(`the import was answered with ${answer.status}: ${await answer.text()}`)
    await reached(async () => (await taken()) > sequence)
    const changed = performance.now()
    await reached(async () => (await events()) > 0)
    const written = performance.now()
    const told = await events()
    await reached(async () => (await applied()) > sequence)
    const followed = performance.now()
    const grown = (await count(sql`select sum(vulnerabilities) as count from image`)) - counted
    if (told !== images || grown !== images)
      throw new Error(`${told} events and ${grown} more vulnerabilities for ${images} images`)
    return [
      {
        what: `one changed advisory that concerns ${images.toLocaleString('en-US')} images: its events written`,
        figure: milliseconds(written - changed),
        against: 'after the change was taken over; at most 5 s',
        holds: written - changed <= 5_000,
      },
      {
        what: 'the counts of all of them brought up to date',
        figure: milliseconds(followed - written),
        against: `after the events; the whole import took ${milliseconds(changed - asked)} before`,
      },
    ]
  } finally {
    await database.destroy()
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

/** Looks every 20 ms, for at most five minutes. */
async function reached(there: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 300_000; Date.now() < deadline; await after(20))
    if (await there()) return
  throw new Error('what was waited for did not come in five minutes')
}

function socketFolder(dataFolder: string): string {
  return join(dataFolder, 'postgres', 'run')
}
