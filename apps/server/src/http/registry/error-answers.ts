import { Fault } from '@lanner/model'
import type { FastifyReply } from 'fastify'
import { ContentFault, type ContentFaultCode } from '../../use-cases/content-fault.ts'
import { RequestFault, type RequestFaultCode } from '../../use-cases/request-fault.ts'

type Answered = readonly [status: number, code: string]

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes; the last two are not the client's fault. */
const contentAnswers: Readonly<Record<ContentFaultCode, Answered>> = {
  'blob-unknown': [404, 'BLOB_UNKNOWN'],
  'blob-upload-invalid': [400, 'BLOB_UPLOAD_INVALID'],
  'blob-upload-unknown': [404, 'BLOB_UPLOAD_UNKNOWN'],
  'digest-invalid': [400, 'DIGEST_INVALID'],
  'manifest-blob-unknown': [404, 'MANIFEST_BLOB_UNKNOWN'],
  'manifest-invalid': [400, 'MANIFEST_INVALID'],
  'manifest-too-large': [413, 'MANIFEST_INVALID'],
  'manifest-unknown': [404, 'MANIFEST_UNKNOWN'],
  'name-invalid': [400, 'NAME_INVALID'],
  'name-unknown': [404, 'NAME_UNKNOWN'],
  'range-invalid': [416, 'BLOB_UPLOAD_INVALID'],
  'size-invalid': [400, 'SIZE_INVALID'],
  'page-invalid': [400, 'UNSUPPORTED'],
  'over-quota': [403, 'DENIED'],
  'in-use': [405, 'UNSUPPORTED'],
  'too-many-uploads': [429, 'TOOMANYREQUESTS'],
  'no-space': [507, 'INSUFFICIENT_STORAGE'],
  unavailable: [503, 'UNAVAILABLE'],
}

const requestAnswers: Readonly<Record<RequestFaultCode, Answered>> = {
  invalid: [400, 'UNSUPPORTED'],
  unauthorized: [401, 'UNAUTHORIZED'],
  forbidden: [403, 'DENIED'],
  'not-found': [404, 'NAME_UNKNOWN'],
  conflict: [409, 'UNSUPPORTED'],
  'too-large': [413, 'SIZE_INVALID'],
  'too-many': [429, 'TOOMANYREQUESTS'],
  unavailable: [503, 'UNAVAILABLE'],
  'no-space': [507, 'INSUFFICIENT_STORAGE'],
}

/** Seconds after which it is worth trying again, where nothing better is known. */
const retrySeconds = 5

/** What is told of an error, and whether it should be logged: then it is ours. */
export interface ErrorAnswer {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly detail?: unknown
  readonly retryAfter?: number
  readonly unexpected: boolean
}

export function errorAnswer(error: unknown, now: number): ErrorAnswer {
  if (error instanceof ContentFault) {
    const [status, code] = contentAnswers[error.code]
    const detail = error.detail ? { detail: error.detail } : {}
    return { status, code, message: error.message, ...detail, ...waiting(status), unexpected: status >= 500 }
  }
  if (error instanceof RequestFault) {
    const [status, code] = requestAnswers[error.code]
    const wait = error.retryAt === undefined ? {} : { retryAfter: Math.ceil((error.retryAt - now) / 1_000) }
    return { status, code, message: error.message, ...waiting(status), ...wait, unexpected: status >= 500 }
  }
  // The database's own: away, or its disk is full.
  if (error instanceof Fault && error.code === 'no-space') {
    return { status: 507, code: 'INSUFFICIENT_STORAGE', message: 'the disk is full', unexpected: true }
  }
  if (error instanceof Fault && error.retryable) {
    const message = 'the registry cannot answer now; try again'
    return { status: 503, code: 'UNAVAILABLE', message, ...waiting(503), unexpected: true }
  }
  return { status: 500, code: 'UNKNOWN', message: 'the registry failed', unexpected: true }
}

export function sendError(reply: FastifyReply, answer: Omit<ErrorAnswer, 'unexpected'>): FastifyReply {
  const { status, code, message, detail, retryAfter } = answer
  if (retryAfter !== undefined) reply.header('retry-after', Math.max(1, retryAfter))
  const error = { code, message, ...(detail === undefined ? {} : { detail }) }
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send(Buffer.from(JSON.stringify({ errors: [error] })))
}

function waiting(status: number): { retryAfter?: number } {
  return status === 429 || status === 503 ? { retryAfter: retrySeconds } : {}
}
