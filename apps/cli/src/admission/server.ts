import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { durationOf } from '../duration.ts'
import { UsageError } from '../exit.ts'
import type { Certificate } from './certificate.ts'
import type { AdmissionMetrics } from './metrics.ts'
import { Refusal, refusalOf } from './refusal.ts'
import { BodyBudget, readJson } from './request-body.ts'
import type { Log, Webhook } from './webhook.ts'

export interface AdmissionServer {
  /** `https://127.0.0.1:8443`. */
  readonly url: string
  /** For connections from now on. */
  useCertificate(certificate: Certificate): void
  /** From now on /readyz says 503; everything is answered as before. */
  drain(): void
  /** Lets reviews under way end; what is open after so many milliseconds is cut. */
  close(patience: number): Promise<void>
}

export interface AdmissionServerPorts {
  readonly listen: { readonly host: string; readonly port: number }
  readonly certificate: Certificate
  readonly webhook: Webhook
  readonly metrics: AdmissionMetrics
  readonly log: Log
  /** Milliseconds that a review may wait. */
  readonly timeout: number
  /** Why the platform could not be asked the last time: /readyz tells, and is ready all the same. */
  readonly platformProblem: () => string | undefined
  /** Milliseconds for a TLS handshake, for the head and for the whole of a request; 10,000 unless said. */
  readonly patience?: number
}

/** Where reviews are sent to. */
export const reviewPath = '/validate'
/** Bytes of a review: the API server takes 3 MiB of a client, and the object before and the one after are both in it. */
export const mostBodyBytes = 8 * 1024 * 1024
/** Bytes of all reviews that are being read. */
const mostBytes = 128 * 1024 * 1024
/** Longer than the 90 s for which the API server keeps a connection: the asking side closes it, so that no question is lost. */
const keepAlive = 120_000
const mostConnections = 1024

/** Serves reviews, /healthz, /readyz and /metrics over HTTPS. Throws UsageError where the address cannot be had. */
export async function startAdmissionServer(ports: AdmissionServerPorts): Promise<AdmissionServer> {
  const { listen, certificate, metrics, log, patience = 10_000 } = ports
  const budget = new BodyBudget(mostBytes)
  const sockets = new Set<Socket>()
  let draining = false

  const server = createServer(
    {
      ...secureContext(certificate),
      requestCert: certificate.ca !== undefined,
      // Probes have no certificate; who asks for a review is looked at there.
      rejectUnauthorized: false,
      handshakeTimeout: patience,
      headersTimeout: patience,
      requestTimeout: patience,
      connectionsCheckingInterval: Math.min(1000, patience),
      keepAliveTimeout: keepAlive,
      noDelay: true,
    },
    (request, response) => {
      if (draining) response.setHeader('Connection', 'close')
      answer(request, response, ports, budget, draining).catch((error: unknown) => {
        const { status, message, headers } = refusalOf(error)
        metrics.refused(status)
        const trace = status === 500 && error instanceof Error ? { trace: error.stack } : {}
        log('a request was refused', { status, message, ...trace })
        if (response.headersSent) return response.destroy()
        // What is left of the body is not waited for.
        if (!request.complete) response.setHeader('Connection', 'close')
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        return send(response, status, 'text/plain; charset=utf-8', `${message}\n`)
      })
    },
  )
  server.maxConnections = mostConnections
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const url = await listening(server, listen)
  return {
    url,
    useCertificate: (next) => server.setSecureContext(secureContext(next)),
    drain: () => {
      draining = true
    },
    async close(longest) {
      draining = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, longest)
      await closed
      clearTimeout(cut)
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  ports: AdmissionServerPorts,
  budget: BodyBudget,
  draining: boolean,
): Promise<void> {
  const { certificate, webhook, metrics, timeout, platformProblem } = ports
  const url = URL.parse(request.url ?? '/', 'https://any')
  if (!url) throw new Refusal(400, 'the address of the request cannot be read')
  const { pathname, searchParams } = url
  const reading = request.method === 'GET' || request.method === 'HEAD'
  if (reading && pathname === '/healthz') return sendJson(response, 200, { status: 'ok' })
  if (reading && pathname === '/readyz') {
    const status = draining ? 'the webhook is going down' : 'ok'
    return sendJson(response, draining ? 503 : 200, { status, platform: platformProblem() ?? 'ok' })
  }
  if (reading && pathname === '/metrics')
    return send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', metrics.print())
  if (pathname !== reviewPath)
    throw new Refusal(404, `nothing is at ${pathname.slice(0, 100)}; reviews are sent to ${reviewPath}`)
  if (request.method !== 'POST') throw new Refusal(405, 'reviews are sent by POST', { Allow: 'POST' })
  if (certificate.ca !== undefined && !isKnown(request.socket as TLSSocket))
    throw new Refusal(403, 'who asks for a review needs a certificate of the authority of --client-ca')
  const document = await readJson(request, { most: mostBodyBytes, budget })
  const signal = AbortSignal.timeout(waitOf(searchParams.get('timeout'), timeout))
  const review = await webhook.review(document, signal)
  return sendJson(response, 200, review.answer)
}

/** Whatever a session that is taken up again counts as: there is a certificate, and it was verified. */
function isKnown(socket: TLSSocket): boolean {
  return socket.authorized && socket.getPeerCertificate().raw !== undefined
}

/** Milliseconds. The API server says how long it waits: an answer after that is for nobody. */
function waitOf(asked: string | null, most: number): number {
  const patience = asked === null ? undefined : durationOf(asked)
  if (patience === undefined || patience === 0) return most
  return Math.min(most, Math.max(patience - 500, patience / 2))
}

function secureContext({ cert, key, ca }: Certificate) {
  return { cert, key, minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) }
}

async function listening(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = listenProblems[error.code ?? ''] ?? error.message
      reject(new UsageError(`cannot listen on ${host}:${port}: ${reason}`, 'admission'))
    })
    server.listen(port, host, () => resolve())
  })
  server.removeAllListeners('error')
  const { address, family, port: given } = server.address() as AddressInfo
  // Who listens everywhere is reached on the loopback at least.
  const open = address === '0.0.0.0' || address === '::'
  return `https://${open ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address}:${given}`
}

const listenProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken; choose another with --listen',
  EACCES: 'this account may not use the port; choose one above 1023 with --listen',
  EADDRNOTAVAIL: 'this machine does not have the address',
  ENOTFOUND: 'no address has this name',
  EAI_AGAIN: 'no address has this name',
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', JSON.stringify(body))
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(text)
}
