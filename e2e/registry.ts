import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { output } from './process.ts'
import { newFolder } from './suite.ts'

/** Debian's docker-registry (CNCF Distribution), with its storage in a folder. */
export interface Registry {
  /** `127.0.0.1:40123`. */
  readonly host: string
  /** Where it keeps a blob. */
  blobPath(digest: string): string
  stop(): Promise<void>
}

export interface Login {
  readonly username: string
  readonly password: string
}

/** Starts a registry on a free loopback port; with a login it wants basic authentication. */
export async function startRegistry(folder: string, login?: Login): Promise<Registry> {
  const storage = join(folder, 'storage')
  mkdirSync(storage, { recursive: true })
  const authentication = login && { htpasswd: { realm: 'lanner', path: await writeHtpasswd(folder, login) } }
  const configuration = join(folder, 'registry.json')
  // JSON is YAML too.
  writeFileSync(
    configuration,
    JSON.stringify({
      version: 0.1,
      log: { level: 'info' },
      storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
      http: { addr: '127.0.0.1:0' },
      ...(authentication ? { auth: authentication } : {}),
    }),
  )
  const child = spawn('docker-registry', ['serve', configuration], { stdio: ['ignore', 'ignore', 'pipe'] })
  const host = await listeningAddress(child)
  return {
    host,
    blobPath: (digest) => {
      const hex = digest.slice('sha256:'.length)
      return join(storage, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data')
    },
    stop: () => stop(child),
  }
}

/** The address that the registry tells once it listens: the kernel chose the port, so nobody else can have it. */
function listeningAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines: string[] = []
    child.on('error', (error) => reject(new Error(`docker-registry could not be started: ${error.message}`)))
    child.on('exit', (code) => reject(new Error(`docker-registry ended with ${code}:\n${lines.join('\n')}`)))
    if (child.stderr === null) throw new Error('docker-registry has no standard error')
    // The stream is read on for as long as the registry lives, or it would stop at a full pipe.
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (lines.length < 100) lines.push(line)
      const address = /listening on (?<address>127\.0\.0\.1:\d+)/.exec(line)?.groups?.['address']
      if (address) resolve(address)
    })
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  await ended
}

/** The registry only takes bcrypt, which the system's crypt(3) knows. */
async function writeHtpasswd(folder: string, { username, password }: Login): Promise<string> {
  const script = 'print crypt($ARGV[0], q($2b$05$lannerlannerlannerlanne))'
  const hash = await output('perl', ['-e', script, password])
  if (!hash.startsWith('$2b$')) throw new Error('crypt(3) of this machine knows no bcrypt')
  const path = join(folder, 'htpasswd')
  writeFileSync(path, `${username}:${hash}\n`)
  return path
}

/** Copies an image between `oci:…`, `dir:…` and `docker://…` places. */
export async function copyImage(from: string, to: string, options: readonly string[] = []): Promise<void> {
  const remembered = newFolder('skopeo')
  const args = [
    '--insecure-policy',
    'copy',
    '--quiet',
    ...(from.startsWith('docker:') ? ['--src-tls-verify=false'] : []),
    ...(to.startsWith('docker:') ? ['--dest-tls-verify=false'] : []),
    ...options,
    from,
    to,
  ]
  // What skopeo remembers of other copies would make it push a blob in the compression that it knows already. Root's memory
  // has a fixed place, a user's has not.
  const env = { ...process.env, TMPDIR: remembered, XDG_DATA_HOME: remembered, _CONTAINERS_ROOTLESS_UID: '1' }
  try {
    await output('skopeo', args, { env })
  } finally {
    rmSync(remembered, { recursive: true, force: true })
  }
}
