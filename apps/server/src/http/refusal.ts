import { Fault } from '@lanner/model'
import type { FastifyReply } from 'fastify'
import type { Log } from '../telemetry/log.ts'
import { RequestFault } from '../use-cases/request-fault.ts'
import { jsonHeaders } from './answer.ts'
import { refusalBody, retryHeaders, statusOf, type Voice } from './envelope.ts'
import { send } from './reply.ts'

/** What surrounds a refusal. */
export interface Refused {
  readonly traceId: string
  readonly seconds: number
  readonly rateHeaders: readonly string[]
  readonly now: number
  readonly log: Log
  readonly operation: string
}

/**
 * Answers with what went wrong; gives the status. Only a `RequestFault` is worded for the caller: anything else is logged
 * with the trace id, and the answer says no more than that.
 */
export function refuse(reply: FastifyReply, voice: Voice, refused: Refused, error: unknown): number {
  const { traceId, seconds, rateHeaders, now, log, operation } = refused
  const fault = asRequestFault(error)
  if (!fault || fault.cause !== undefined) {
    const level = !fault || fault.code === 'unavailable' || fault.code === 'no-space' ? 'error' : 'debug'
    log[level]({ trace_id: traceId, operation, err: error }, 'request failed')
  }
  const code = fault ? statusOf[fault.code] : 500
  const words = fault?.code === 'invalid' ? `${voice.invalid}${fault.message}` : fault?.message
  const message = words ?? `internal error; the log has more under trace id ${traceId}`
  // Who turns callers away at the door has a name of its own.
  const poweredBy =
    fault && (fault.code === 'unauthorized' || fault.message === voice.noScope)
      ? voice.gateway
      : voice.poweredBy
  const body = refusalBody(voice, poweredBy, traceId, seconds, {
    code,
    message,
    ...(fault?.id === undefined ? {} : { id: fault.id }),
  })
  const headers = jsonHeaders(traceId, rateHeaders)
  send(reply, code, fault ? [...headers, ...retryHeaders(fault, now)] : headers, body)
  return code
}

/** Failures of the surroundings that have a status of their own, beside what use cases refuse. */
function asRequestFault(error: unknown): RequestFault | undefined {
  if (error instanceof RequestFault) return error
  const code = (error as { code?: unknown } | null)?.code
  if (error instanceof Fault && code === 'timeout') {
    const words =
      'this took longer than one question may take and was given up; ask for less, such as by a filter'
    return new RequestFault('unavailable', words, { cause: error })
  }
  if (error instanceof Fault && (code === 'unavailable' || (error.retryable && code !== 'no-space')))
    return new RequestFault('unavailable', 'this cannot be done right now; try again', { cause: error })
  if (code === 'no-space' || code === 'ENOSPC' || code === 'EDQUOT' || code === '53100')
    return new RequestFault('no-space', 'there is no space left to store this', { cause: error })
  if (code === '22021' || code === '22P05')
    return new RequestFault('invalid', 'a NUL character can be neither stored nor found', { cause: error })
  if (typeof code === 'string' && unreachable.test(code))
    return new RequestFault('unavailable', 'the database does not answer; try again', { cause: error })
  return undefined
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, shutdown, too many, serialization. */
const unreachable = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|08\w{3}|57P0[1-3]|53300|40001|40P01)$/
