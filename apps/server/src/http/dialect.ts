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
import { bodyReader, parseJson, readBody } from './request-body.ts'
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
    const routes = routesOf(rooms, ports)
    // An operation of its own for HEAD goes before the GET whose HEAD would be made up.
    routes.sort((a, b) => Number(b.method === 'HEAD') - Number(a.method === 'HEAD'))
    for (const { method, url, own, also } of routes)
      scope.route({
        method,
        url: url.replaceAll(':', '::').replaceAll(/\{(?<name>\w+)\}/g, ':$<name>'),
        // The cap is in `readBody`, where it has words.
        bodyLimit: Number.MAX_SAFE_INTEGER,
        handler:
          own && also ? (request, reply) => (namesId(request) ? also : own)(request, reply) : (own ?? also)!,
      })
  })
}

type Exchange = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

interface Route {
  readonly method: Operation['method']
  readonly url: string
  /** Of the operation that is declared with this method. */
  own?: Exchange
  /** Of one that takes the method too. */
  also?: Exchange
}

function routesOf<Services>(rooms: readonly Room<Services>[], ports: DialectPorts<Services>): Route[] {
  const routes = new Map<string, Route>()
  for (const { collection, handlers } of rooms)
    for (const [id, operation] of Object.entries(collection.operations)) {
      const answer = exchange(voiceOf(collection, id, operation), id, operation, handlers[id]!, ports)
      for (const method of [operation.method, ...(operation.alsoMethods ?? [])]) {
        const key = `${method} ${operation.url}`
        const route: Route = routes.get(key) ?? { method, url: operation.url }
        routes.set(key, route)
        const place = method === operation.method ? 'own' : 'also'
        if (route[place]) throw new Error(`two operations take ${key}: the second is ${id}`)
        route[place] = answer
      }
    }
  return [...routes.values()]
}

/** Whether a request is about one thing that exists: what tells a change from a creation where both come by one method. */
function namesId(request: FastifyRequest): boolean {
  const at = request.url.indexOf('?')
  if (at >= 0 && new URLSearchParams(request.url.slice(at + 1)).get('id')) return true
  const body = request.body as string | undefined
  // Most bodies have no such member at any depth: only those that do are read for it.
  if (!body?.includes('"id"')) return false
  try {
    const { id } = parseJson(body) as { id?: unknown }
    return typeof id === 'string' && id !== ''
  } catch {
    return false
  }
}

/** Who is asked to let somebody in speaks as the sign-in service. */
function voiceOf({ dialect }: Collection, id: string, { scope }: Operation): Voice {
  if (dialect !== 'falcon' || scope !== 'none') return voices[dialect]
  return id === 'oauth2AccessToken' ? voices.tokenIssue : voices.signIn
}

const nobody: Caller = { cid: '', actor: '', scopes: new Set() }

function exchange<Services>(
  voice: Voice,
  id: string,
  operation: Operation,
  handler: AnyHandler<Services>,
  ports: DialectPorts<Services>,
): Exchange {
  const readQuery = queryReader(operation)
  const readDeclared = bodyReader(operation)
  const check = ports.checkReplies ? replyChecker(id, operation) : undefined
  const metrics: OperationMetrics = ports.metrics.operation(id)
  const { services, rates, clock, log } = ports
  const { scope } = operation
  const good = operation.status ?? 200

  return async (request, reply) => {
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
          body: readDeclared(request.body as string | undefined, request.headers) as never,
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
