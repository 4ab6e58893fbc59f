import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { birdRoom } from '../testing/birds.ts'
import { testServer } from '../testing/server.ts'

const serve = (t: TestContext, options: { perMinute?: number } = {}) =>
  testServer<object>(t, { rooms: [birdRoom], ...options })

test('an answer has the envelope, and headers in the spelling that clients look for', async (t) => {
  const server = await serve(t)
  const reply = await server.call('GET', '/birds/queries/birds/v1')
  assert.equal(reply.status, 200)
  assert.equal(reply.headers['content-type'], 'application/json')
  const { meta, errors, resources: rows } = reply.body
  assert.deepEqual(errors, [])
  assert.deepEqual(rows, [{ query: { limit: 100, offset: 0 }, body: null, path: {} }])
  assert.deepEqual(meta.pagination, { limit: 100, offset: 0, total: 1 })
  assert.equal(meta.powered_by, 'container-security')
  assert.equal(typeof meta.query_time, 'number')
  assert.match(meta.trace_id, /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/)
  const names = reply.rawHeaders.filter((_, index) => index % 2 === 0)
  for (const name of ['X-Cs-Traceid', 'X-Ratelimit-Limit', 'X-Ratelimit-Remaining'])
    assert.ok(names.includes(name), `${name} in ${names.join(' ')}`)
  assert.equal(reply.headers['x-cs-traceid'], meta.trace_id)
  assert.ok(Number(reply.headers['x-ratelimit-remaining']) > 10)
  assert.ok(!names.some((name) => name.toLowerCase() === 'x-cs-region'))
})

test('query parameters are read by their kind', async (t) => {
  const server = await serve(t)
  const queryOf = async (search: string) =>
    (await server.call('GET', `/birds/queries/birds/v1?${search}`)).body.resources?.[0].query
  assert.deepEqual((await queryOf('ids=a&ids=b%2Cc')).ids, ['a', 'b', 'c'])
  assert.deepEqual((await queryOf('ids=a,b')).ids, ['a', 'b'])
  assert.deepEqual((await queryOf('ids=a%252Cb')).ids, ['a', 'b'])
  assert.equal((await queryOf('kind=owl')).kind, 'Owl')
  assert.equal((await queryOf('tame=True')).tame, true)
  assert.equal((await queryOf('wing_count=2')).wings, 2)
  assert.equal('wings' in (await queryOf('wings=&nonsense=1')), false)
  assert.deepEqual((await queryOf('sort=first_seen%7Cdesc')).sort, [
    { field: 'first_seen', descending: true },
  ])
  assert.deepEqual((await queryOf('limit=5&offset=995')).offset, 995)
})

test('a filter may be encoded once, twice, or have a raw plus', async (t) => {
  const server = await serve(t)
  const filter = "repository:'shop/a b'+first_seen:>'2026-03-02T09:14:05Z'"
  const spellings = [
    encodeURIComponent(filter),
    encodeURIComponent(encodeURIComponent(filter)),
    encodeURIComponent(filter).replaceAll('%2B', '+'),
    encodeURIComponent(new URLSearchParams([['', filter]]).toString().slice(1)),
  ]
  const trees = await Promise.all(
    spellings.map(async (spelling) => {
      const reply = await server.call('GET', `/birds/queries/birds/v1?filter=${spelling}`)
      assert.equal(reply.status, 200, `${spelling}: ${reply.text}`)
      return JSON.stringify(reply.body.resources[0].query.filter)
    }),
  )
  assert.match(trees[0]!, /shop\/a b/)
  assert.deepEqual(new Set(trees).size, 1, trees.join('\n'))
})

test('what is wrong with a parameter is named', async (t) => {
  const server = await serve(t)
  const cases: [string, RegExp][] = [
    ['limit=0', /^limit: 0 is below the least value, 1$/],
    ['limit=101', /^limit: 101 is above the greatest value, 100$/],
    ['limit=ten', /^limit: "ten" is not a whole number$/],
    ['limit=1e2', /^limit: /],
    ['limit=100&offset=901', /^offset: offset and limit reach to 1001, at most to 1000/],
    ['tame=perhaps', /^tame: /],
    ['kind=Eagle', /^kind: "Eagle" is not one of Falcon, Owl$/],
    ['ids=a,b,c,d', /^ids: 4 values, at most 3/],
    ['filter=colour:%27red%27', /^filter: .*colour.*position 1.*repository/s],
    ['filter=repository:%27red', /^filter: .*position/],
    ['sort=colour', /^sort: .*colour/],
    ['ids=a,%00', /^ids: "\\u0000" has a NUL character$/],
  ]
  for (const [search, message] of cases) {
    const reply = await server.call('GET', `/birds/queries/birds/v1?${search}`)
    assert.equal(reply.status, 400, search)
    assert.equal(reply.body.errors[0].code, 400)
    assert.match(reply.body.errors[0].message, message)
    assert.deepEqual(reply.body.resources, [])
  }
})

test('an id with a NUL character names nothing, wherever it stands', async (t) => {
  const server = await serve(t)
  const reply = await server.call('DELETE', '/birds/entities/birds/b%001')
  assert.equal(reply.status, 400)
  assert.match(reply.body.errors[0].message, /^id: the path has a NUL character$/)
})

test('bodies: JSON, tolerant of what is unknown, strict about what is wrong', async (t) => {
  const server = await serve(t)
  const created = await server.call('POST', '/birds/entities/birds/v1', {
    body: { name: 'Kes', colour: 'red' },
  })
  assert.equal(created.status, 201)
  assert.deepEqual(created.body.resources.body, { name: 'Kes', colour: 'red' })
  assert.deepEqual(created.body.meta.writes, { resources_affected: 1 })

  const post = (body: string, type = 'application/json') =>
    server.call('POST', '/birds/entities/birds/v1', { body, headers: { 'Content-Type': type } })
  const cases: [string, RegExp][] = [
    ['{"name":', /^the body is not JSON: /],
    ['{"name": "a", "password": hunter2}', /^the body is not JSON: Unexpected token 'h'$/],
    ['{"name":1}', /^name: /],
    ['{"name":"a","nests":[{"at":"x"},{}]}', /^nests\[1\]: /],
    ['', /^the request needs a body: /],
    ['[]', /^body: /],
    ['null', /^body: /],
    [`${'['.repeat(100_000)}`, /nests deeper than 64/],
    ['{"name":"a\\uD83d"}', /half of a surrogate pair/],
    ['{"name":"a","\\udc00":1}', /half of a surrogate pair/],
    ['{"name":"\\ud83d\\ud83d\\udc26"}', /half of a surrogate pair/],
    ['{"name":"\\ud83d\\\\\\udc26"}', /half of a surrogate pair/],
    ['{"name":"a\\"[[[[","nests":[{"at":"\\\\"},{}]}', /^nests\[1\]: /],
  ]
  for (const [body, message] of cases) {
    const reply = await post(body)
    assert.equal(reply.status, 400, body.slice(0, 60))
    assert.match(reply.body.errors[0].message, message)
  }
  assert.equal((await post('{"name":"Kes"}', 'text/plain')).status, 201)
  assert.equal((await post('{"name":"\\ud83d\\udc26"}')).body.resources.body.name, '🐦')
  const literal = await post('{"name":"\\\\ud83d \\uD83D\\udC26\\u00e9"}')
  assert.equal(literal.body.resources.body.name, '\\ud83d 🐦é')
  const polluting = await post('{"name":"Kes","__proto__":{"nests":1},"\\u005f_proto__":{"a":1}}')
  assert.deepEqual(polluting.body.resources.body, { name: 'Kes' })
  const stranger = await server.call('POST', '/birds/entities/birds/v1', { token: '', body: { name: 1 } })
  assert.equal(stranger.status, 401, 'who may not is told before what is wrong')
  const huge = await post(`{"name":"${'x'.repeat(9 << 20)}"}`)
  assert.equal(huge.status, 413)
  const most: [string, RegExp][] = [
    [`{"name":"Kes","more":[${'1,'.repeat(1_000_000)}1]}`, /^the body has more than 1000000 values$/],
    [
      `{"name":"Kes","more":[${'[],'.repeat(250_000)}1]}`,
      /^the body has more than 250000 lists and objects$/,
    ],
  ]
  for (const [body, message] of most) {
    const reply = await post(body)
    assert.equal(reply.status, 413)
    assert.match(reply.body.errors[0].message, message)
  }
  const nested = '{"__proto__":{"a":1},"b":[{"__pr\\u006fto__":1,"c":null}]}'
  assert.deepEqual((await post(`{"name":"Kes","more":${nested}}`)).body.resources.body, {
    name: 'Kes',
    more: { b: [{ c: null }] },
  })
})

test('an operation that takes a second method gets what names an id', async (t) => {
  const server = await serve(t)
  const at = '/birds/entities/birds/v1'
  assert.equal((await server.call('PATCH', `${at}?id=b1`, { body: {} })).status, 200)
  assert.equal((await server.call('POST', `${at}?id=b1`, { body: {} })).status, 200)
  assert.equal((await server.call('POST', at, { body: { id: 'b1' } })).status, 200)
  assert.equal((await server.call('POST', at, { body: { name: 'new' } })).status, 201)
})

test('bodies where none belongs, and headers of bodies that do not come, are no failure', async (t) => {
  const server = await serve(t)
  const json = { 'Content-Type': 'application/json' }
  const list = '/birds/queries/birds/v1'
  const one = '/birds/entities/birds/b1'
  assert.equal((await server.call('GET', list, { body: '{}', headers: json })).status, 200)
  assert.equal((await server.call('GET', list, { headers: json })).status, 200)
  assert.equal((await server.call('DELETE', one, { headers: json })).status, 200)
  assert.equal((await server.call('DELETE', one, { body: '{}', headers: json })).status, 200)
  assert.equal(
    (await server.call('DELETE', one, { headers: { ...json, 'Content-Length': '0' } })).status,
    200,
  )
  const acknowledgement = await server.call('DELETE', one)
  assert.equal(acknowledgement.status, 200)
  assert.deepEqual(Object.keys(acknowledgement.body), ['meta', 'errors'])
  const head = await server.call('HEAD', list)
  assert.deepEqual([head.status, head.text], [200, ''])
})

test('refusals have their status and words, and failures keep theirs to the log', async (t) => {
  const server = await serve(t)
  const statuses = {
    invalid: 400,
    unauthorized: 401,
    forbidden: 403,
    'not-found': 404,
    conflict: 409,
    'too-large': 413,
    'too-many': 429,
    unavailable: 503,
    'no-space': 507,
    disk: 507,
    slow: 503,
    crash: 500,
  }
  for (const [code, status] of Object.entries(statuses)) {
    const reply = await server.call('GET', `/birds/refuse/${code}`)
    assert.equal(reply.status, status, code)
    assert.equal(reply.body.errors[0].code, status)
    assert.doesNotMatch(reply.text, /hunter2/)
    assert.equal(reply.headers['x-cs-traceid'], reply.body.meta.trace_id)
    if (code === 'slow') assert.match(reply.body.errors[0].message, /took longer .* ask for less/)
    if (code === 'conflict')
      assert.deepEqual(reply.body.errors, [{ code: 409, message: 'there is one', id: 'b1' }])
    if (code === 'too-many') {
      const at = Number(reply.headers['x-ratelimit-retryafter'])
      assert.ok(Math.abs(at - Date.now() / 1000 - 5) < 3)
      assert.ok(reply.rawHeaders.includes('X-Ratelimit-Retryafter'))
    }
  }
})

test('without a token, with a wrong one, without the scope', async (t) => {
  const server = await serve(t)
  const list = '/birds/queries/birds/v1'
  const none = await server.call('GET', list, { token: '' })
  assert.equal(none.status, 401)
  assert.equal(none.body.errors[0].message, 'access denied, authorization failed')
  assert.equal(none.body.meta.powered_by, 'crowdstrike-api-gateway')
  const wrong = await server.call('GET', list, { token: 'x'.repeat(43) })
  assert.equal(wrong.status, 401)
  assert.equal(wrong.body.errors[0].message, 'access denied, invalid bearer token')
  const lower = await server.call('GET', list, {
    token: '',
    headers: { Authorization: `bearer ${server.tenant.token}` },
  })
  assert.equal(lower.status, 200)

  const by = { cid: server.tenant.cid, actor: 'test', scopes: new Set(['birds:admin', 'birds:write']) }
  const { client } = await server.identity.clients.create(by, { name: 'one', scopes: ['birds:admin'] })
  const { token } = await server.identity.tokens.issue(client, '')
  assert.equal((await server.call('GET', list, { token })).status, 200, 'any one of the scopes is enough')
  const refused = await server.call('DELETE', '/birds/entities/birds/b1', { token })
  assert.equal(refused.status, 403)
  assert.equal(refused.body.errors[0].message, 'access denied, authorization failed')
})

test('calls beyond the limit of a minute wait for the next', async (t) => {
  const server = await serve(t, { perMinute: 3 })
  const list = '/birds/queries/birds/v1'
  for (const left of ['2', '1', '0'])
    assert.equal((await server.call('GET', list)).headers['x-ratelimit-remaining'], left)
  const over = await server.call('GET', list)
  assert.equal(over.status, 429)
  assert.equal(over.headers['x-ratelimit-limit'], '3')
  assert.ok(Number(over.headers['x-ratelimit-retryafter']) * 1000 > Date.now())
  const other = await server.secondTenant()
  assert.equal((await server.call('GET', list, { token: other.token })).status, 200)
  server.pass(61_000)
  assert.equal((await server.call('GET', list)).status, 200)
})

test('files stream with a harmless name', async (t) => {
  const server = await serve(t)
  const reply = await server.call('GET', '/birds/song')
  assert.equal(reply.text, 'tirili tirila')
  assert.equal(reply.headers['content-type'], 'audio/x')
  assert.equal(reply.headers['content-disposition'], 'attachment; filename="so_ng_.wav"')
})

test('a reply that is not as declared fails in tests', async (t) => {
  const server = await serve(t)
  assert.equal((await server.call('GET', '/birds/wrong')).status, 500)
})

test('paths and methods that are nobody\u2019s, and requests that are none, are answered in JSON', async (t) => {
  const server = await serve(t)
  const missing = await server.call('GET', '/birds/nothing')
  assert.equal(missing.status, 404)
  assert.equal(missing.body.errors[0].message, 'there is nothing at /birds/nothing')
  const method = await server.call('PUT', '/birds/entities/birds/v1', { body: {} })
  assert.equal(method.status, 405)
  assert.equal(method.headers['allow'], 'DELETE, PATCH, POST')
  const encoding = await server.call('GET', '/birds/%zz')
  assert.equal(encoding.status, 400)
  assert.equal(encoding.body.errors[0].code, 400)
})
