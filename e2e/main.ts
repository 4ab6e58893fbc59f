/**
 * `npm run e2e [-- WORD …]`: the real command and the running platform against real peers (Debian's registry, skopeo,
 * podman, buildah, umoci, mmdebstrap, dpkg, npm, Python, Ruby, Java, Go; the vendor's own client). Words choose files by a
 * part of their name. Everything happens in one temporary folder and one process group; both are gone at the end, also
 * after a failure or Ctrl-C, and so are databases, which have sessions of their own.
 */
import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { missingPeers } from './peers.ts'
import { endDatabases } from './platform/databases.ts'
import { output } from './process.ts'

const root = join(import.meta.dirname, '..')
const words = process.argv.slice(2)

function say(text: string): void {
  process.stderr.write(`e2e: ${text}\n`)
}

/** Runs the tests as leader of a process group of their own, so that nothing they started can outlive them. */
async function runTests(files: readonly string[], folder: string): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      '--test',
      '--test-isolation=none',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      ...files,
    ],
    { cwd: root, detached: true, stdio: 'inherit', env: { ...process.env, LANNER_E2E_FOLDER: folder } },
  )
  const stop = (): boolean => signalGroup(child.pid, 'SIGTERM')
  let interrupted = false
  const onSignal = (): void => {
    interrupted = true
    stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  const code = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      say(`the tests could not be started: ${error.message}`)
      resolve(3)
    })
    child.on('exit', (status) => resolve(status ?? 1))
  })
  await endGroup(child.pid)
  return interrupted ? 130 : code
}

function signalGroup(leader: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (leader === undefined) return false
  try {
    return process.kill(-leader, signal)
  } catch {
    return false
  }
}

/** Whoever is left gets five seconds to tidy up (mmdebstrap has mounts to undo), then none. */
async function endGroup(leader: number | undefined): Promise<void> {
  signalGroup(leader, 'SIGTERM')
  for (const end = performance.now() + 5000; performance.now() < end && signalGroup(leader, 0); ) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  signalGroup(leader, 'SIGKILL')
}

/** Mounts first: removing a folder must never reach into what is mounted in it. */
async function remove(folder: string): Promise<void> {
  for (const path of mountsBelow(folder)) await output('umount', ['--lazy', path])
  if (mountsBelow(folder).length > 0) throw new Error(`${folder} stays: something is still mounted in it`)
  rmSync(folder, { recursive: true, force: true })
}

function mountsBelow(folder: string): readonly string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
    .reverse()
}

async function main(): Promise<number> {
  const files = globSync('e2e/{,platform/}*.test.ts', { cwd: root })
    .filter((file) => words.length === 0 || words.some((word) => basename(file).includes(word)))
    .sort()
  if (files.length === 0) {
    say(`no file is named like ${words.join(' or ')}`)
    return 2
  }
  const missing = await missingPeers()
  for (const sentence of missing) say(sentence)
  if (missing.length > 0) return 3
  const folder = mkdtempSync(join(tmpdir(), 'lanner-e2e-'))
  try {
    return await runTests(files, folder)
  } finally {
    await endDatabases(folder)
    await remove(folder)
  }
}

process.exitCode = await main()
