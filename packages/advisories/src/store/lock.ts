import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { AdvisoryFault, systemCode } from '../fault.ts'
import { isSegmentFile, readManifest } from './manifest.ts'

const lockName = 'writer.lock'

/** Who writes. The start of the process tells a reused process id (in containers often 1) from the same process. */
interface Holder {
  readonly token: string
  readonly pid: number
  readonly host: string
  readonly started?: string
}

/** Locks held by this very process: a lock with our process id that is not among them was left by an earlier life. */
const held = new Set<string>()

export interface WriterLock extends Disposable {
  /** An empty folder inside the store for files under construction; removed with the lock. */
  readonly workFolder: string
}

/**
 * Makes the folder if need be, for its owner only, and becomes its only writer; what an interrupted writer left is removed. Readers need no lock.
 * Throws AdvisoryFault `busy` while another process writes.
 */
export function lockForWriting(folder: string): WriterLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, lockName)
  const started = processStart(process.pid)
  const holder: Holder = {
    token: randomBytes(8).toString('hex'),
    pid: process.pid,
    host: hostname(),
    ...(started ? { started } : {}),
  }
  for (let attempt = 0; !create(path, holder); attempt++) {
    const other = read(path)
    if (attempt >= 3 || other === 'unreadable' || (other !== undefined && !isGone(other))) {
      const who = typeof other === 'object' ? `process ${other.pid} on ${other.host}` : 'another process'
      throw new AdvisoryFault(
        'busy',
        `The advisory store in ${folder} is being written by ${who}; try again later, or remove ${path} if nothing runs`,
        { retryable: true },
      )
    }
    if (other) takeAway(path, other, holder)
  }
  held.add(holder.token)
  let workFolder: string
  try {
    removeLeftovers(folder)
    workFolder = join(folder, `tmp-${holder.token}`)
    mkdirSync(workFolder)
  } catch (error) {
    held.delete(holder.token)
    rmSync(path, { force: true })
    throw error
  }
  return {
    workFolder,
    [Symbol.dispose]() {
      rmSync(workFolder, { recursive: true, force: true })
      held.delete(holder.token)
      const present = read(path)
      if (typeof present === 'object' && present.token === holder.token) rmSync(path, { force: true })
    },
  }
}

/** Written first and linked into place, so that a lock is never seen without its holder. */
function create(path: string, holder: Holder): boolean {
  const draft = `${path}.${holder.token}.draft`
  try {
    writeFileSync(draft, JSON.stringify(holder))
    return linkOrCreate(draft, path, holder)
  } finally {
    rmSync(draft, { force: true })
  }
}

function linkOrCreate(draft: string, path: string, holder: Holder): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    // File systems without hard links.
    return createDirectly(path, holder)
  }
}

function createDirectly(path: string, holder: Holder): boolean {
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx' })
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    // On a full disk: a lock without its holder would never be taken away.
    rmSync(path, { force: true })
    throw error
  }
}

/** Undefined when it is gone meanwhile. */
function read(path: string): Holder | 'unreadable' | undefined {
  try {
    const { token, pid, host, started } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    if (typeof token !== 'string' || typeof pid !== 'number' || typeof host !== 'string') return 'unreadable'
    return { token, pid, host, ...(typeof started === 'string' ? { started } : {}) }
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? undefined : 'unreadable'
  }
}

/** A process of another machine cannot be asked: its lock stands until someone removes it. */
function isGone(holder: Holder): boolean {
  if (holder.host !== hostname()) return false
  if (holder.pid === process.pid) {
    // The same process may hold it in another thread, whose locks are not seen here.
    return (
      !held.has(holder.token) &&
      (holder.started === undefined || processStart(process.pid) !== holder.started)
    )
  }
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return systemCode(error) === 'ESRCH'
  }
  return holder.started !== undefined && processStart(holder.pid) !== holder.started
}

/** Renames first: two that find the same stale lock cannot both remove it, and none removes a fresh one unseen. */
function takeAway(path: string, stale: Holder, holder: Holder): void {
  const aside = `${path}.${holder.token}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return
    throw error
  }
  const taken = read(aside)
  if (typeof taken === 'object' && taken.token !== stale.token) create(path, taken)
  rmSync(aside, { force: true })
}

/** Start time of a process in clock ticks since boot, where /proc tells it (proc_pid_stat(5), field 22). */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** Called by the only writer: files under construction are nobody's, and segments that the manifest does not name are unused. */
export function removeLeftovers(folder: string): void {
  let named: ReadonlySet<string>
  try {
    named = new Set(readManifest(folder)?.segments.map((segment) => segment.file))
  } catch {
    // A damaged manifest: keep its segments for whoever wants to look, the next import replaces them.
    return
  }
  for (const name of readdirSync(folder)) {
    const draft = name.startsWith(`${lockName}.`)
    if (draft || name.startsWith('tmp-') || (isSegmentFile(name) && !named.has(name))) {
      rmSync(join(folder, name), { recursive: true, force: true })
    }
  }
}
