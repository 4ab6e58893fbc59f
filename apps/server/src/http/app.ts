import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Log } from '../telemetry/log.ts'
import { RequestFault } from '../use-cases/request-fault.ts'
import { jsonHeaders } from './answer.ts'
import { refusalBody, voices } from './envelope.ts'
import { refuse } from './refusal.ts'
import { send } from './reply.ts'
import { routeTable } from './route-table.ts'

export type App = FastifyInstance

/** Times that a connection gets, in milliseconds. */
export const connectionLimits = {
  /** For the head of a request. */
  head: 30_000,
  /** Without a byte in either direction. */
  silent: 120_000,
  /** Between two requests: more than load balancers wait, so that they are the ones to close. */
  keepAlive: 75_000,
}

/** A certificate with its key, both PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/**
 * The listener that every dialect and protocol shares. Whatever goes wrong outside a dialect's own exchange (a path that
 * is nobody's, a request that is no HTTP) is answered in JSON too.
 */
export function createApp(options: {
  readonly log: Log
  readonly clock: () => number
  readonly certificate?: Certificate
  /** Addresses and networks whose word on the client's address, protocol and host counts. */
  readonly trustedProxies?: readonly string[]
}): App {
  const { log, clock, certificate, trustedProxies = [] } = options
  const app = fastify({
    // Requests are logged by the dialects, each with what it knows of them.
    logger: false,
    genReqId: () => randomUUID(),
    https: certificate ? { ...certificate, minVersion: 'TLSv1.2' } : null,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    routerOptions: { maxParamLength: 4096 },
    connectionTimeout: connectionLimits.silent,
    keepAliveTimeout: connectionLimits.keepAlive,
    // A push of a large blob takes its time; each room bounds what it reads.
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerMalformed,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      refuseAny(request, reply, error),
    // Unless `https` is null the types speak of another server; what differs is none of our business.
  } as never) as unknown as App
  app.server.headersTimeout = connectionLimits.head

  function refuseAny(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
    const facts = {
      traceId: request.id,
      seconds: 0,
      rateHeaders: [],
      now: clock(),
      log,
      operation: request.url,
    }
    refuse(reply, voiceOf(request.url), facts, worded(error))
  }

  const routes = routeTable()
  app.addHook('onRoute', (route) => routes.add(route.method, route.url))
  app.setErrorHandler((error, request, reply) => refuseAny(request, reply, error))
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url)
    const allowed = routes.methodsOf(path)
    const missing = allowed.length === 0
    const code = missing ? 404 : 405
    const message = missing
      ? `there is nothing at ${path}`
      : `${path} does not take ${request.method}; it takes ${allowed.join(', ')}`
    const voice = voiceOf(request.url)
    const body = refusalBody(voice, voice.poweredBy, request.id, 0, { code, message })
    const headers = jsonHeaders(request.id, [])
    send(reply, code, missing ? headers : [...headers, 'Allow', allowed.join(', ')], body)
  })
  return app
}

function voiceOf(url: string) {
  return url.startsWith('/lanner/') ? voices.lanner : voices.falcon
}

/** Short enough to repeat, without what a log or a terminal could trip over. */
function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  return path.slice(0, 200).replaceAll(/[^\x21-\x7e]/g, '?')
}

/** What the framework itself refuses, as our own fault. */
function worded(error: unknown): unknown {
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown }
  if (code === 'FST_ERR_BAD_URL')
    return new RequestFault('invalid', 'the path has a percent sign that encodes nothing')
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new RequestFault('too-large', 'the body is too large')
  if (
    typeof code === 'string' &&
    code.startsWith('FST_') &&
    typeof statusCode === 'number' &&
    statusCode < 500
  )
    return new RequestFault('invalid', (error as Error).message, { cause: error })
  return error
}

/** Bytes that are no request at all: there is a socket, but no exchange. */
function answerMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, words, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large', 'the head of the request is too large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout', 'the request did not arrive in time']
        : [400, 'Bad Request', 'this is no HTTP request']
  const traceId = randomUUID()
  const body = refusalBody(voices.falcon, voices.falcon.poweredBy, traceId, 0, {
    code: status as number,
    message: message as string,
  })
  socket.end(
    `HTTP/1.1 ${status} ${words}\r\nContent-Type: application/json\r\nX-Cs-Traceid: ${traceId}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
