import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { collection, get, post, resources } from '@lanner/contract'
import { Type } from 'typebox'
import { createLog } from '../telemetry/log.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { rateLimits } from '../use-cases/rate-limits.ts'
import { room } from './dialect.ts'
import type { ReadinessCheck } from './health.ts'
import { createServer } from './server.ts'

const birds = collection('falcon', 'Birds', {
  Wait: get('/birds/wait', { tier: 'own', scope: [], summary: 'Waits.', reply: resources(Type.Unknown()) }),
  Tell: post('/birds/{id}/tell', {
    tier: 'own',
    scope: [],
    summary: 'Says what it was told.',
    body: Type.Object({ password: Type.String() }),
    reply: resources(Type.Unknown()),
  }),
})

async function serve(
  t: TestContext,
  checks: readonly ReadinessCheck[] = [],
  trustedProxies?: readonly string[],
  limits?: { readonly rest?: number; readonly count?: number },
) {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  let release: () => void = () => {}
  let arrived: () => void = () => {}
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const aborted: boolean[] = []
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const server = createServer<object>({
    rooms: [
      room<typeof birds, object>(birds, {
        Wait: async ({ signal }) => {
          signal.addEventListener('abort', () => aborted.push(true))
          arrived()
          await released
          return { resources: [1] }
        },
        Tell: async ({ body, origin }) => {
          if (body.password === 'fail') throw new Error('no such bird')
          return { resources: [origin] }
        },
      }),
    ],
    services: {},
    bearer: () => ({ cid: 'c', actor: 'a', scopes: new Set() }),
    rates: rateLimits({ perMinute: 0 }),
    log: createLog({ level: 'debug', stream }),
    metrics: createMetrics({ process: false }),
    clock: () => Date.now(),
    checkReplies: true,
    checks,
    ...(trustedProxies ? { trustedProxies } : {}),
    ...(limits ? { limits } : {}),
  })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => server.close(200))
  const port = Number(new URL(url).port)
  return { server, port, url, lines, release, waiting, aborted }
}

/** Sends bytes and gives the bytes that come back until the connection ends. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
  })
  socket.write(bytes)
  await once(socket, 'close')
  return text
}

const authorized = 'Authorization: Bearer x\r\nHost: lanner.example:8080\r\nConnection: close\r\n'

test('headers go over the wire spelled as clients look for them', async (t) => {
  const { port } = await serve(t)
  const body = '{"password":"x"}'
  const reply = await raw(
    port,
    `POST /birds/b1/tell HTTP/1.1\r\n${authorized}Content-Length: ${body.length}\r\n\r\n${body}`,
  )
  assert.match(reply, /^HTTP\/1\.1 200 OK\r\n/)
  assert.match(reply, /\r\nX-Cs-Traceid: [0-9a-f-]{36}\r\n/)
  assert.match(reply, /\r\nX-Ratelimit-Limit: \d+\r\n/)
  assert.match(reply, /\r\nX-Ratelimit-Remaining: \d+\r\n/)
  assert.doesNotMatch(reply, /x-cs-region/i)
  assert.match(reply, /"url":"http:\/\/lanner\.example:8080"/)
})

test('what is no request is answered in JSON, and the server goes on', async (t) => {
  const { port } = await serve(t)
  const statusOf = async (bytes: string) => {
    const reply = await raw(port, bytes)
    const [head = '', body = ''] = reply.split('\r\n\r\n')
    assert.match(head, /Content-Type: application\/json/i, reply)
    const { errors, meta } = JSON.parse(body)
    assert.ok(meta.trace_id)
    assert.equal(errors[0].code, Number(head.split(' ')[1]))
    return errors[0].code
  }
  assert.equal(await statusOf('nonsense\r\n\r\n'), 400)
  assert.equal(await statusOf(`GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`), 431)
  assert.equal(await statusOf(`GET /birds/%E0%A4%A HTTP/1.1\r\n${authorized}\r\n`), 400)
  assert.equal(await statusOf(`BREW /birds/wait HTTP/1.1\r\n${authorized}\r\n`), 400)
  assert.equal(await statusOf(`PUT /birds/wait HTTP/1.1\r\n${authorized}\r\n`), 405)
  assert.equal(await statusOf(`GET /birds/${'x'.repeat(5000)}/tell HTTP/1.1\r\n${authorized}\r\n`), 404)
  const asked = (headers: string) => statusOf(`GET /healthz HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`)
  assert.equal(await asked(''), 400)
  assert.equal(await asked('Host: a\r\nhost: b\r\n'), 400)
  assert.equal(await asked('Host: a\r\nExpect: bananas\r\n'), 417)
  assert.match(await raw(port, 'GET /healthz HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200/)
  assert.match(await raw(port, `GET /healthz HTTP/1.1\r\n${authorized}\r\n`), /^HTTP\/1\.1 200/)
})

test('who has an answer and goes on sending a body is cut off in time', async (t) => {
  const { port } = await serve(t, [], undefined, { rest: 20 })
  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`
  for (const path of ['/nothing', '/healthz', '/birds/b1/tell']) {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    socket.write(`${head(path, 100)}only this`)
    await once(socket, 'data')
    if (!socket.destroyed) await once(socket, 'close')
  }
  // One that ends it keeps the connection.
  const socket = connect(port, '127.0.0.1')
  socket.write(head('/nothing', 4))
  await once(socket, 'data')
  socket.write(`rest${head('/nothing', 0)}`)
  const [again] = await once(socket, 'data')
  assert.match(String(again), /^HTTP\/1\.1 404/)
  socket.destroy()
})

test('more connections than the bound are turned away, and it is told', async (t) => {
  const { port, lines } = await serve(t, [], undefined, { count: 1 })
  const first = connect(port, '127.0.0.1')
  await once(first, 'connect')
  const second = connect(port, '127.0.0.1').on('error', () => {})
  await once(second, 'close')
  assert.equal(lines.filter((line) => line.includes('too many connections')).length, 1)
  first.destroy()
})

test('a server that closes answers what is under way, and is not ready meanwhile', async (t) => {
  const { server, port, release, waiting } = await serve(t)
  const answer = raw(port, `GET /birds/wait HTTP/1.1\r\n${authorized}\r\n`)
  await waiting
  server.drain()
  assert.match(
    await raw(port, `GET /readyz HTTP/1.1\r\n${authorized}\r\n`),
    /^HTTP\/1\.1 503 [\s\S]*going down|draining/,
  )
  const closed = server.close(5000)
  release()
  assert.match(await answer, /^HTTP\/1\.1 200 OK/)
  await closed
})

test('a handler learns that its client is gone', async (t) => {
  const { port, release, waiting, aborted } = await serve(t)
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET /birds/wait HTTP/1.1\r\n${authorized}\r\n`)
  await waiting
  socket.destroy()
  // The other end's close arrives after ours.
  while (aborted.length === 0) await new Promise((resolve) => setImmediate(resolve))
  release()
})

test('a client that hangs up in the middle of a body fills neither the log nor the count of failures', async (t) => {
  const { port, lines } = await serve(t)
  const socket = connect(port, '127.0.0.1')
  socket.write(
    `POST /birds/b1/tell HTTP/1.1\r\n${authorized}Content-Length: 40\r\nExpect: 100-continue\r\n\r\n{`,
  )
  await once(socket, 'data')
  socket.destroy()
  const logged = () => lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request')
  while (!logged()) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(logged().status, 400)
  assert.deepEqual(
    lines.filter((line) => /"level":"(?:warn|error)"/.test(line)),
    [],
  )
})

test('an address that cannot be had is named, with what to do about it', async (t) => {
  const { port } = await serve(t)
  const server = createServer<object>({
    rooms: [],
    services: {},
    bearer: () => undefined,
    rates: rateLimits({ perMinute: 0 }),
    log: createLog({ level: 'silent' }),
    metrics: createMetrics({ process: false }),
    clock: () => Date.now(),
    checkReplies: true,
    checks: [],
  })
  t.after(() => server.close(0))
  await assert.rejects(server.listen({ host: '127.0.0.1', port }), {
    message: `cannot listen on 127.0.0.1:${port}: the port is taken; choose another with --port, or 0 for any that is free`,
  })
})

test('readiness names what is missing, and no more', async (t) => {
  const { port } = await serve(t, [
    {
      name: 'database',
      check: async () => Promise.reject(new Error('password authentication failed for lanner')),
    },
    { name: 'migrations', check: async () => undefined },
    { name: 'advisories', check: async () => 'none yet' },
  ])
  const reply = await raw(port, `GET /readyz HTTP/1.1\r\n${authorized}\r\n`)
  assert.match(reply, /^HTTP\/1\.1 503/)
  assert.deepEqual(JSON.parse(reply.split('\r\n\r\n')[1]!), {
    status: 'not ready',
    checks: { database: 'failed', migrations: 'ok', advisories: 'none yet' },
  })
})

test('however many ask for readiness at a time, each thing is looked at once', async (t) => {
  let looks = 0
  const answer = Promise.withResolvers<undefined>()
  const check = () => {
    looks++
    return answer.promise
  }
  const { port } = await serve(t, [{ name: 'database', check }])
  const ask = () => raw(port, `GET /readyz HTTP/1.1\r\n${authorized}\r\n`)
  const replies = Promise.all([ask(), ask(), ask()])
  while (looks === 0) await new Promise((resolve) => setImmediate(resolve))
  await raw(port, `GET /healthz HTTP/1.1\r\n${authorized}\r\n`)
  answer.resolve(undefined)
  for (const reply of await replies) assert.match(reply, /^HTTP\/1\.1 200/)
  assert.ok(looks < 3, `${looks} looks`)
  await ask()
  assert.equal(looks, 2)
})

test('logs have the trace id and no secret; metrics count by operation', async (t) => {
  const { port, lines } = await serve(t)
  const body = '{"password":"fail"}'
  const reply = await raw(
    port,
    `POST /birds/b1/tell?token=hunter2 HTTP/1.1\r\n${authorized}Content-Length: ${body.length}\r\n\r\n${body}`,
  )
  assert.match(reply, /^HTTP\/1\.1 500/)
  const traceId = /X-Cs-Traceid: (\S+)/.exec(reply)?.[1]
  assert.ok(!reply.includes('no such bird'))
  const logged = lines.map((line) => JSON.parse(line))
  assert.deepEqual(
    logged.map(({ msg, level }) => [level, msg]),
    [
      ['error', 'request failed'],
      ['error', 'request'],
    ],
  )
  for (const line of logged) assert.equal(line.trace_id, traceId)
  assert.equal(logged[0].err.message, 'no such bird')
  assert.ok(!lines.join('').includes('hunter2'))
  const metrics = await raw(port, `GET /metrics HTTP/1.1\r\n${authorized}\r\n`)
  assert.match(metrics, /lanner_http_request_seconds_count\{operation="Tell",status="5xx"\} 1/)
  assert.match(metrics, /Content-Type: text\/plain/)
})

test('a log leaves secrets out, wherever they come in', () => {
  const lines: string[] = []
  const stream = { write: (line: string) => lines.push(line) }
  const log = createLog({ level: 'info', stream })
  log.info(
    { client_secret: 'hunter2', request: { headers: { authorization: 'Basic hunter2' } } },
    'signed in',
  )
  const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (secret)=(hunter2)' })
  log.error({ err: new Error('cannot store', { cause }) }, 'failed')
  assert.ok(!lines.join('').includes('hunter2'))
  assert.match(lines[1]!, /"code":"23505"/)
})

test('what a proxy says of the client counts only from where proxies are', async (t) => {
  const body = '{"password":"x"}'
  const request =
    `POST /birds/b1/tell HTTP/1.1\r\n${authorized}X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  const trusting = await serve(t, [], ['127.0.0.0/8'])
  assert.match(await raw(trusting.port, request), /"address":"203\.0\.113\.9","url":"https:/)
  const plain = await serve(t)
  assert.match(await raw(plain.port, request), /"address":"127\.0\.0\.1","url":"http:/)
})
