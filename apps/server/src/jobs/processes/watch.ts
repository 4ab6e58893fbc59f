import { Worker } from 'node:worker_threads'

export interface WatchOptions {
  /** Bytes of memory beyond which this process is ended. */
  readonly memory: number
}

/** What the watching thread is given. */
export interface Watched extends WatchOptions {
  readonly server: number
  readonly milliseconds: number
  /** 0: whether there is work. 1: raised by the main thread while it is not held up. */
  readonly state: Int32Array
}

export interface Watch {
  busy(is: boolean): void
}

/** Milliseconds that work may hold the main thread without a break. */
const patience = 120_000
const beatEvery = 1_000

/** Has a thread of its own look at this process: whatever the work is at, it ends when it goes astray or its server is gone. */
export function startWatch({ memory }: WatchOptions): Watch {
  const state = new Int32Array(new SharedArrayBuffer(8))
  const entry = new URL(
    import.meta.url.endsWith('.ts') ? './watch-thread.ts' : './watch-thread.cjs',
    import.meta.url,
  )
  const workerData: Watched = { memory, server: process.ppid, milliseconds: patience, state }
  const worker = new Worker(entry, {
    workerData,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  })
  worker.unref()
  let beat: NodeJS.Timeout | undefined
  return {
    busy(is) {
      clearInterval(beat)
      if (is) beat = setInterval(() => Atomics.add(state, 1, 1), beatEvery)
      Atomics.store(state, 0, is ? 1 : 0)
      Atomics.notify(state, 0)
    },
  }
}
