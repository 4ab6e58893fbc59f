import { spawn } from 'node:child_process'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { errorCode, fileFault } from './database-fault.ts'
import { type Cluster, programFault, socketFolder } from './postgres-cluster.ts'
import { isPostmasterOf, type PostmasterPid, readPostmasterPid } from './postgres-pid.ts'
import { programEnvironment } from './postgres-program.ts'
import { postgresSettings, settingArguments } from './postgres-settings.ts'

const stopLimit = 30_000
const logLimit = 4 * 1024 * 1024
/** Part of the socket's name; nothing listens on the network. */
export const serverPort = 5432

/**
 * The server that runs on these data; a `postmaster.pid` that a crash left behind is removed. One in another container, which
 * shares the folder but whose process cannot be seen from here, still answers at its socket.
 */
export async function runningServer({ data }: Cluster): Promise<PostmasterPid | undefined> {
  const found = await readPostmasterPid(data)
  if (!found) return undefined
  if ((await isPostmasterOf(found.pid, data)) || (await answers(found))) return found
  await rm(join(data, 'postmaster.pid'), { force: true })
  return undefined
}

function answers({ socketFolder: host, port }: PostmasterPid): Promise<boolean> {
  if (host === '') return Promise.resolve(false)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(join(host, `.s.PGSQL.${port}`))
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

/** Starts a server and waits for it to be ready. Undefined when another was started on the same data meanwhile. */
export async function launchServer(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
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
  const socket = join(host, `.s.PGSQL.${serverPort}`)
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

/** Fast shutdown: open transactions are rolled back, what was acknowledged is written out. */
export async function stopServer({ data }: Cluster): Promise<void> {
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
