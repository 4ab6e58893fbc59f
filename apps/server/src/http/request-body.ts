import type { IncomingHttpHeaders } from 'node:http'
import type { Operation } from '@lanner/contract'
import type { FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { RequestFault } from '../use-cases/request-fault.ts'
import { readBasic } from './basic-credentials.ts'

/** Bounds of a request's body. */
export const bodyLimits = {
  /** Bytes of a JSON or form body. */
  maxBytes: 8 << 20,
  /** Arrays and objects inside each other. */
  maxDepth: 64,
  /** Milliseconds in which it must have arrived. */
  maxWait: 30_000,
}

/** A request's body, read when it is first asked for; undefined where there is none. */
export async function bodyText(request: FastifyRequest): Promise<string | undefined> {
  const { body } = request
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return body
  // The parser of the dialects leaves the stream as it is.
  const text = await readBody(request, body as NodeJS.ReadableStream)
  request.body = text
  return text
}

/** Reads a body whole, under the caps. What it is, the operation decides. */
async function readBody(request: FastifyRequest, payload: NodeJS.ReadableStream): Promise<string> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > bodyLimits.maxBytes) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  let late = false
  const timer = setTimeout(() => {
    late = true
    request.raw.destroy()
  }, bodyLimits.maxWait)
  try {
    for await (const chunk of payload) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      size += bytes.length
      if (size > bodyLimits.maxBytes) throw tooLarge()
      chunks.push(bytes)
    }
  } catch (error) {
    if (late) throw new RequestFault('invalid', 'the body did not arrive in time', { cause: error })
    // Who hangs up is no failure of ours: neither the log nor the count of failures is for strangers to fill.
    if (request.raw.destroyed) throw new RequestFault('invalid', 'the body was cut off', { cause: error })
    throw error
  } finally {
    clearTimeout(timer)
  }
  return (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8')
}

function tooLarge(): RequestFault {
  return new RequestFault('too-large', `the body is larger than ${bodyLimits.maxBytes} bytes`)
}

type ReadBody = (text: string | undefined, headers: IncomingHttpHeaders) => unknown

/** A reader of an operation's bodies: JSON or a form, whichever was sent, checked against the declared schema. */
export function bodyReader(operation: Operation): ReadBody {
  const schema = operation.body
  if (!schema) return () => undefined
  let validator: Validator<Record<never, never>, TSchema> | undefined
  return (text, headers) => {
    validator ??= Compile(schema)
    const sent =
      text === undefined || text.trim() === '' ? undefined : decode(text, headers['content-type'], operation)
    // A body that may be empty may be left away.
    const body = operation.consumes === 'form' ? withBasic(sent ?? {}, headers.authorization) : (sent ?? {})
    if (validator.Check(body)) return body
    if (sent === undefined)
      throw new RequestFault('invalid', `the request needs a body: ${first(validator, body)}`)
    throw new RequestFault('invalid', first(validator, body))
  }
}

function decode(text: string, contentType: string | undefined, operation: Operation): unknown {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  const json = /^\s*[{[]/.test(text)
  const form = type === 'application/x-www-form-urlencoded' || (operation.consumes === 'form' && !json)
  if (form && !(json && operation.consumes !== 'form')) return Object.fromEntries(new URLSearchParams(text))
  return parseJson(text)
}

/** RFC 6749 section 2.3.1: a client's id and secret come as form members, or instead by HTTP Basic. */
function withBasic(form: unknown, authorization: string | undefined): unknown {
  const basic = readBasic(authorization)
  if (!basic || typeof form !== 'object' || form === null || Array.isArray(form)) return form
  return { client_id: basic.user, client_secret: basic.password.reveal(), ...form }
}

export function parseJson(text: string): unknown {
  if (isDeeper(text, bodyLimits.maxDepth))
    throw new RequestFault('invalid', `the body nests deeper than ${bodyLimits.maxDepth} levels`)
  try {
    // A member of this name could end up as a prototype further on; nobody means it.
    const read = /__proto__|\\u00/i.test(text)
      ? JSON.parse(text, (name, value) => (name === '__proto__' ? undefined : value))
      : JSON.parse(text)
    // Half a surrogate pair is no character, and PostgreSQL takes none.
    if (/\\ud[89a-f]/i.test(text)) JSON.parse(text, mustBeText)
    return read
  } catch (error) {
    if (error instanceof RequestFault) throw error
    throw new RequestFault(
      'invalid',
      `the body is not JSON: ${withoutExcerpt((error as SyntaxError).message)}`,
    )
  }
}

/** The parser quotes what it stumbled over, and a password may stand there. */
function withoutExcerpt(message: string): string {
  return message.replace(/,? (?:\.\.\.)?".*$/s, '')
}

function mustBeText(name: string, value: unknown): void {
  if (name.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return
  throw new RequestFault('invalid', 'the body has half of a surrogate pair (\\ud800 to \\udfff) by itself')
}

function isDeeper(text: string, bound: number): boolean {
  let depth = 0
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (quoted) {
      if (code === 0x5c) index++
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > bound) return true
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return false
}

/** The first thing that is wrong, with its place in the way that people write it: `policy_data.rules[0].action`. */
export function first(validator: Validator<Record<never, never>, TSchema>, value: unknown): string {
  const [error] = validator.Errors(value)
  if (!error) return 'the body does not have the declared shape'
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (whole, part) => (/^\d+$/.test(part) ? `${whole}[${part}]` : whole ? `${whole}.${part}` : part),
      '',
    )
  const known = error.keyword === 'enum' ? `: ${error.params.allowedValues.join(', ')}` : ''
  return `${path === '' ? 'body' : path}: ${error.message}${known}`.slice(0, 1000)
}
