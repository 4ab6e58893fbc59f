import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import type { ImageAnswer } from '@lanner/admission'
import { makeFakeCertificate, temporaryFolder } from '@lanner/testkit'
import { admission } from '../commands/admission.ts'
import { UsageError } from '../exit.ts'
import { askAt, type RunningAdmission, startAdmission } from '../testing/admission.ts'
import { readAdmissionCases } from '../testing/admission-case.ts'
import { runCommand } from '../testing/terminal.ts'
import { verdictPlatform } from '../testing/verdict-platform.ts'
import { CertificateWatch, readCertificate } from './certificate.ts'
import { AdmissionMetrics } from './metrics.ts'
import { BodyBudget } from './request-body.ts'
import { mostBodyBytes, startAdmissionServer } from './server.ts'
import type { VerdictSource } from './verdict-source.ts'
import { webhook } from './webhook.ts'

const [first] = readAdmissionCases(readFileSync(join(import.meta.dirname, 'cases/pods.txt'), 'utf8'))
/** A pod with the image registry.lanner:5000/shop/checkout:1.8.2. */
const review: unknown = JSON.parse(first!.review)
const alias = ['--registry-alias', 'registry.lanner:5000=']
const json = { 'Content-Type': 'application/json' }

test('a platform that is away: closed and open', async (t) => {
  const platform = await verdictPlatform(t)
  platform.behave('away')
  const closed = await startAdmission(t, platform, alias)
  const { response } = (await closed.review(review)).body
  assert.equal(response.allowed, false)
  assert.deepEqual(
    [response.status.code, response.status.reason, response.auditAnnotations.decision],
    [503, 'ServiceUnavailable', 'denied'],
  )
  assert.match(
    response.status.message,
    /^image registry\.lanner:5000\/shop\/checkout:1\.8\.2 of container "checkout" could not be judged: the platform cannot be asked: .+\nNothing is wrong with the image itself: try again in a moment\.$/,
  )
  const open = await startAdmission(t, platform, [...alias, '--fail', 'open'])
  const passed = (await open.review(review)).body.response
  assert.equal(passed.allowed, true)
  assert.match(passed.warnings[0], /passes unjudged: the platform cannot be asked/)
  assert.match(passed.auditAnnotations.images, / unanswered-allowed$/)
  // Ready all the same: another process would not reach it either.
  const ready = await open.ask('GET', '/readyz')
  assert.equal(ready.status, 200)
  assert.match(ready.body.platform, /cannot be asked/)
})

test('a platform that is slow: the review is answered before the API server gives up', async (t) => {
  const platform = await verdictPlatform(t)
  platform.behave('silent')
  const closed = await startAdmission(t, platform, alias)
  const answer = await closed.review(review, '/validate?timeout=100ms')
  assert.equal(answer.status, 200)
  assert.equal(answer.body.response.allowed, false)
  assert.match(answer.body.response.status.message, /the platform did not answer in time/)
  const open = await startAdmission(t, platform, [...alias, '--fail', 'open', '--timeout', '100ms'])
  assert.equal((await open.review(review, '/validate')).body.response.allowed, true)
})

test('the last known denial holds although the gate is open and the platform away', async (t) => {
  const platform = await verdictPlatform(t)
  platform.say('shop/checkout:1.8.2', { action: 'block' })
  const open = await startAdmission(t, platform, [...alias, '--fail', 'open'])
  assert.equal((await open.review(review)).body.response.allowed, false)
  platform.behave('away')
  assert.equal((await open.review(review)).body.response.allowed, false)
})

test('the host of --url is a name of the platform; an architecture is asked for', async (t) => {
  const platform = await verdictPlatform(t)
  platform.say('shop/checkout:1.8.2', {})
  const { host } = new URL(platform.url)
  const { review: ask } = await startAdmission(t, platform, ['--architecture', 'arm64'])
  const own = JSON.parse(first!.review.replaceAll('registry.lanner:5000', host)) as unknown
  assert.equal((await ask(own)).body.response.allowed, true)
  const [query] = platform.queries
  assert.deepEqual(Object.fromEntries(query!), {
    repository: 'shop/checkout',
    tag: '1.8.2',
    pushed: 'true',
    architecture: 'arm64',
    limit: '3',
  })
})

test('what is no review is told so', async (t) => {
  const platform = await verdictPlatform(t)
  const { ask } = await startAdmission(t, platform)
  for (const [method, path, options, status, says] of [
    ['GET', '/validate', {}, 405, /by POST/],
    ['PUT', '/validate', { headers: json, body: '{}' }, 405, /by POST/],
    ['POST', '/mutate', { headers: json, body: '{}' }, 404, /reviews are sent to \/validate/],
    ['POST', '/', { headers: json, body: '{}' }, 404, /reviews are sent to \/validate/],
    ['POST', '/healthz', { headers: json, body: '{}' }, 404, /nothing is at \/healthz/],
    ['POST', '/validate', { body: '{}' }, 415, /application\/json, not of an unknown kind/],
    [
      'POST',
      '/validate',
      { headers: { 'Content-Type': 'application/yaml' }, body: 'a: 1' },
      415,
      /not application\/yaml/,
    ],
    [
      'POST',
      '/validate',
      { headers: { ...json, 'Content-Encoding': 'gzip' }, body: 'x' },
      415,
      /not compressed/,
    ],
    ['POST', '/validate', { headers: json }, 400, /body is empty/],
    ['POST', '/validate', { headers: json, body: Buffer.from([0xff, 0xfe, 0]) }, 400, /no JSON/],
    ['POST', '/validate', { headers: json, body: '[]' }, 400, /not an object/],
    ['POST', '/validate', { headers: json, body: '['.repeat(100_000) }, 400, /no JSON/],
  ] as const) {
    const answer = await ask(method, path, options)
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`)
    assert.match(answer.text, says)
    assert.match(answer.headers['content-type'] as string, /^text\/plain/)
  }
  const charset = await ask('POST', '/validate', {
    headers: { 'Content-Type': 'Application/JSON; charset=utf-8' },
    body: JSON.stringify(review),
  })
  assert.equal(charset.status, 200)
  assert.equal(platform.asked.length, 1)
})

test('a body that is too large is refused, whether it is announced or not', async (t) => {
  const { url, certificate } = await startAdmission(t, await verdictPlatform(t))
  const send = (headers: Record<string, string | number>, bytes: number) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const asked = request(
        new URL('/validate', url),
        { method: 'POST', ca: certificate, headers: { ...json, ...headers }, agent: false },
        (response) => {
          let text = ''
          response.on('data', (chunk: Buffer) => (text += chunk.toString()))
          response.on('end', () => resolve({ status: response.statusCode, text }))
          response.on('error', reject)
        },
      )
      // The answer comes before the body is sent.
      asked.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error),
      )
      asked.write(Buffer.alloc(bytes, ' '))
      if (headers['Content-Length'] === undefined) asked.end()
    })
  const announced = await send({ 'Content-Length': mostBodyBytes + 1 }, 10)
  assert.deepEqual(announced, { status: 413, text: `the body is larger than ${mostBodyBytes} bytes\n` })
  const counted = await send({ 'Transfer-Encoding': 'chunked' }, mostBodyBytes + 1)
  assert.equal(counted.status, 413)
})

test('a review of several MiB is read', async (t) => {
  const platform = await verdictPlatform(t)
  const { review: ask } = await startAdmission(t, platform, alias)
  const large = structuredClone(review) as { request: { object: { metadata: object; spec: unknown } } }
  large.request.object.metadata = { annotations: { note: 'x'.repeat(3 * 1024 * 1024) } }
  assert.equal((await ask(large)).status, 200)
})

test('all bodies together have a bound', () => {
  const budget = new BodyBudget(10)
  assert.equal(budget.take(6), true)
  assert.equal(budget.take(6), false)
  budget.give(6)
  assert.equal(budget.take(6), true)
})

test('whoever does not finish what he began is cut off', async (t) => {
  const { server, certificate } = await startAlone(t, { patience: 500 })
  const { hostname, port } = new URL(server.url)
  const silent = connectTcp(Number(port), hostname)
  const head = await tlsTo({ url: server.url, certificate })
  head.write('POST /validate HTTP/1.1\r\nHost: a\r\n')
  const body = await tlsTo({ url: server.url, certificate })
  body.write(
    'POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  )
  for (const socket of [silent, head, body]) {
    socket.resume()
    socket.on('error', () => {})
    await once(socket, 'close')
  }
})

test('only TLS 1.2 and newer', async (t) => {
  const running = await startAdmission(t, await verdictPlatform(t))
  await assert.rejects(
    tlsTo(running, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
  )
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await tlsTo(running, { minVersion: version, maxVersion: version })
    assert.equal(socket.getProtocol(), version)
    socket.destroy()
  }
})

test('with --client-ca only who has a certificate of it gets a review; probes need none', async (t) => {
  const platform = await verdictPlatform(t)
  platform.say('shop/checkout:1.8.2', {})
  const [apiServer, stranger] = [makeFakeCertificate(['apiserver']), makeFakeCertificate(['apiserver'])]
  const folder = await startAdmission(t, platform)
  const ca = join(folder.folder, 'client-ca.crt')
  await writeFile(ca, apiServer.certificate)
  const running = await startAdmission(t, platform, [...alias, '--client-ca', ca])
  const ask = (identity: object) =>
    running.ask('POST', '/validate', { headers: json, body: JSON.stringify(review), ...identity })
  assert.equal((await ask({ cert: apiServer.certificate, key: apiServer.key })).body.response.allowed, true)
  for (const identity of [{}, { cert: stranger.certificate, key: stranger.key }]) {
    const refused = await ask(identity)
    assert.equal(refused.status, 403)
    assert.match(refused.text, /needs a certificate of the authority of --client-ca/)
  }
  assert.equal((await running.ask('GET', '/readyz')).status, 200)
  // A session that is resumed has no handshake of certificates: it must not count as one that had one.
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const options = { minVersion: version, maxVersion: version }
    const begun = await tlsTo(running, options)
    const tickets = version === 'TLSv1.3' ? once(begun, 'session') : Promise.resolve([begun.getSession()])
    begun.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')
    const [session] = (await tickets) as [Buffer]
    begun.destroy()
    const resumed = await tlsTo(running, { ...options, session })
    assert.equal(resumed.isSessionReused(), true, version)
    const body = JSON.stringify(review)
    resumed.write(
      `POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    const [answer] = (await once(resumed, 'data')) as [Buffer]
    assert.match(answer.toString(), /^HTTP\/1\.1 403 /, version)
    resumed.destroy()
  }
})

test('another certificate is used without a restart; one that is just being written is not', async (t) => {
  const { server, paths } = await startAlone(t)
  const certificate = await readCertificate(paths)
  const told: string[] = []
  const watch = new CertificateWatch(paths, certificate, {
    changed: (next) => {
      told.push('changed')
      server.useCertificate(next)
    },
    failed: (problem) => told.push(problem),
  })
  const serial = async () => {
    const socket = await tlsTo({ url: server.url }, { rejectUnauthorized: false })
    const { serialNumber } = socket.getPeerCertificate()
    socket.destroy()
    return serialNumber
  }
  const before = await serial()
  await watch.look()
  const next = makeFakeCertificate()
  await writeFile(paths.certificate, next.certificate)
  await watch.look()
  await watch.look()
  assert.deepEqual(told, [`the key in ${paths.key} is not that of ${paths.certificate}`])
  assert.equal(await serial(), before)
  await writeFile(paths.key, next.key)
  await Promise.all([watch.look(), watch.look()])
  assert.deepEqual(told.slice(1), ['changed'])
  assert.notEqual(await serial(), before)
  await watch.look()
  assert.equal(told.length, 2)
  await writeFile(paths.certificate, 'torn')
  await watch.look()
  assert.match(told.at(-1)!, /are not a certificate and a key in PEM/)
})

test('before it ends it is not ready, then it ends what is under way, and keeps no connection', async (t) => {
  const { promise: held, resolve: release } = Promise.withResolvers<ImageAnswer>()
  const asked = Promise.withResolvers<void>()
  const source: VerdictSource = {
    ask() {
      asked.resolve()
      return held
    },
  }
  const { server, certificate } = await startAlone(t, { source })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const ask = askAt(server.url, certificate)
  assert.equal((await ask('GET', '/readyz', { agent })).headers['connection'], 'keep-alive')
  const underWay = ask('POST', '/validate', { headers: json, body: JSON.stringify(review) })
  await asked.promise
  server.drain()
  const ready = await ask('GET', '/readyz', { agent })
  assert.deepEqual([ready.status, ready.body.status], [503, 'the webhook is going down'])
  assert.equal(ready.headers['connection'], 'close')
  assert.equal((await ask('GET', '/healthz')).status, 200)
  const closed = server.close(60_000)
  await assert.rejects(ask('GET', '/healthz'), /ECONNREFUSED/)
  release({ kind: 'unanswered', problem: 'it was away' })
  assert.equal((await underWay).body.response.allowed, false)
  await closed
})

test('what does not end in time is cut', async (t) => {
  const asked = Promise.withResolvers<void>()
  const source: VerdictSource = {
    ask() {
      asked.resolve()
      return new Promise(() => {})
    },
  }
  const { server, certificate } = await startAlone(t, { source })
  const underWay = askAt(server.url, certificate)('POST', '/validate', {
    headers: json,
    body: JSON.stringify(review),
  })
  const cut = assert.rejects(underWay, /ECONNRESET|socket hang up/)
  await asked.promise
  await server.close(10)
  await cut
})

test('SIGTERM ends the command with 0', async (t) => {
  const running = await startAdmission(t, await verdictPlatform(t), ['--drain', '10ms'])
  assert.equal(await running.stop(), 0)
  assert.match(running.said(), /^lanner: stopping; what is under way may end$/m)
})

test('metrics count reviews, images and what is no review', async (t) => {
  const platform = await verdictPlatform(t)
  platform.say('shop/checkout:1.8.2', { action: 'block' })
  const running = await startAdmission(t, platform, alias)
  await running.review(review)
  await running.review(review)
  await running.review({})
  const { text, headers } = await running.ask('GET', '/metrics')
  assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  for (const line of [
    'lanner_admission_reviews_total{decision="denied"} 2',
    'lanner_admission_images_total{outcome="denied"} 2',
    'lanner_admission_verdicts_total{cache="hit"} 1',
    'lanner_admission_verdicts_total{cache="miss"} 1',
    'lanner_admission_refused_requests_total{status="400"} 1',
    'lanner_admission_review_seconds_count 2',
    'lanner_admission_review_seconds_bucket{le="+Inf"} 2',
  ])
    assert.ok(text.split('\n').includes(line), `${line}\n${text}`)
})

test('a denial is logged as one line of JSON, with who and what', async (t) => {
  const platform = await verdictPlatform(t)
  const running = await startAdmission(t, platform, alias)
  await running.review(review)
  const [line] = running
    .said()
    .split('\n')
    .filter((each) => each.startsWith('{'))
  const { time, seconds, ...fields } = JSON.parse(line!) as Record<string, unknown>
  assert.ok(Date.parse(time as string) > 0)
  assert.equal(typeof seconds, 'number')
  assert.deepEqual(fields, {
    message: 'denied',
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    operation: 'CREATE',
    kind: 'Pod',
    namespace: 'shop',
    name: 'checkout',
    user: 'alice@example.com',
    images: 'registry.lanner:5000/shop/checkout:1.8.2 unassessed-denied',
  })
})

test('what passes unjudged is logged, what passes is not', async (t) => {
  const platform = await verdictPlatform(t)
  const running = await startAdmission(t, platform, [...alias, '--unassessed', 'allow', '--fail', 'open'])
  await running.review(review)
  platform.say('shop/checkout:1.9.0', {})
  await running.review(JSON.parse(first!.review.replaceAll('1.8.2', '1.9.0')))
  platform.behave('away')
  await running.review(JSON.parse(first!.review.replaceAll('1.8.2', '1.9.1')))
  const lines = running
    .said()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(
    lines.map(({ message, images }) => [message, images]),
    ['1.8.2 unassessed-allowed', '1.9.1 unanswered-allowed'].map((end) => [
      'passed unjudged',
      `registry.lanner:5000/shop/checkout:${end}`,
    ]),
  )
})

test('certificates and addresses that cannot be used are a mistake of the call', async (t) => {
  const running = await startAdmission(t, await verdictPlatform(t))
  const at = (name: string) => join(running.folder, name)
  await writeFile(at('other.key'), makeFakeCertificate().key)
  await writeFile(at('ca.crt'), 'no certificate')
  const run = (...args: readonly string[]) =>
    runCommand(admission, ['--url', 'http://127.0.0.1:1', ...args], running.folder, {
      environment: { LANNER_CLIENT_ID: 'a', LANNER_CLIENT_SECRET: 'b' },
    })
  const cert = ['--tls-cert', at('tls.crt')]
  const pair = [...cert, '--tls-key', at('tls.key')]
  const { host } = new URL(running.url)
  for (const [args, says] of [
    [[], /--tls-cert is missing: Kubernetes asks webhooks over HTTPS only/],
    [[...cert, '--tls-key', at('none')], /--tls-key .*none: ENOENT/],
    [[...cert, '--tls-key', at('other.key')], /the key in .*other.key is not that of/],
    [['--tls-cert', at('tls.key'), '--tls-key', at('tls.key')], /are not a certificate and a key in PEM/],
    [[...pair, '--client-ca', at('ca.crt')], /--client-ca .* is not a certificate in PEM/],
    [[...pair, '--listen', host], /cannot listen on .*: the port is taken/],
    [[...pair, '--url', 'ftp://a'], /ftp/],
    [[...pair, 'more'], /takes no arguments: more/],
  ] as const)
    await assert.rejects(
      run(...args),
      (error) => error instanceof UsageError && says.test(error.message),
      args.join(' '),
    )
})

/** The server without the command around it. */
async function startAlone(
  t: TestContext,
  options: { readonly patience?: number; readonly source?: VerdictSource } = {},
) {
  const { patience, source } = options
  const folder = await temporaryFolder()
  t.after(() => folder[Symbol.asyncDispose]())
  const paths = { certificate: join(folder.path, 'tls.crt'), key: join(folder.path, 'tls.key') }
  const made = makeFakeCertificate()
  await Promise.all([writeFile(paths.certificate, made.certificate), writeFile(paths.key, made.key)])
  const metrics = new AdmissionMetrics()
  const server = await startAdmissionServer({
    listen: { host: '127.0.0.1', port: 0 },
    certificate: await readCertificate(paths),
    webhook: webhook({
      verdicts: source ?? { ask: async () => ({ kind: 'unanswered', problem: 'nobody is asked' }) },
      gate: { unassessed: 'deny', fail: 'closed', dryRun: false },
      question: { exemptNamespaces: new Set(), judgeUnchanged: false, trustControllers: false },
      aliases: new Map(),
      metrics,
      log: () => {},
    }),
    metrics,
    log: () => {},
    timeout: 1000,
    platformProblem: () => undefined,
    ...(patience === undefined ? {} : { patience }),
  })
  t.after(() => server.close(0))
  return { server, paths, certificate: made.certificate }
}

function tlsTo(
  { url, certificate }: Pick<RunningAdmission, 'url'> & { readonly certificate?: string },
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname,
      port: Number(port),
      ...(certificate === undefined ? {} : { ca: certificate }),
      ...options,
    })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
  })
}
