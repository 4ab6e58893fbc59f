import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { testDatabase } from '../testing/database.ts'
import { migrations } from './generated/migrations.ts'
import { type Migration, migrate } from './migrate.ts'
import { migrationFiles } from './migration-files.ts'
import { migrationModule } from './migrations-print.ts'
import { openPool } from './pool.ts'
import { schemaDump } from './schema-dump.ts'

const first = { name: '0001_first', sql: 'create table a (n int); insert into a values (1)' }
const second = { name: '0002_second', sql: 'alter table a add m int' }

test('each migration is applied once, in order', async (t) => {
  const { pool } = await testDatabase(t, { empty: true })
  assert.deepEqual(await migrate(pool, []), [])
  assert.deepEqual(await migrate(pool, [first]), ['0001_first'])
  assert.deepEqual(await migrate(pool, [first, second]), ['0002_second'])
  assert.deepEqual(await migrate(pool, [first, second]), [])
  const { rows } = await pool.query('select n, m from a')
  assert.deepEqual(rows, [{ n: 1, m: null }])
})

test('a migration that fails leaves nothing of itself, and those before it stay', async (t) => {
  const { pool } = await testDatabase(t, { empty: true })
  const broken = { name: '0002_broken', sql: 'create table b (n int); select * from nowhere' }
  await assert.rejects(migrate(pool, [first, broken]), {
    code: 'migration',
    message: 'migration 0002_broken failed: relation "nowhere" does not exist',
  })
  const { rows } = await pool.query(`select to_regclass('a') is not null as a, to_regclass('b') is null as b`)
  assert.deepEqual(rows, [{ a: true, b: true }])
  assert.deepEqual(await migrate(pool, [first, second]), ['0002_second'])
})

test('a database with other migrations is refused', async (t) => {
  const { pool } = await testDatabase(t, { empty: true })
  await migrate(pool, [first, second])
  const refused = (given: Migration[], message: RegExp) =>
    assert.rejects(migrate(pool, given), { code: 'migration', message })
  await refused([first], /was changed by 0002_second, which this version does not know/)
  await refused([{ ...first, sql: 'select 1' }, second], /0001_first is not the one that/)
  await refused([second, first], /0001_first has no number of its own, or comes out of order/)
  await refused([first, { name: '0001_other', sql: '' }], /0001_other has no number of its own/)
  await refused([first, { name: 'second', sql: '' }], /second has no number/)
  assert.deepEqual(await migrate(pool, [first, second, { name: '0003_third', sql: 'select 1' }]), [
    '0003_third',
  ])
})

test('a migration that arrives late, below one that was applied, is refused', async (t) => {
  const { pool } = await testDatabase(t, { empty: true })
  await migrate(
    pool,
    [second].map(() => ({ name: '0002_second', sql: 'select 1' })),
  )
  await assert.rejects(migrate(pool, [first, { name: '0002_second', sql: 'select 1' }]), {
    code: 'migration',
    message: 'migration 0001_first comes before 0002_second, which was applied already',
  })
})

test('peers that start together apply each migration once', async (t) => {
  const { pool, address } = await testDatabase(t, { empty: true })
  const slow = {
    name: '0001_slow',
    sql: 'create table a (n int); select pg_sleep(0.05); insert into a values (1)',
  }
  const peers = [pool, openPool({ server: address }), openPool({ server: address })]
  try {
    const taken = await Promise.all(peers.map((peer) => migrate(peer, [slow, second])))
    assert.deepEqual(taken.flat().sort(), ['0001_slow', '0002_second'])
    assert.deepEqual((await pool.query('select n, m from a')).rows, [{ n: 1, m: null }])
  } finally {
    await Promise.all(peers.slice(1).map((peer) => peer.end()))
  }
})

test('the printed module holds the files as they are', () => {
  assert.deepEqual(migrations, migrationFiles(), 'run `npm run generate`')
})

test('a module keeps back quotes, dollars and back slashes', async () => {
  const awkward = [{ name: '0001_awkward', sql: ["select E'\\n`$", "{x}` $1 \\\\'"].join('') }]
  const text = migrationModule(awkward)
    .replace(/^import type .*$/m, '')
    .replace(': readonly Migration[]', '')
  const module = await import(`data:text/javascript,${encodeURIComponent(text)}`)
  assert.deepEqual(module.migrations, awkward)
})

test('schema.sql is what the migrations make', async (t) => {
  const { pool } = await testDatabase(t)
  const page = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8')
  assert.equal(await schemaDump(pool), page, 'run `npm run generate`')
})
