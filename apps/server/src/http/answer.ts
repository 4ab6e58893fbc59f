import { Readable } from 'node:stream'
import type { Reply } from '@lanner/contract'
import type { FastifyReply } from 'fastify'
import { envelope, type MetaFacts, type Voice } from './envelope.ts'
import { send, sendStream } from './reply.ts'

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
export interface Exchange {
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

/** Headers of every JSON answer of a dialect. */
export function jsonHeaders(traceId: string, rateHeaders: readonly string[]): string[] {
  return [...json, 'X-Cs-Traceid', traceId, ...rateHeaders]
}

/** Makes a handler's answer a body of the dialect and sends it. */
export async function sendAnswer(
  reply: FastifyReply,
  voice: Voice,
  exchange: Exchange,
  declared: Reply,
  answer: AnyAnswer,
): Promise<void> {
  const { status, traceId, seconds, rateHeaders } = exchange
  const extra = answer.headers ? Object.entries(answer.headers).flat() : []
  if (declared.kind === 'empty') {
    send(reply, status, ['X-Cs-Traceid', traceId, ...rateHeaders, ...extra], '')
    return
  }
  if (declared.kind === 'file') {
    const headers = [...fileHeaders(answer), 'X-Cs-Traceid', traceId, ...rateHeaders, ...extra]
    const { file = '' } = answer
    if (typeof file === 'string' || file instanceof Uint8Array) send(reply, status, headers, file)
    else await sendStream(reply, status, headers, Readable.from(file))
    return
  }
  const body =
    declared.kind === 'bare'
      ? JSON.stringify(answer.value)
      : envelope(voice, traceId, seconds, answer, resourcesOf(declared, answer))
  exchange.check?.(body)
  const headers = jsonHeaders(traceId, rateHeaders)
  send(reply, status, extra.length === 0 ? headers : [...headers, ...extra], body)
}

function resourcesOf(declared: Reply, answer: AnyAnswer): unknown {
  if (declared.kind === 'acknowledged') return undefined
  return declared.kind === 'resource' ? answer.resource : answer.resources
}

function fileHeaders({ contentType = 'application/octet-stream', name }: AnyAnswer): readonly string[] {
  const type = ['Content-Type', contentType, 'X-Content-Type-Options', 'nosniff', 'Cache-Control', 'no-store']
  if (name === undefined) return type
  const plain = name.replaceAll(/[^\w.-]/g, '_')
  return [...type, 'Content-Disposition', `attachment; filename="${plain}"`]
}
