import { Worker } from 'node:worker_threads'
import type { Clock } from '@lanner/oci'
import { Task, type TaskOptions } from './task.ts'
import { ThreadFault } from './thread-fault.ts'

export interface ThreadPoolOptions {
  /** A module that calls `serve`. */
  readonly entry: URL
  /** Threads at most; each runs one task at a time. */
  readonly size: number
  readonly clock: Clock
  readonly memory?: Partial<ThreadMemory>
  /** Milliseconds that an aborted task is given before its thread is ended. Default 2,000. */
  readonly grace?: number
}

/** Bytes beyond which a thread is ended. */
export interface ThreadMemory {
  /** Of objects. */
  readonly heap: number
  /** Of buffers, which the limit of the heap does not count. */
  readonly buffers: number
}

/** Far above what reading an image takes: it stops what went astray before the machine is out of memory. */
export const threadMemory: ThreadMemory = { heap: 1024 ** 3, buffers: 1024 ** 3 }

/** Milliseconds between looks at the memory of a busy thread. */
const watchEvery = 500

interface Thread {
  readonly worker: Worker
  task: Task | undefined
  /** Ended on purpose, and why. */
  ending: Error | undefined
}

/**
 * Threads for work that would hold up the event loop. A thread that crashes or takes too much memory fails its own task and is
 * replaced; tasks that wait for a thread are not concerned.
 */
export class ThreadPool {
  readonly #options: ThreadPoolOptions
  readonly #threads = new Set<Thread>()
  readonly #waiting: Task[] = []
  #closed = false

  constructor(options: ThreadPoolOptions) {
    this.#options = options
  }

  /** Threads that live, and tasks that wait for one. */
  get size(): { readonly threads: number; readonly busy: number; readonly waiting: number } {
    const busy = [...this.#threads].filter(({ task }) => task).length
    return { threads: this.#threads.size, busy, waiting: this.#waiting.length }
  }

  /** Starts threads before they are needed: loading what they run takes longer than many a task. */
  warm(threads = this.#options.size): void {
    while (this.#threads.size < Math.min(threads, this.#options.size) && !this.#closed) this.#start()
  }

  /**
   * Calls a function of the entry in a thread. Throws what it throws (a Fault keeps its code, not its class), the signal's
   * reason when aborted, and ThreadFault.
   */
  async run(name: string, payload: unknown, options: TaskOptions = {}): Promise<unknown> {
    const { signal } = options
    signal?.throwIfAborted()
    if (this.#closed) throw new ThreadFault('closed', `${name} was not run: the threads were ended`)
    const task = new Task(name, payload, options)
    const abort = () => void this.#abort(task)
    signal?.addEventListener('abort', abort, { once: true })
    this.#waiting.push(task)
    this.#next()
    try {
      return await task.result
    } finally {
      signal?.removeEventListener('abort', abort)
      this.#free(task)
    }
  }

  /** Ends all threads and fails what they are at. */
  async close(): Promise<void> {
    this.#closed = true
    const error = new ThreadFault('closed', 'the threads were ended')
    for (const task of this.#waiting.splice(0)) task.fail(error)
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, error)))
  }

  #next(): void {
    const { size } = this.#options
    while (this.#waiting.length > 0 && !this.#closed) {
      const idle = [...this.#threads].find(({ task, ending }) => !task && !ending)
      const thread = idle ?? (this.#threads.size < size ? this.#start() : undefined)
      if (!thread) return
      const task = this.#waiting.shift()
      if (!task) return
      thread.task = task
      // Only work keeps the process alive.
      thread.worker.ref()
      task.giveTo(thread.worker)
      void this.#watch(thread, task)
    }
  }

  #start(): Thread {
    const { entry, memory = {} } = this.#options
    const { heap } = { ...threadMemory, ...memory }
    const worker = new Worker(entry, {
      // Flags of the process (a test's, a debugger's) are not for it, and nor are its surroundings.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(heap / 1024 ** 2) },
    })
    const thread: Thread = { worker, task: undefined, ending: undefined }
    this.#threads.add(thread)
    worker.unref()
    worker.on('error', (error: Error) => (thread.ending ??= crashFault(error)))
    worker.on('exit', (code) => {
      this.#threads.delete(thread)
      thread.task?.fail(
        thread.ending ??
          new ThreadFault('crashed', `a thread ended by itself with code ${code}`, { retryable: true }),
      )
      thread.task = undefined
      this.#next()
    })
    return thread
  }

  #free(task: Task): void {
    const waiting = this.#waiting.indexOf(task)
    if (waiting >= 0) this.#waiting.splice(waiting, 1)
    for (const thread of this.#threads) {
      if (thread.task !== task) continue
      thread.task = undefined
      thread.worker.unref()
    }
    this.#next()
  }

  async #abort(task: Task): Promise<void> {
    const reason: unknown = task.options.signal?.reason
    const thread = [...this.#threads].find((each) => each.task === task)
    if (!thread) return task.fail(reason)
    task.abort()
    const { clock, grace = 2_000 } = this.#options
    const over = new AbortController()
    task.result.catch(() => undefined).finally(() => over.abort())
    await clock.wait(grace, over.signal).catch(() => undefined)
    if (task.over) return
    // It does not hear us: it computes, or it waits for what does not come.
    task.fail(reason)
    await this.#end(thread, new ThreadFault('closed', 'a thread did not stop when it was asked to'))
  }

  async #end(thread: Thread, error: Error): Promise<void> {
    thread.ending ??= error
    await thread.worker.terminate()
  }

  async #watch(thread: Thread, task: Task): Promise<void> {
    const { clock, memory = {} } = this.#options
    const { buffers } = { ...threadMemory, ...memory }
    const over = new AbortController()
    task.result.catch(() => undefined).finally(() => over.abort())
    while (!over.signal.aborted) {
      await clock.wait(watchEvery, over.signal).catch(() => undefined)
      if (over.signal.aborted || thread.ending) return
      const used = await thread.worker.getHeapStatistics().then(
        (statistics) => statistics.external_memory,
        () => 0,
      )
      if (used <= buffers || thread.task !== task) continue
      const message = `${task.name} took ${used} bytes of buffers; a thread may have ${buffers}`
      await this.#end(thread, new ThreadFault('out-of-memory', message))
    }
  }
}

function crashFault(error: Error): ThreadFault {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new ThreadFault('out-of-memory', 'a thread took more memory than it may have', { cause: error })
  return new ThreadFault('crashed', `a thread crashed: ${error.message}`, { cause: error, retryable: true })
}
