import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { DatabaseFault } from '../db/database-fault.ts'
import { ReaderFault } from '../use-cases/assessment/image-reader.ts'
import { ringJobBell } from '../use-cases/job-bell.ts'
import type { Strike } from '../use-cases/job-queue.ts'
import { enqueue, enqueueAll } from '../use-cases/job-type.ts'
import { jobs } from '../use-cases/jobs.ts'
import { defineSchedule } from './schedule.ts'
import { historyOf, liveJobs, sample, startWorkers, testQueue } from './testing/queue.ts'

interface Payload {
  readonly key: string
}

const cid = 'one'

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

test('a job that is cancelled while it waits never runs', async (t) => {
  const { database, workers } = await testQueue(t)
  const id = await enqueue(database, sample, { key: 'a' }, { cid })
  const cancelled = await jobs({ database }).cancel(cid, id)
  assert.equal(cancelled.state, 'cancelled')
  const ran: string[] = []
  const { told } = workers(async ({ key }: Payload) => void ran.push(key))
  await enqueue(database, sample, { key: 'b' }, { cid })
  await told('ended')
  assert.deepEqual(ran, ['b'])
})

test('a job that is cancelled while it runs is aborted', async (t) => {
  const { database, workers } = await testQueue(t)
  const { told } = workers((_: Payload, { signal }) => untilAborted(signal))
  const id = await enqueue(database, sample, { key: 'a' }, { cid })
  await told('began')
  const answered = await jobs({ database }).cancel(cid, id)
  // It may be over by the time it is answered.
  assert.ok(answered.cancelRequested || answered.state === 'cancelled')
  await told('ended')
  assert.equal((await jobs({ database }).get(cid, id)).state, 'cancelled')
})

test('the next run of a job can be cancelled by itself', async (t) => {
  const { database, workers } = await testQueue(t)
  const release = Promise.withResolvers<void>()
  let runs = 0
  const { told } = workers(async () => {
    runs++
    await release.promise
  })
  const first = await enqueue(database, sample, { key: 'a' }, { cid })
  await told('began')
  const next = await enqueue(database, sample, { key: 'a' }, { cid })
  assert.equal((await jobs({ database }).cancel(cid, next)).state, 'cancelled')
  release.resolve()
  await told('ended')
  assert.equal((await jobs({ database }).get(cid, first)).state, 'done')
  assert.equal(runs, 1)
  assert.deepEqual(await liveJobs(database), [])
})

test("nobody reads, lists or cancels another tenant's jobs", async (t) => {
  const { database } = await testQueue(t)
  const id = await enqueue(database, sample, { key: 'a' }, { cid })
  const use = jobs({ database })
  await assert.rejects(use.get('two', id), { code: 'not-found' })
  await assert.rejects(use.cancel('two', id), { code: 'not-found' })
  assert.deepEqual(await use.list('two', { limit: 10 }), { jobs: [] })
  await assert.rejects(use.get(cid, "' or true --"), { code: 'not-found' })
})

test('jobs are listed newest first, page by page, live and ended together', async (t) => {
  const { database } = await testQueue(t)
  const keys = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key }))
  const ids = await enqueueAll(database, sample, keys, { cid })
  const use = jobs({ database })
  await use.cancel(cid, ids[1])
  const first = await use.list(cid, { limit: 2 })
  assert.deepEqual(
    first.jobs.map(({ key }) => key),
    ['e', 'd'],
  )
  const second = await use.list(cid, { limit: 3, before: first.next ?? '' })
  assert.deepEqual(
    second.jobs.map(({ key, state }) => `${key} ${state}`),
    ['c ready', 'b cancelled', 'a ready'],
  )
  assert.equal(second.next, undefined)
  const { jobs: cancelled } = await use.list(cid, { states: ['cancelled'], name: 'sample', limit: 9 })
  assert.deepEqual(
    cancelled.map(({ id }) => id),
    [ids[1]],
  )
})

test('whoever lost the lease is stopped, and its end does not count', async (t) => {
  const { database, queue, workers } = await testQueue(t)
  const attempts: number[] = []
  const { told, events } = workers(async (_: Payload, { attempt, signal }) => {
    attempts.push(attempt)
    if (attempt === 1) await untilAborted(signal)
  })
  const id = await enqueue(database, sample, { key: 'a' }, { cid })
  await told('began')
  await database
    .updateTable('job')
    .set({ lease_until: new Date(0) })
    .where('cid', '=', cid)
    .execute()
  await queue.tidy()
  ringJobBell('enqueued')
  ringJobBell('cancelled')
  await told('lost')
  await told('ended')
  assert.deepEqual(attempts, [1, 2])
  assert.equal(events.filter(({ kind }) => kind === 'ended').length, 1)
  assert.deepEqual(await historyOf(database), [{ id, cid, outcome: 'done', attempts: 2, error: null }])
})

test('a job that takes every worker down with it fails in the end', async (t) => {
  const { database, queue } = await testQueue(t)
  const id = await enqueue(database, sample, { key: 'a' }, { cid })
  for (const attempt of [1, 2, 3]) {
    const [held] = await queue.claim(crypto.randomUUID(), [{ priority: 2, cid, resource: '', take: 1 }])
    assert.equal(held.attempts, attempt)
    await database
      .updateTable('job')
      .set({ lease_until: new Date(0) })
      .where('cid', '=', cid)
      .execute()
    await queue.tidy()
  }
  const error = 'the worker that ran it is gone'
  assert.deepEqual(await historyOf(database), [{ id, cid, outcome: 'failed', attempts: 3, error }])
})

test('what a killed process held is run by another when its lease is over', async (t) => {
  const { database, queue, workers, url } = await testQueue(t)
  await enqueue(database, sample, { key: 'a' }, { cid })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'testing', 'worker.fixture.ts'), url], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {},
  })
  const exited = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  assert.deepEqual(
    (await liveJobs(database)).map(({ state, attempts }) => ({ state, attempts })),
    [{ state: 2, attempts: 1 }],
  )
  child.kill('SIGKILL')
  assert.equal(await exited, 'SIGKILL')
  // Its lease is still good: nobody takes the job away.
  await queue.tidy()
  assert.equal((await liveJobs(database))[0].state, 2)
  await database
    .updateTable('job')
    .set({ lease_until: new Date(0) })
    .where('cid', '=', cid)
    .execute()
  const ran: number[] = []
  const { told } = workers(async (_: Payload, { attempt }) => void ran.push(attempt))
  await told('ended')
  assert.deepEqual(ran, [2])
})

test('who works alone does not wait for the leases of the dead', async (t) => {
  const { database, queue, workers } = await testQueue(t)
  await enqueue(database, sample, { key: 'a' }, { cid })
  await queue.claim(crypto.randomUUID(), [{ priority: 2, cid, resource: '', take: 1 }])
  const ran: number[] = []
  const { told } = workers(async (_: Payload, { attempt }) => void ran.push(attempt), { alone: true })
  await told('ended')
  assert.deepEqual(ran, [2])
})

test('what ended the process of a run is remembered with the job, until it is asked for again', async (t) => {
  const { database, workers } = await testQueue(t)
  await enqueue(database, sample, { key: 'a' }, { cid })
  const seen: (readonly Strike[])[] = []
  const { told } = workers(async (_: Payload, { strikes }) => {
    seen.push(strikes)
    if (strikes.length < 2)
      throw new ReaderFault('crashed', `end ${strikes.length + 1}`, { manifestDigest: 'sha256:1' })
  })
  await told('ended')
  const [first, second] = ['end 1', 'end 2'].map((reason) => ({ on: 'sha256:1', reason }))
  assert.deepEqual(seen, [[], [first], [first, second]])
  await enqueue(database, sample, { key: 'a' }, { cid })
  await told('ended', 2)
  assert.deepEqual(seen[3], [])
})

test('a database that is away is told of once, and once when it is back', async (t) => {
  const { database, queue } = await testQueue(t)
  let away = true
  let asked = 0
  const lanes: typeof queue.lanes = async (most) => {
    asked++
    if (away) throw new DatabaseFault('unavailable', 'the database is starting up')
    return queue.lanes(most)
  }
  const { told, events } = startWorkers(t, { ...queue, lanes }, [{ ...sample, run: async () => {} }])
  await told('trouble')
  // Ringing the bell makes it look again and again.
  ringJobBell('enqueued')
  const until = asked + 5
  while (asked < until) await new Promise((resolve) => setImmediate(resolve))
  away = false
  await enqueue(database, sample, { key: 'a' }, { cid })
  await told('ended')
  assert.deepEqual(
    events.map(({ kind }) => kind).filter((kind) => kind === 'trouble' || kind === 'back'),
    ['trouble', 'back'],
  )
})

test('a database that breaks every connection meanwhile costs nothing', async (t) => {
  const { database, pool, workers } = await testQueue(t)
  const release = Promise.withResolvers<void>()
  let runs = 0
  const { told, events } = workers(async () => {
    runs++
    await release.promise
  })
  const id = await enqueue(database, sample, { key: 'a' }, { cid })
  await told('began')
  await pool
    .query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()')
    .catch(() => undefined)
  release.resolve()
  await told('ended')
  assert.equal(runs, 1)
  assert.deepEqual(await historyOf(database), [{ id, cid, outcome: 'done', attempts: 1, error: null }])
  await enqueue(database, sample, { key: 'b' }, { cid })
  await told('ended', 2)
  assert.ok(events.every(({ kind }) => kind !== 'lost'))
})

test('stopping waits for what runs and takes nothing new', async (t) => {
  const { database, workers } = await testQueue(t)
  const release = Promise.withResolvers<void>()
  const { told, workers: running } = workers(() => release.promise)
  await enqueue(database, sample, { key: 'a' }, { cid })
  await told('began')
  const stopped = running.stop({ within: 60_000 })
  await enqueue(database, sample, { key: 'b' }, { cid })
  release.resolve()
  await stopped
  assert.equal((await historyOf(database)).length, 1)
  assert.deepEqual(
    (await liveJobs(database)).map(({ key, state }) => `${key} ${state}`),
    ['b 0'],
  )
})

test('what does not end in time is aborted and given back, and the attempt does not count', async (t) => {
  const { database, workers } = await testQueue(t)
  const { told, workers: running } = workers((_: Payload, { signal }) => untilAborted(signal))
  await enqueue(database, sample, { key: 'a' }, { cid })
  await told('began')
  await running.stop({ within: 0 })
  assert.deepEqual(
    (await liveJobs(database)).map(({ state, attempts }) => ({ state, attempts })),
    [{ state: 0, attempts: 0 }],
  )
  assert.equal(running.running, 0)
})

test('of all instances one puts in what a schedule says, once a slot', async (t) => {
  const { database, queue } = await testQueue(t)
  const schedule = defineSchedule({
    name: 'daily',
    every: 86_400_000,
    job: sample,
    payload: { key: 'daily' },
  })
  const slot = new Date('2026-01-02T00:00:00Z')
  const fire = (at: Date) => queue.fire('daily', at, schedule.job, schedule.payload, { cid: '' })
  const fired = await Promise.all([fire(slot), fire(slot), fire(slot)])
  assert.equal(fired.filter(Boolean).length, 1)
  // An instance whose clock is late does not repeat what has been.
  assert.equal(await fire(new Date('2026-01-01T00:00:00Z')), false)
  assert.equal(await fire(new Date('2026-01-03T00:00:00Z')), true)
  const run = async () => {}
  const schedules = [schedule]
  const first = startWorkers(t, queue, [{ ...sample, run }], { schedules })
  await first.told('ended', 1)
  await first.workers.stop()
  assert.deepEqual(
    (await historyOf(database)).map((line) => line.cid),
    [''],
  )
})

test('history is forgotten after its days', async (t) => {
  const { database, queue } = await testQueue(t, { historyDays: 30 })
  const [old, recent] = await enqueueAll(database, sample, [{ key: 'old' }, { key: 'recent' }], { cid })
  for (const id of [old, recent]) await jobs({ database }).cancel(cid, id)
  const month = new Date(Date.now() - 31 * 86_400_000)
  await database
    .updateTable('job_history')
    .set({ finished_at: month })
    .where('cid', '=', cid)
    .where('id', '=', old)
    .execute()
  await queue.prune()
  assert.deepEqual(
    (await historyOf(database)).map(({ id }) => id),
    [recent],
  )
})
