import {
  type ErrorMessage,
  errorMessage,
  errorOf,
  type FromTask,
  type ToTask,
  Transferred,
} from './protocol.ts'

/** What a task's function is given beside its payload. */
export interface TaskContext {
  readonly signal: AbortSignal
  emit(event: unknown): void
  /** Asks whoever gave the task. */
  call(name: string, value: unknown): Promise<unknown>
  /** Bytes from whoever gave the task, who is not asked for more than is read. */
  stream(name: string, value: unknown): AsyncIterable<Uint8Array>
}

/** A function that tasks run. Its payload and its answer are copies, apart from what is `Transferred`. */
export type TaskFunction = (payload: never, context: TaskContext) => unknown

export type TaskFunctions = Readonly<Record<string, TaskFunction>>

/** Chunks that are on their way ahead of the reader. */
const ahead = 4

type Tell = (message: FromTask, buffers?: readonly ArrayBuffer[]) => void

/** A task as seen from within: what its function and whoever gave it say to each other. */
export class Conversation {
  readonly #tell: Tell
  readonly #controller = new AbortController()
  readonly #waiting = new Map<number, Waiting>()
  #last = 0

  constructor(tell: Tell) {
    this.#tell = tell
  }

  /** Runs a function and tells how it ended. Never throws. */
  async run(functions: TaskFunctions, name: string, payload: unknown): Promise<void> {
    try {
      if (!Object.hasOwn(functions, name)) throw new Error(`there is no function ${name} here`)
      // Whoever names the function gives what it takes.
      const value = await functions[name](payload as never, this.#context())
      if (value instanceof Transferred) this.#tell({ kind: 'done', value: value.value }, value.buffers)
      else this.#tell({ kind: 'done', value })
    } catch (error) {
      this.#tell({ kind: 'failed', error: errorMessage(error) })
    }
  }

  hear(message: ToTask): void {
    if (message.kind === 'abort') this.#abort(message.error)
    else this.#waiting.get(message.id)?.answer(message)
  }

  /** Free of `this`: functions take it apart. */
  #context(): TaskContext {
    return {
      signal: this.#controller.signal,
      emit: (event) => this.#tell({ kind: 'event', event }),
      call: (name, value) => this.#call(name, value),
      stream: (name, value) => this.#stream(name, value),
    }
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
      this.#tell({ kind: 'call', id, name, value })
    })
  }

  async *#stream(name: string, value: unknown): AsyncGenerator<Uint8Array> {
    const id = ++this.#last
    const come: Exclude<ToTask, { kind: 'abort' }>[] = []
    let arrived = () => {}
    this.#waiting.set(id, {
      answer: (message) => {
        come.push(message)
        arrived()
      },
    })
    this.#tell({ kind: 'stream', id, name, value })
    this.#tell({ kind: 'more', id, chunks: ahead })
    try {
      for (;;) {
        const message = come.shift()
        if (!message) await new Promise<void>((resolve) => (arrived = resolve))
        else if (message.kind === 'chunk') {
          yield message.chunk
          this.#tell({ kind: 'more', id, chunks: 1 })
        } else if (message.kind === 'refused') throw errorOf(message.error)
        else return
      }
    } finally {
      this.#waiting.delete(id)
      this.#tell({ kind: 'enough', id })
    }
  }

  #abort(error: ErrorMessage): void {
    this.#controller.abort(errorOf(error))
    // What waits for an answer is not left waiting.
    for (const [id, waiting] of this.#waiting) waiting.answer({ kind: 'refused', id, error })
  }
}

interface Waiting {
  readonly answer: (message: Exclude<ToTask, { kind: 'abort' }>) => void
}
