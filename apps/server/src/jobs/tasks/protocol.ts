import { Fault } from '@lanner/model'

/** An error as it crosses: neither its class nor its code would come along. */
export interface ErrorMessage {
  /** Of a Fault; absent for anything else. */
  readonly code?: string
  readonly retryable: boolean
  readonly name: string
  readonly message: string
  readonly stack?: string
}

/** What a task tells whoever gave it. */
export type FromTask =
  | { readonly kind: 'event'; readonly event: unknown }
  | {
      readonly kind: 'call' | 'stream'
      readonly id: number
      readonly name: string
      readonly value: unknown
    }
  /** So many more chunks may be sent. */
  | { readonly kind: 'more'; readonly id: number; readonly chunks: number }
  | { readonly kind: 'enough'; readonly id: number }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: ErrorMessage }

/** What a task is told. */
export type ToTask =
  | { readonly kind: 'abort'; readonly error: ErrorMessage }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly error: ErrorMessage }
  | { readonly kind: 'chunk'; readonly id: number; readonly chunk: Uint8Array }
  | { readonly kind: 'end'; readonly id: number }

export function errorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return { retryable: false, name: 'Error', message: String(error) }
  return {
    ...(error instanceof Fault ? { code: error.code } : {}),
    retryable: error instanceof Fault && error.retryable,
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  }
}

/** A Fault with its code, or an Error; its class is lost, its name is not. */
export function errorOf({ code, retryable, name, message, stack }: ErrorMessage): Error {
  const error = code === undefined ? new Error(message) : new Fault(code, message, { retryable })
  error.name = name
  if (stack !== undefined) error.stack = stack
  return error
}

/** A value and the buffers in it that change hands in place of being copied. */
export class Transferred {
  readonly value: unknown
  readonly buffers: readonly ArrayBuffer[]

  constructor(value: unknown, buffers: readonly ArrayBuffer[]) {
    this.value = value
    this.buffers = buffers
  }
}

/** Bytes in a buffer of their own, as a transfer needs: part of a larger one is copied. */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
  return whole && bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer) : Uint8Array.from(bytes)
}
