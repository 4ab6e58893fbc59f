import type { FromTask, ToTask } from '../tasks/protocol.ts'
import type { Frame } from './frames.ts'

/** What a process is told: to run a function, or something of the task with that number. */
export type ToProcess =
  | { readonly kind: 'run'; readonly task: number; readonly name: string; readonly payload: unknown }
  | { readonly kind: 'tell'; readonly task: number; readonly message: ToTask }

/** What a process tells: that it has loaded what it runs, or something of a task. */
export type FromProcess =
  | { readonly kind: 'ready' }
  | { readonly kind: 'told'; readonly task: number; readonly message: FromTask }

/** Bytes cross beside the text: a chunk's, or an answer's. */
export function taskFrame(message: ToProcess | FromProcess): Frame {
  if (message.kind === 'tell' && message.message.kind === 'chunk')
    return {
      message: { ...message, message: { ...message.message, chunk: undefined } },
      bytes: message.message.chunk,
    }
  if (
    message.kind === 'told' &&
    message.message.kind === 'done' &&
    message.message.value instanceof Uint8Array
  )
    return { message: { ...message, message: { kind: 'done' } }, bytes: message.message.value }
  return { message }
}

/** A message of a process that runs our code on others' content. Undefined for what is none. */
export function messageOfProcess({ message, bytes }: Frame): FromProcess | undefined {
  const {
    kind,
    task,
    message: told,
  } = (message ?? {}) as { kind?: unknown; task?: unknown; message?: unknown }
  if (kind === 'ready') return { kind }
  if (kind !== 'told' || typeof task !== 'number' || typeof told !== 'object' || told === null)
    return undefined
  const heard = told as FromTask // Whoever hears it looks at its kind.
  return { kind, task, message: bytes && heard.kind === 'done' ? { kind: 'done', value: bytes } : heard }
}

/** A message of the server, which is believed. */
export function messageToProcess({ message, bytes }: Frame): ToProcess {
  const told = message as ToProcess
  if (told.kind !== 'tell' || !bytes || told.message.kind !== 'chunk') return told
  return { ...told, message: { ...told.message, chunk: bytes } }
}
