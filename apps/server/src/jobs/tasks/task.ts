import type { Host, TaskPort } from './host.ts'
import { errorMessage, errorOf, type FromTask, ownBytes, type ToTask } from './protocol.ts'
import { TaskFault } from './task-fault.ts'

/** What a task may ask of whoever gave it. */
export interface AskedPorts {
  readonly calls?: Readonly<Record<string, (value: never) => unknown>>
  readonly streams?: Readonly<
    Record<string, (value: never, signal: AbortSignal) => AsyncIterable<Uint8Array>>
  >
}

export interface TaskOptions extends AskedPorts {
  readonly signal?: AbortSignal
  readonly onEvent?: (event: unknown) => void
  /** Buffers of the payload that change hands. */
  readonly transfer?: readonly ArrayBuffer[]
}

interface Stream {
  readonly chunks: AsyncIterator<Uint8Array>
  readonly controller: AbortController
  allowed: number
  sending: boolean
}

/** One function call in a thread or a process of its own, as seen from outside. */
export class Task {
  readonly name: string
  readonly payload: unknown
  readonly options: TaskOptions
  readonly result: Promise<unknown>
  readonly #streams = new Map<number, Stream>()
  #settle: { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void }
  #port: TaskPort | undefined
  #over = false

  constructor(name: string, payload: unknown, options: TaskOptions) {
    this.name = name
    this.payload = payload
    this.options = options
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.result = promise
    this.#settle = { resolve, reject }
  }

  get over(): boolean {
    return this.#over
  }

  giveTo(host: Host): void {
    const { name, payload, options } = this
    try {
      this.#port = host.begin(
        { name, payload, ...(options.transfer ? { transfer: options.transfer } : {}) },
        (message) => this.#hear(message),
      )
    } catch (error) {
      // What cannot be sent is the caller's mistake, and no concern of the host's.
      this.fail(error)
    }
  }

  /** Asks it to stop. */
  abort(): void {
    this.#tell({ kind: 'abort', error: errorMessage(this.options.signal?.reason) })
  }

  fail(error: unknown): void {
    this.#end(() => this.#settle.reject(error))
  }

  #end(settle: () => void): void {
    if (this.#over) return
    this.#over = true
    this.#port?.close()
    for (const { controller, chunks } of this.#streams.values()) {
      controller.abort()
      // A source that does not end well has nobody left to tell.
      void chunks.return?.().catch(() => undefined)
    }
    this.#streams.clear()
    settle()
  }

  #tell(message: ToTask, buffers: readonly ArrayBuffer[] = []): void {
    if (!this.#over) this.#port?.tell(message, buffers)
  }

  #hear(message: FromTask): void {
    if (this.#over) return
    switch (message.kind) {
      case 'event':
        return this.options.onEvent?.(message.event)
      case 'done':
        return this.#end(() => this.#settle.resolve(message.value))
      case 'failed': {
        const { signal } = this.options
        // An abort is told as whoever aborted said it.
        return this.fail(signal?.aborted ? signal.reason : errorOf(message.error))
      }
      case 'call':
        return void this.#answer(message.id, message.name, message.value)
      case 'stream':
        return this.#open(message.id, message.name, message.value)
      case 'more': {
        const stream = this.#streams.get(message.id)
        if (!stream) return
        stream.allowed += message.chunks
        return void this.#send(message.id, stream)
      }
      case 'enough':
        return this.#close(message.id)
    }
  }

  async #answer(id: number, name: string, value: unknown): Promise<void> {
    try {
      const { calls = {} } = this.options
      if (!Object.hasOwn(calls, name)) throw noSuchCall(name)
      // Both ends of a call are written for each other.
      this.#tell({ kind: 'answer', id, value: await calls[name](value as never) })
    } catch (error) {
      this.#tell({ kind: 'refused', id, error: errorMessage(error) })
    }
  }

  #open(id: number, name: string, value: unknown): void {
    const { streams = {} } = this.options
    const controller = new AbortController()
    try {
      if (!Object.hasOwn(streams, name)) throw noSuchCall(name)
      const chunks = streams[name](value as never, controller.signal)[Symbol.asyncIterator]()
      this.#streams.set(id, { chunks, controller, allowed: 0, sending: false })
    } catch (error) {
      this.#tell({ kind: 'refused', id, error: errorMessage(error) })
    }
  }

  async #send(id: number, stream: Stream): Promise<void> {
    if (stream.sending) return
    stream.sending = true
    try {
      while (stream.allowed > 0) {
        const next = await stream.chunks.next()
        if (this.#streams.get(id) !== stream) return
        if (next.done) {
          this.#streams.delete(id)
          return this.#tell({ kind: 'end', id })
        }
        stream.allowed--
        // Lent by whoever reads it, and perhaps read into again: what is sent is our own.
        const chunk = ownBytes(next.value)
        this.#tell({ kind: 'chunk', id, chunk }, [chunk.buffer])
      }
    } catch (error) {
      this.#streams.delete(id)
      this.#tell({ kind: 'refused', id, error: errorMessage(error) })
    } finally {
      stream.sending = false
    }
  }

  #close(id: number): void {
    const stream = this.#streams.get(id)
    if (!stream) return
    this.#streams.delete(id)
    stream.controller.abort()
    void stream.chunks.return?.().catch(() => undefined)
  }
}

function noSuchCall(name: string): TaskFault {
  return new TaskFault('no-such-call', `a task asked for ${name}, which nobody offers`)
}
