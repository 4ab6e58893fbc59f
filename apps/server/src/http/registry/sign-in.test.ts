import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pushTinyImage, putManifest, tinyImage } from '../../testing/push-content.ts'
import { aliceCid, basic, bobCid, type PushRegistry, startPushRegistry } from '../../testing/push-registry.ts'

// The exchange of tokens as clients know it: https://distribution.github.io/distribution/spec/auth/token/

interface TokenAnswer {
  readonly token: string
  readonly access_token: string
  readonly expires_in: number
  readonly issued_at: string
}

async function tokenFor(registry: PushRegistry, scope: string, authorization: string): Promise<TokenAnswer> {
  const path = `/v2/token?account=x&service=lanner&scope=${encodeURIComponent(scope)}`
  const answer = await registry.request(path, { headers: { authorization } })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  return (await answer.json()) as TokenAnswer
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

test('who comes without credentials is told where to get a token, and for what', async (t) => {
  const registry = await startPushRegistry(t)
  const cases = [
    ['GET', '/v2/a/b/manifests/1', 'repository:a/b:pull'],
    ['PUT', '/v2/a/b/manifests/1', 'repository:a/b:pull,push'],
    ['POST', '/v2/a/b/blobs/uploads/', 'repository:a/b:pull,push'],
    ['DELETE', '/v2/a/b/manifests/1', 'repository:a/b:delete'],
    ['GET', '/v2/_catalog', 'registry:catalog:*'],
  ] as const
  for (const [method, path, scope] of cases) {
    const answer = await registry.request(path, { method, as: '' })
    assert.equal(answer.status, 401)
    const realm = `Bearer realm="${registry.url}/v2/token",service="lanner",scope="${scope}"`
    assert.equal(answer.headers.get('www-authenticate'), realm)
  }
})

test('a token does what it was asked for, in its repository alone, as long as it lives', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'a/b', '1.0', image)
  await pushTinyImage(registry, 'other', '1.0', image)
  const pull = await tokenFor(registry, 'repository:a/b:pull', basic('alice', 'alice'))
  assert.equal(pull.access_token, pull.token)
  assert.equal(pull.expires_in, 300)
  assert.equal(pull.issued_at, new Date(registry.now).toISOString())
  assert.equal((await registry.request('/v2/', bearer(pull.token))).status, 200)
  assert.equal((await registry.request('/v2/a/b/manifests/1.0', bearer(pull.token))).status, 200)
  const beyond = [
    ['GET', '/v2/other/manifests/1.0'],
    ['DELETE', '/v2/a/b/manifests/1.0'],
    ['POST', '/v2/a/b/blobs/uploads/'],
    ['GET', '/v2/_catalog'],
  ] as const
  for (const [method, path] of beyond) {
    const answer = await registry.request(path, { method, ...bearer(pull.token) })
    assert.equal(answer.status, 401, path)
    assert.match(answer.headers.get('www-authenticate') ?? '', /,error="insufficient_scope"$/)
  }
  const all = await tokenFor(
    registry,
    'repository:a/b:* registry:catalog:* repository:other:pull,push',
    basic('alice', 'alice'),
  )
  assert.equal((await registry.request('/v2/_catalog', bearer(all.token))).status, 200)
  assert.equal(
    (await registry.request('/v2/other/blobs/uploads/', { method: 'POST', ...bearer(all.token) })).status,
    202,
  )
  registry.now += 299_999
  assert.equal((await registry.request('/v2/', bearer(all.token))).status, 200)
  registry.now += 1
  assert.equal((await registry.request('/v2/', bearer(all.token))).status, 401)
})

test('a token never does more than its owner may', async (t) => {
  const registry = await startPushRegistry(t)
  await pushTinyImage(registry, 'a', '1.0', tinyImage('one'))
  const { token } = await tokenFor(registry, 'repository:a:*', basic('reader', 'reader'))
  assert.equal((await registry.request('/v2/a/manifests/1.0', bearer(token))).status, 200)
  assert.equal(
    (await registry.request('/v2/a/blobs/uploads/', { method: 'POST', ...bearer(token) })).status,
    401,
  )
  assert.equal(
    (await registry.request('/v2/a/manifests/1.0', { method: 'DELETE', ...bearer(token) })).status,
    401,
  )
})

test('a mount from a repository that the token does not name is an upload', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'a', '1.0', image)
  const layer = JSON.parse(image.content.toString()).layers[0].digest as string
  const mount = async (scope: string) => {
    const { token } = await tokenFor(registry, scope, basic('alice', 'alice'))
    const path = `/v2/b/blobs/uploads/?mount=${layer}&from=a`
    return (await registry.request(path, { method: 'POST', ...bearer(token) })).status
  }
  assert.equal(await mount('repository:b:pull,push'), 202)
  assert.equal(await mount('repository:b:pull,push repository:a:pull'), 201)
})

test('the form of OAuth 2 gives the same tokens', async (t) => {
  const registry = await startPushRegistry(t)
  await pushTinyImage(registry, 'a', '1.0', tinyImage('one'))
  const post = (fields: Record<string, string>) =>
    registry.request('/v2/token', { method: 'POST', body: new URLSearchParams(fields), as: '' })
  const fields = { grant_type: 'password', service: 'lanner', client_id: 'x', scope: 'repository:a:pull' }
  const answer = await post({ ...fields, username: 'alice', password: 'alice' })
  const { access_token: token } = (await answer.json()) as TokenAnswer
  assert.equal((await registry.request('/v2/a/manifests/1.0', bearer(token))).status, 200)
  assert.equal((await post({ ...fields, username: 'alice', password: 'wrong' })).status, 401)
  assert.equal((await post({ ...fields, grant_type: 'refresh_token', refresh_token: 'x' })).status, 400)
  assert.equal((await post({ ...fields, pad: 'x'.repeat(70_000) })).status, 413)
})

test('the password of GetCredentials pulls everything of its tenant, and nothing else', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'a', '1.0', image)
  await pushTinyImage(registry, 'b', '1.0', tinyImage('of bob'), 'bob')
  const password = registry.access.issuePullToken(aliceCid, 60)
  const authorization = basic(`fc-${aliceCid}`, password)
  assert.equal((await registry.request('/v2/a/manifests/1.0', { headers: { authorization } })).status, 200)
  assert.equal((await registry.request('/v2/b/manifests/1.0', { headers: { authorization } })).status, 404)
  const put = await registry.request('/v2/a/manifests/2.0', {
    method: 'PUT',
    headers: { authorization, 'content-type': image.mediaType },
    body: new Uint8Array(image.content),
  })
  assert.equal(put.status, 403)
  // By way of the token endpoint, as docker does it; the token ends with the password.
  const issued = await tokenFor(registry, 'repository:a:pull,push', authorization)
  assert.equal(issued.expires_in, 60)
  assert.equal((await registry.request('/v2/a/manifests/1.0', bearer(issued.token))).status, 200)
  const wrong = [
    basic(`fc-${bobCid}`, password),
    basic('alice', password),
    basic(`fc-${aliceCid}`, issued.token),
    `Bearer ${password}`,
  ]
  for (const header of wrong) {
    assert.equal((await registry.request('/v2/', { headers: { authorization: header } })).status, 401, header)
  }
  registry.now += 60_000
  assert.equal((await registry.request('/v2/', { headers: { authorization } })).status, 401)
})

test('what is no credential is none', async (t) => {
  const registry = await startPushRegistry(t)
  const { token } = await tokenFor(registry, 'repository:a:pull', basic('alice', 'alice'))
  const [form, key, claims, signature] = token.split('.')
  const grown = Buffer.from(claims, 'base64url').toString().replace('"pull"', '"pull","push"')
  assert.match(grown, /push/)
  const headers = [
    'Basic',
    'Basic !!!',
    basic('alice', ''),
    `Basic ${Buffer.from('alice').toString('base64')}`,
    'Bearer ',
    'Digest x',
    `Bearer ${form}.${key}.${Buffer.from(grown).toString('base64url')}.${signature}`,
    `Bearer ${form}.k2.${claims}.${signature}`,
    `Bearer ${form}.${key}.${claims}.`,
    `Bearer ${token}.x`,
    `Bearer ${token.slice(0, -2)}`,
  ]
  for (const authorization of headers) {
    assert.equal((await registry.request('/v2/', { headers: { authorization } })).status, 401, authorization)
  }
  // The scheme is written as people like; API tokens do, too.
  for (const authorization of [basic('alice', 'alice').replace('Basic', 'basic'), 'bearer alice']) {
    assert.equal((await registry.request('/v2/', { headers: { authorization } })).status, 200)
  }
})

test('a name that would break out of the challenge does not', async (t) => {
  const registry = await startPushRegistry(t)
  const put = await putManifest(registry, 'a"b', '1.0', tinyImage('one'), '')
  assert.equal(put.status, 401)
  const realm = `Bearer realm="${registry.url}/v2/token",service="lanner"`
  assert.equal(put.headers.get('www-authenticate'), realm)
})
