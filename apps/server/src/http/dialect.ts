import type { Collection, Handlers, Operation } from '@lanner/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Voice, voices } from './envelope.ts'
import { type AnyHandler, type DialectPorts, type Exchange, exchange } from './exchange.ts'
import { bodyText, parseJson } from './request-body.ts'

export type { DialectPorts } from './exchange.ts'

/** A collection with its handlers, for a list of all. */
export interface Room<Services> {
  readonly collection: Collection
  readonly handlers: Readonly<Record<string, AnyHandler<Services>>>
}

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
    // The stream itself: it is read once it is known that its sender may.
    scope.addContentTypeParser('*', (_, payload, done) => done(null, payload))
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
          own && also
            ? async (request, reply) => ((await namesId(request)) ? also : own)(request, reply)
            : (own ?? also)!,
      })
  })
}

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
async function namesId(request: FastifyRequest): Promise<boolean> {
  const at = request.url.indexOf('?')
  if (at >= 0 && new URLSearchParams(request.url.slice(at + 1)).get('id')) return true
  const body = await bodyText(request)
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
