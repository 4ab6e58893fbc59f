import type { Caller, Operation, Request } from '@lanner/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { RateLimits } from '../use-cases/rate-limits.ts'
import { RequestFault } from '../use-cases/request-fault.ts'
import { nextTurn } from '../use-cases/turns.ts'
import { type AnyAnswer, sendAnswer } from './answer.ts'
import type { Voice } from './envelope.ts'
import { HandledRequest } from './handled-request.ts'
import { queryReader } from './query-parameters.ts'
import { refuse } from './refusal.ts'
import { replyChecker } from './reply-check.ts'
import { bodyReader, bodyText } from './request-body.ts'

/** What every operation of every dialect needs beside its handler. */
export interface DialectPorts<Services> {
  readonly services: Services
  /** Who holds the token; at once where it is remembered. */
  readonly bearer: (token: string) => Caller | undefined | Promise<Caller | undefined>
  readonly rates: RateLimits
  readonly log: Log
  readonly metrics: Metrics
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Every body that goes out is held against its declared schema; one that differs is an error. */
  readonly checkReplies: boolean
  /** The address that clients use, where the request does not tell it. */
  readonly publicUrl?: string
}

/** A handler of any operation: it gets exactly what its own operation decodes. */
export type AnyHandler<Services> = (request: Request<Operation>, services: Services) => Promise<AnyAnswer>

/** Answers one request of one operation, whatever happens. */
export type Exchange = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** Characters of a body that take so long to be read that others come before what is made of it. */
const longText = 1 << 18

const nobody: Caller = { cid: '', actor: '', scopes: new Set() }

/**
 * The way of every request of an operation: who calls, may they, what do they ask, the answer, the books. What is decided
 * once is decided here and not at each request.
 */
export function exchange<Services>(
  voice: Voice,
  id: string,
  operation: Operation,
  handler: AnyHandler<Services>,
  ports: DialectPorts<Services>,
): Exchange {
  const readQuery = queryReader(operation)
  const readDeclared = bodyReader(operation)
  const check = ports.checkReplies ? replyChecker(id, operation) : undefined
  const metrics = ports.metrics.operation(id)
  const { services, rates, clock, log, bearer, publicUrl } = ports
  const { scope, reply: declared, status: good = 200, body: declaredBody } = operation
  const hasPlaces = operation.url.includes('{')
  const logged = { calls: log.isLevelEnabled('debug'), others: log.isLevelEnabled('info') }

  return async (request, reply) => {
    const started = performance.now()
    const elapsed = () => (performance.now() - started) / 1000
    const traceId = request.id
    let caller: Caller | undefined
    let rateHeaders = rates.beforeSignIn
    let status = good
    try {
      if (scope === 'none') caller = nobody
      else {
        const token = bearerToken(request.headers.authorization)
        if (token === undefined) throw new RequestFault('unauthorized', voice.noToken)
        const found = bearer(token)
        caller = found instanceof Promise ? await found : found
        if (!caller) throw new RequestFault('unauthorized', voice.badToken)
        const rate = rates.take(id, caller, clock())
        rateHeaders = rate.headers
        if (rate.retryAt !== undefined)
          throw new RequestFault('too-many', 'rate limit exceeded', { retryAt: rate.retryAt })
        if (!mayCall(caller, scope)) throw new RequestFault('forbidden', voice.noScope)
      }
      if (hasPlaces) refuseNul(request.params as Readonly<Record<string, string>>)
      const query = readQuery(request.url, clock())
      const text = declaredBody ? await bodyText(request) : undefined
      const body = declaredBody ? readDeclared(text, request.headers) : undefined
      if (text !== undefined && text.length > longText) await nextTurn()
      // The handler's types say what these are; they were decoded by the same declaration.
      const handled = new HandledRequest(
        request,
        reply,
        caller,
        query,
        body,
        publicUrl,
      ) as unknown as Request<Operation>
      const answer = await handler(handled, services)
      status = answer.status ?? good
      const sent = sendAnswer(
        reply,
        voice,
        { status, traceId, seconds: elapsed(), rateHeaders, check },
        declared,
        answer,
      )
      if (sent) await sent
    } catch (error) {
      const refused = { traceId, seconds: elapsed(), rateHeaders, now: clock(), log, operation: id }
      status = refuse(reply, voice, refused, error)
    }
    const seconds = elapsed()
    metrics.done(status, seconds)
    if (logged.calls || (logged.others && status !== 200))
      log[status >= 500 ? 'error' : 'info'](
        { trace_id: traceId, operation: id, status, seconds, cid: caller?.cid, actor: caller?.actor },
        'request',
      )
  }
}

/** Any one of the scopes is enough; none listed asks for a valid token only. */
function mayCall(caller: Caller, scopes: readonly string[]): boolean {
  if (scopes.length === 0) return true
  for (const scope of scopes) if (caller.scopes.has(scope)) return true
  return false
}

/** No id has one, and PostgreSQL takes none. */
function refuseNul(path: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(path))
    if (value.includes('\0')) throw new RequestFault('invalid', `${name}: the path has a NUL character`)
}

function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  if (header.startsWith('Bearer ')) return header.slice(7)
  const [scheme = '', token] = header.trim().split(/\s+/, 2)
  return scheme.toLowerCase() === 'bearer' && token ? token : undefined
}
