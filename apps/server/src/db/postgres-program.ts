import { spawn } from 'node:child_process'

/** The account under which a program runs; the caller's own when absent. */
export interface Account {
  readonly uid?: number
  readonly gid?: number
}

/** Nothing of our own environment reaches PostgreSQL: no `PG*` setting, no preload, no locale. */
export const programEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }

export interface Outcome {
  readonly code: number | null
  readonly output: string
}

/** Runs a program to its end, or to the signal's. `folder`: an open folder's descriptor that it gets as its descriptor 3. */
export function run(
  program: string,
  args: readonly string[],
  { account = {}, folder, signal }: { account?: Account; folder?: number; signal?: AbortSignal | undefined },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: programEnvironment,
      stdio: ['ignore', 'pipe', 'pipe', ...(folder === undefined ? [] : [folder])],
      ...account,
      ...(signal ? { signal } : {}),
    })
    let output = ''
    const add = (text: string) => (output = (output + text).slice(-10_000))
    child.stdout?.setEncoding('utf8').on('data', add)
    child.stderr?.setEncoding('utf8').on('data', add)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output: output.trim() }))
  })
}
