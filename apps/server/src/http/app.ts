import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
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

/** What connections get; times are milliseconds. */
export const connectionLimits = {
  /** For the head of a request. */
  head: 30_000,
  /** Without a byte in either direction. */
  silent: 120_000,
  /** Between two requests: more than load balancers wait, so that they are the ones to close. */
  keepAlive: 75_000,
  /** For what is left of a body whose sender has his answer already. */
  rest: 60_000,
  /** Connections at a time. */
  count: 20_000,
}

/** Milliseconds between looks for heads that are late. */
const lookEvery = 5000

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
  /** Instead of `connectionLimits`. */
  readonly limits?: Partial<typeof connectionLimits>
}): App {
  const { log, clock, certificate, trustedProxies = [] } = options
  const limits = { ...connectionLimits, ...options.limits }
  // A request without Host is refused below, in words.
  const listening = { connectionsCheckingInterval: lookEvery, requireHostHeader: false }
  const app = fastify({
    // Requests are logged by the dialects, each with what it knows of them.
    logger: false,
    genReqId: () => randomUUID(),
    https: certificate ? { ...certificate, ...listening, minVersion: 'TLSv1.2' } : null,
    http: listening,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    routerOptions: { maxParamLength: 4096 },
    connectionTimeout: limits.silent,
    keepAliveTimeout: limits.keepAlive,
    // A push of a large blob takes its time; each room bounds what it reads.
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerMalformed,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      refuseAny(request, reply, error),
    // Unless `https` is null the types speak of another server; what differs is none of our business.
  } as never) as unknown as App
  app.server.headersTimeout = limits.head
  app.server.maxConnections = limits.count
  app.server.on(
    'drop',
    seldom(clock, () => log.warn({ connections: limits.count }, 'too many connections')),
  )
  app.server.on('checkExpectation', refuseExpectation)

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

  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request
    if (!hasOneHost(raw)) {
      refuseAny(request, reply, new RequestFault('invalid', 'a request needs one Host header'))
      return
    }
    if (announcesBody(raw)) reply.raw.once('finish', () => endRest(raw, limits.rest))
    done()
  })

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

/** RFC 9112 section 3.2; HTTP/1.0 knows none. */
function hasOneHost({ headers, rawHeaders, httpVersion }: IncomingMessage): boolean {
  if (headers.host === undefined) return httpVersion === '1.0'
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]!.length === 4 && rawHeaders[index]!.toLowerCase() === 'host') hosts++
  return hosts === 1
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

/** Who has been answered in the middle of his body may end it; one that drips on for ever is cut off. */
function endRest(request: IncomingMessage, patience: number): void {
  if (request.complete || request.destroyed) return
  const timer = setTimeout(() => request.destroy(), patience).unref()
  request.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer))
}

/** At most once a minute. */
function seldom(clock: () => number, tell: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    if (clock() - last < 60_000) return
    last = clock()
    tell()
  }
}

/** RFC 9110 section 10.1.1: the only expectation there is, `100-continue`, does not come here. */
function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  const traceId = randomUUID()
  const voice = voiceOf(request.url ?? '')
  const message = 'the only expectation that can be met is 100-continue'
  const body = refusalBody(voice, voice.poweredBy, traceId, 0, { code: 417, message })
  const length = String(Buffer.byteLength(body))
  response.writeHead(417, [...jsonHeaders(traceId, []), 'Content-Length', length, 'Connection', 'close'])
  response.end(body)
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
