import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from './open-database.ts'
import { openPool } from './pool.ts'
import { parsePasswd } from './postgres-account.ts'
import { programFault } from './postgres-cluster.ts'
import { isPostmasterOf, parsePostmasterPid, processLives, readPostmasterPid } from './postgres-pid.ts'
import { postgresSettings } from './postgres-settings.ts'
import { type EmbeddedPostgres, type SupervisorOptions, startPostgres } from './supervisor.ts'

const quick = { durable: false, settings: { fsync: 'off', shared_buffers: '16MB' } }

/** One folder for the tests that leave its data whole: making them anew takes longest. */
let shared: Promise<string> | undefined

function sharedFolder(): Promise<string> {
  return (shared ??= mkdtemp(join(tmpdir(), 'lanner-supervisor-')))
}

after(async () => {
  if (shared) await removeFolder(await shared)
})

async function ownFolder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'lanner-supervisor-'))
  t.after(() => removeFolder(made))
  return made
}

async function removeFolder(made: string): Promise<void> {
  const state = await readPostmasterPid(join(made, 'postgres', 'data'))
  if (state && processLives(state.pid)) process.kill(state.pid, 'SIGQUIT')
  await rm(made, { recursive: true, force: true, maxRetries: 20 })
}

async function started(
  t: TestContext,
  dataDir: string,
  options: Partial<SupervisorOptions> = {},
): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDir, ...quick, ...options })
  t.after(() => server.stop())
  return server
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(2)
}

test('a server is made, stopped, started again with its data, and owned by one process', async (t) => {
  const dataDir = await sharedFolder()
  // What a start that was killed leaves behind.
  await mkdir(join(dataDir, 'postgres', '.new.999999999'), { recursive: true })
  const first = await startPostgres({ dataDir, ...quick })
  const pool = openPool({ server: first.address })
  await pool.query('create table kept (n int); insert into kept values (7)')
  const { rows } = await pool.query(
    `select current_setting('listen_addresses') as network, current_setting('server_encoding') as encoding,
      current_setting('port') as port`,
  )
  assert.deepEqual(rows, [{ network: '', encoding: 'UTF8', port: '5432' }])
  await assert.rejects(startPostgres({ dataDir, ...quick }), {
    code: 'in-use',
    message: `${join(dataDir, 'postgres')} is in use by process ${process.pid}: stop it, or give this one another data directory`,
  })
  assert.equal(first.ready, true)
  await pool.end()
  await first.stop()
  await first.stop()
  assert.equal(first.ready, false)
  assert.equal(await isPostmasterOf(first.pid, join(dataDir, 'postgres', 'data')), false)
  const names = await readdir(join(dataDir, 'postgres'))
  assert.deepEqual(
    names.filter((name) => name.startsWith('.')),
    [],
  )
  // The number of another process, as a crash or a new container leaves it.
  await writeFile(
    join(dataDir, 'postgres', 'data', 'postmaster.pid'),
    `${process.pid}\n/elsewhere\n1\n5432\n/nowhere\n\n\nready\n`,
  )
  const second = await started(t, dataDir)
  assert.equal(second.adopted, false)
  const again = openPool({ server: second.address })
  assert.deepEqual((await again.query('select n from kept')).rows, [{ n: 7 }])
  await again.end()
})

test('a server whose process cannot be seen, as in another container, is in use all the same', async (t) => {
  const dataDir = await sharedFolder()
  const server = await started(t, dataDir)
  const path = join(dataDir, 'postgres', 'data', 'postmaster.pid')
  const written = await readFile(path, 'utf8')
  // There, the number is nobody's or somebody else's.
  await writeFile(path, written.replace(/^\d+/, String(process.pid)))
  try {
    await assert.rejects(startPostgres({ dataDir, ...quick }), { code: 'in-use' })
    assert.equal(server.ready, true)
  } finally {
    await writeFile(path, written)
  }
})

test('a start that is given up leaves neither half a cluster nor a server', async (t) => {
  const dataDir = await ownFolder(t)
  const giveUp = new AbortController()
  const starting = startPostgres({ dataDir, ...quick, signal: giveUp.signal })
  const made = () => readdir(join(dataDir, 'postgres')).catch((): string[] => [])
  await until(async () => (await made()).some((name) => name.startsWith('.new.')))
  giveUp.abort(new Error('interrupted'))
  await assert.rejects(starting, { message: 'interrupted' })
  assert.deepEqual(
    (await made()).filter((name) => /^\.new|^data$/.test(name)),
    [],
  )
  const server = await started(t, dataDir)
  const again = startPostgres({
    dataDir: await ownFolder(t),
    ...quick,
    signal: AbortSignal.abort(new Error('early')),
  })
  await assert.rejects(again, { message: 'early' })
  assert.equal(server.adopted, false)
})

test('data are nobody else’s to read, and the socket nobody else’s to reach', async (t) => {
  const dataDir = await sharedFolder()
  // As a cluster opens the volumes that it mounts to a group; PostgreSQL would not start on them.
  await chmod(join(dataDir, 'postgres', 'data'), 0o770)
  const server = await started(t, dataDir)
  for (const path of [join(dataDir, 'postgres', 'data'), server.address.host]) {
    assert.equal((await stat(path)).mode & 0o777, 0o700, path)
  }
  assert.equal((await stat(join(dataDir, 'postgres', 'server.log'))).mode & 0o777, 0o600)
})

test('a deep folder that is closed to others serves as well: its socket lies elsewhere, and goes with the server', async (t) => {
  const outer = await ownFolder(t)
  const programDir = await ownFolder(t)
  await chmod(programDir, 0o755)
  await chmod(outer, 0o700)
  const dataDir = join(outer, 'd'.repeat(60), 'e'.repeat(60))
  const server = await startPostgres({ dataDir, programDir, ...quick })
  try {
    const pool = openPool({ server: server.address })
    assert.deepEqual((await pool.query('select 1 as one')).rows, [{ one: 1 }])
    await pool.end()
    assert.ok(!server.address.host.startsWith(outer) && server.address.host.length < 90, server.address.host)
    assert.equal((await stat(outer)).mode & 0o777, 0o700)
  } finally {
    await server.stop()
  }
  await assert.rejects(stat(server.address.host), { code: 'ENOENT' })

  const child = spawn(process.execPath, [join(import.meta.dirname, 'supervisor.fixture.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let killed: string | undefined
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('started ')) continue
    killed = (await readPostmasterPid(join(dataDir, 'postgres', 'data')))?.socketFolder
    child.kill('SIGKILL')
    process.kill(Number(line.slice(8)), 'SIGKILL')
  }
  await exited
  const next = await startPostgres({ dataDir, programDir, ...quick })
  assert.equal(next.address.host, killed)
  await next.stop()
  await assert.rejects(stat(next.address.host), { code: 'ENOENT' })
  assert.ok(await stat(join(dataDir, 'postgres', 'data', 'PG_VERSION')))
})

test('kill -9 of the database under writes: it comes back, and nothing acknowledged is lost', async (t) => {
  const dataDir = await sharedFolder()
  const said: string[] = []
  const server = await started(t, dataDir, { say: (message) => said.push(message) })
  const pool = openPool({ server: server.address, size: 3 })
  t.after(() => pool.end())
  await pool.query('create table twins (n int8 primary key, twin int8)')
  const acknowledged: number[] = []
  const failures = new Set<string>()
  let next = 0
  let writing = true
  const writer = async () => {
    while (writing) {
      const n = ++next
      try {
        await pool.query('insert into twins values ($1, $1)', [n])
        acknowledged.push(n)
      } catch (error) {
        failures.add((error as { code: string }).code)
      }
    }
  }
  const writers = [writer(), writer(), writer()]
  for (let round = 1; round <= 3; round++) {
    const enough = acknowledged.length + 50
    await until(() => acknowledged.length >= enough)
    const { pid } = server
    process.kill(pid, 'SIGKILL')
    await until(() => !server.ready)
    await until(() => server.ready)
    assert.notEqual(server.pid, pid)
  }
  const enough = acknowledged.length + 50
  await until(() => acknowledged.length >= enough)
  writing = false
  await Promise.all(writers)
  const { rows } = await pool.query<{ n: number }>('select n from twins where n = twin')
  const found = new Set(rows.map(({ n }) => n))
  assert.deepEqual(
    acknowledged.filter((n) => !found.has(n)),
    [],
  )
  assert.deepEqual([...failures], ['unavailable'])
  assert.equal(said.filter((message) => message.startsWith('PostgreSQL is back')).length, 3)
})

test('kill -9 of the process that started it: the next one takes it over, with all that was acknowledged', async (t) => {
  const dataDir = await sharedFolder()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'supervisor.fixture.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let pid = 0
  let last = 0
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('started ')) {
      pid = Number(line.slice(8))
      // While it lives, nobody else may have the folder.
      await assert.rejects(startPostgres({ dataDir, ...quick }), {
        code: 'in-use',
        message: new RegExp(` ${child.pid}:`),
      })
    } else last = Number(line)
    if (last === 200) child.kill('SIGKILL')
  }
  await exited
  assert.ok(last >= 200)
  const server = await started(t, dataDir)
  assert.deepEqual({ adopted: server.adopted, pid: server.pid }, { adopted: true, pid })
  const pool = openPool({ server: server.address })
  const { rows } = await pool.query('select count(*) as n from written where n <= $1', [last])
  assert.deepEqual(rows, [{ n: last }])
  await pool.end()
  await server.stop()
  assert.equal(await readPostmasterPid(join(dataDir, 'postgres', 'data')), undefined)
})

test('a process that ends at once tells its server to end as well', async (t) => {
  const dataDir = await ownFolder(t)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'supervisor.fixture.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let pid = 0
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('started ')) pid = Number(line.slice(8))
    else if (line === '3') child.kill('SIGTERM')
  }
  assert.deepEqual(await exited, [1, null])
  await until(() => !processLives(pid))
})

test('a database is opened with its tables, answers for its readiness, and closes', async () => {
  const dataDir = await sharedFolder()
  const opened = await openDatabase({ dataDir, settings: quick.settings })
  assert.ok(opened.migrated.length > 0)
  assert.equal(await opened.ready(), true)
  const { host, user, database } = opened.embedded!.address
  const byUrl = await openDatabase({ dataDir, url: `postgresql://${user}@/${database}?host=${host}` })
  assert.deepEqual(byUrl.migrated, [])
  assert.equal(await byUrl.ready(), true)
  await byUrl.close()
  await opened.close()
  assert.equal(await opened.ready(), false)
})

test('what cannot work says what it was', async () => {
  const dataDir = await sharedFolder()
  const secret = 'hunter2'
  for (const url of [`mysql://u:${secret}@host/db`, `//u:${secret}@host`, '']) {
    const error = await openDatabase({ dataDir, url }).catch((thrown: Error) => thrown)
    assert.ok(
      error instanceof Error &&
        /DATABASE_URL is no URL/.test(error.message) &&
        !error.message.includes(secret),
    )
  }
  await assert.rejects(
    openDatabase({ dataDir, url: `postgresql://u:${secret}@127.0.0.1:1/db` }),
    (error: Error) => {
      assert.deepEqual(
        { ...error, cause: undefined },
        { code: 'unavailable', retryable: true, cause: undefined, name: 'DatabaseFault' },
      )
      return !error.message.includes(secret)
    },
  )
  await writeFile(join(dataDir, 'file'), '')
  await assert.rejects(startPostgres({ dataDir: join(dataDir, 'file'), ...quick }), {
    code: 'failed',
    message: /^preparing the database folder in .*file/,
  })
  await assert.rejects(startPostgres({ dataDir, ...quick, settings: { no_such_setting: '1' } }), {
    code: 'failed',
    message: /unrecognized configuration parameter "no_such_setting"/,
  })
  await writeFile(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '13\n')
  await assert.rejects(startPostgres({ dataDir, ...quick }), {
    code: 'unsupported',
    message: /was made by PostgreSQL 13, and this is 18/,
  })
})

test('what its programs print tells space and permission apart', () => {
  const cases = [
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', 'no-space'],
    ['initdb: error: could not create directory "/x": Permission denied', 'not-permitted'],
    ['initdb: error: could not change permissions: Read-only file system', 'not-permitted'],
    ['FATAL:  data directory is corrupt', 'failed'],
  ] as const
  for (const [said, code] of cases) assert.equal(programFault('starting', said).code, code, said)
  const long = ['FATAL: could not extend file: No space left on device', ...Array(20).fill('STATEMENT: x')]
  const { code, message } = programFault('making it', long.join('\n'))
  assert.equal(code, 'no-space')
  assert.equal(
    message,
    'making it failed: the disk is full (FATAL: could not extend file: No space left on device)',
  )
})

test('postmaster.pid is read line by line, and only when it is whole', () => {
  const text = '4711\n/data\n1763000000\n5432\n/run/x\n\n  5432001    131072\nready   \n'
  assert.deepEqual(parsePostmasterPid(text), { pid: 4711, port: 5432, socketFolder: '/run/x', ready: true })
  assert.equal(parsePostmasterPid(text.replace('ready   ', 'starting'))?.ready, false)
  for (const other of ['', '\n', '-4711\n', '0\n', '1\n', 'x\n', '4711x\n/data'])
    assert.equal(parsePostmasterPid(other), undefined, JSON.stringify(other))
})

test('accounts are read without root and without lines that are none', () => {
  assert.deepEqual(
    parsePasswd('root:x:0:0::/:/bin/sh\npostgres:x:101:104:a,,:/v:/bin/sh\n+nis\n\nodd:x:a:1\n'),
    [{ name: 'postgres', uid: 101, gid: 104 }],
  )
})

test('memory is shared out within bounds', () => {
  const gibibyte = 1024 ** 3
  assert.equal(postgresSettings('/run', gibibyte / 4)['shared_buffers'], '64MB')
  assert.equal(postgresSettings('/run', 4 * gibibyte)['shared_buffers'], '256MB')
  assert.equal(postgresSettings('/run', 256 * gibibyte)['shared_buffers'], '512MB')
})
