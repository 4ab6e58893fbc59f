import { answer, errorAnswer, type FakeAnswer, type FakeRequest } from './fake-registry-answer.ts'

/** Turns what a well-behaved registry would answer into what this one does. */
export type FakeFault = (usual: FakeAnswer, request: FakeRequest) => FakeAnswer

/** When a fault strikes: the request line (`GET /v2/a/tags/list?n=2`) matches, and it did not strike `times` times yet. */
export interface FakeFaultRule {
  readonly on: RegExp
  /** Default: always. */
  readonly times?: number
  readonly fault: FakeFault
}

/** 429, with or without `Retry-After`. */
export function tooManyRequests(retryAfter?: string): FakeFault {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
  return () => errorAnswer(429, 'TOOMANYREQUESTS', 'slow down', headers)
}

/** A failure of the server, with any status of 5xx. */
export function serverError(status = 500, headers: FakeAnswer['headers'] = {}): FakeFault {
  return () => answer(status, 'it broke', headers)
}

/** The connection breaks where the answer should come. */
export function hangUp(): FakeFault {
  return (usual) => ({ ...usual, hangUp: true })
}

/** The connection breaks after so many bytes of the body. */
export function droppedAfter(bytes: number): FakeFault {
  return (usual) => ({ ...usual, dropAfter: bytes })
}

/** After so many bytes nothing more comes, and the connection stays open. */
export function stalledAfter(bytes: number): FakeFault {
  return (usual) => ({ ...usual, stallAfter: bytes })
}

/** Never ends, and announces no length. */
export function endless(part: Buffer = Buffer.alloc(64 * 1024, 0x20)): FakeFault {
  return (usual) => ({ ...usual, body: part, endless: true })
}

/** A redirect to another address. */
export function redirectTo(location: string, status = 307): FakeFault {
  return () => answer(status, '', { location })
}

/** Each redirect leads to the same address again. */
export function redirectLoop(): FakeFault {
  return (_, request) => answer(307, '', { location: request.path })
}

/** Other bytes under the same address: a digest lie. */
export function otherBody(body: Buffer | string | object): FakeFault {
  return (usual) => ({ ...usual, body: answer(200, body).body })
}

/** The usual answer with further headers. */
export function withHeaders(headers: FakeAnswer['headers']): FakeFault {
  return (usual) => ({ ...usual, headers: { ...usual.headers, ...headers } })
}

/** This answer in place of the usual one. */
export function answeredWith(given: FakeAnswer): FakeFault {
  return () => given
}
