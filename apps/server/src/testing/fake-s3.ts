import { createHash, createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** A small S3 on loopback: objects, multipart uploads, ranges and lists, with signatures checked. */
export interface FakeS3 {
  readonly url: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly objects: Map<string, Buffer>
  /** Multipart uploads that were neither completed nor aborted. */
  readonly uploads: Map<string, Map<number, Buffer>>
  /** Requests so far: `PUT key`. */
  readonly requests: string[]
  /** Answers a request in the place of the store, if it returns a status. */
  fault: (method: string, path: string) => number | undefined
}

export async function startFakeS3(t: TestContext): Promise<FakeS3> {
  const server = createServer((request, response) => {
    answer(store, request, response).catch((error) => send(response, 500, String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const store: FakeS3 = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket: 'blobs',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'not-a-secret-at-all',
    objects: new Map(),
    uploads: new Map(),
    requests: [],
    fault: () => undefined,
  }
  return store
}

async function answer(store: FakeS3, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  const body = Buffer.concat(parts)
  const url = new URL(request.url ?? '/', store.url)
  const { method = 'GET' } = request
  store.requests.push(`${method} ${url.pathname}${url.search}`)
  const fault = store.fault(method, url.pathname + url.search)
  if (fault !== undefined) return send(response, fault, '<Error><Code>InternalError</Code></Error>')
  const refusal = checkSignature(store, request, url, body)
  if (refusal) return send(response, 403, `<Error><Code>${refusal}</Code></Error>`)
  const [, bucket, ...rest] = url.pathname.split('/')
  if (bucket !== store.bucket) return send(response, 404, '<Error><Code>NoSuchBucket</Code></Error>')
  const key = decodeURIComponent(rest.join('/'))
  if (key === '') return list(store, url, response)
  if (method === 'POST' && url.searchParams.has('uploads')) {
    const id = `${randomUUID()}=&`
    store.uploads.set(id, new Map())
    return send(response, 200, `<R><UploadId>${id.replace('&', '&amp;')}</UploadId></R>`)
  }
  const id = url.searchParams.get('uploadId')
  if (id !== null) return multipart(store, { method, key, id, url, body }, response)
  return object(store, { method, key, body, range: request.headers.range }, response)
}

function object(
  store: FakeS3,
  { method, key, body, range }: { method: string; key: string; body: Buffer; range?: string },
  response: ServerResponse,
): void {
  if (method === 'PUT') {
    store.objects.set(key, body)
    return send(response, 200, '')
  }
  if (method === 'DELETE') {
    store.objects.delete(key)
    return send(response, 204, '')
  }
  const found = store.objects.get(key)
  if (!found) return send(response, 404, method === 'HEAD' ? '' : '<Error><Code>NoSuchKey</Code></Error>')
  const asked = /^bytes=(\d+)-(\d+)$/.exec(range ?? '')
  const bytes = asked ? found.subarray(Number(asked[1]), Number(asked[2]) + 1) : found
  response.writeHead(asked ? 206 : 200, { 'content-length': bytes.length })
  response.end(method === 'HEAD' ? undefined : bytes)
}

function multipart(
  store: FakeS3,
  { method, key, id, url, body }: { method: string; key: string; id: string; url: URL; body: Buffer },
  response: ServerResponse,
): void {
  const upload = store.uploads.get(id)
  if (!upload) return send(response, 404, '<Error><Code>NoSuchUpload</Code></Error>')
  if (method === 'PUT') {
    const number = Number(url.searchParams.get('partNumber'))
    upload.set(number, body)
    response.setHeader('etag', `"${md5(body)}"`)
    return send(response, 200, '')
  }
  store.uploads.delete(id)
  if (method === 'DELETE') return send(response, 204, '')
  const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>"(\w+)"<\/ETag>/g)]
  const parts = named.map(([, number, tag]) => {
    const part = upload.get(Number(number))
    return part && md5(part) === tag ? part : undefined
  })
  // As the real one does: it says 200 before it knows.
  if (parts.length === 0 || parts.includes(undefined)) {
    return send(response, 200, '<Error><Code>InvalidPart</Code></Error>')
  }
  store.objects.set(key, Buffer.concat(parts as Buffer[]))
  send(response, 200, '<R><Key>x</Key></R>')
}

/** Two keys a page, so that there are pages. */
function list(store: FakeS3, url: URL, response: ServerResponse): void {
  const prefix = url.searchParams.get('prefix') ?? ''
  const after = url.searchParams.get('continuation-token') ?? ''
  const keys = [...store.objects.keys()].sort().filter((key) => key.startsWith(prefix) && key > after)
  const page = keys.slice(0, 2)
  const items = page.map(
    (key) => `<Contents><Key>${key}</Key><Size>${store.objects.get(key)?.length}</Size></Contents>`,
  )
  const next = keys.length > 2 ? `<NextContinuationToken>${page[1]}</NextContinuationToken>` : ''
  send(response, 200, `<ListBucketResult>${items.join('')}${next}</ListBucketResult>`)
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function checkSignature(store: FakeS3, request: IncomingMessage, url: URL, body: Buffer): string | undefined {
  const { headers } = request
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)$/
  const parts = pattern.exec(headers.authorization ?? '')
  if (!parts) return 'AccessDenied'
  const [, id, day, region, names, signature] = parts
  if (id !== store.accessKeyId) return 'InvalidAccessKeyId'
  const hash = String(headers['x-amz-content-sha256'])
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== createHash('sha256').update(body).digest('hex')) {
    return 'XAmzContentSHA256Mismatch'
  }
  const escaped = (text: string): string =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  const query = [...url.searchParams].map(([key, value]) => `${escaped(key)}=${escaped(value)}`).sort()
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`)
  const canonical = [request.method, url.pathname, query.join('&'), signed.join(''), names, hash].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const digest = createHash('sha256').update(canonical).digest('hex')
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, digest].join('\n')
  let key = Buffer.from(`AWS4${store.secretAccessKey}`)
  for (const step of [day, region, 's3', 'aws4_request', text]) {
    key = createHmac('sha256', key).update(step).digest()
  }
  return key.toString('hex') === signature ? undefined : 'SignatureDoesNotMatch'
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(text)
}
