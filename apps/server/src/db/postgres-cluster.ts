import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '../make-folder.ts'
import { DatabaseFault, errorCode, fileFault } from './database-fault.ts'
import { databaseAccount, reachable } from './postgres-account.ts'
import {
  installBinaries,
  type PostgresBinaries,
  postgresPackage,
  systemBinaries,
} from './postgres-binaries.ts'
import { type Account, run } from './postgres-program.ts'

/** Where the embedded server lives, and what runs it. */
export interface Cluster {
  /** `DATA-DIR/postgres`. */
  readonly home: string
  /** The data as we see them. */
  readonly data: string
  /** The data as the server sees them. */
  readonly dataForServer: string
  readonly account: Account
  readonly binaries: PostgresBinaries
  /** An open folder that the server gets as its descriptor 3 to reach its data through. */
  readonly folder: number | undefined
  close(): Promise<void>
}

export interface ClusterOptions {
  /** The data directory of the server; made when missing. */
  readonly dataDir: string
  /** Folders with programs, as in `PATH`. */
  readonly searchPath?: string
  /** Programs to use in place of those that are found. */
  readonly binaries?: PostgresBinaries
  /** Whether a new cluster is on the disk before it is used. */
  readonly durable?: boolean
  /** Gives up making the cluster; what was made of it is taken away. */
  readonly signal?: AbortSignal
  /** Where programs lie when the server's account cannot reach the data directory. */
  readonly programDir?: string
}

const defaultProgramDir = '/var/lib/lanner/postgres'

/** Name of the database and of the only role. */
export const databaseName = 'lanner'

/** Opens the cluster of a data directory; makes it first when there is none. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { dataDir, searchPath, durable = true, programDir = defaultProgramDir, signal } = options
  const attempted = `preparing the database folder in ${dataDir}`
  try {
    await makeFolder(dataDir)
    const home = join(await realpath(dataDir), 'postgres')
    const data = join(home, 'data')
    await makeFolder(home, 0o755)
    const account = await databaseAccount(data)
    await passable(dataDir, home, account)
    const direct = await reachable(home, account)
    const binaries = options.binaries ?? (await chooseBinaries(direct ? home : programDir, searchPath))
    // Root's home is closed to every other account: the server then reaches its data through a folder opened by us.
    const handle = direct ? undefined : await open(home, 'r')
    const cluster: Cluster = {
      home,
      data,
      dataForServer: handle ? '/proc/self/fd/3/data' : data,
      account,
      binaries,
      folder: handle?.fd,
      close: async () => await handle?.close(),
    }
    try {
      signal?.throwIfAborted()
      await initialize(cluster, durable, signal)
      await checkVersion(cluster)
    } catch (error) {
      await cluster.close()
      throw error
    }
    return cluster
  } catch (error) {
    signal?.throwIfAborted()
    throw fileFault(error, attempted)
  }
}

/** Opens our own folders for passing through, not for reading; what lies in them has its own mode. */
async function passable(dataDir: string, home: string, { uid }: Account): Promise<void> {
  if (uid === undefined) return
  for (const folder of [dataDir, home]) {
    const { mode, uid: owner } = await stat(folder)
    if (owner === 0 && (mode & 0o011) !== 0o011) await chmod(folder, (mode & 0o7777) | 0o011)
  }
}

async function chooseBinaries(parent: string, searchPath: string | undefined): Promise<PostgresBinaries> {
  const found = await postgresPackage()
  if (!found) return systemBinaries(searchPath)
  await makeFolder(parent, 0o755)
  return installBinaries(found, parent)
}

/** Made under another name and renamed: cut short at any point, the next start begins anew. */
async function initialize(
  cluster: Cluster,
  durable: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { home, data, account, binaries, folder } = cluster
  if (await isCluster(data)) return closeToOthers(data)
  const name = `.new.${process.pid}`
  await rm(join(home, name), { recursive: true, force: true })
  await mkdir(join(home, name), { mode: 0o700 })
  if (account.uid !== undefined) await chown(join(home, name), account.uid, account.gid ?? account.uid)
  const { code, output } = await run(
    join(binaries.folder, 'initdb'),
    [
      `--pgdata=${folder === undefined ? join(home, name) : `/proc/self/fd/3/${name}`}`,
      `--username=${databaseName}`,
      '--encoding=UTF8',
      ...(binaries.major >= 17 ? ['--locale-provider=builtin', '--locale=C.UTF-8'] : ['--locale=C']),
      '--auth-local=trust',
      '--auth-host=reject',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    { account, signal, ...(folder === undefined ? {} : { folder }) },
  ).catch(async (error) => {
    await rm(join(home, name), { recursive: true, force: true, maxRetries: 20 })
    throw error
  })
  if (code !== 0) {
    await rm(join(home, name), { recursive: true, force: true })
    throw programFault(`making the database in ${home} (initdb)`, output)
  }
  await rename(join(home, name), data).catch(async (error) => {
    // Another start was first.
    await rm(join(home, name), { recursive: true, force: true })
    if (!(await isCluster(data))) throw error
  })
  await removeLeftovers(home)
}

/** PostgreSQL refuses a folder that others may enter, and volumes of clusters are opened to a group when they are mounted. */
async function closeToOthers(data: string): Promise<void> {
  const { mode } = await stat(data)
  if ((mode & 0o077) !== 0) await chmod(data, 0o700)
}

/** Data that are there and closed to us are not taken for none. */
async function isCluster(data: string): Promise<boolean> {
  try {
    await stat(join(data, 'PG_VERSION'))
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}

async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = /^\.(?:new|[\d.a-z-]+)\.(\d+)$/.exec(name)?.[1]
    if (pid === undefined || Number(pid) === process.pid) continue
    try {
      process.kill(Number(pid), 0)
    } catch {
      await rm(join(home, name), { recursive: true, force: true })
    }
  }
}

async function checkVersion({ data, binaries }: Cluster): Promise<void> {
  const path = join(data, 'PG_VERSION')
  const major = (await readFile(path, 'utf8')).trim()
  if (major === String(binaries.major)) return
  throw new DatabaseFault(
    'unsupported',
    `${data} was made by PostgreSQL ${major}, and this is ${binaries.major}: export with the version that made it, then import`,
  )
}

/** A fault from what a program of PostgreSQL printed. */
export function programFault(attempted: string, output: string): DatabaseFault {
  const lines = output.split('\n')
  const full = lines.find((line) => /No space left on device|Disk quota exceeded/.test(line))
  if (full !== undefined)
    return new DatabaseFault('no-space', `${attempted} failed: the disk is full (${full.trim()})`)
  const last = lines.slice(-12).join('\n')
  const code = /Permission denied|Operation not permitted|Read-only file system/.test(last)
    ? 'not-permitted'
    : 'failed'
  return new DatabaseFault(code, `${attempted} failed:\n${last || 'it said nothing'}`)
}

/** The longest socket path that every system takes, less the name of the socket in it. */
const longestSocketFolder = 103 - '/.s.PGSQL.5432'.length

/** A folder for the socket that only the server's account and root may enter; short, as socket paths must be. */
export async function socketFolder({ home, account, folder }: Cluster, former?: string): Promise<string> {
  const near = join(home, 'run')
  if (folder === undefined && near.length <= longestSocketFolder) {
    await makeFolder(near)
    await chmod(near, 0o700)
    if (account.uid !== undefined) await chown(near, account.uid, account.gid ?? account.uid)
    return near
  }
  const owner = account.uid ?? process.getuid?.()
  const temporary = await temporaryFolder(account)
  if (former?.startsWith(join(temporary, 'lanner-'))) {
    const entry = await lstat(former).catch(() => undefined)
    if (entry?.isDirectory() && entry.uid === owner && (entry.mode & 0o077) === 0) return former
  }
  const made = await mkdtemp(join(temporary, 'lanner-'))
  if (account.uid !== undefined) await chown(made, account.uid, account.gid ?? account.uid)
  return made
}

/** The first temporary folder that the server's account gets into and whose name leaves room for a socket's. */
async function temporaryFolder(account: Account): Promise<string> {
  const folders = [tmpdir(), '/tmp']
  for (const folder of folders)
    if (folder.length + '/lanner-XXXXXX'.length <= longestSocketFolder && (await reachable(folder, account)))
      return folder
  return tmpdir()
}
