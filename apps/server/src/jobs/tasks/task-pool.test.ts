import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Fault } from '@lanner/model'
import { systemClock } from '@lanner/oci'
import { processHosts } from '../processes/process-host.ts'
import { threadHosts } from '../threads/thread-host.ts'
import type { StartHost } from './host.ts'
import { TaskFault } from './task-fault.ts'
import { TaskPool, type TaskPoolOptions } from './task-pool.ts'

const mebibyte = 1024 ** 2
const threadEntry = new URL('../testing/thread.fixture.ts', import.meta.url)
const processEntry = new URL('../testing/process.fixture.ts', import.meta.url)

/** Loading what a process runs takes some 100 MiB, most of them shared. */
const processMemory = { heap: 40 * mebibyte, total: 320 * mebibyte }

const hosts: Readonly<Record<string, StartHost>> = {
  thread: threadHosts({
    entry: threadEntry,
    clock: systemClock,
    memory: { heap: 16 * mebibyte, buffers: 64 * mebibyte },
  }),
  process: processHosts({ entry: processEntry, memory: processMemory, answer: mebibyte }),
}

for (const [what, start] of Object.entries(hosts)) {
  const pool = (t: TestContext, options: Partial<TaskPoolOptions> = {}): TaskPool => {
    const tasks = new TaskPool({ start, size: 1, clock: systemClock, ...options })
    t.after(() => tasks.close())
    return tasks
  }

  test(`${what}: a function runs and its answer comes back`, async (t) => {
    const tasks = pool(t)
    assert.equal(await tasks.run('add', { a: 2, b: 3 }), 5)
    assert.deepEqual(await tasks.run('bytes', undefined), new Uint8Array(8).fill(7))
    assert.deepEqual(tasks.size, { hosts: 1, busy: 0, waiting: 0 })
  })

  test(`${what}: no more than allowed; what waits has its turn`, async (t) => {
    const tasks = pool(t, { size: 2 })
    const sums = Promise.all([1, 2, 3, 4, 5].map((a) => tasks.run('add', { a, b: 1 })))
    assert.deepEqual(tasks.size, { hosts: 2, busy: 2, waiting: 3 })
    assert.deepEqual(await sums, [2, 3, 4, 5, 6])
  })

  test(`${what}: a fault keeps its code and whether it may help to try again`, async (t) => {
    await assert.rejects(
      pool(t).run('refuse', undefined),
      (error: unknown) =>
        error instanceof Fault &&
        error.code === 'limit-exceeded' &&
        error.retryable &&
        error.message === 'too many of them',
    )
  })

  test(`${what}: a function that nobody wrote is an error, and the thread serves on`, async (t) => {
    const tasks = pool(t)
    await assert.rejects(tasks.run('divide', {}), /no function divide here/)
    assert.equal(await tasks.run('add', { a: 1, b: 1 }), 2)
  })

  test(`${what}: a payload that cannot be cloned is refused, and the thread serves on`, async (t) => {
    const tasks = pool(t)
    const endless: { itself?: unknown } = {}
    endless.itself = endless
    const unsendable = what === 'thread' ? () => 1 : endless
    await assert.rejects(tasks.run('add', unsendable), {
      name: what === 'thread' ? 'DataCloneError' : 'TypeError',
    })
    assert.equal(await tasks.run('add', { a: 1, b: 1 }), 2)
  })

  for (const [how, name, code] of [
    ['throws on its own', 'crash', 'crashed'],
    ['exits', 'exit', 'crashed'],
    ['fills its heap', 'swell', 'out-of-memory'],
    ['fills its buffers', 'swellBuffers', 'out-of-memory'],
    ...(what === 'process'
      ? ([
          ['asks for more than its heap at once', 'swellAtOnce', 'out-of-memory'],
          ['asks for more than any heap has', 'swellBeyondAll', 'out-of-memory'],
          ['asks for more buffers than it may have at once', 'swellBuffersAtOnce', 'out-of-memory'],
        ] as const)
      : []),
  ] as const)
    test(`a ${what} that ${how} fails its own task only and is replaced`, async (t) => {
      const tasks = pool(t)
      const failing = tasks.run(name, undefined)
      const next = tasks.run('add', { a: 1, b: 1 })
      await assert.rejects(failing, (error: unknown) => error instanceof TaskFault && error.code === code)
      assert.equal(await next, 2)
    })

  test(`${what}: an aborted task ends with the reason of whoever aborted; its thread serves on`, async (t) => {
    const tasks = pool(t)
    const controller = new AbortController()
    const reason = new Error('enough')
    const task = tasks.run('untilAborted', undefined, {
      signal: controller.signal,
      onEvent: () => controller.abort(reason),
    })
    await assert.rejects(task, reason)
    assert.equal(await tasks.run('add', { a: 1, b: 1 }), 2)
    assert.equal(tasks.size.hosts, 1)
  })

  test(`${what}: a task that does not hear of its abort loses its thread`, async (t) => {
    const tasks = pool(t, { grace: 20 })
    const controller = new AbortController()
    const reason = new Error('enough')
    const task = tasks.run('spin', undefined, { signal: controller.signal })
    const next = tasks.run('add', { a: 1, b: 1 })
    controller.abort(reason)
    await assert.rejects(task, reason)
    assert.equal(await next, 2)
  })

  test(`${what}: a task that waits for a thread is aborted at once`, async (t) => {
    const tasks = pool(t)
    const controller = new AbortController()
    const first = new AbortController()
    const running = tasks.run('untilAborted', undefined, { signal: first.signal })
    const waiting = tasks.run('add', { a: 1, b: 1 }, { signal: controller.signal })
    controller.abort(new Error('changed my mind'))
    await assert.rejects(waiting, /changed my mind/)
    first.abort(new Error('over'))
    await assert.rejects(running, /over/)
  })

  test(`${what}: a thread asks back, reads streams and tells events in order`, async (t) => {
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

  test(`${what}: a stream is read no further than its reader goes, and is told when that is enough`, async (t) => {
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

  test(`${what}: what a stream or a call throws reaches the thread`, async (t) => {
    const tasks = pool(t)
    const streams = {
      // biome-ignore lint/correctness/useYield: fails before the first chunk
      async *endless(): AsyncGenerator<Uint8Array> {
        throw new Fault('unreachable', 'nobody is there')
      },
    }
    await assert.rejects(tasks.run('take', 1, { streams }), { code: 'unreachable' })
    await assert.rejects(tasks.run('converse', undefined), { code: 'no-such-call' })
  })

  test(`${what}: who waits for an answer is not left waiting when the task is aborted`, async (t) => {
    const tasks = pool(t)
    const controller = new AbortController()
    const task = tasks.run('waitForAnswer', undefined, {
      signal: controller.signal,
      onEvent: () => controller.abort(new Error('enough')),
      calls: { never: () => new Promise(() => {}) },
    })
    await assert.rejects(task, /enough/)
  })

  test(`${what}: closing ends what runs and what waits, and nothing is begun any more`, async (t) => {
    const tasks = pool(t)
    const running = tasks.run('spin', undefined)
    const waiting = tasks.run('add', { a: 1, b: 1 })
    const both = Promise.all([
      assert.rejects(running, { code: 'closed' }),
      assert.rejects(waiting, { code: 'closed' }),
    ])
    await tasks.close()
    await both
    await assert.rejects(tasks.run('add', { a: 1, b: 1 }), { code: 'closed' })
    assert.equal(tasks.size.hosts, 0)
  })
}
