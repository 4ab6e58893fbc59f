import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  digestOf,
  errorCode,
  pushBlob,
  pushTinyImage,
  putManifest,
  tinyImage,
} from '../../testing/push-content.ts'
import { aliceCid, bobCid, startPushRegistry } from '../../testing/push-registry.ts'

test('what a tenant has does not exist for another', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  const layer = digestOf(image.layer)
  await pushTinyImage(registry, 'shop/checkout', '1.0', image, 'alice')
  await pushTinyImage(registry, 'shop/checkout', '1.0', tinyImage('of bob'), 'bob')

  const unseen = [
    `/v2/shop/checkout/blobs/${layer}`,
    `/v2/shop/checkout/manifests/${image.digest}`,
    '/v2/shop/checkout/manifests/2.0',
  ]
  for (const path of unseen) {
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      assert.equal((await registry.request(path, { method, as: 'bob' })).status, 404, `${method} ${path}`)
    }
  }
  // Not as a part of his own manifest either.
  const stolen = await putManifest(registry, 'shop/checkout', 'stolen', image, 'bob')
  assert.equal(await errorCode(stolen), 'MANIFEST_BLOB_UNKNOWN')

  await putManifest(registry, 'shop/checkout', 'only-alice', image, 'alice')
  const tags = await registry.request('/v2/shop/checkout/tags/list', { as: 'bob' })
  assert.deepEqual(await tags.json(), { name: 'shop/checkout', tags: ['1.0'] })
  const catalog = await registry.request('/v2/_catalog', { as: 'bob' })
  assert.deepEqual(await catalog.json(), { repositories: ['shop/checkout'] })

  // Bytes are shared; taking them from one leaves them to the other.
  await pushTinyImage(registry, 'mine', 'x', image, 'bob')
  await registry.request(`/v2/mine/manifests/${image.digest}`, { method: 'DELETE', as: 'bob' })
  assert.equal(
    (await registry.request(`/v2/mine/blobs/${layer}`, { method: 'DELETE', as: 'bob' })).status,
    202,
  )
  assert.equal((await registry.request(`/v2/mine/blobs/${layer}`, { as: 'bob' })).status, 404)
  const kept = await registry.request(`/v2/shop/checkout/blobs/${layer}`, { as: 'alice' })
  assert.deepEqual(Buffer.from(await kept.arrayBuffer()), image.layer)
})

test('a quota counts each blob of a tenant once, and is told as DENIED', async (t) => {
  const registry = await startPushRegistry(t)
  const bytes = Buffer.alloc(1000, 'q')
  const push = (content: Buffer, as = 'alice') =>
    registry.request(`/v2/a/blobs/uploads/?digest=${digestOf(content)}`, {
      method: 'POST',
      body: new Uint8Array(content),
      as,
    })
  registry.quota = 1500
  assert.equal((await push(bytes)).status, 201)
  const mounted = await registry.request(`/v2/b/blobs/uploads/?mount=${digestOf(bytes)}&from=a`, {
    method: 'POST',
  })
  assert.equal(mounted.status, 201)
  const refused = await push(Buffer.alloc(501, 'r'))
  assert.equal(refused.status, 403)
  assert.equal(await errorCode(refused), 'DENIED')
  assert.equal((await registry.request(`/v2/a/blobs/${digestOf(Buffer.alloc(501, 'r'))}`)).status, 404)
  // The quota is each tenant's own.
  assert.equal((await push(bytes, 'bob')).status, 201)
  assert.equal((await push(Buffer.alloc(500, 'r'))).status, 201)
  const full = await registry.request('/v2/a/blobs/uploads/', { method: 'POST' })
  assert.equal(await errorCode(full), 'DENIED')
  // Chunks of an upload under way count, too.
  registry.quota = 2500
  const begun = await registry.request('/v2/a/blobs/uploads/', { method: 'POST' })
  await registry.request(begun.headers.get('location') ?? '', { method: 'PATCH', body: Buffer.alloc(900) })
  assert.equal((await push(Buffer.alloc(101, 's'))).status, 403)
  assert.equal((await push(Buffer.alloc(100, 's'))).status, 201)
  await registry.request(`/v2/a/blobs/${digestOf(Buffer.alloc(500, 'r'))}`, { method: 'DELETE' })
  assert.equal((await push(Buffer.alloc(500, 't'))).status, 201)
})

test('manifests count for the quota', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushBlob(registry, 'a', image.config)
  await pushBlob(registry, 'a', image.layer)
  const blobs = image.config.length + image.layer.length
  registry.quota = blobs + image.content.length - 1
  assert.equal(await errorCode(await putManifest(registry, 'a', '1.0', image)), 'DENIED')
  registry.quota++
  assert.equal((await putManifest(registry, 'a', '1.0', image)).status, 201)
  // Again is no more.
  assert.equal((await putManifest(registry, 'a', '1.1', image)).status, 201)
})

test('pushes and deletions are noted with who, what and how much', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  const digest = digestOf(image.content)
  const bytes = image.config.length + image.layer.length + image.content.length
  for (const as of ['alice', 'bob']) {
    await pushBlob(registry, 'a', image.config, as)
    await pushBlob(registry, 'a', image.layer, as)
    assert.equal((await putManifest(registry, 'a', '1.0', image, as)).status, 201)
  }
  assert.equal((await registry.request('/v2/a/manifests/1.0', { method: 'DELETE' })).status, 202)
  assert.equal((await registry.request('/v2/a/manifests/1.0', { method: 'DELETE' })).status, 404)
  const tag = { repository: 'a', reference: '1.0' }
  assert.deepEqual(registry.changes, [
    { change: 'pushed', cid: aliceCid, actor: 'alice', ...tag, digest, bytes },
    { change: 'pushed', cid: bobCid, actor: 'bob', ...tag, digest, bytes },
    { change: 'deleted', cid: aliceCid, actor: 'alice', ...tag },
  ])
})

test('answers are counted under few names, whatever is asked for', async (t) => {
  const registry = await startPushRegistry(t)
  for (const method of ['GET', 'PATCH', 'OPTIONS'])
    for (const path of ['/v2/', '/v2/a/tags/list', '/v2/b/tags/list', '/v2/a/nonsense'])
      await (await registry.request(path, { method })).text()
  assert.deepEqual([...new Set(registry.answered)].sort(), [
    '/v2 GET base 200',
    '/v2 GET tags 404',
    '/v2 other base 405',
    '/v2 other tags 405',
    '/v2 other unknown 404',
  ])
})
