import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What one whole process took: wall time in milliseconds, peak memory in bytes (0 where the system does not tell). */
export interface ProcessRun {
  readonly took: number
  readonly peak: number
}

/** Peak resident memory as Linux counts it; it only grows, so the last reading before the end is the peak. */
function highWater(pid: number): number {
  try {
    const line = /^VmHWM:\s+(?<kilobytes>\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(line?.groups?.['kilobytes'] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Runs a program to its end, its output thrown away. Throws with what it wrote to stderr when it fails. */
export function runProcess(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ProcessRun> {
  const started = performance.now()
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
  let told = ''
  let peak = 0
  child.stderr.on('data', (text) => (told = `${told}${text}`.slice(-4_000)))
  const watch = setInterval(() => (peak = Math.max(peak, highWater(child.pid ?? 0))), 10)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(watch)
      if (code === 0) resolve({ took: performance.now() - started, peak })
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${told}`))
    })
  })
}
