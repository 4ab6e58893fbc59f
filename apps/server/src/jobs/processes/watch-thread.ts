// The entry of the thread that watches a process that works on others' content (watch.ts). It imports nothing of ours, so that
// it takes little memory.
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import type { Watched } from './watch.ts'

const { memory, server, milliseconds, state } = workerData as Watched

/** Milliseconds between looks at work, and while there is none. */
const often = 50
const seldom = 5_000

let beat = -1
let since = Date.now()

for (;;) {
  const busy = Atomics.load(state, 0)
  Atomics.wait(state, 0, busy, busy ? often : seldom)
  if (process.ppid !== server) process.kill(process.pid, 'SIGKILL')
  if (!Atomics.load(state, 0)) {
    since = Date.now()
    continue
  }
  const used = process.memoryUsage.rss()
  if (used > memory) end(`out of memory: ${used} bytes were taken, ${memory} are allowed`)
  const now = Atomics.load(state, 1)
  if (now !== beat) {
    beat = now
    since = Date.now()
  } else if (Date.now() - since > milliseconds) end(`no answer for ${milliseconds} ms`)
}

/** At once and from here: the main thread may be at something that it never comes back from. */
function end(reason: string): void {
  writeSync(2, `${reason}\n`)
  process.kill(process.pid, 'SIGKILL')
}
