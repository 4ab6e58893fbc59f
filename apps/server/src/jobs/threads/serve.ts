import { type MessagePort, parentPort } from 'node:worker_threads'
import {
  type ErrorMessage,
  errorMessage,
  errorOf,
  type FromThread,
  type TaskMessage,
  type ToThread,
  Transferred,
} from './protocol.ts'

/** What a function of a thread is given beside its payload. */
export interface ThreadContext {
  readonly signal: AbortSignal
  emit(event: unknown): void
  /** Asks whoever gave the task. */
  call(name: string, value: unknown): Promise<unknown>
  /** Bytes from whoever gave the task, who is not asked for more than is read. */
  stream(name: string, value: unknown): AsyncIterable<Uint8Array>
}

/** A function that runs in a thread. Its payload and its answer are structured clones, apart from what is `Transferred`. */
export type ThreadFunction = (payload: never, context: ThreadContext) => unknown

/** Chunks that are on their way ahead of the reader. */
const ahead = 4

/** Makes this thread one of a pool: it runs the functions as it is asked to. */
export function serve(functions: Readonly<Record<string, ThreadFunction>>): void {
  parentPort?.on('message', (task: TaskMessage) => void runTask(functions, task))
}

async function runTask(
  functions: Readonly<Record<string, ThreadFunction>>,
  { name, payload, port }: TaskMessage,
): Promise<void> {
  const conversation = new Conversation(port)
  try {
    const run = functions[name]
    if (!run) throw new Error(`this thread has no function ${name}`)
    // Whoever names the function gives what it takes.
    const value = await run(payload as never, conversation.context)
    if (value instanceof Transferred) conversation.tell({ kind: 'done', value: value.value }, value.buffers)
    else conversation.tell({ kind: 'done', value })
  } catch (error) {
    conversation.tell({ kind: 'failed', error: errorMessage(error) })
  } finally {
    port.close()
  }
}

interface Waiting {
  readonly answer: (message: Exclude<ToThread, { kind: 'abort' }>) => void
}

class Conversation {
  readonly #port: MessagePort
  readonly #controller = new AbortController()
  readonly #waiting = new Map<number, Waiting>()
  #last = 0

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (message: ToThread) => {
      if (message.kind === 'abort') this.#abort(message.error)
      else this.#waiting.get(message.id)?.answer(message)
    })
  }

  /** Free of `this`: functions take it apart. */
  get context(): ThreadContext {
    return {
      signal: this.#controller.signal,
      emit: (event) => this.tell({ kind: 'event', event }),
      call: (name, value) => this.#call(name, value),
      stream: (name, value) => this.#stream(name, value),
    }
  }

  tell(message: FromThread, buffers: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(message, [...buffers])
  }

  #call(name: string, value: unknown): Promise<unknown> {
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        answer: (message) => {
          this.#waiting.delete(id)
          if (message.kind === 'answer') resolve(message.value)
          else if (message.kind === 'refused') reject(errorOf(message.error))
        },
      })
      this.tell({ kind: 'call', id, name, value })
    })
  }

  async *#stream(name: string, value: unknown): AsyncGenerator<Uint8Array> {
    const id = ++this.#last
    const come: Exclude<ToThread, { kind: 'abort' }>[] = []
    let arrived = () => {}
    this.#waiting.set(id, {
      answer: (message) => {
        come.push(message)
        arrived()
      },
    })
    this.tell({ kind: 'stream', id, name, value })
    this.tell({ kind: 'more', id, chunks: ahead })
    try {
      for (;;) {
        const message = come.shift()
        if (!message) await new Promise<void>((resolve) => (arrived = resolve))
        else if (message.kind === 'chunk') {
          yield message.chunk
          this.tell({ kind: 'more', id, chunks: 1 })
        } else if (message.kind === 'refused') throw errorOf(message.error)
        else return
      }
    } finally {
      this.#waiting.delete(id)
      this.tell({ kind: 'enough', id })
    }
  }

  #abort(error: ErrorMessage): void {
    this.#controller.abort(errorOf(error))
    // What waits for an answer is not left waiting.
    for (const [id, waiting] of this.#waiting) waiting.answer({ kind: 'refused', id, error })
  }
}
