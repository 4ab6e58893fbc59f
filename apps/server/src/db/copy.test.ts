import assert from 'node:assert/strict'
import { once } from 'node:events'
import { PassThrough, Readable, Writable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import type pg from 'pg'
import { testDatabase } from '../testing/database.ts'
import { exportDatabase } from './copy-export.ts'
import { importDatabase } from './copy-import.ts'
import { copyTables } from './copy-tables.ts'
import { checksum, type Migration, migrate } from './migrate.ts'

const own: Migration[] = [
  {
    name: '0001_first',
    sql: `create table child (id bigint generated always as identity primary key, parent_id uuid not null references parent, body bytea);
      create table event (id bigint generated always as identity, at timestamptz not null, what jsonb) partition by range (at);
      create table event_rest partition of event default;
      create table measure (n int8 primary key, double int8 generated always as (n * 2) stored, price numeric, tags text[])`.replace(
      'create table child',
      `create table parent (id uuid primary key, up uuid references parent, name text);
      create table child`,
    ),
  },
  { name: '0002_second', sql: `alter table parent add note text not null default 'none'` },
]

const awkward = ['tab\there', 'new\nline', 'back\\slash', '\\N', '\\.', '', '€ 𝒳', '"quoted"', 'cr\r\nlf']

async function filled(t: TestContext): Promise<pg.Pool> {
  const { pool } = await testDatabase(t, { empty: true })
  await migrate(pool, own.slice(0, 1))
  await pool.query(
    `create table event_20260102 partition of event for values from ('2026-01-02 00:00:00+00') to ('2026-01-03 00:00:00+00')`,
  )
  await pool.query(`insert into parent select gen_random_uuid(), null, name from unnest($1::text[]) name`, [
    awkward,
  ])
  await pool.query(`update parent set up = (select id from parent where name = '') where name = '\\.'`)
  await pool.query(`insert into child (parent_id, body) select id, '\\x00ff0a09'::bytea from parent`)
  await pool.query(`delete from child where id = (select max(id) from child)`)
  await pool.query(`insert into event (at, what) values
    ('2026-01-02 12:00:00.123456+00', '{"a": [1, null, "\\u00e9"]}'), ('2027-05-05 00:00:00+00', null), ('infinity', '1')`)
  await pool.query(`insert into measure (n, price, tags) values
    (9007199254740993, 'NaN', '{}'), (-1, 12345678901234567890.000000001, '{"a,b",NULL,"{"}')`)
  return pool
}

async function exported(pool: pg.Pool): Promise<Buffer> {
  const chunks: Buffer[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  await exportDatabase(pool, sink)
  return Buffer.concat(chunks)
}

function inPieces(bytes: Buffer, size: number): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  return Readable.from(pieces)
}

async function everyRow(pool: pg.Pool): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {}
  for (const name of ['parent', 'child', 'event', 'measure']) {
    const { rows } = await pool.query(
      `select x::text as row, tableoid::regclass::text as part from ${name} x order by 1`,
    )
    all[name] = rows
  }
  return all
}

test('an export is imported as it was: awkward text, partitions, generated columns, numbers given out', async (t) => {
  const from = await filled(t)
  const bytes = await exported(from)
  const { pool: into } = await testDatabase(t, { empty: true })
  const summary = await importDatabase(into, inPieces(bytes, 1000), own.slice(0, 1))
  assert.deepEqual(await everyRow(into), await everyRow(from))
  assert.equal(summary.tables, 4)
  assert.equal(summary.rows, awkward.length + (awkward.length - 1) + 3 + 2)
  // The number of the deleted row is not given out again.
  const { rows } = await into.query(
    `insert into child (parent_id) select id from parent limit 1 returning id`,
  )
  assert.equal(rows[0].id, awkward.length + 1)
})

test('an export of an earlier version is imported and brought up to date', async (t) => {
  const bytes = await exported(await filled(t))
  const { pool: into } = await testDatabase(t, { empty: true })
  await importDatabase(into, inPieces(bytes, 65_536), own)
  const { rows } = await into.query('select count(*) as n, min(note) as note from parent')
  assert.deepEqual(rows, [{ n: awkward.length, note: 'none' }])
})

test('what is written during an export is not in it', async (t) => {
  const from = await filled(t)
  const through = new PassThrough({ highWaterMark: 1 })
  const done = exportDatabase(from, through)
  await once(through, 'readable')
  await from.query(`delete from event`)
  await from.query(`insert into measure (n) values (77)`)
  const chunks = await through.toArray()
  await done
  const { pool: into } = await testDatabase(t, { empty: true })
  await importDatabase(into, Readable.from(chunks), own.slice(0, 1))
  const { rows } = await into.query(
    'select (select count(*) from event) as events, (select count(*) from measure) as measures',
  )
  assert.deepEqual(rows, [{ events: 3, measures: 2 }])
})

test('a damaged or foreign export is refused and leaves nothing', async (t) => {
  const bytes = await exported(await filled(t))
  const { pool: into } = await testDatabase(t, { empty: true })
  const turned = (at: number) => {
    const copy = Buffer.from(bytes)
    copy[at]! ^= 1
    return copy
  }
  const damaged: [string, Buffer][] = [
    ['empty', Buffer.alloc(0)],
    ['of another kind', Buffer.from('PGDMP and whatever else there may be in it')],
    ['of a newer format', turned(11)],
    ['without its last byte', bytes.subarray(0, -1)],
    ['cut in its middle', bytes.subarray(0, bytes.length >> 1)],
    ['with a byte more', Buffer.concat([bytes, Buffer.from('x')])],
    [
      'with an endless frame',
      Buffer.concat([bytes.subarray(0, 13), Buffer.from([0xff, 0xff, 0xff, 0xff]), bytes]),
    ],
    ...Array.from({ length: 12 }, (_, index): [string, Buffer] => {
      const at = Math.floor((index * (bytes.length - 13)) / 12) + 12
      return [`with byte ${at} changed`, turned(at)]
    }),
  ]
  for (const [what, given] of damaged) {
    await assert.rejects(
      importDatabase(into, inPieces(given, 4096), own.slice(0, 1)),
      { code: 'stream' },
      what,
    )
    const { rows } =
      await into.query(`select to_regclass('public.parent') is null or not exists (select from pg_class
      where relname = 'event_20260102') as nothing`)
    assert.deepEqual(rows, [{ nothing: true }], what)
  }
  await importDatabase(into, inPieces(bytes, 4096), own.slice(0, 1))
})

test('an import never adds to rows, nor reads what other migrations made', async (t) => {
  const from = await filled(t)
  const bytes = await exported(from)
  await assert.rejects(importDatabase(from, inPieces(bytes, 4096), own.slice(0, 1)), {
    code: 'not-empty',
    message: 'table event holds rows: import into a new database',
  })
  const { pool: into } = await testDatabase(t, { empty: true })
  const other = [{ name: '0001_first', sql: 'select 1' }]
  assert.notEqual(checksum(other[0]!.sql), checksum(own[0]!.sql))
  await assert.rejects(importDatabase(into, inPieces(bytes, 4096), other), { code: 'stream' })
  await assert.rejects(importDatabase(into, inPieces(bytes, 4096), []), { code: 'stream' })
})

test('a target that fails ends the export', async (t) => {
  const from = await filled(t)
  const full = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('no space left'), { code: 'ENOSPC' }))
    },
  })
  await assert.rejects(exportDatabase(from, full), { code: 'ENOSPC' })
})

test('every table of ours can be ordered by what it refers to', async (t) => {
  const { pool } = await testDatabase(t)
  const client = await pool.connect()
  try {
    const { rows } = await client.query(
      `select count(*) as n from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not relispartition and relname <> 'migration'`,
    )
    assert.equal((await copyTables(client)).length, rows[0].n)
  } finally {
    client.release()
  }
})
