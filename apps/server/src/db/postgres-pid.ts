import { readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/** What a running server says of itself in `postmaster.pid`. */
export interface PostmasterPid {
  readonly pid: number
  readonly port: number
  readonly socketFolder: string
  readonly ready: boolean
}

/** Reads the lines as `src/include/utils/pidfile.h` of PostgreSQL numbers them; undefined while it is not written yet. */
export function parsePostmasterPid(text: string): PostmasterPid | undefined {
  const [pid, , , port, socketFolder, , , status] = text.split('\n')
  if (!/^\d+$/.test(pid ?? '') || Number(pid) < 2) return undefined
  return {
    pid: Number(pid),
    port: Number(port ?? 0),
    socketFolder: socketFolder ?? '',
    ready: status?.trim() === 'ready',
  }
}

export async function readPostmasterPid(data: string): Promise<PostmasterPid | undefined> {
  return parsePostmasterPid(await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => ''))
}

export function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Whether the process is the server of these data, and not another one that got its number after a crash or in a new
 * container. A server stands in its data folder; where that cannot be seen, the number is believed.
 */
export async function isPostmasterOf(pid: number, data: string): Promise<boolean> {
  if (!processLives(pid)) return false
  if (process.platform !== 'linux') return true
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(data))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A process that has ended and was not collected yet has no folder.
    return code !== 'ENOENT' && code !== 'ESRCH'
  }
}
