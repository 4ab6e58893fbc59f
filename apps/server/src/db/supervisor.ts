import { rm } from 'node:fs/promises'
import { setTimeout as after } from 'node:timers/promises'
import type pg from 'pg'
import { DatabaseFault } from './database-fault.ts'
import { type Cluster, type ClusterOptions, databaseName, openCluster } from './postgres-cluster.ts'
import { openGuard, socketOf } from './postgres-guard.ts'
import { readPostmasterPid } from './postgres-pid.ts'
import { launchServer, runningServer, serverPort, stopServer } from './postgres-server.ts'

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

const startLimit = 60_000

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
    if (options.signal?.aborted) {
      await running.guard.end().catch(() => {})
      await stopServer(cluster)
      options.signal.throwIfAborted()
    }
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
  // Who is asked twice to end ends at once: the server is told to, and needs nobody to wait for it.
  const leave = () => {
    try {
      process.kill(running.pid, 'SIGINT')
    } catch {
      // It is gone already.
    }
  }
  process.once('exit', leave)

  return {
    get address() {
      return { host: running.host, port: serverPort, user: databaseName, database: databaseName }
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
      process.off('exit', leave)
      if (!running.host.startsWith(cluster.home)) await rm(running.host, { recursive: true, force: true })
      await cluster.close()
    },
  }
}

/** Connects to the server of these data, which is started when none runs, and takes the lock of the owner. */
async function attach(cluster: Cluster, options: SupervisorOptions, former?: string): Promise<Running> {
  const deadline = Date.now() + startLimit
  // Where a server that was killed had its socket the next one has it, too: nothing is left behind.
  const socket = former ?? (await readPostmasterPid(cluster.data))?.socketFolder
  for (;;) {
    const there = await runningServer(cluster)
    const state = there ?? (await launchServer(cluster, options.settings ?? {}, socket, deadline))
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
