import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { FakeCertificate } from './fake-certificate.ts'
import { answer, errorAnswer, type FakeAnswer, type FakeRequest, sendAnswer } from './fake-registry-answer.ts'
import { type FakeAuthentication, FakeGate } from './fake-registry-authentication.ts'
import { type FakeRepository, ociIndex, sha256 } from './fake-registry-content.ts'
import type { FakeFaultRule } from './fake-registry-faults.ts'

/** What a registry on loopback holds, and how it behaves. */
export interface FakeRegistryOptions {
  readonly repositories?: ReadonlyMap<string, FakeRepository>
  readonly authentication?: FakeAuthentication
  /** The first rule that matches a request strikes; challenges and tokens (`GET /token?…`) are subject to them too. */
  readonly faults?: readonly FakeFaultRule[]
  /** Speaks TLS with this certificate instead of plain HTTP. */
  readonly certificate?: FakeCertificate
  /** Descriptors by subject; without it the registry knows no referrers API. */
  readonly referrers?: ReadonlyMap<string, readonly object[]>
  /** Items of a page, whatever is asked for. */
  readonly pageSize?: number
}

/** A registry on a loopback port, in this process. */
export interface FakeRegistry {
  /** `127.0.0.1:40123`. */
  readonly host: string
  readonly port: number
  /** What was asked so far, as `GET /v2/…`, with headers and body beside it. */
  readonly requests: readonly (FakeRequest & { readonly line: string })[]
  close(): Promise<void>
}

/** Serves the pull half of the distribution specification, with whatever faults are wanted. */
export async function startFakeRegistry(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const requests: (FakeRequest & { line: string })[] = []
  const gate = new FakeGate(options.authentication)
  const strikes = new Map<FakeFaultRule, number>()
  const { certificate } = options
  const server: Server = certificate
    ? createSecureServer({ cert: certificate.certificate, key: certificate.key })
    : createServer()
  server.on('request', async (message, response) => {
    const request = await readRequest(message)
    const line = `${request.method} ${request.path}`
    requests.push({ ...request, line })
    const origin = `${certificate ? 'https' : 'http'}://${request.headers['host']}`
    sendAnswer(response, request.method, afterFaults(line, usualAnswer(request, origin), request))
  })
  // Somebody tried TLS on a plain port, or hung up: not worth an answer.
  server.on('clientError', (_, socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  function usualAnswer(request: FakeRequest, origin: string): FakeAnswer {
    if (request.path.startsWith('/token')) return gate.token(request)
    return gate.refuse(request, origin) ?? serve(request, options)
  }

  function afterFaults(line: string, usual: FakeAnswer, request: FakeRequest): FakeAnswer {
    const rule = options.faults?.find(
      ({ on, times = Number.POSITIVE_INFINITY }, at, all) =>
        on.test(line) && (strikes.get(all[at]) ?? 0) < times,
    )
    if (!rule) return usual
    strikes.set(rule, (strikes.get(rule) ?? 0) + 1)
    return rule.fault(usual, request)
  }
}

function serve(request: FakeRequest, options: FakeRegistryOptions): FakeAnswer {
  const url = new URL(request.path, 'http://fake.example')
  if (url.pathname === '/v2/') return answer(200, {})
  if (url.pathname === '/v2/_catalog') {
    return page(url, 'repositories', [...(options.repositories?.keys() ?? [])].sort(), options.pageSize)
  }
  const found = /^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\/([^/]+)$/.exec(url.pathname)
  const repository = found && options.repositories?.get(found[1])
  if (!found || !repository) return errorAnswer(404, 'NAME_UNKNOWN', 'repository name not known to registry')
  const [, , kind, name] = found
  if (kind === 'tags') {
    const tags = [...repository.manifests.keys()].filter((key) => !key.includes(':')).sort()
    return page(url, 'tags', tags, options.pageSize)
  }
  if (kind === 'referrers') return serveReferrers(url, name, options)
  if (kind === 'blobs') return serveBlob(repository.blobs.get(name), name, request)
  const manifest = repository.manifests.get(name)
  if (!manifest) return errorAnswer(404, 'MANIFEST_UNKNOWN', 'manifest unknown')
  return answer(200, manifest.bytes, {
    'content-type': manifest.mediaType,
    'docker-content-digest': sha256(manifest.bytes),
  })
}

function serveBlob(blob: Buffer | undefined, digest: string, request: FakeRequest): FakeAnswer {
  if (!blob) return errorAnswer(404, 'BLOB_UNKNOWN', 'blob unknown to registry')
  const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': digest }
  const from = /^bytes=(\d+)-$/.exec(request.headers['range'] ?? '')?.[1]
  if (from === undefined) return answer(200, blob, headers)
  const range = `bytes ${from}-${blob.length - 1}/${blob.length}`
  return answer(206, blob.subarray(Number(from)), { ...headers, 'content-range': range })
}

function serveReferrers(url: URL, subject: string, { referrers }: FakeRegistryOptions): FakeAnswer {
  if (!referrers) return answer(404, '404 page not found\n', { 'content-type': 'text/plain' })
  const type = url.searchParams.get('artifactType')
  const all = (referrers.get(subject) ?? []) as readonly { artifactType?: string }[]
  const manifests = type === null ? all : all.filter(({ artifactType }) => artifactType === type)
  return answer(200, { schemaVersion: 2, mediaType: ociIndex, manifests }, { 'content-type': ociIndex })
}

function page(
  url: URL,
  field: string,
  items: readonly string[],
  pageSize = Number.POSITIVE_INFINITY,
): FakeAnswer {
  const last = url.searchParams.get('last')
  const size = Math.min(pageSize, Number(url.searchParams.get('n') ?? Number.POSITIVE_INFINITY))
  const rest = last === null ? items : items.filter((item) => item > last)
  const shown = rest.slice(0, size)
  const next = `<${url.pathname}?last=${encodeURIComponent(shown.at(-1) ?? '')}&n=${size}>; rel="next"`
  return answer(200, { [field]: shown }, rest.length > shown.length ? { link: next } : {})
}

async function readRequest(message: IncomingMessage): Promise<FakeRequest> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part)
  const headers: Record<string, string | undefined> = Object.create(null)
  for (const [name, value] of Object.entries(message.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    headers,
    body: Buffer.concat(parts).toString('utf8'),
  }
}
