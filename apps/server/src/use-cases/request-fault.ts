import { Fault } from '@lanner/model'

/**
 * `invalid`: the request does not say what it must. `unauthorized`: nobody is signed in. `forbidden`: somebody is, who may not.
 * `not-found`: no such thing in this tenant. `conflict`: it is there already, or changed meanwhile. `too-large`: beyond a
 * bound. `too-many`: later, at `retryAt`. `unavailable`: what is needed for it does not answer now, and nothing was
 * stored. `no-space`: the disk is full.
 */
export type RequestFaultCode =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'too-many'
  | 'unavailable'
  | 'no-space'

/** A use case refuses; each dialect has its own words and one table of statuses for it. The message goes to the caller. */
export class RequestFault extends Fault<RequestFaultCode> {
  /** Which of the things asked about is meant, where there were several. */
  readonly id?: string
  /** Milliseconds since 1970 from when on it may be tried again. */
  readonly retryAt?: number

  constructor(
    code: RequestFaultCode,
    message: string,
    options: { readonly cause?: unknown; readonly id?: string; readonly retryAt?: number } = {},
  ) {
    super(code, message, {
      cause: options.cause,
      retryable: code === 'too-many' || code === 'unavailable',
    })
    if (options.id !== undefined) this.id = options.id
    if (options.retryAt !== undefined) this.retryAt = options.retryAt
  }
}
