import type { Clock } from '@lanner/oci'
import type { Host, StartHost } from './host.ts'
import { Task, type TaskOptions } from './task.ts'
import { TaskFault } from './task-fault.ts'

export interface TaskPoolOptions {
  readonly start: StartHost
  /** Hosts at most; each runs one task at a time. */
  readonly size: number
  readonly clock: Clock
  /** Milliseconds that an aborted task is given before its host is ended. Default 2,000. */
  readonly grace?: number
}

interface Member {
  readonly host: Host
  task: Task | undefined
  /** Ended on purpose, and why. */
  ending: Error | undefined
}

/**
 * Threads or processes for work that would hold up the event loop. One that crashes or takes too much memory fails its own task
 * and is replaced; tasks that wait are not concerned.
 */
export class TaskPool {
  readonly #options: TaskPoolOptions
  readonly #members = new Set<Member>()
  readonly #waiting: Task[] = []
  #closed = false

  constructor(options: TaskPoolOptions) {
    this.#options = options
  }

  /** Hosts that live, and tasks that wait for one. */
  get size(): { readonly hosts: number; readonly busy: number; readonly waiting: number } {
    const busy = [...this.#members].filter(({ task }) => task).length
    return { hosts: this.#members.size, busy, waiting: this.#waiting.length }
  }

  /** Starts hosts before they are needed: loading what they run takes longer than many a task. */
  warm(hosts = this.#options.size): void {
    while (this.#members.size < Math.min(hosts, this.#options.size) && !this.#closed) this.#start()
  }

  /**
   * Calls a function elsewhere. Throws what it throws (a Fault keeps its code, not its class), the signal's reason when
   * aborted, and TaskFault.
   */
  async run(name: string, payload: unknown, options: TaskOptions = {}): Promise<unknown> {
    const { signal } = options
    signal?.throwIfAborted()
    if (this.#closed) throw new TaskFault('closed', `${name} was not run: the server is going down`)
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

  /** Ends all hosts and fails what they are at. */
  async close(): Promise<void> {
    this.#closed = true
    const error = new TaskFault('closed', 'the server is going down')
    for (const task of this.#waiting.splice(0)) task.fail(error)
    await Promise.all([...this.#members].map((member) => this.#end(member, error)))
  }

  #next(): void {
    const { size } = this.#options
    while (this.#waiting.length > 0 && !this.#closed) {
      const idle = [...this.#members].find(({ task, ending }) => !task && !ending)
      const member = idle ?? (this.#members.size < size ? this.#start() : undefined)
      if (!member) return
      const task = this.#waiting.shift()
      if (!task) return
      member.task = task
      // Only work keeps the process alive.
      member.host.ref()
      task.giveTo(member.host)
    }
  }

  #start(): Member {
    const host = this.#options.start((fault) => {
      this.#members.delete(member)
      member.task?.fail(member.ending ?? fault)
      member.task = undefined
      this.#next()
    })
    const member: Member = { host, task: undefined, ending: undefined }
    this.#members.add(member)
    host.unref()
    return member
  }

  #free(task: Task): void {
    const waiting = this.#waiting.indexOf(task)
    if (waiting >= 0) this.#waiting.splice(waiting, 1)
    for (const member of this.#members) {
      if (member.task !== task) continue
      member.task = undefined
      member.host.unref()
    }
    this.#next()
  }

  async #abort(task: Task): Promise<void> {
    const reason: unknown = task.options.signal?.reason
    const member = [...this.#members].find((each) => each.task === task)
    if (!member) return task.fail(reason)
    task.abort()
    const { clock, grace = 2_000 } = this.#options
    const over = new AbortController()
    task.result.catch(() => undefined).finally(() => over.abort())
    await clock.wait(grace, over.signal).catch(() => undefined)
    if (task.over) return
    // It does not hear us: it computes, or it waits for what does not come.
    task.fail(reason)
    await this.#end(member, new TaskFault('closed', 'a task did not stop when it was asked to'))
  }

  async #end(member: Member, error: Error): Promise<void> {
    member.ending ??= error
    await member.host.end()
  }
}
