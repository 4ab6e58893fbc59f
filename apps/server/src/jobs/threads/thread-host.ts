import { MessageChannel, Worker } from 'node:worker_threads'
import type { Clock } from '@lanner/oci'
import type { Host, StartHost } from '../tasks/host.ts'
import type { FromTask } from '../tasks/protocol.ts'
import { TaskFault } from '../tasks/task-fault.ts'
import type { ThreadTask } from './serve-thread.ts'

/** Bytes beyond which a thread is ended. */
export interface ThreadMemory {
  /** Of objects. */
  readonly heap: number
  /** Of buffers, which the limit of the heap does not count. */
  readonly buffers: number
}

/** Far above what any of our work takes: it stops what went astray before the machine is out of memory. */
export const threadMemory: ThreadMemory = { heap: 1024 ** 3, buffers: 1024 ** 3 }

/** Milliseconds between looks at the memory of a busy thread. */
const watchEvery = 500

export interface ThreadOptions {
  /** A module that calls `serveThread`. */
  readonly entry: URL
  readonly clock: Clock
  readonly memory?: Partial<ThreadMemory>
}

/**
 * Threads of this process. V8 ends one that outgrows its heap between two steps; within one large step it ends the process.
 * What works on others' content therefore runs in processes.
 */
export function threadHosts({ entry, clock, memory }: ThreadOptions): StartHost {
  const { heap, buffers } = { ...threadMemory, ...memory }
  return (onEnd): Host => {
    const worker = new Worker(entry, {
      // Flags of the process (a test's, a debugger's) are not for it, and nor are its surroundings.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(heap / 1024 ** 2) },
    })
    let fault: TaskFault | undefined
    worker.on('error', (error: Error) => (fault ??= crashFault(error)))
    worker.on('exit', (code) =>
      onEnd(
        fault ?? new TaskFault('crashed', `a thread ended by itself with code ${code}`, { retryable: true }),
      ),
    )

    async function watch(name: string, over: AbortSignal): Promise<void> {
      while (!over.aborted) {
        await clock.wait(watchEvery, over).catch(() => undefined)
        if (over.aborted) return
        const used = await worker.getHeapStatistics().then(
          (statistics) => statistics.external_memory,
          () => 0,
        )
        if (used <= buffers || over.aborted) continue
        const message = `${name} took ${used} bytes of buffers; a thread may have ${buffers}`
        fault ??= new TaskFault('out-of-memory', message)
        await worker.terminate()
      }
    }

    return {
      begin({ name, payload, transfer = [] }, hear) {
        const { port1, port2 } = new MessageChannel()
        const over = new AbortController()
        const close = (): void => {
          over.abort()
          port1.close()
        }
        port1.on('message', (message: FromTask) => hear(message))
        try {
          worker.postMessage({ name, payload, port: port2 } satisfies ThreadTask, [port2, ...transfer])
        } catch (error) {
          close()
          throw error
        }
        void watch(name, over.signal)
        return { tell: (message, sent = []) => port1.postMessage(message, [...sent]), close }
      },
      async end() {
        await worker.terminate()
      },
      ref: () => worker.ref(),
      unref: () => worker.unref(),
    }
  }
}

function crashFault(error: Error): TaskFault {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new TaskFault('out-of-memory', 'a thread took more memory than it may have', { cause: error })
  return new TaskFault('crashed', `a thread crashed: ${error.message}`, { cause: error, retryable: true })
}
