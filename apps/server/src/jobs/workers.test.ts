import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '@lanner/model'
import { sql } from 'kysely'
import { ringJobBell } from '../use-cases/job-bell.ts'
import { jobQueue } from '../use-cases/job-queue.ts'
import { enqueue, enqueueAll, type Priority, priorities } from '../use-cases/job-type.ts'
import { jobs } from '../use-cases/jobs.ts'
import { TryLaterFault } from './define.ts'
import { historyOf, liveJobs, sample, startWorkers, testQueue } from './testing/queue.ts'

interface Payload {
  readonly key: string
  readonly note?: string
}

const cid = 'one'

test('a job is begun as soon as its transaction has committed, and leaves one line of history', async (t) => {
  const { database, workers } = await testQueue(t)
  const ran: string[] = []
  const { told, events } = workers(async ({ key }: Payload) => void ran.push(key))
  const id = await database.transaction().execute(async (transaction) => {
    const id = await enqueue(transaction, sample, { key: 'a' }, { cid })
    assert.deepEqual(ran, [])
    return id
  })
  await told('ended')
  const began = events.find((event) => event.kind === 'began')
  assert.ok(began && began.waited < 300, `began after ${began?.waited} ms`)
  assert.deepEqual(await historyOf(database), [{ id, cid, outcome: 'done', attempts: 1, error: null }])
  assert.deepEqual(await liveJobs(database), [])
})

test('a job whose transaction is rolled back was never there', async (t) => {
  const { database, workers } = await testQueue(t)
  const ran: string[] = []
  const { told } = workers(async ({ key }: Payload) => void ran.push(key))
  await assert.rejects(
    database.transaction().execute(async (transaction) => {
      await enqueue(transaction, sample, { key: 'never' }, { cid })
      throw new Error('rolled back')
    }),
    /rolled back/,
  )
  await enqueue(database, sample, { key: 'a' }, { cid })
  await told('ended')
  assert.deepEqual(ran, ['a'])
})

test('a payload of another shape is refused', async (t) => {
  const { database } = await testQueue(t)
  await assert.rejects(enqueue(database, sample, { key: 1 } as never, { cid }), { code: 'invalid-payload' })
  await assert.rejects(enqueue(database, sample, { key: 'k'.repeat(513) }, { cid }), {
    code: 'invalid-payload',
  })
})

test('what waits under one key is one job with the newest payload, for each tenant its own', async (t) => {
  const { database, workers } = await testQueue(t)
  const [first] = await enqueueAll(database, sample, [{ key: 'a', note: 'old' }], { cid })
  const [second, third] = await enqueueAll(
    database,
    sample,
    [
      { key: 'a', note: 'newer' },
      { key: 'a', note: 'newest' },
    ],
    { cid, priority: 'push' },
  )
  await enqueue(database, sample, { key: 'a', note: 'theirs' }, { cid: 'two' })
  assert.deepEqual([second, third], [first, first])
  const ran: string[] = []
  const { told } = workers(async ({ note }: Payload, context) => void ran.push(`${context.cid} ${note}`))
  await told('ended', 2)
  assert.deepEqual(ran, ['one newest', 'two theirs'])
})

test('what is asked for while it runs is run once more, with the newest payload', async (t) => {
  const { database, workers } = await testQueue(t)
  const ran: (string | undefined)[] = []
  const running = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const { told } = workers(async ({ note }: Payload) => {
    ran.push(note)
    running.resolve()
    await release.promise
  })
  const first = await enqueue(database, sample, { key: 'a', note: 'first' }, { cid })
  await running.promise
  const second = await enqueue(database, sample, { key: 'a', note: 'second' }, { cid })
  const third = await enqueue(database, sample, { key: 'a', note: 'third' }, { cid })
  assert.notEqual(second, first)
  assert.equal(third, second)
  assert.equal((await jobs({ database }).get(cid, second)).state, 'ready')
  release.resolve()
  await told('ended', 2)
  assert.deepEqual(ran, ['first', 'third'])
  assert.deepEqual(
    (await historyOf(database)).map(({ id }) => id),
    [first, second],
  )
})

test('a job that ends while it is being asked for again is not lost', async (t) => {
  const { database, queue } = await testQueue(t)
  await enqueue(database, sample, { key: 'a' }, { cid })
  const worker = crypto.randomUUID()
  const [held] = await queue.claim(worker, [{ priority: 2, cid, resource: '', take: 1 }])
  let ending: Promise<ReadonlySet<string>> | undefined
  await database.transaction().execute(async (transaction) => {
    await enqueue(transaction, sample, { key: 'a', note: 'again' }, { cid })
    ending = queue.end([{ id: held.id, worker, attempts: 1, outcome: 'done' }])
    // The end now waits for the lock of this transaction.
    for (let waiting = 0; waiting === 0; ) {
      const { rows } = await sql`select 1 from pg_locks where not granted`.execute(transaction)
      waiting = rows.length
    }
  })
  assert.deepEqual(await ending, new Set([held.id]))
  const [live] = await database.selectFrom('job').select(['cid', 'state', 'payload']).execute()
  assert.deepEqual(live, { cid, state: 0, payload: { key: 'a', note: 'again' } })
})

test('classes in their order, and within one the oldest first', async (t) => {
  const { database, workers } = await testQueue(t)
  const order = Object.keys(priorities) as Priority[]
  for (const priority of order.toReversed())
    for (const number of [1, 2])
      await enqueue(database, sample, { key: `${priority} ${number}` }, { cid, priority })
  const ran: string[] = []
  const { told } = workers(async ({ key }: Payload) => void ran.push(key), { slots: 1 })
  await told('ended', 10)
  assert.deepEqual(
    ran,
    order.flatMap((priority) => [`${priority} 1`, `${priority} 2`]),
  )
})

test('a tenant with many jobs holds up its own alone', async (t) => {
  const { database, workers } = await testQueue(t)
  const many = Array.from({ length: 20 }, (_, index) => ({ key: `${index}` }))
  await enqueueAll(database, sample, many, { cid: 'many' })
  await enqueue(database, sample, { key: 'only' }, { cid: 'zero' })
  const ran: string[] = []
  const { told } = workers(async (_: Payload, context) => void ran.push(context.cid), { slots: 1 })
  await told('ended', 21)
  assert.equal(ran.indexOf('zero'), 1)
})

test('slots are kept free for what is pushed', async (t) => {
  const { database, workers } = await testQueue(t)
  const release = Promise.withResolvers<void>()
  t.after(() => release.resolve())
  const { told, events } = workers(async ({ key }: Payload) =>
    key === 'pushed' ? undefined : release.promise,
  )
  const slow = Array.from({ length: 8 }, (_, index) => ({ key: `${index}` }))
  await enqueueAll(database, sample, slow, { cid, priority: 'rescan' })
  await told('began', 3)
  await enqueue(database, sample, { key: 'pushed' }, { cid, priority: 'push' })
  await told('ended')
  assert.equal(events.filter(({ kind }) => kind === 'began').length, 4)
})

test('no more jobs use a resource at once than it takes; others go on', async (t) => {
  const { database, workers } = await testQueue(t, { resourceLimit: 2 })
  let now = 0
  let most = 0
  const { told } = workers(
    async ({ key }: Payload) => {
      if (key === 'free') return
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now--
    },
    { slots: 8 },
  )
  const limited = Array.from({ length: 12 }, (_, index) => ({ key: `${index}` }))
  await enqueueAll(database, sample, limited, { cid, resource: 'registry:a' })
  await enqueue(database, sample, { key: 'free' }, { cid, priority: 'rescan' })
  await told('ended', 13)
  assert.equal(most, 2)
})

test('several workers together keep to the limit of a resource', async (t) => {
  const { database, queue } = await testQueue(t, { resourceLimit: 3 })
  const many = Array.from({ length: 40 }, (_, index) => ({ key: `${index}` }))
  await enqueueAll(database, sample, many, { cid, resource: 'registry:a' })
  const share = [{ priority: 2, cid, resource: 'registry:a', take: 2 }]
  const claims = await Promise.all(Array.from({ length: 6 }, () => queue.claim(crypto.randomUUID(), share)))
  const held = claims.flat().length
  assert.ok(held > 0 && held <= 3, `${held} are held`)
  assert.ok((await queue.lanes(4)).every(({ capacity }) => capacity === 3 - held))
})

test('one that is told to come later waits without a counted attempt, and so does all that uses its resource', async (t) => {
  const { database, workers, queue } = await testQueue(t)
  const ran: string[] = []
  const { told } = workers(
    async ({ key }: Payload) => {
      ran.push(key)
      if (ran.length === 1)
        throw new TryLaterFault('the registry asks for patience', new Date(Date.now() + 60_000))
    },
    { slots: 1 },
  )
  await enqueueAll(database, sample, [{ key: 'a' }, { key: 'b' }], { cid, resource: 'registry:a' })
  await enqueue(database, sample, { key: 'c' }, { cid, resource: 'registry:b' })
  await told('ended')
  assert.deepEqual(ran, ['a', 'c'])
  assert.deepEqual(await queue.lanes(4), [])
  const [a] = await database
    .selectFrom('job')
    .select(['cid', 'state', 'attempts', 'error'])
    .where('key', '=', 'a')
    .execute()
  assert.deepEqual(a, { cid, state: 1, attempts: 0, error: 'the registry asks for patience' })
  await database
    .updateTable('job_resource')
    .set({ blocked_until: new Date() })
    .where('cid', '=', cid)
    .execute()
  await database.updateTable('job').set({ not_before: new Date() }).where('cid', '=', cid).execute()
  await queue.tidy()
  ringJobBell('enqueued')
  await told('ended', 3)
  assert.deepEqual(ran.slice(2).sort(), ['a', 'b'])
})

test('a failure is tried again, later each time, until no attempt is left', async (t) => {
  const { database, workers, queue } = await testQueue(t)
  const { told, events } = workers(async (_: Payload, { attempt, lastAttempt }) => {
    assert.equal(lastAttempt, attempt === 3)
    throw new Fault('unreachable', `attempt ${attempt} failed`, { retryable: true })
  })
  const id = await enqueue(database, sample, { key: 'a' }, { cid })
  for (const attempt of [1, 2]) {
    await told('postponed', attempt)
    await database.updateTable('job').set({ not_before: new Date() }).where('cid', '=', cid).execute()
    await queue.tidy()
    ringJobBell('enqueued')
  }
  await told('ended')
  const delays = events.flatMap((event) => (event.kind === 'postponed' ? [event.delaySeconds] : []))
  assert.deepEqual(delays, [1, 2])
  assert.deepEqual(await historyOf(database), [
    { id, cid, outcome: 'failed', attempts: 3, error: 'attempt 3 failed' },
  ])
})

test('what trying again cannot help fails at once', async (t) => {
  const { database, workers } = await testQueue(t)
  const { told } = workers(async () => {
    throw new Fault('malformed', 'is no image')
  })
  const id = await enqueue(database, sample, { key: 'a' }, { cid })
  await told('ended')
  assert.deepEqual(await historyOf(database), [
    { id, cid, outcome: 'failed', attempts: 1, error: 'is no image' },
  ])
})

test('no tenant reads what our own mistakes say', async (t) => {
  const { database, workers } = await testQueue(t)
  const { told, events } = workers(async () => {
    throw new TypeError('password=hunter2')
  })
  const id = await enqueue(database, sample, { key: 'a' }, { cid })
  await told('postponed')
  const { error } = await jobs({ database }).get(cid, id)
  assert.ok(error?.includes(id) && !error.includes('hunter2'))
  const unexpected = events.find((event) => event.kind === 'unexpected')
  assert.match(String(unexpected?.error), /hunter2/)
})

test('progress is written while the job runs and kept with its end', async (t) => {
  const { database, workers } = await testQueue(t)
  const { told } = workers(async (_: Payload, { progress }) => {
    for (let layers = 0; layers <= 500; layers++) progress({ layers, name: 'a\0b\ud800' })
  })
  const id = await enqueue(database, sample, { key: 'a' }, { cid })
  await told('ended')
  const { progress } = await jobs({ database }).get(cid, id)
  assert.deepEqual(progress, { layers: 500, name: 'a\ufffdb\ufffd' })
})

test('types and handlers must match, or nothing is started', async (t) => {
  const { queue } = await testQueue(t)
  const run = async () => {}
  const other = { ...sample, name: 'other', run }
  for (const [handlers, types, code] of [
    [[{ ...sample, run }], [sample, other], 'unhandled-job'],
    [[{ ...sample, run }, other], [sample], 'unknown-job'],
    [[other, other], [other], 'duplicate-job'],
  ] as const)
    assert.throws(() => startWorkers(t, queue, handlers, { types }), { code })
})

test('a job that this version does not have waits for one that has', async (t) => {
  const { database, queue } = await testQueue(t)
  const newer = { ...sample, name: 'newer' }
  const id = await enqueue(database, newer, { key: 'a' }, { cid })
  const { told } = startWorkers(t, queue, [{ ...sample, run: async () => {} }])
  await told('postponed')
  const { state, attempts, error } = await jobs({ database }).get(cid, id)
  assert.deepEqual(
    { state, attempts, error },
    { state: 'delayed', attempts: 0, error: 'this version of the platform has no job newer' },
  )
})

test('a claim reads its own lane alone, however much waits in others', async (t) => {
  const { database, queue } = await testQueue(t)
  const backlog = Array.from({ length: 3_000 }, (_, index) => ({ key: `${index}` }))
  await enqueueAll(database, sample, backlog, { cid, priority: 'rescan' })
  await enqueue(database, sample, { key: 'pushed' }, { cid, priority: 'push' })
  await queue.analyze()
  await database.transaction().execute(async (inside) => {
    const own = jobQueue({ database: inside })
    const lanes = await own.lanes(4)
    assert.deepEqual(
      lanes.map(({ priority }) => priority),
      [1, 4],
    )
    const claimed = await own.claim(crypto.randomUUID(), [{ ...lanes[0], take: 10 }])
    assert.deepEqual(
      claimed.map(({ key }) => key),
      ['pushed'],
    )
    const { rows } = await sql<{ read: number }>`select seq_tup_read + coalesce(idx_tup_fetch, 0) as read
      from pg_stat_xact_user_tables where relname = 'job'`.execute(inside)
    assert.ok(rows[0].read > 0 && rows[0].read < 100, `${rows[0].read} rows were read`)
  })
})
