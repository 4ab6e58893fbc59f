/** One entry of an answer's `errors`. */
export interface ApiError {
  readonly code: number
  readonly message: string
  readonly id?: string
}

/** What every enveloped answer says of itself. */
export interface Meta {
  /** Seconds that the answer took. */
  readonly query_time: number
  readonly trace_id: string
  readonly powered_by?: string
  readonly pagination?: { readonly limit: number; readonly offset: number; readonly total: number }
  readonly writes?: { readonly resources_affected: number }
}

/** The envelope without resources. */
export interface Acknowledged {
  readonly meta: Meta
  readonly errors: readonly ApiError[]
}

/** The envelope with an array. */
export interface Resources<Row> extends Acknowledged {
  readonly resources: readonly Row[]
}

/** The envelope with one object. */
export interface Resource<Row> extends Acknowledged {
  readonly resources: Row
}

/** The answer came, and its status is a good one. */
export interface Success<Body> {
  readonly ok: true
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/**
 * Why a call gave nothing. `refused`: the server answered with another status. `unauthorized`: no token could be had for
 * the credentials. `unreachable`: no whole answer came. `timeout`: none came in time. `aborted`: the caller gave up.
 * `unreadable`: the answer is not what it says it is, or larger than allowed.
 */
export type FailureReason = 'refused' | 'unauthorized' | 'unreachable' | 'timeout' | 'aborted' | 'unreadable'

/** The call gave nothing: why, and what the server said, if it said something. */
export interface Failure {
  readonly ok: false
  readonly reason: FailureReason
  readonly message: string
  /** 0 where no answer came. */
  readonly status: number
  readonly headers: Headers
  /** The answer's JSON or text. */
  readonly body: unknown
  /** The answer's `errors`, if it has the envelope. */
  readonly errors: readonly ApiError[]
  readonly cause?: unknown
}

/** What a call gives. A thrown error is a mistake in how it was called. */
export type Result<Body> = Success<Body> | Failure

/** A failure without an answer. */
export function unanswered(reason: FailureReason, message: string, cause?: unknown): Failure {
  return {
    ok: false,
    reason,
    message,
    status: 0,
    headers: new Headers(),
    body: undefined,
    errors: [],
    ...(cause === undefined ? {} : { cause }),
  }
}
