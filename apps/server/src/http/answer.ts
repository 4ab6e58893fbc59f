import { Readable } from 'node:stream'
import type { Reply } from '@lanner/contract'
import type { FastifyReply } from 'fastify'
import { envelope, type MetaFacts, type Voice } from './envelope.ts'
import { send, sendStream } from './reply.ts'
import { WrittenJson } from './written-json.ts'

/** What any handler may give; which of it an operation's handler must give, its types say. */
export interface AnyAnswer extends MetaFacts {
  readonly resources?: readonly unknown[]
  readonly resource?: unknown
  readonly value?: unknown
  readonly file?: AsyncIterable<Uint8Array> | Uint8Array | string
  readonly contentType?: string
  readonly name?: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** What surrounds an answer. */
interface Surroundings {
  readonly status: number
  readonly traceId: string
  readonly seconds: number
  readonly rateHeaders: readonly string[]
  readonly check: ((body: string) => void) | undefined
}

const json = [
  'Content-Type',
  'application/json',
  'Cache-Control',
  'no-store',
  'X-Content-Type-Options',
  'nosniff',
]

/** Headers of every JSON answer of a dialect; a new array each time. */
export function jsonHeaders(traceId: string, rateHeaders: readonly string[]): string[] {
  return json.concat('X-Cs-Traceid', traceId, rateHeaders as string[])
}

/** Makes a handler's answer a body of the dialect and sends it; a promise only where that takes time. */
export function sendAnswer(
  reply: FastifyReply,
  voice: Voice,
  surroundings: Surroundings,
  declared: Reply,
  answer: AnyAnswer,
): Promise<void> | undefined {
  const { status, traceId, seconds, rateHeaders, check } = surroundings
  const { kind } = declared
  if (kind === 'empty' || kind === 'file') {
    const headers = kind === 'file' ? fileHeaders(answer) : []
    headers.push('X-Cs-Traceid', traceId, ...rateHeaders, ...extraHeaders(answer))
    const { file = '' } = kind === 'file' ? answer : {}
    if (typeof file !== 'string' && !(file instanceof Uint8Array))
      return sendStream(reply, status, headers, Readable.from(file))
    send(reply, status, headers, file)
    return undefined
  }
  const body =
    kind === 'bare'
      ? answer.value instanceof WrittenJson
        ? answer.value.bytes
        : JSON.stringify(answer.value)
      : envelope(voice, traceId, seconds, answer, resourcesOf(declared, answer))
  check?.(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'))
  const headers = jsonHeaders(traceId, rateHeaders)
  if (answer.headers) headers.push(...extraHeaders(answer))
  send(reply, status, headers, body)
  return undefined
}

function extraHeaders({ headers }: AnyAnswer): readonly string[] {
  return headers ? Object.entries(headers).flat() : []
}

function resourcesOf(declared: Reply, answer: AnyAnswer): unknown {
  if (declared.kind === 'acknowledged') return undefined
  return declared.kind === 'resource' ? answer.resource : answer.resources
}

function fileHeaders({ contentType = 'application/octet-stream', name }: AnyAnswer): string[] {
  const type = ['Content-Type', contentType, 'X-Content-Type-Options', 'nosniff', 'Cache-Control', 'no-store']
  if (name === undefined) return type
  const plain = name.replaceAll(/[^\w.-]/g, '_')
  return [...type, 'Content-Disposition', `attachment; filename="${plain}"`]
}
