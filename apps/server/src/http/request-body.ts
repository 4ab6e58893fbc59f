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
  /** Arrays and objects in all, and values: reading them is one step, in which nobody else is answered. */
  maxContainers: 250_000,
  maxValues: 1_000_000,
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
  checkExtent(text)
  try {
    const read: unknown = JSON.parse(text)
    // A member of this name could end up as a prototype further on; nobody means it. Its letters may be escaped.
    if (/__proto__|\\u00(?:5f|6f|7[024])/i.test(text)) takeOutPrototypes(read)
    // Half a surrogate pair is no character, and PostgreSQL takes none.
    if (/\\ud[89a-f]/i.test(text) && hasHalfPair(text))
      throw new RequestFault(
        'invalid',
        'the body has half of a surrogate pair (\\ud800 to \\udfff) by itself',
      )
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

function takeOutPrototypes(read: unknown): void {
  const left = [read]
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__')
    for (const member of Object.values(value))
      if (typeof member === 'object' && member !== null) left.push(member)
  }
}

/** Of JSON. What is not escaped came as UTF-8, which has no halves. */
function hasHalfPair(text: string): boolean {
  // Without escaped backslashes every other one begins an escape.
  const escapes = text.replaceAll('\\\\', '  ')
  return /\\ud[89ab][\da-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][\da-f]{2})\\ud[c-f]/i.test(escapes)
}

/** Refuses what is deeper or more than anybody means, before any of it is made. */
function checkExtent(text: string): void {
  let depth = 0
  let containers = 0
  let values = 1
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 0x22) index = endOfString(text, index + 1)
    else if (code === 0x2c) {
      if (++values > bodyLimits.maxValues) throw tooMany(bodyLimits.maxValues, 'values')
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > bodyLimits.maxDepth)
        throw new RequestFault('invalid', `the body nests deeper than ${bodyLimits.maxDepth} levels`)
      if (++containers > bodyLimits.maxContainers)
        throw tooMany(bodyLimits.maxContainers, 'lists and objects')
    } else if (code === 0x7d || code === 0x5d) depth--
  }
}

function tooMany(most: number, what: string): RequestFault {
  return new RequestFault('too-large', `the body has more than ${most} ${what}`)
}

/** Place of the quote that ends a string, or the end of the text. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return at
  }
  return text.length
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
