import { spawn } from 'node:child_process'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import pg from 'pg'
import { DatabaseFault, errorCode, fileFault } from './database-fault.ts'
import {
  type Cluster,
  type ClusterOptions,
  databaseName,
  openCluster,
  programFault,
  socketFolder,
} from './postgres-cluster.ts'
import { isPostmasterOf, type PostmasterPid, readPostmasterPid } from './postgres-pid.ts'
import { programEnvironment } from './postgres-program.ts'
import { postgresSettings, settingArguments } from './postgres-settings.ts'

export interface SupervisorOptions extends ClusterOptions {
  /** Settings of PostgreSQL that replace ours. */
  readonly settings?: Readonly<Record<string, string>>
  /** Told of what happens to the server: lost, back, adopted. */
  readonly say?: (message: string) => void
}

/** What a client needs to connect. */
export interface Address {
  /** Folder of the unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
}

/** The running embedded server. */
export interface EmbeddedPostgres {
  readonly address: Address
  /** False from the moment that the server is lost until it is back. */
  readonly ready: boolean
  /** Process id of the postmaster. */
  readonly pid: number
  /** Whether it was left running by a process that died. */
  readonly adopted: boolean
  /** Ends the server; every acknowledged write is on the disk. */
  stop(): Promise<void>
}

/** Held by the process that owns the data directory, on a connection of its own: it falls with the process. */
const ownerLock = 7_203_915_118

const startLimit = 60_000
const stopLimit = 30_000
const logLimit = 4 * 1024 * 1024
const port = 5432

interface Running {
  readonly pid: number
  readonly guard: pg.Client
  readonly adopted: boolean
  readonly host: string
}

/**
 * Starts PostgreSQL on `DATA-DIR/postgres`, or adopts the one that a dead process left there, and keeps it running: a server
 * that dies is started again.
 * @throws DatabaseFault `in-use` when another living process owns the directory, `not-permitted`, `no-space`, `no-server`,
 * `unsupported`, `failed`
 */
export async function startPostgres(options: SupervisorOptions): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => {})
  const cluster = await openCluster(options)
  let running: Running
  try {
    running = await attach(cluster, options)
  } catch (error) {
    await cluster.close()
    throw error
  }
  if (running.adopted) say(`adopted the PostgreSQL that process ${running.pid} still runs`)
  let ready = true
  let stopping = false
  let recovering: Promise<void> | undefined

  const watch = () => {
    const { guard } = running
    guard.on('end', () => {
      if (stopping || guard !== running.guard) return
      ready = false
      say('the connection to PostgreSQL was lost')
      recovering ??= recover().finally(() => {
        recovering = undefined
      })
    })
  }
  const recover = async () => {
    for (let pause = 20; !stopping; pause = Math.min(2000, pause * 2)) {
      try {
        const next = await attach(cluster, options, running.host)
        if (stopping) {
          await next.guard.end()
          return
        }
        running = next
        watch()
        ready = true
        say(`PostgreSQL is back (process ${running.pid})`)
        return
      } catch (error) {
        if (pause > 100) say(`PostgreSQL did not start: ${(error as Error).message}`)
        await after(pause, undefined, { ref: false })
      }
    }
  }
  watch()

  return {
    get address() {
      return { host: running.host, port, user: databaseName, database: databaseName }
    },
    get ready() {
      return ready
    },
    get pid() {
      return running.pid
    },
    get adopted() {
      return running.adopted
    },
    async stop() {
      if (stopping) return
      stopping = true
      ready = false
      await recovering
      socketOf(running.guard).ref()
      await running.guard.end().catch(() => {})
      await stopServer(cluster)
      if (!running.host.startsWith(cluster.home)) await rm(running.host, { recursive: true, force: true })
      await cluster.close()
    },
  }
}

/** Connects to the server of these data, which is started when none runs, and takes the lock of the owner. */
async function attach(cluster: Cluster, options: SupervisorOptions, former?: string): Promise<Running> {
  const deadline = Date.now() + startLimit
  for (;;) {
    const there = await runningServer(cluster)
    const state = there ?? (await launch(cluster, options, former, deadline))
    if (state) {
      const guard = await openGuard(cluster, state, deadline)
      if (guard) return { pid: state.pid, host: state.socketFolder, guard, adopted: there !== undefined }
    }
    if (Date.now() > deadline)
      throw new DatabaseFault(
        'failed',
        `PostgreSQL in ${cluster.home} did not answer in ${startLimit / 1000} s`,
      )
    await after(10)
  }
}

/** The server that runs on these data; a `postmaster.pid` that a crash left behind is removed. */
async function runningServer({ data }: Cluster): Promise<PostmasterPid | undefined> {
  const found = await readPostmasterPid(data)
  if (!found) return undefined
  if (await isPostmasterOf(found.pid, data)) return found
  await rm(join(data, 'postmaster.pid'), { force: true })
  return undefined
}

/** Starts a server and waits for it to be ready. Undefined when another was started on the same data meanwhile. */
async function launch(
  cluster: Cluster,
  { settings = {} }: SupervisorOptions,
  former: string | undefined,
  deadline: number,
): Promise<PostmasterPid | undefined> {
  const { home, data, dataForServer, account, binaries, folder } = cluster
  const host = await socketFolder(cluster, former)
  await removeStaleSocket(host, data)
  const logPath = join(home, 'server.log')
  const log = await openLog(logPath)
  const from = (await log.stat()).size
  const child = spawn(
    join(binaries.folder, 'postgres'),
    ['-D', dataForServer, ...settingArguments({ ...postgresSettings(host), ...settings })],
    {
      cwd: '/',
      env: programEnvironment,
      // A session of its own: an interrupt at the terminal is ours to handle, it must not end the database first.
      detached: true,
      stdio: ['ignore', log.fd, log.fd, ...(folder === undefined ? [] : [folder])],
      ...account,
    },
  )
  child.unref()
  let ended: Error | number | undefined
  child.on('error', (error) => (ended = error))
  child.on('exit', (code) => (ended ??= code ?? 1))
  try {
    for (;;) {
      if (ended instanceof Error) throw fileFault(ended, `starting ${join(binaries.folder, 'postgres')}`)
      const state = await readPostmasterPid(data)
      if (state?.pid === child.pid && state?.ready) return state
      if (ended !== undefined) {
        if (state && (await isPostmasterOf(state.pid, data))) return undefined
        const said = (await readFile(logPath)).subarray(from).toString('utf8')
        // Processes of a server that was killed are still going away.
        if (
          /pre-existing shared memory block|lock file "[^"]*" already exists/.test(said) &&
          Date.now() < deadline
        )
          return undefined
        throw programFault(`starting PostgreSQL on ${data}`, said)
      }
      if (Date.now() > deadline) {
        child.kill('SIGQUIT')
        throw programFault(
          `starting PostgreSQL on ${data}`,
          (await readFile(logPath)).subarray(from).toString(),
        )
      }
      await after(3)
    }
  } finally {
    await log.close()
  }
}

/** A lock that a crash left behind would bar the way as soon as its number is another process's. */
async function removeStaleSocket(host: string, data: string): Promise<void> {
  const socket = join(host, `.s.PGSQL.${port}`)
  const pid = Number.parseInt(await readFile(`${socket}.lock`, 'utf8').catch(() => ''), 10)
  if (Number.isNaN(pid) || (await isPostmasterOf(pid, data))) return
  await rm(`${socket}.lock`, { force: true })
  await rm(socket, { force: true })
}

async function openLog(path: string): Promise<Awaited<ReturnType<typeof open>>> {
  try {
    const { size } = await stat(path)
    if (size > logLimit) await rename(path, `${path}.1`)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw fileFault(error, `opening ${path}`)
  }
  return open(path, 'a+', 0o600).catch((error) => {
    throw fileFault(error, `opening ${path}`)
  })
}

/** Undefined while the server does not answer yet. */
async function openGuard(
  cluster: Cluster,
  { socketFolder: host, port: at, pid }: PostmasterPid,
  deadline: number,
): Promise<pg.Client | undefined> {
  const guard = new pg.Client({
    host,
    port: at,
    user: databaseName,
    database: 'postgres',
    application_name: `lanner ${process.pid}`,
    connectionTimeoutMillis: Math.max(1, deadline - Date.now()),
  })
  guard.on('error', () => {})
  try {
    await guard.connect()
  } catch (error) {
    await guard.end().catch(() => {})
    const code = errorCode(error) ?? ''
    // Starting, shutting down, or ending while we look.
    if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', '57P03', '57P01', '57P02'].includes(code)) return undefined
    if (/terminated unexpectedly/.test((error as Error).message)) return undefined
    throw fileFault(error, `connecting to PostgreSQL (process ${pid}) in ${host}`)
  }
  try {
    await checkIdentity(guard, cluster, pid)
    await own(guard, cluster)
    // Its socket alone must not keep this process alive.
    socketOf(guard).unref()
    return guard
  } catch (error) {
    await guard.end().catch(() => {})
    throw error
  }
}

/** `pg` gives no way to let go of a connection's hold on the event loop. */
function socketOf(client: pg.Client): { ref(): void; unref(): void } {
  return (client as unknown as { connection: { stream: { ref(): void; unref(): void } } }).connection.stream
}

/** Every cluster has an identifier, in the first eight bytes of `global/pg_control`. */
async function checkIdentity(guard: pg.Client, { data }: Cluster, pid: number): Promise<void> {
  const control = await readFile(join(data, 'global', 'pg_control')).catch((error) => {
    throw fileFault(error, `reading ${data}`)
  })
  const { rows } = await guard.query('select system_identifier::text as id from pg_control_system()')
  if (rows[0]?.id === control.readBigUInt64LE(0).toString()) return
  throw new DatabaseFault('in-use', `the PostgreSQL with process ${pid} serves other data than ${data}`)
}

async function own(guard: pg.Client, { home }: Cluster): Promise<void> {
  const { rows } = await guard.query(
    `select pg_try_advisory_lock(${ownerLock}) as owned,
      exists (select from pg_database where datname = '${databaseName}') as made`,
  )
  if (!rows[0]?.owned) {
    const owner = await guard.query(
      `select application_name as name from pg_locks join pg_stat_activity using (pid)
        where locktype = 'advisory' and (classid::bigint << 32 | objid::bigint) = ${ownerLock} and granted`,
    )
    const pid = /^lanner (\d+)$/.exec(owner.rows[0]?.name ?? '')?.[1]
    throw new DatabaseFault(
      'in-use',
      `${home} is in use by ${pid ? `process ${pid}` : 'another process'}: stop it, or give this one another data directory`,
    )
  }
  if (!rows[0]?.made) await guard.query(`create database ${databaseName}`)
}

/** Fast shutdown: open transactions are rolled back, what was acknowledged is written out. */
async function stopServer({ data }: Cluster): Promise<void> {
  const state = await readPostmasterPid(data)
  if (!state || !(await isPostmasterOf(state.pid, data))) return
  for (const [signal, limit] of [
    ['SIGINT', stopLimit],
    ['SIGQUIT', 5000],
  ] as const) {
    process.kill(state.pid, signal)
    for (const until = Date.now() + limit; Date.now() < until; await after(3))
      if (!(await isPostmasterOf(state.pid, data))) return
  }
}
