import type { Caller, Collection, Handlers, Operation, Request } from '@lanner/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../telemetry/log.ts'
import type { Metrics, OperationMetrics } from '../telemetry/metrics.ts'
import type { RateLimits } from '../use-cases/rate-limits.ts'
import { RequestFault } from '../use-cases/request-fault.ts'
import { type AnyAnswer, sendAnswer } from './answer.ts'
import { type Voice, voices } from './envelope.ts'
import { queryReader } from './query-parameters.ts'
import { refuse } from './refusal.ts'
import { replyChecker } from './reply-check.ts'
import { bodyReader, readBody } from './request-body.ts'
import { RequestFacts } from './request-facts.ts'

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
}

/** A collection with its handlers, for a list of all. */
export interface Room<Services> {
  readonly collection: Collection
  readonly handlers: Readonly<Record<string, AnyHandler<Services>>>
}

type AnyHandler<Services> = (request: Request<Operation>, services: Services) => Promise<AnyAnswer>

/** Ties the handlers of a collection to it: a missing or surplus one does not compile. */
export function room<C extends Collection, Services>(
  collection: C,
  handlers: Handlers<C, Services>,
): Room<Services> {
  // Each handler takes exactly what its own operation decodes; the dialect decodes by that same operation.
  return { collection, handlers: handlers as unknown as Room<Services>['handlers'] }
}

/** Serves every operation of the collections. Bodies are read here, so it is a scope of its own. */
export function serveRooms<Services>(
  app: FastifyInstance,
  rooms: readonly Room<Services>[],
  ports: DialectPorts<Services>,
): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', readBody)
    const routes = rooms.flatMap(({ collection, handlers }) =>
      Object.entries(collection.operations).flatMap(([id, operation]) =>
        methodsOf(operation).map((method) => ({ collection, id, operation, method, handler: handlers[id]! })),
      ),
    )
    // An operation of its own for HEAD goes before the GET whose HEAD would be made up.
    routes.sort((a, b) => Number(b.method === 'HEAD') - Number(a.method === 'HEAD'))
    for (const { collection, id, operation, method, handler } of routes)
      scope.route({
        method,
        url: operation.url.replaceAll(':', '::').replaceAll(/\{(?<name>\w+)\}/g, ':$<name>'),
        // Whoever sends a body where none belongs is not turned away for it.
        bodyLimit: Number.MAX_SAFE_INTEGER,
        handler: exchange(voiceOf(collection, operation), id, operation, handler, ports),
      })
  })
}

/** Who is asked to let somebody in speaks as the sign-in service. */
function voiceOf({ dialect }: Collection, { scope }: Operation): Voice {
  return dialect === 'falcon' && scope === 'none' ? voices.signIn : voices[dialect]
}

function methodsOf(operation: Operation): readonly Operation['method'][] {
  return [operation.method, ...(operation.alsoMethods ?? [])]
}

const nobody: Caller = { cid: '', actor: '', scopes: new Set() }

function exchange<Services>(
  voice: Voice,
  id: string,
  operation: Operation,
  handler: AnyHandler<Services>,
  ports: DialectPorts<Services>,
) {
  const readQuery = queryReader(operation)
  const readDeclared = bodyReader(operation)
  const check = ports.checkReplies ? replyChecker(id, operation) : undefined
  const metrics: OperationMetrics = ports.metrics.operation(id)
  const { services, rates, clock, log } = ports
  const { scope } = operation
  const good = operation.status ?? 200

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const started = performance.now()
    let caller: Caller | undefined
    let rateHeaders: readonly string[] = []
    let status = good
    try {
      if (scope === 'none') {
        caller = nobody
        rateHeaders = rates.beforeSignIn
      } else {
        const token = bearerToken(request.headers.authorization)
        if (token === undefined) throw new RequestFault('unauthorized', voice.noToken)
        const found = ports.bearer(token)
        caller = found instanceof Promise ? await found : found
        if (!caller) throw new RequestFault('unauthorized', voice.badToken)
        const rate = rates.take(id, caller, clock())
        rateHeaders = rate.headers
        if (rate.retryAt !== undefined)
          throw new RequestFault('too-many', 'rate limit exceeded', { retryAt: rate.retryAt })
        if (!mayCall(caller, scope)) throw new RequestFault('forbidden', voice.noScope)
      }
      const facts = new RequestFacts(request, reply)
      const answer = await handler(
        {
          caller,
          origin: facts,
          query: readQuery(request.url, clock()) as never,
          path: request.params as Record<string, string>,
          body: readDeclared(request.body as string | undefined, request.headers['content-type']) as never,
          get signal() {
            return facts.signal
          },
        },
        services,
      )
      status = answer.status ?? good
      const seconds = (performance.now() - started) / 1000
      await sendAnswer(
        reply,
        voice,
        { status, traceId: request.id, seconds, rateHeaders, check },
        operation.reply,
        answer,
      )
    } catch (error) {
      const seconds = (performance.now() - started) / 1000
      status = refuse(
        reply,
        voice,
        { traceId: request.id, seconds, rateHeaders, now: clock(), log, operation: id },
        error,
      )
    }
    const seconds = (performance.now() - started) / 1000
    metrics.done(status, seconds)
    if (log.isLevelEnabled('debug') || (status !== 200 && log.isLevelEnabled('info')))
      log[status >= 500 ? 'error' : 'info'](
        { trace_id: request.id, operation: id, status, seconds, cid: caller?.cid, actor: caller?.actor },
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

function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  if (header.startsWith('Bearer ')) return header.slice(7)
  const [scheme = '', token] = header.trim().split(/\s+/, 2)
  return scheme.toLowerCase() === 'bearer' && token ? token : undefined
}
