import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '@lanner/testkit'
import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { testDatabase } from '../testing/database.ts'
import type { ExportRecord } from './export-file.ts'
import { type ExportSource, type Exports, exportLimits, exportsOf } from './exports.ts'

const cid = 'a'.repeat(32)
const now = new Date('2026-03-02T09:14:05Z')
const wish = {
  resource: 'birds',
  format: 'json',
  filter: '',
  sort: '',
  expandVulnerabilities: false,
} as const
const never = new AbortController().signal

interface Stage {
  readonly exports: Exports
  readonly database: Database
  readonly folder: string
  /** Of the tenant, by name. */
  names(): Promise<readonly string[]>
  jobEnds(): Promise<void>
}

async function stage(t: TestContext, pages: ExportSource<Database>['pages']): Promise<Stage> {
  const { database } = await testDatabase(t)
  const temporary = await temporaryFolder()
  t.after(() => temporary[Symbol.asyncDispose]())
  const folder = join(temporary.path, 'exports')
  const fields = { name: { kind: 'text', sort: true, description: '' } } as const
  const source: ExportSource<Database> = {
    filterFields: fields,
    sortFields: fields,
    columns: ['name'],
    pages,
  }
  return {
    exports: exportsOf({
      database,
      folder,
      sources: new Map([['birds', source]]),
      lists: (inside) => inside,
      now: () => now,
    }),
    database,
    folder: join(folder, cid),
    names: async () => (await readdir(join(folder, cid)).catch(() => [])).sort(),
    jobEnds: async () => void (await sql`delete from job where cid = ${cid}`.execute(database)),
  }
}

async function* birds(): AsyncGenerator<readonly ExportRecord[]> {
  yield [{ name: 'heron' }]
  yield [{ name: 'lanner' }]
}

test('all pages are of one moment, in a transaction that others do not reach into', async (t) => {
  const here = await stage(t, async function* (inside) {
    const count = async () => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from layer`.execute(inside)
      return [{ name: String(rows[0]?.n) }]
    }
    yield await count()
    await sql`
      insert into layer (blob_digest, diff_id, size, inflated_size, entries, read_at) values ('a', 'b', 1, 1, 1, ${now})`.execute(
      here.database,
    )
    yield await count()
  })
  const id = await here.exports.launch(cid, 'ci', wish)
  await here.exports.run(cid, id, never, () => {})
  const [first, second] = JSON.parse(await readFile(join(here.folder, `${id}.json`), 'utf8'))
  assert.deepEqual(first, second)
})

test('a run that is stopped leaves nothing, the next makes the file, one more changes nothing', async (t) => {
  let runs = 0
  const stopping = new AbortController()
  const here = await stage(t, async function* (_, who, request) {
    assert.deepEqual([who, request], [{ cid, actor: 'ci' }, { expandVulnerabilities: false }])
    if (++runs === 1) stopping.abort()
    yield* birds()
  })
  const id = await here.exports.launch(cid, 'ci', wish)
  await assert.rejects(
    here.exports.run(cid, id, stopping.signal, () => {}),
    { name: 'AbortError' },
  )
  assert.deepEqual(await here.names(), [])
  const told: number[] = []
  await here.exports.run(cid, id, never, (records) => told.push(records))
  assert.deepEqual(told, [1, 2])
  await here.exports.run(cid, id, never, () => {})
  assert.equal(runs, 2)
  await here.jobEnds()
  const { name, bytes, content } = await here.exports.file(cid, id)
  let text = ''
  for await (const chunk of content) text += Buffer.from(chunk).toString()
  assert.deepEqual(
    [name, bytes, JSON.parse(text)],
    ['birds.json', text.length, [{ name: 'heron' }, { name: 'lanner' }]],
  )
})

test('a file that somebody took away is gone, and the export of another tenant is none', async (t) => {
  const here = await stage(t, birds)
  const id = await here.exports.launch(cid, 'ci', wish)
  await here.exports.run('b'.repeat(32), id, never, () => {})
  assert.deepEqual(await here.names(), [])
  await here.exports.run(cid, id, never, () => {})
  await here.jobEnds()
  await rm(join(here.folder, `${id}.json`))
  await assert.rejects(here.exports.file(cid, id), { code: 'not-found', message: /is gone/ })
  await assert.rejects(here.exports.file('b'.repeat(32), id), { code: 'not-found' })
})

test('what a killed process left is swept after a day, and nothing that is known', async (t) => {
  const here = await stage(t, birds)
  const id = await here.exports.launch(cid, 'ci', wish)
  await here.exports.run(cid, id, never, () => {})
  await mkdir(here.folder, { recursive: true })
  const stray = crypto.randomUUID()
  const put = async (name: string, hoursAgo: number) => {
    await writeFile(join(here.folder, name), 'x')
    const at = new Date(now.getTime() - hoursAgo * 3_600_000)
    await utimes(join(here.folder, name), at, at)
  }
  await put(`.${stray}.part`, 25)
  await put('.fresh.part', 1)
  await put(`${stray}.csv`, 25)
  const before = new Date(now.getTime() - 48 * 3_600_000)
  await utimes(join(here.folder, `${id}.json`), before, before)
  assert.equal(await here.exports.expire(never), 2)
  assert.deepEqual(await here.names(), ['.fresh.part', `${id}.json`])
  await sql`
    update export set finished_at = finished_at - make_interval(days => ${exportLimits.fileDays + 1})
    where cid = ${cid}`.execute(here.database)
  assert.equal(await here.exports.expire(never), 1)
  assert.deepEqual(await here.names(), ['.fresh.part'])
  assert.equal((await here.exports.read(cid, [id]))[0]?.status, 'RESULT_DELETED')
})
