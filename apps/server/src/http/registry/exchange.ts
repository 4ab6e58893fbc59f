import type { Digest } from '@lanner/model'
import { parseDigest } from '@lanner/model'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Place } from '../../use-cases/content-fault.ts'
import { ContentFault } from '../../use-cases/content-fault.ts'
import type { RegistryCaller } from '../../use-cases/registry-access.ts'

/** A request that may do what it asks for, and where its answer goes. */
export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: RegistryCaller
  readonly place: Place
}

/** A value of the query; the first, when there are several. */
export function queryValue(request: FastifyRequest, name: string): string | undefined {
  return queryValues(request, name)[0]
}

export function queryValues(request: FastifyRequest, name: string): readonly string[] {
  const value = (request.query as Record<string, string | string[] | undefined>)[name]
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** A digest that a client wrote; throws `digest-invalid`. */
export function requiredDigest(text: string | undefined, what: string): Digest {
  const digest = parseDigest(text)
  if (digest) return digest
  throw new ContentFault(
    'digest-invalid',
    text === undefined
      ? `${what} is missing`
      : `${what} must be sha256: with 64 or sha512: with 128 lower-case hex digits`,
    { detail: { digest: text?.slice(0, 200) } },
  )
}

/** Whether a request announces a body. */
export function hasBody(request: FastifyRequest): boolean {
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0)
}

/** The body as it comes. Leaving it early does not hang up on the client, who is still to read our answer. */
export function bodyOf(request: FastifyRequest): AsyncIterable<Buffer> {
  return request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
}

/** A body held whole, up to a bound; undefined when it is larger. */
export async function wholeBody(request: FastifyRequest, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of bodyOf(request)) {
    bytes += part.length
    if (bytes > maxBytes) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** `Link` to the next page of a list. https://www.rfc-editor.org/rfc/rfc5988 */
export function linkNext(
  reply: FastifyReply,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): void {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  reply.header('link', `<${path}?${new URLSearchParams(given)}>; rel="next"`)
}
