import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'kysely'
import { testDatabase } from '../testing/database.ts'
import { databaseOf } from './database.ts'
import { errorCode } from './database-fault.ts'
import { openPool } from './pool.ts'
import { maxPrepared, preparedNames } from './prepared.ts'
import { maxTransactionAttempts, transaction } from './transaction.ts'

test('values arrive as the types say', async (t) => {
  const { pool } = await testDatabase(t, { empty: true })
  const { rows } = await pool.query({
    text: `select 9007199254740991::int8 as n, 12.50::numeric as price, '2026-01-02 03:04:05.678+00'::timestamptz as at,
      '2026-01-02'::date as day, '{"a":[1]}'::jsonb as j, array[1,null,5000000000]::int8[] as many, null::int8 as none`,
  })
  assert.deepEqual(rows, [
    {
      n: Number.MAX_SAFE_INTEGER,
      price: 12.5,
      at: new Date('2026-01-02T03:04:05.678Z'),
      day: '2026-01-02',
      j: { a: [1] },
      many: [1, null, 5_000_000_000],
      none: null,
    },
  ])
})

test('a statement that comes again is prepared on the server; with prepare off, none is', async (t) => {
  const { address } = await testDatabase(t, { empty: true })
  for (const prepare of [true, false]) {
    const pool = openPool({ server: address, size: 1, prepare })
    try {
      const database = databaseOf(pool)
      for (let time = 1; time <= 4; time++) {
        const { rows } = await sql<{ twice: number }>`select ${time}::int8 * 2 as twice`.execute(database)
        assert.deepEqual(rows, [{ twice: time * 2 }])
      }
      const { rows } = await pool.query(`select statement from pg_prepared_statements`)
      assert.deepEqual(rows, prepare ? [{ statement: 'select $1::int8 * 2 as twice' }] : [])
    } finally {
      await pool.end()
    }
  }
})

test('names are stable, bounded, and not for what comes once or has no values', () => {
  const [one, other] = [preparedNames(), preparedNames()]
  const nameOf = (names: typeof one, text: string) => {
    names.nameOf(text, 1)
    names.nameOf(text, 1)
    return names.nameOf(text, 1)
  }
  assert.equal(one.nameOf('select $1', 1), undefined)
  assert.equal(nameOf(one, 'select $1'), nameOf(other, 'select $1'))
  assert.notEqual(nameOf(one, 'select $2'), nameOf(one, 'select $1'))
  for (let index = 0; index < 10; index++) assert.equal(one.nameOf('select 1', 0), undefined)
  for (let index = 0; index < maxPrepared; index++) nameOf(one, `select $1 + ${index}`)
  assert.equal(nameOf(one, 'one too many $1'), undefined)
  one.forget('select $1')
  assert.equal(nameOf(one, 'select $1'), undefined)
})

test('a table that changes under a prepared statement costs one failure, not all after it', async (t) => {
  const { pool, database } = await testDatabase(t, { empty: true })
  await pool.query('create table a (n int); insert into a values (1)')
  await database.connection().execute(async (connection) => {
    const read = () => sql`select * from a where n = ${1}`.execute(connection)
    for (let time = 0; time < 4; time++) await read()
    await sql`alter table a add m int`.execute(connection)
    await assert.rejects(read(), { code: '0A000' })
    assert.deepEqual((await read()).rows, [{ n: 1, m: null }])
  })
})

test('a lost connection is a fault that may be tried again, and the pool goes on', async (t) => {
  const { address, pool: other } = await testDatabase(t, { empty: true })
  const said: string[] = []
  const pool = openPool({ server: address, size: 1, say: (message) => said.push(message) })
  try {
    const { rows } = await pool.query('select pg_backend_pid() as pid')
    const sleeping = assert.rejects(pool.query('select pg_sleep(60)'), {
      code: 'unavailable',
      retryable: true,
    })
    await other.query(
      `select pg_terminate_backend($1) from pg_stat_activity where pid = $1 and pg_sleep(0.02) is not null`,
      [rows[0].pid],
    )
    await sleeping
    assert.deepEqual((await pool.query('select 1 as one')).rows, [{ one: 1 }])
    // Once more while nobody uses it.
    const idle = (await pool.query('select pg_backend_pid() as pid')).rows[0].pid
    await other.query('select pg_terminate_backend($1)', [idle])
    while (pool.totalCount > 0) await turn()
    assert.match(said.join(), /^a database connection was lost: /)
    assert.deepEqual((await pool.query('select 2 as two')).rows, [{ two: 2 }])
  } finally {
    await pool.end()
  }
})

test('a connection lost between two statements of a transaction fails the next one', async (t) => {
  const { pool, database } = await testDatabase(t, { empty: true })
  const work = transaction(database, async (inside) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(inside)
    await pool.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid])
    await turn()
    await sql`select 1`.execute(inside)
  })
  await assert.rejects(work, { code: 'unavailable', retryable: true })
  assert.deepEqual((await pool.query('select 1 as one')).rows, [{ one: 1 }])
})

test('a server that is not there, and a statement that takes too long, are told apart', async (t) => {
  const { address } = await testDatabase(t, { empty: true })
  const nowhere = openPool({ server: { ...address, host: '/nowhere' } })
  await assert.rejects(nowhere.query('select 1'), { code: 'unavailable', retryable: true })
  await nowhere.end()
  const hurried = openPool({ server: address, statementTimeout: 20 })
  try {
    await assert.rejects(hurried.query('select pg_sleep(60)'), { code: 'timeout', retryable: true })
  } finally {
    await hurried.end()
  }
})

test('a transaction that loses is run again; one that never wins says so', async (t) => {
  const { pool, database } = await testDatabase(t, { empty: true })
  await pool.query('create table tally (n int); insert into tally values (0)')
  let runs = 0
  const allHaveRead = Promise.withResolvers<void>()
  const add = () =>
    transaction(
      database,
      async (inside) => {
        const { rows } = await sql<{ n: number }>`select n from tally`.execute(inside)
        if (++runs === 3) allHaveRead.resolve()
        await allHaveRead.promise
        await sql`update tally set n = ${(rows[0]?.n ?? 0) + 1}`.execute(inside)
      },
      { isolation: 'serializable' },
    )
  await Promise.all([add(), add(), add()])
  assert.deepEqual((await pool.query('select n from tally')).rows, [{ n: 3 }])
  assert.ok(runs > 3)
  let attempts = 0
  const losing = transaction(database, async () => {
    attempts++
    throw Object.assign(new Error('could not serialize access'), { code: '40001' })
  })
  await assert.rejects(losing, { code: 'conflict', retryable: true })
  assert.equal(attempts, maxTransactionAttempts)
})

test('a transaction inside another is part of it', async (t) => {
  const { pool, database } = await testDatabase(t, { empty: true })
  await pool.query('create table a (n int primary key)')
  const work = transaction(database, async (outer) => {
    await transaction(outer, async (inner) => {
      await sql`insert into a values (1)`.execute(inner)
    })
    throw new Error('changed my mind')
  })
  await assert.rejects(work, /changed my mind/)
  assert.deepEqual((await pool.query('select n from a')).rows, [])
  await pool.query('insert into a values (1)')
  const again = await pool.query('insert into a values (1)').catch((error: unknown) => error)
  // unique_violation: https://www.postgresql.org/docs/current/errcodes-appendix.html
  assert.equal(errorCode(again), '23505')
})
