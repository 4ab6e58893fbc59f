import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LannerClient } from './client.ts'
import { ContainerImages } from './generated/container-images.ts'
import { FalconContainer } from './generated/falcon-container.ts'
import { OAuth2 } from './generated/o-auth2.ts'
import type { Failure, Result } from './result.ts'
import { hangUp, json, loopbackServer, refusal, rows } from './testing/loopback-server.ts'

function failed(result: Result<unknown>): Failure {
  assert.equal(result.ok, false)
  return result as Failure
}

const images = '/container-security/combined/image-assessment/images/v1'

test('the first call signs in, later ones use the token', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  server.answer(rows({ tag: '1' }))
  const result = await client.command('GetCombinedImages')
  await client.command('GetCombinedImages')
  assert.ok(result.ok)
  assert.equal(result.status, 200)
  assert.equal(result.body.resources[0]?.tag, '1')
  assert.match(result.headers.get('content-type') ?? '', /json/)
  assert.equal(server.signIns.length, 1)
  assert.deepEqual(
    server.calls.map(({ method, path, headers }) => [method, path, headers.authorization]),
    [
      ['GET', images, 'Bearer t1'],
      ['GET', images, 'Bearer t1'],
    ],
  )
  assert.deepEqual(Object.fromEntries(new URLSearchParams(server.signIns[0]?.body)), {
    grant_type: 'client_credentials',
    client_id: 'id',
    client_secret: 'secret',
  })
})

test('calls at the same time share one sign-in', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  await Promise.all([1, 2, 3].map(() => client.command('GetCombinedImages')))
  assert.equal(server.signIns.length, 1)
  assert.equal(server.calls.length, 3)
})

test('a token is replaced two minutes before it expires', async (t) => {
  const server = await loopbackServer(t)
  let now = 0
  const client = server.client({ clock: () => now })
  await client.command('GetCombinedImages')
  now = (1799 - 121) * 1000
  await client.command('GetCombinedImages')
  assert.equal(server.signIns.length, 1)
  now = (1799 - 119) * 1000
  await client.command('GetCombinedImages')
  assert.equal(server.signIns.length, 2)
  assert.equal(server.calls.at(-1)?.headers.authorization, 'Bearer t2')
})

test('a token that lives short is used for most of its life', async (t) => {
  const server = await loopbackServer(t)
  let now = 0
  const client = server.client({ clock: () => now })
  server.answerSignIn(json(200, { access_token: 'short', expires_in: 40 }))
  await client.command('GetCombinedImages')
  now = 29_000
  await client.command('GetCombinedImages')
  assert.equal(server.signIns.length, 1)
  now = 31_000
  await client.command('GetCombinedImages')
  assert.equal(server.signIns.length, 2)
})

test('a refused token is replaced once, and a second refusal is the answer', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  server.answer(refusal(401, 'access denied, invalid bearer token'), rows())
  assert.equal((await client.command('GetCombinedImages')).ok, true)
  assert.deepEqual(
    server.calls.map(({ headers }) => headers.authorization),
    ['Bearer t1', 'Bearer t2'],
  )
  server.answer(refusal(401, 'access denied, invalid bearer token'))
  const { status, reason } = failed(await client.command('GetCombinedImages'))
  assert.deepEqual([status, reason], [401, 'refused'])
  assert.equal(server.signIns.length, 3)
})

test('no token: the reason and the words of the server, and the next call tries again', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  server.answerSignIn(refusal(403, 'Failed to issue access token'))
  const failure = failed(await client.command('GetCombinedImages'))
  assert.equal(failure.reason, 'unauthorized')
  assert.equal(failure.status, 403)
  assert.match(failure.message, /Failed to issue access token/)
  assert.equal(server.calls.length, 0)
  assert.equal((await client.command('GetCombinedImages')).ok, true)
})

test('a sign-in without a token in its answer is unreadable', async (t) => {
  const server = await loopbackServer(t)
  for (const body of [{}, null, { access_token: 'two\r\nlines' }]) {
    server.answerSignIn(json(201, body))
    assert.equal(failed(await server.client().command('GetCombinedImages')).reason, 'unreadable')
  }
})

test('credentials: flat, nested, in either spelling, with the account', async (t) => {
  const server = await loopbackServer(t)
  const baseUrl = server.url
  const ways = [
    { clientId: 'a', clientSecret: 'b', memberCid: 'c' },
    { client_id: 'a', client_secret: 'b', member_cid: 'c' },
    { creds: { clientId: 'a', clientSecret: 'b', memberCid: 'c' } },
    { creds: { client_id: 'a', client_secret: 'b' }, member_cid: 'c', clientId: 'other' },
  ]
  for (const way of ways) await new LannerClient({ ...way, baseUrl }).command('GetCombinedImages')
  assert.equal(server.signIns.length, ways.length)
  for (const { body } of server.signIns)
    assert.equal(body, 'grant_type=client_credentials&client_id=a&client_secret=b&member_cid=c')
  assert.throws(() => new LannerClient({ clientId: 'a', baseUrl }), /clientSecret is missing/)
  assert.throws(() => new LannerClient({ clientSecret: 'a', baseUrl }), /clientId is missing/)
})

test('addresses: one of baseUrl and cloud; a path before it stays; the clouds have two hosts', async () => {
  const creds = { client_id: 'a', client_secret: 'b' }
  const asked: string[] = []
  const fetch = async (url: unknown) => {
    asked.push(String(url))
    return String(url).endsWith('/oauth2/token')
      ? Response.json({ access_token: 't', expires_in: 1799 }, { status: 201 })
      : Response.json({})
  }
  const call = async (where: object) => {
    asked.length = 0
    const client = new LannerClient({ creds, fetch: fetch as typeof globalThis.fetch, ...where })
    await client.command('GetImageAssessmentReport', { parameters: { repository: 'a', tag: 'b' } })
    await client.command('GetCombinedImages')
    return asked.map((url) => url.split('?')[0])
  }
  assert.deepEqual(await call({ baseUrl: 'https://proxy.test/lanner/' }), [
    'https://proxy.test/lanner/oauth2/token',
    'https://proxy.test/lanner/reports',
    `https://proxy.test/lanner${images}`,
  ])
  assert.deepEqual(await call({ cloud: 'us-1' }), [
    'https://api.crowdstrike.com/oauth2/token',
    'https://container-upload.us-1.crowdstrike.com/reports',
    `https://api.crowdstrike.com${images}`,
  ])
  assert.deepEqual(await call({ cloud: 'USGOV1' }), [
    'https://api.laggar.gcw.crowdstrike.com/oauth2/token',
    'https://container-upload.laggar.gcw.crowdstrike.com/reports',
    `https://api.laggar.gcw.crowdstrike.com${images}`,
  ])
  for (const wrong of [{}, { baseUrl: 'http://a', cloud: 'us-1' }, { cloud: 'mars' }, { baseUrl: 'ftp://a' }])
    await assert.rejects(call(wrong), TypeError)
})

test('lists are repeated, or joined as the caller joined them; what is absent is left out', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  await client.command('tokens_read', { parameters: { ids: ['a', 'b'] } })
  await client.command('tokens_read', { parameters: { ids: 'a,b' } })
  const call = { limit: 5, at: new Date(0), on: false, filter: "severity:['High']+x:!'a'", sort: undefined }
  await client.command('tokens-query', { parameters: call })
  const [repeated, joined, others] = server.calls
  assert.deepEqual(repeated?.query.getAll('ids'), ['a', 'b'])
  assert.deepEqual(joined?.query.getAll('ids'), ['a,b'])
  assert.deepEqual(Object.fromEntries(others!.query), {
    limit: '5',
    at: '1970-01-01T00:00:00.000Z',
    on: 'false',
    filter: "severity:['High']+x:!'a'",
  })
})

test('parts of the path come from path or parameters, encoded, and none may lead elsewhere', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  await client.command('DeleteImageDetails', { path: { image_id: 'a/b?c' } })
  await client.command('delete_image_details', { parameters: { image_id: 'x' } })
  assert.deepEqual(
    server.calls.map(({ method, path, query }) => [method, path, query.size]),
    [
      ['DELETE', '/images/a%2Fb%3Fc', 0],
      ['DELETE', '/images/x', 0],
    ],
  )
  for (const image_id of ['', '.', '..'])
    await assert.rejects(client.command('DeleteImageDetails', { path: { image_id } }), TypeError)
  await assert.rejects(client.command('NoSuchOperation'), /"NoSuchOperation" is no operation/)
  const name: string = 'GetCombinedImages'
  await assert.rejects(client.command(name, { body: {} }), /GetCombinedImages is a GET, which takes no body/)
})

test('bodies go as they are: JSON, forms, members that the types do not know', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  const body = { label: 'ci', more: [{ of: 'it' }] }
  await client.command('tokens_create', { body })
  assert.deepEqual(JSON.parse(server.calls[0]!.body), body)
  assert.equal(server.calls[0]?.headers['content-type'], 'application/json')
  await new OAuth2(client).revoke({ body: { token: 't1' } })
  assert.equal(server.calls[1]?.body, 'token=t1')
  assert.equal(server.calls[1]?.headers['content-type'], 'application/x-www-form-urlencoded')
  assert.equal(server.calls[1]?.headers.authorization, `Basic ${btoa('id:secret')}`)
})

test('after its revocation a token is not used again', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  assert.equal(await client.revokeToken(), undefined)
  await client.command('GetCombinedImages')
  server.answer(json(200, { meta: {}, errors: [] }))
  assert.equal((await client.revokeToken())?.ok, true)
  await client.command('GetCombinedImages')
  assert.equal(server.calls.at(-1)?.headers.authorization, 'Bearer t2')
})

test('every collection is a class with the id and the snake-case name, over a shared or an own client', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  const service = new ContainerImages(client)
  await service.GetCombinedImages({ parameters: { limit: 1 } })
  await service.get_combined_images()
  await new FalconContainer(client).GetCombinedImages()
  const own = { clientId: 'a', clientSecret: 'b', baseUrl: server.url }
  await new FalconContainer(own).get_assessment({ parameters: { repository: 'a', tag: 'b' } })
  assert.deepEqual(
    server.calls.map(({ path }) => path),
    [images, images, images, '/reports'],
  )
  assert.equal(server.signIns.length, 2)
})

test('429: waits until the server says, then goes on, whatever the method', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client({ clock: () => 5_000_000 })
  for (const headers of [{ 'X-Ratelimit-Retryafter': '5000' }, { 'Retry-After': '0' }, {}]) {
    server.answer(refusal(429, 'slow down', headers as Record<string, string>), rows())
    assert.equal((await client.command('tokens_create', { body: { label: 'x' } })).ok, true)
  }
  assert.equal(server.calls.length, 6)
})

test('429: who is asked to wait longer than he likes, or too often, fails at once', async (t) => {
  const server = await loopbackServer(t)
  server.answer(refusal(429, 'slow down', { 'X-Ratelimit-Retryafter': '5061' }))
  const failure = failed(await server.client({ clock: () => 5_000_000 }).command('GetCombinedImages'))
  assert.deepEqual([failure.status, failure.reason, failure.message], [429, 'refused', 'slow down'])
  assert.equal(server.calls.length, 1)
  server.answer(refusal(429, 'slow down', { 'Retry-After': '0' }))
  assert.equal(failed(await server.client({ retries: 2 }).command('GetCombinedImages')).status, 429)
  assert.equal(server.calls.length, 4)
})

test('what can be done twice is repeated after a lost connection and after 5xx, what cannot is not', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  server.answer(hangUp, refusal(503, 'later'), rows())
  assert.equal((await client.command('GetCombinedImages')).ok, true)
  assert.equal(server.calls.length, 3)
  server.answer(hangUp)
  assert.equal(failed(await client.command('tokens_create', { body: { label: 'x' } })).reason, 'unreachable')
  assert.equal(server.calls.length, 4)
  server.answer(refusal(500, 'broken'))
  const failure = failed(await client.command('tokens_create', { body: { label: 'x' } }))
  assert.deepEqual([failure.status, failure.message], [500, 'broken'])
  assert.equal(server.calls.length, 5)
  server.answerSignIn(hangUp, refusal(500, 'broken'))
  server.answer(rows())
  assert.equal((await server.client().command('tokens_create', { body: { label: 'x' } })).ok, true)
})

test('a refusal is a result: status, reason, message, errors, body', async (t) => {
  const server = await loopbackServer(t)
  server.answer(refusal(404, 'no such image'))
  const failure = failed(await server.client().command('GetCombinedImages'))
  assert.equal(failure.status, 404)
  assert.equal(failure.reason, 'refused')
  assert.equal(failure.message, 'no such image')
  assert.deepEqual(failure.errors, [{ code: 404, message: 'no such image' }])
  assert.ok(failure.headers.has('content-type'))
  server.answer((_, response) => response.writeHead(502).end('<html>'))
  const proxy = failed(await server.client({ retries: 0 }).command('GetCombinedImages'))
  assert.deepEqual([proxy.status, proxy.body, proxy.message], [502, '<html>', 'the answer has status 502'])
})

test('a redirect is not followed', async (t) => {
  const [server, other] = [await loopbackServer(t), await loopbackServer(t)]
  server.answer((_, response) => response.writeHead(307, { Location: `${other.url}/x` }).end())
  const failure = failed(await server.client().command('GetCombinedImages'))
  assert.equal(failure.status, 307)
  assert.ok(failure.message.includes(`${other.url}/x`))
  assert.equal(other.received.length, 0)
})

test('files come as bytes, heads and empty answers as nothing', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client()
  server.answer((_, response) => response.end('a,b\n'))
  const file = await client.command('DownloadExportFile', { parameters: { id: 'x' } })
  assert.ok(file.ok)
  assert.equal(new TextDecoder().decode(file.body), 'a,b\n')
  const head = await client.command('HeadImageScanInventory')
  assert.deepEqual([head.ok, head.body], [true, undefined])
})

test('what is no JSON, or too much, is unreadable', async (t) => {
  const server = await loopbackServer(t)
  server.answer((_, response) => response.end('hello'))
  const failure = failed(await server.client().command('GetCombinedImages'))
  assert.deepEqual([failure.reason, failure.status, failure.body], ['unreadable', 200, 'hello'])
  server.answer((_, response) => response.end('x'.repeat(2000)))
  const large = failed(await server.client({ maxBytes: 1000 }).command('GetCombinedImages'))
  assert.equal(large.reason, 'unreadable')
  assert.match(large.message, /larger than 1000 bytes/)
})

test('no answer in time; a caller who gives up, before, meanwhile, while waiting', async (t) => {
  const server = await loopbackServer(t)
  server.answer(() => {})
  const late = failed(await server.client({ timeout: 40, retries: 1 }).command('GetCombinedImages'))
  assert.equal(late.reason, 'timeout')
  assert.equal(server.calls.length, 2)
  const controller = new AbortController()
  const { signal } = controller
  server.answer(() => controller.abort(new Error('enough')))
  const aborted = failed(await server.client().command('GetCombinedImages', { signal }))
  assert.equal(aborted.reason, 'aborted')
  assert.equal((aborted.cause as Error).message, 'enough')
  assert.equal(failed(await server.client().command('GetCombinedImages', { signal })).reason, 'aborted')
  const waiting = new AbortController()
  server.answer((request, response) => {
    refusal(429, 'slow down', { 'Retry-After': '30' })(request, response)
    response.on('close', () => waiting.abort())
  })
  const given = await server.client().command('GetCombinedImages', { signal: waiting.signal })
  assert.equal(failed(given).reason, 'aborted')
})

test('secrets are no part of what is shown of a client', async (t) => {
  const server = await loopbackServer(t)
  const client = server.client({ clientSecret: 'very-secret' })
  await client.command('GetCombinedImages')
  const { inspect } = await import('node:util')
  assert.doesNotMatch(inspect(client, { depth: 9, showHidden: true }), /very-secret|t1/)
  assert.equal(JSON.stringify(client), '{}')
})
