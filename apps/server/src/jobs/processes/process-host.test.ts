import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '@lanner/oci'
import { TaskPool } from '../tasks/task-pool.ts'
import { type ProcessOptions, processHosts } from './process-host.ts'

const mebibyte = 1024 ** 2
const testing = join(import.meta.dirname, '..', 'testing')

function pool(t: TestContext, options: Partial<ProcessOptions> = {}): TaskPool {
  const start = processHosts({
    entry: new URL('../testing/process.fixture.ts', import.meta.url),
    memory: { heap: 64 * mebibyte, total: 320 * mebibyte },
    answer: mebibyte,
    ...options,
  })
  const tasks = new TaskPool({ start, size: 1, clock: systemClock })
  t.after(() => tasks.close())
  return tasks
}

const onLinux = { skip: process.platform !== 'linux' && 'needs /proc' }

test('a process knows nothing of the settings of whoever started it', onLinux, async (t) => {
  process.env['LANNER_MASTER_KEY'] = 'to be kept from others'
  t.after(() => delete process.env['LANNER_MASTER_KEY'])
  const pid = (await pool(t).run('pid', undefined)) as number
  const given = (what: string) => readFileSync(`/proc/${pid}/${what}`, 'utf8').split('\0').filter(Boolean)
  assert.deepEqual(
    given('environ').filter((variable) => !variable.startsWith('NODE_COMPILE_CACHE=')),
    [],
  )
  assert.deepEqual(given('cmdline').slice(1), [
    '--max-old-space-size=64',
    join(testing, 'process.fixture.ts'),
    String(320 * mebibyte),
  ])
})

test('what tells every process of a terminal or a service to end leaves it to whoever started it', async (t) => {
  const tasks = pool(t)
  const pid = (await tasks.run('pid', undefined)) as number
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal)
  assert.equal(await tasks.run('add', { a: 1, b: 1 }), 2)
  assert.equal(await tasks.run('pid', undefined), pid)
})

test('an answer that is larger than allowed ends its process, and no memory is taken for it', async (t) => {
  const tasks = pool(t, { answer: 7 })
  await assert.rejects(tasks.run('bytes', undefined), { code: 'crashed', message: / and 8 bytes/ })
  assert.equal(await tasks.run('add', { a: 1, b: 1 }), 2)
})

test('what a process prints is passed on line by line, and its end has its reason', async (t) => {
  const lines: string[] = []
  const tasks = pool(t, { onOutput: (line) => lines.push(line) })
  await assert.rejects(tasks.run('crash', undefined), { code: 'crashed', message: /ended with code 1/ })
  assert.ok(lines.some((line) => line.includes('Error: out of the blue')))
})

test('a process that does not even start is no fault of what it was to do', async (t) => {
  const tasks = pool(t, { entry: new URL('./nowhere.ts', import.meta.url) })
  await assert.rejects(tasks.run('add', { a: 1, b: 1 }), { code: 'not-started', retryable: true })
})

test('processes end when whoever started them is killed, whatever they are at', async () => {
  const owner = spawn(process.execPath, [join(testing, 'process-owner.fixture.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {},
  })
  const [told] = (await once(owner.stdout, 'data')) as [Buffer]
  const pids: number[] = JSON.parse(told.toString())
  assert.equal(new Set(pids).size, 2)
  assert.ok(pids.every(lives))
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  const started = performance.now()
  while (pids.some(lives)) {
    assert.ok(performance.now() - started < 10_000, 'they live on')
    await new Promise((resolve) => setImmediate(resolve))
  }
})

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
