import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { launcher, newUser } from '../lanner.ts'
import { newFolder } from '../suite.ts'
import { endDatabases } from './databases.ts'

/** `bootstrap.json`, as the first start leaves it. */
export interface Credentials {
  readonly url: string
  readonly cid: string
  readonly client_id: string
  readonly client_secret: string
  readonly username: string
  readonly password: string
}

/** A running `lanner serve`. */
export interface Platform {
  readonly url: string
  /** `127.0.0.1:40123`, as image references name it. */
  readonly host: string
  readonly folder: string
  readonly credentials: Credentials
  readonly process: ChildProcess
  /** Everything that it wrote so far, to standard output and error. */
  said(): string
  /** Ends it as Ctrl-C does; fails unless it ends well. */
  stop(): Promise<void>
  /** kill -9; its database stays behind. */
  kill(): Promise<void>
}

export interface PlatformOptions {
  /** Data of an earlier one. */
  readonly folder?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const startLimit = 120_000
const stopLimit = 60_000

/** Starts a server on a free loopback port, offline, with data of its own. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const folder = options.folder ?? join(newFolder('platform'), 'data')
  const child = spawn(
    process.execPath,
    [launcher, 'serve', '--port', '0', '--offline', '--data-dir', folder, ...(options.args ?? [])],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...newUser('server').environment, ...options.env },
    },
  )
  const said: string[] = []
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? 'nothing'))
  })
  const stopped = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopLimit)
    const how = await ended
    clearTimeout(timer)
    return how
  }
  let url: string
  try {
    url = await address(child, said)
  } catch (error) {
    child.kill('SIGKILL')
    await stopped()
    await endDatabases(folder)
    throw error
  }
  return {
    url,
    host: new URL(url).host,
    folder,
    credentials: JSON.parse(readFileSync(join(folder, 'bootstrap.json'), 'utf8')) as Credentials,
    process: child,
    said: () => said.join('\n'),
    async stop() {
      const running = child.exitCode === null && child.signalCode === null
      child.kill('SIGTERM')
      const how = await stopped()
      await endDatabases(folder)
      if (running && how !== 0 && how !== 143)
        throw new Error(`the server ended with ${how}:\n${said.slice(-20).join('\n')}`)
    },
    async kill() {
      child.kill('SIGKILL')
      await stopped()
    },
  }
}

/** What the server says once it answers. Its streams are read on for as long as it lives. */
function address(child: ChildProcess, said: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the server was not ready in time:\n${said.join('\n')}`)),
      startLimit,
    )
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      reject(new Error(`the server ended with ${signal ?? code}:\n${said.join('\n')}`))
    })
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) throw new Error('the server has no streams')
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line)
        const url = /^lanner: ready at (?<url>https?:\/\/\S+)$/.exec(line)?.groups?.['url']
        if (url === undefined) return
        clearTimeout(timer)
        resolve(url)
      })
    }
  })
}
