import { type ChildProcess, spawn } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Host, StartHost, TaskPort, TaskStart } from '../tasks/host.ts'
import type { FromTask } from '../tasks/protocol.ts'
import { TaskFault } from '../tasks/task-fault.ts'
import { FrameReader, framed } from './frames.ts'
import { Output } from './output.ts'
import { messageOfProcess, type ToProcess, taskFrame } from './task-frames.ts'

/** Bytes beyond which a process is ended. */
export interface ProcessMemory {
  /** Of objects. */
  readonly heap: number
  /** In all. */
  readonly total: number
}

export interface ProcessOptions {
  /** A module that calls `serveProcess`. */
  readonly entry: URL
  readonly memory: ProcessMemory
  /** Bytes of an answer at most. */
  readonly answer: number
  /** Told what a process printed, which is nothing as long as it is well. */
  readonly onOutput?: (line: string, pid: number) => void
}

/** Characters of a message: an event, a question, an error. */
const maxText = 1024 * 1024

/**
 * Processes of their own: whatever happens in one, this one lives. They know nothing that is secret, and end with this one,
 * even if it is killed.
 */
export function processHosts(options: ProcessOptions): StartHost {
  return (onEnd): Host => new ProcessHost(options, onEnd)
}

class ProcessHost implements Host {
  readonly #child: ChildProcess
  readonly #pipe: Socket
  readonly #output: Output
  readonly #memory: ProcessMemory
  #ready = false
  #ended = false
  #tasks = 0
  #hear: ((message: FromTask) => void) | undefined
  #fault: TaskFault | undefined
  readonly #over = Promise.withResolvers<void>()

  constructor({ entry, memory, answer, onOutput }: ProcessOptions, onEnd: (fault: TaskFault) => void) {
    this.#memory = memory
    const child = spawn(
      process.execPath,
      [
        `--max-old-space-size=${Math.ceil(memory.heap / 1024 ** 2)}`,
        fileURLToPath(entry),
        String(memory.total),
      ],
      { env: surroundings(), stdio: ['ignore', 'pipe', 'pipe', 'pipe'], windowsHide: true },
    )
    this.#child = child
    this.#pipe = child.stdio[3] as Socket // As `stdio` says.
    this.#output = new Output((line) => onOutput?.(line, child.pid ?? 0))
    const reader = new FrameReader({ text: maxText, bytes: answer }, (frame) => {
      const message = messageOfProcess(frame)
      if (message?.kind === 'ready') this.#ready = true
      // What an earlier task still says concerns nobody.
      else if (message?.kind === 'told' && message.task === this.#tasks) this.#hear?.(message.message)
    })
    this.#pipe.on('data', (chunk: Buffer) => {
      try {
        if (!this.#fault) reader.push(chunk)
      } catch (error) {
        const message = `its process said what is no message: ${(error as Error).message}`
        this.#fault = new TaskFault('crashed', message, { cause: error, retryable: true })
        child.kill('SIGKILL')
      }
    })
    // Its end is told by the process itself.
    this.#pipe.on('error', () => {})
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => this.#output.push(chunk))
    const ended = (fault: TaskFault): void => {
      if (this.#ended) return
      this.#ended = true
      this.#output.end()
      this.#over.resolve()
      onEnd(this.#fault ?? fault)
    }
    child.on('error', (error) => ended(notStarted(error.message, error)))
    // Not on `exit`: what it last printed says why.
    child.on('close', (code, signal) => ended(this.#endFault(code, signal)))
  }

  begin({ name, payload }: TaskStart, hear: (message: FromTask) => void): TaskPort {
    const task = ++this.#tasks
    this.#send({ kind: 'run', task, name, payload })
    this.#hear = hear
    return {
      tell: (message) => this.#send({ kind: 'tell', task, message }),
      close: () => {
        if (this.#tasks === task) this.#hear = undefined
      },
    }
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#over.promise
  }

  ref(): void {
    for (const each of this.#handles()) each.ref()
  }

  unref(): void {
    for (const each of this.#handles()) each.unref()
  }

  #handles() {
    return [this.#child, this.#pipe, this.#child.stdout as Socket, this.#child.stderr as Socket]
  }

  #send(message: ToProcess): void {
    const parts = framed(taskFrame(message))
    if (this.#pipe.destroyed) return
    this.#pipe.cork()
    for (const part of parts) this.#pipe.write(part)
    this.#pipe.uncork()
  }

  #endFault(code: number | null, signal: NodeJS.Signals | null): TaskFault {
    const last = this.#output.last
    const how = signal ? `by ${signal}` : `with code ${code}`
    // Where memory runs out, the system ends processes by this signal, and so do we.
    if (/out of memory|allocation failed|invalid size error/i.test(last) || signal === 'SIGKILL') {
      const { heap, total } = this.#memory
      const message = `a process needed more memory than ${mebibytes(total)} MiB, ${mebibytes(heap)} MiB of it for objects`
      return new TaskFault('out-of-memory', message)
    }
    if (!this.#ready) return notStarted(`it ended ${how}: ${last.slice(-500)}`)
    return new TaskFault('crashed', `its process ended ${how}`, { retryable: true })
  }
}

function notStarted(why: string, cause?: unknown): TaskFault {
  return new TaskFault('not-started', `a process could not be started: ${why}`, { cause, retryable: true })
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2)
}

/** No variable of the server's: its settings hold secrets. Compiled code is found again, where it is kept. */
function surroundings(): NodeJS.ProcessEnv {
  const compiled = getCompileCacheDir()
  return compiled ? { NODE_COMPILE_CACHE: compiled } : {}
}
