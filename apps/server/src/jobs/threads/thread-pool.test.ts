import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Fault } from '@lanner/model'
import { systemClock } from '@lanner/oci'
import { ThreadFault } from './thread-fault.ts'
import { ThreadPool, type ThreadPoolOptions } from './thread-pool.ts'

function pool(t: TestContext, options: Partial<ThreadPoolOptions> = {}): ThreadPool {
  const entry = new URL('../testing/thread.fixture.ts', import.meta.url)
  const threads = new ThreadPool({ entry, size: 1, clock: systemClock, ...options })
  t.after(() => threads.close())
  return threads
}

test('a function runs in a thread and its answer comes back, buffers without a copy', async (t) => {
  const threads = pool(t)
  assert.equal(await threads.run('add', { a: 2, b: 3 }), 5)
  assert.deepEqual(await threads.run('bytes', undefined), new Uint8Array(8).fill(7))
  assert.deepEqual(threads.size, { threads: 1, busy: 0, waiting: 0 })
})

test('no more threads than allowed; what waits has its turn', async (t) => {
  const threads = pool(t, { size: 2 })
  const sums = Promise.all([1, 2, 3, 4, 5].map((a) => threads.run('add', { a, b: 1 })))
  assert.deepEqual(threads.size, { threads: 2, busy: 2, waiting: 3 })
  assert.deepEqual(await sums, [2, 3, 4, 5, 6])
})

test('a fault keeps its code and whether it may help to try again', async (t) => {
  await assert.rejects(
    pool(t).run('refuse', undefined),
    (error: unknown) =>
      error instanceof Fault &&
      error.code === 'limit-exceeded' &&
      error.retryable &&
      error.message === 'too many of them',
  )
})

test('a function that nobody wrote is an error, and the thread serves on', async (t) => {
  const threads = pool(t)
  await assert.rejects(threads.run('divide', {}), /no function divide/)
  assert.equal(await threads.run('add', { a: 1, b: 1 }), 2)
})

test('a payload that cannot be cloned is refused, and the thread serves on', async (t) => {
  const threads = pool(t)
  await assert.rejects(
    threads.run('add', () => 1),
    { name: 'DataCloneError' },
  )
  assert.equal(await threads.run('add', { a: 1, b: 1 }), 2)
})

for (const [how, name, code] of [
  ['throws on its own', 'crash', 'crashed'],
  ['exits', 'exit', 'crashed'],
  ['fills its heap', 'swell', 'out-of-memory'],
  ['fills its buffers', 'swellBuffers', 'out-of-memory'],
] as const) {
  test(`a thread that ${how} fails its own task only and is replaced`, async (t) => {
    const threads = pool(t, { memory: { heap: 16 * 1024 ** 2, buffers: 64 * 1024 ** 2 } })
    const failing = threads.run(name, undefined)
    const next = threads.run('add', { a: 1, b: 1 })
    await assert.rejects(failing, (error: unknown) => error instanceof ThreadFault && error.code === code)
    assert.equal(await next, 2)
  })
}

test('an aborted task ends with the reason of whoever aborted; its thread serves on', async (t) => {
  const threads = pool(t)
  const controller = new AbortController()
  const reason = new Error('enough')
  const task = threads.run('untilAborted', undefined, {
    signal: controller.signal,
    onEvent: () => controller.abort(reason),
  })
  await assert.rejects(task, reason)
  assert.equal(await threads.run('add', { a: 1, b: 1 }), 2)
  assert.equal(threads.size.threads, 1)
})

test('a task that does not hear of its abort loses its thread', async (t) => {
  const threads = pool(t, { grace: 20 })
  const controller = new AbortController()
  const reason = new Error('enough')
  const task = threads.run('spin', undefined, { signal: controller.signal })
  const next = threads.run('add', { a: 1, b: 1 })
  controller.abort(reason)
  await assert.rejects(task, reason)
  assert.equal(await next, 2)
})

test('a task that waits for a thread is aborted at once', async (t) => {
  const threads = pool(t)
  const controller = new AbortController()
  const first = new AbortController()
  const running = threads.run('untilAborted', undefined, { signal: first.signal })
  const waiting = threads.run('add', { a: 1, b: 1 }, { signal: controller.signal })
  controller.abort(new Error('changed my mind'))
  await assert.rejects(waiting, /changed my mind/)
  first.abort(new Error('over'))
  await assert.rejects(running, /over/)
})

test('a thread asks back, reads streams and tells events in order', async (t) => {
  const events: unknown[] = []
  const answer = await pool(t).run('converse', undefined, {
    onEvent: (event) => events.push(event),
    calls: { double: (value: number) => value * 2 },
    streams: {
      async *bytes(count: number) {
        // Slices of a shared buffer, as files and sockets give them: none may be taken away from its owner.
        const shared = Buffer.alloc(64, 1)
        for (let index = 0; index < count; index++) yield shared.subarray(index, index + 3)
        assert.equal(shared.length, 64)
      },
    },
  })
  assert.deepEqual(answer, { doubled: 42, bytes: 30 })
  assert.deepEqual(events, ['before'])
})

test('a stream is read no further than its reader goes, and is told when that is enough', async (t) => {
  let made = 0
  const ended = Promise.withResolvers<void>()
  const taken = await pool(t).run('take', 10, {
    streams: {
      async *endless() {
        try {
          for (;;) {
            made++
            yield new Uint8Array(16)
          }
        } finally {
          ended.resolve()
        }
      },
    },
  })
  await ended.promise
  assert.equal(taken, 10)
  assert.ok(made <= 14, `${made} chunks were made`)
})

test('what a stream or a call throws reaches the thread', async (t) => {
  const threads = pool(t)
  const streams = {
    // biome-ignore lint/correctness/useYield: fails before the first chunk
    async *endless(): AsyncGenerator<Uint8Array> {
      throw new Fault('unreachable', 'nobody is there')
    },
  }
  await assert.rejects(threads.run('take', 1, { streams }), { code: 'unreachable' })
  await assert.rejects(threads.run('converse', undefined), { code: 'no-such-call' })
})

test('who waits for an answer is not left waiting when the task is aborted', async (t) => {
  const threads = pool(t)
  const controller = new AbortController()
  const task = threads.run('waitForAnswer', undefined, {
    signal: controller.signal,
    onEvent: () => controller.abort(new Error('enough')),
    calls: { never: () => new Promise(() => {}) },
  })
  await assert.rejects(task, /enough/)
})

test('closing ends what runs and what waits, and nothing is begun any more', async (t) => {
  const threads = pool(t)
  const running = threads.run('spin', undefined)
  const waiting = threads.run('add', { a: 1, b: 1 })
  const both = Promise.all([
    assert.rejects(running, { code: 'closed' }),
    assert.rejects(waiting, { code: 'closed' }),
  ])
  await threads.close()
  await both
  await assert.rejects(threads.run('add', { a: 1, b: 1 }), { code: 'closed' })
  assert.equal(threads.size.threads, 0)
})
