import { globSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'

/** Process ids of the PostgreSQL servers that run on data below the folder. */
export function databasesBelow(folder: string): readonly number[] {
  return globSync('**/postmaster.pid', { cwd: folder }).flatMap((path) => {
    const lock = join(folder, path)
    const pid = Number.parseInt(readOr(lock, ''), 10)
    return runsIn(pid, dirname(lock)) ? [pid] : []
  })
}

/** Ends at once whatever a killed server left behind: they have sessions of their own and outlive their parent. */
export async function endDatabases(folder: string): Promise<void> {
  for (const [name, limit] of [
    ['SIGQUIT', 5000],
    ['SIGKILL', 5000],
  ] as const) {
    const pids = databasesBelow(folder)
    for (const pid of pids) send(pid, name)
    for (const until = performance.now() + limit; performance.now() < until && pids.some(lives); )
      await after(20)
    if (!pids.some(lives)) return
  }
  throw new Error(`a database on data in ${folder} does not end`)
}

/** A number that a crash left behind may be another process's by now; PostgreSQL works in its data directory. */
function runsIn(pid: number, data: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
  } catch {
    return false
  }
}

function lives(pid: number): boolean {
  // A process that ended and that nobody has waited for yet is in state Z.
  return /^\d+ \(.*\) [^ZX]/s.test(readOr(`/proc/${pid}/stat`, ''))
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended meanwhile.
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}
