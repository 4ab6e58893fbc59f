import type { FromTask, ToTask } from './protocol.ts'
import type { TaskFault } from './task-fault.ts'

/** The way to a task that runs elsewhere. */
export interface TaskPort {
  tell(message: ToTask, buffers?: readonly ArrayBuffer[]): void
  /** Nothing is told or heard any more. */
  close(): void
}

/** What runs elsewhere: a function by its name, and what it is given. */
export interface TaskStart {
  readonly name: string
  readonly payload: unknown
  /** Buffers of the payload that change hands, where that is possible. */
  readonly transfer?: readonly ArrayBuffer[]
}

/** A thread or a process that runs one task at a time. */
export interface Host {
  /** Throws where the payload cannot be sent; the host is as good as before. */
  begin(task: TaskStart, hear: (message: FromTask) => void): TaskPort
  /** Ends it, whatever it is at; `onEnd` is told. */
  end(): Promise<void>
  /** Whether the process may end while this one lives. */
  ref(): void
  unref(): void
}

/** Starts a host; `onEnd` is told once, however it ended, and why where nobody ended it. */
export type StartHost = (onEnd: (fault: TaskFault) => void) => Host
