import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const launcher = join(import.meta.dirname, '..', '..', 'apps', 'cli', 'bin', 'lanner.cjs')

/** A server in a process of its own, as `lanner serve` starts it. */
export interface LannerProcess {
  readonly url: string
  readonly cid: string
  readonly clientId: string
  readonly clientSecret: string
  readonly pid: number
  /** Resident memory now, in bytes; 0 where the system does not tell. */
  memory(): number
  stop(): Promise<void>
}

/** Starts a server on a data folder and a free port, without a bound on calls and without the network. */
export async function startLanner(
  dataFolder: string,
  nodeOptions: readonly string[] = [],
): Promise<LannerProcess> {
  const child = spawn(
    process.execPath,
    [
      ...nodeOptions,
      launcher,
      'serve',
      '--port',
      '0',
      '--data-dir',
      dataFolder,
      '--offline',
      '--log-level',
      'warn',
    ],
    { env: { ...process.env, LANNER_RATE_LIMIT: '100000000' }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await readyLine(child)
  const { url, cid, client_id, client_secret } = JSON.parse(
    readFileSync(join(dataFolder, 'bootstrap.json'), 'utf8'),
  ) as Record<string, string>
  const pid = child.pid ?? 0
  return {
    url,
    cid,
    clientId: client_id,
    clientSecret: client_secret,
    pid,
    memory: () => residentMemory(pid),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

function readyLine(child: ChildProcess): Promise<void> {
  let told = ''
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (text) => {
      told = `${told}${text}`.slice(-8_000)
      if (told.includes('ready at http')) resolve()
    })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${told}`)))
  })
}

function residentMemory(pid: number): number {
  try {
    const line = /^VmRSS:\s+(?<kilobytes>\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(line?.groups?.['kilobytes'] ?? 0) * 1024
  } catch {
    return 0
  }
}
