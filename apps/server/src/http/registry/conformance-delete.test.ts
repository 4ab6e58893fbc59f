import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  absent,
  descriptorOf,
  digestOf,
  hello,
  ociManifest,
  pushBlob,
  pushTinyImage,
  putManifest,
  tinyImage,
  written,
} from '../../testing/push-content.ts'
import { startPushRegistry } from '../../testing/push-registry.ts'

// Expected statuses, headers and codes are those of the distribution specification 1.1, over a server that listens:
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md

test('deleting: tags alone, manifests with their tags, blobs that nobody needs', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'a', '1.0', image)
  await putManifest(registry, 'a', 'latest', image)
  const remove = (path: string) => registry.request(path, { method: 'DELETE' })
  assert.equal((await remove('/v2/a/manifests/1.0')).status, 202)
  assert.equal((await registry.request('/v2/a/manifests/1.0')).status, 404)
  assert.equal((await registry.request(`/v2/a/manifests/${image.digest}`)).status, 200)
  assert.equal((await remove(`/v2/a/manifests/${image.digest}`)).status, 202)
  assert.equal((await registry.request('/v2/a/manifests/latest')).status, 404)
  assert.equal((await registry.request(`/v2/a/manifests/${image.digest}`)).status, 404)
  const told = registry.deleted.map(({ reference, digest }) => [reference, digest])
  assert.deepEqual(told, [
    ['1.0', image.digest],
    ['latest', image.digest],
    [image.digest, image.digest],
  ])
  const layer = `/v2/a/blobs/${digestOf(image.layer)}`
  assert.equal((await remove(layer)).status, 202)
  assert.equal((await registry.request(layer)).status, 404)
  assert.equal((await remove(layer)).status, 404)
  const tags = await registry.request('/v2/a/tags/list')
  assert.deepEqual(await tags.json(), { name: 'a', tags: [] })
})

test('referrers come in pages that a client can read', async (t) => {
  const registry = await startPushRegistry(t)
  await pushBlob(registry, 'a', hello)
  const config = descriptorOf(hello, 'application/vnd.example')
  const expected: string[] = []
  // Two megabytes of annotations each: no two fit into one answer.
  for (let number = 0; number < 3; number++) {
    const fields = { config, layers: [], subject: { mediaType: ociManifest, digest: absent, size: 1 } }
    const referrer = written({
      ...fields,
      annotations: { number: String(number), pad: 'x'.repeat(2_000_000) },
    })
    assert.equal((await putManifest(registry, 'a', referrer.digest, referrer)).status, 201)
    expected.push(referrer.digest)
  }
  const found: string[] = []
  let path: string | undefined = `/v2/a/referrers/${absent}?artifactType=application/vnd.example`
  for (let pages = 0; path && pages < 5; pages++) {
    const answer: Response = await registry.request(path)
    assert.equal(answer.headers.get('oci-filters-applied'), 'artifactType')
    const body = (await answer.json()) as { manifests: { digest: string }[] }
    assert.equal(body.manifests.length, 1)
    found.push(...body.manifests.map(({ digest }) => digest))
    path = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1]
  }
  assert.deepEqual(found, expected.sort())
})
