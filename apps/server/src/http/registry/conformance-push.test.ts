import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  absent,
  descriptorOf,
  digestOf,
  errorCode,
  hello,
  helloDigest,
  ociIndex,
  ociManifest,
  pushBlob,
  pushTinyImage,
  putManifest,
  tinyImage,
  written,
} from '../../testing/push-content.ts'
import { startPushRegistry } from '../../testing/push-registry.ts'
import { beginUpload, sendBytes } from '../../testing/registry-upload.ts'

// Expected statuses, headers and codes are those of the distribution specification 1.1, over a server that listens:
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md

for (const [name, size] of [
  ['a blob', 70_000],
  ['a zero-byte blob', 0],
] as const) {
  test(`${name} is pushed in every way`, async (t) => {
    const registry = await startPushRegistry(t)
    const bytes = Buffer.alloc(size, 'abcdefg')
    const digest = digestOf(bytes)
    const half = Math.floor(size / 2)
    const ways: readonly [string, (repository: string) => Promise<Response>][] = [
      [
        'end-4b POST alone',
        (repository) =>
          sendBytes(registry, 'POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, bytes),
      ],
      [
        'end-4a POST, end-6 PUT',
        async (repository) =>
          sendBytes(registry, 'PUT', `${await beginUpload(registry, repository)}?digest=${digest}`, bytes),
      ],
      [
        'end-5 PATCH as a stream, end-6 PUT empty',
        async (repository) => {
          const location = await beginUpload(registry, repository)
          const stream = new Blob([bytes]).stream()
          const patched = await registry.request(location, { method: 'PATCH', body: stream, duplex: 'half' })
          assert.equal(patched.status, 202)
          assert.equal(patched.headers.get('range'), `0-${Math.max(0, size - 1)}`)
          assert.equal(patched.headers.get('location'), location)
          return sendBytes(registry, 'PUT', `${location}?digest=${digest}`)
        },
      ],
      [
        'end-5 PATCH in chunks with Content-Range, the last in end-6 PUT',
        async (repository) => {
          const location = await beginUpload(registry, repository)
          if (size === 0) return sendBytes(registry, 'PUT', `${location}?digest=${digest}`)
          const first = await sendBytes(registry, 'PATCH', location, bytes.subarray(0, 1000), {
            'content-range': '0-999',
          })
          assert.equal(first.status, 202)
          assert.equal(first.headers.get('range'), '0-999')
          const again = await sendBytes(registry, 'PATCH', location, bytes.subarray(0, 1000), {
            'content-range': '0-999',
          })
          assert.equal(again.status, 416)
          assert.equal(again.headers.get('range'), '0-999')
          const status = await registry.request(location)
          assert.equal(status.status, 204)
          assert.equal(status.headers.get('range'), '0-999')
          assert.equal(status.headers.get('location'), location)
          const second = await sendBytes(registry, 'PATCH', location, bytes.subarray(1000, half))
          assert.equal(second.headers.get('range'), `0-${half - 1}`)
          return sendBytes(registry, 'PUT', `${location}?digest=${digest}`, bytes.subarray(half), {
            'content-range': `${half}-${size - 1}`,
          })
        },
      ],
      [
        'end-11 mounted',
        async (repository) => {
          await pushBlob(registry, 'source', bytes)
          return registry.request(`/v2/${repository}/blobs/uploads/?mount=${digest}&from=source`, {
            method: 'POST',
          })
        },
      ],
      [
        'with sha512',
        async (repository) =>
          sendBytes(
            registry,
            'PUT',
            `${await beginUpload(registry, repository, '?digest-algorithm=sha512')}?digest=${digestOf(bytes, 'sha512')}`,
            bytes,
          ),
      ],
    ]
    for (const [number, [way, push]] of ways.entries()) {
      await t.test(way, async () => {
        const wanted = way.includes('sha512') ? digestOf(bytes, 'sha512') : digest
        const answer = await push(`way${number}/x`)
        assert.equal(answer.status, 201, await answer.text())
        assert.equal(answer.headers.get('docker-content-digest'), wanted)
        assert.equal(answer.headers.get('location'), `/v2/way${number}/x/blobs/${wanted}`)
        const pulled = await registry.request(answer.headers.get('location') ?? '')
        assert.deepEqual(Buffer.from(await pulled.arrayBuffer()), bytes)
      })
    }
    await t.test('a finished upload is over', async () => {
      const location = await beginUpload(registry, 'way1/x')
      assert.equal((await sendBytes(registry, 'PUT', `${location}?digest=${digest}`, bytes)).status, 201)
      assert.equal((await registry.request(location)).status, 404)
    })
    assert.deepEqual(registry.failures, [])
  })
}

test('an upload that is cancelled, or has other bytes, is gone', async (t) => {
  const registry = await startPushRegistry(t)
  const cancelled = await beginUpload(registry, 'a')
  await sendBytes(registry, 'PATCH', cancelled, hello)
  assert.equal((await registry.request(cancelled, { method: 'DELETE' })).status, 204)
  assert.equal((await registry.request(cancelled)).status, 404)
  const wrong = await beginUpload(registry, 'a')
  const refused = await sendBytes(registry, 'PUT', `${wrong}?digest=${absent}`, hello)
  assert.equal(refused.status, 400)
  assert.equal(await errorCode(refused), 'DIGEST_INVALID')
  assert.equal((await registry.request(wrong)).status, 404)
  assert.equal((await registry.request(`/v2/a/blobs/${absent}`, { method: 'HEAD' })).status, 404)
})

test('a mount that cannot be is an upload', async (t) => {
  const registry = await startPushRegistry(t)
  await pushBlob(registry, 'source', hello)
  const tries = [
    [`mount=${absent}&from=source`, 'alice'],
    [`mount=${helloDigest}&from=elsewhere`, 'alice'],
    [`mount=${helloDigest}`, 'alice'],
    [`mount=${helloDigest}&from=SOURCE`, 'alice'],
    [`mount=${helloDigest}&from=source`, 'bob'],
  ] as const
  for (const [query, as] of tries) {
    const answer = await registry.request(`/v2/target/blobs/uploads/?${query}`, { method: 'POST', as })
    assert.equal(answer.status, 202, query)
    assert.match(answer.headers.get('location') ?? '', /^\/v2\/target\/blobs\/uploads\/[0-9a-f-]{36}$/)
  }
  assert.equal((await registry.request(`/v2/target/blobs/${helloDigest}`, { method: 'HEAD' })).status, 404)
})

test('manifests are put by tag, by digest, by digest with tags, and with a subject', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'a', '1.0', image)
  const put = registry.put.at(-1)
  assert.deepEqual(
    [put?.cid, put?.repository, put?.reference, put?.digest, put?.mediaType, put?.artifactType],
    ['a'.repeat(32), 'a', '1.0', image.digest, ociManifest, 'application/vnd.oci.image.config.v1+json'],
  )
  const tagged = await putManifest(registry, 'a', `${image.digest}?tag=x&tag=y`, image)
  assert.equal(tagged.status, 201)
  assert.equal(tagged.headers.get('oci-tag'), 'x, y')
  assert.equal(tagged.headers.get('docker-content-digest'), image.digest)
  assert.equal(tagged.headers.get('location'), `/v2/a/manifests/${image.digest}`)
  const tags = await registry.request('/v2/a/tags/list')
  assert.deepEqual(await tags.json(), { name: 'a', tags: ['1.0', 'x', 'y'] })

  const wide = digestOf(image.content, 'sha512')
  assert.equal((await putManifest(registry, 'a', wide, image)).status, 201)
  const pulled = await registry.request(`/v2/a/manifests/${wide}`)
  assert.equal(pulled.headers.get('docker-content-digest'), wide)
  assert.deepEqual(Buffer.from(await pulled.arrayBuffer()), image.content)

  // The subject need not be there.
  const referrer = tinyImage('referrer', { subject: { mediaType: ociManifest, digest: absent, size: 9 } })
  await pushBlob(registry, 'a', referrer.config)
  await pushBlob(registry, 'a', referrer.layer)
  const referring = await putManifest(registry, 'a', referrer.digest, referrer)
  assert.equal(referring.status, 201)
  assert.equal(referring.headers.get('oci-subject'), absent)
  assert.equal(registry.put.at(-1)?.subject, absent)
})

test('Docker schema 2, foreign layers, and an index of blobs as BuildKit writes its cache', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushBlob(registry, 'a', image.config)
  await pushBlob(registry, 'a', image.layer)
  const docker = written(
    {
      config: descriptorOf(image.config, 'application/vnd.docker.container.image.v1+json'),
      layers: [
        descriptorOf(image.layer, 'application/vnd.docker.image.rootfs.diff.tar.gzip'),
        {
          mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
          digest: absent,
          size: 7,
          urls: ['https://example.com/x'],
        },
      ],
    },
    'application/vnd.docker.distribution.manifest.v2+json',
  )
  assert.equal((await putManifest(registry, 'a', 'docker', docker)).status, 201)
  const list = written(
    { manifests: [{ ...docker.descriptor, platform: { os: 'linux', architecture: 'amd64' } }] },
    'application/vnd.docker.distribution.manifest.list.v2+json',
  )
  assert.equal((await putManifest(registry, 'a', 'list', list)).status, 201)
  const cache = written(
    { manifests: [descriptorOf(image.layer, 'application/vnd.oci.image.layer.v1.tar')] },
    ociIndex,
  )
  assert.equal((await putManifest(registry, 'a', 'cache', cache)).status, 201)
  const pulled = await registry.request('/v2/a/manifests/list')
  assert.equal(
    pulled.headers.get('content-type'),
    'application/vnd.docker.distribution.manifest.list.v2+json',
  )
})

test('a manifest of just 8 MiB is taken', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'a', 'small', image)
  const fields = JSON.parse(image.content.toString()) as Record<string, unknown>
  const room = 8 * 1024 * 1024 - written({ ...fields, annotations: { pad: '' } }).content.length
  const largest = written({ ...fields, annotations: { pad: 'x'.repeat(room) } })
  assert.equal(largest.content.length, 8 * 1024 * 1024)
  assert.equal((await putManifest(registry, 'a', 'large', largest)).status, 201)
  const pulled = await registry.request('/v2/a/manifests/large')
  assert.equal(digestOf(Buffer.from(await pulled.arrayBuffer())), largest.digest)
})
