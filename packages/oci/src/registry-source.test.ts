import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  emptyRepository,
  type FakeRegistry,
  type FakeRegistryOptions,
  ociIndex,
  otherBody,
  pushImage,
  pushManifest,
  startFakeRegistry,
} from '@lanner/testkit'
import { Secret } from './credentials/secret.ts'
import { ReferenceFault } from './reference.ts'
import type { RegistryOptions } from './registry.ts'
import { openRegistrySource } from './registry-source.ts'
import { RegistryFault } from './transport/registry-fault.ts'

const layer = Buffer.alloc(10_240, 'layer')
const repository = emptyRepository()
const amd64 = pushImage(repository, [layer], { tags: ['amd64'] })
const arm64 = pushImage(repository, [layer, Buffer.alloc(1024)], { architecture: 'arm64' })
const attestation = {
  ...amd64,
  digest: `sha256:${'a'.repeat(64)}`,
  platform: { os: 'unknown', architecture: 'unknown' },
  annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
}
const index = pushManifest(
  repository,
  { schemaVersion: 2, mediaType: ociIndex, manifests: [amd64, arm64, attestation] },
  { mediaType: ociIndex, tags: ['multi'] },
)

async function withRegistry(
  options: FakeRegistryOptions,
  run: (fake: FakeRegistry) => Promise<void>,
): Promise<void> {
  const fake = await startFakeRegistry({ repositories: new Map([['team/app', repository]]), ...options })
  try {
    await run(fake)
  } finally {
    await fake.close()
  }
}

async function resolve(reference: string, options: RegistryOptions = {}) {
  const source = await openRegistrySource(reference, options)
  try {
    return await source.resolve()
  } finally {
    await source.close()
  }
}

test('an image is resolved and its layer read', async () => {
  await withRegistry({}, async ({ host }) => {
    const source = await openRegistrySource(`${host}/team/app:amd64`)
    assert.equal(source.reference, `${host}/team/app:amd64`)
    const { images, others } = await source.resolve()
    assert.deepEqual(others, [])
    assert.equal(images.length, 1)
    assert.equal(images[0].manifestDigest, amd64.digest)
    assert.equal(images[0].config.architecture, 'amd64')
    const parts = await collect(source.blob(images[0].manifest.layers[0]))
    assert.ok(Buffer.concat(parts).equals(layer))
    await source.close()
  })
})

test('an index is resolved to an image per platform', async () => {
  await withRegistry({ authentication: { kind: 'bearer' } }, async ({ host, requests }) => {
    for (const reference of [
      `${host}/team/app:multi`,
      `${host}/team/app@${index.digest}`,
      `${host}/team/app:gone@${index.digest}`,
    ]) {
      const { images, others } = await resolve(reference)
      assert.deepEqual(others, [])
      assert.deepEqual(
        images.map(({ manifestDigest }) => manifestDigest),
        [amd64.digest, arm64.digest],
      )
      assert.ok(images.every(({ indexDigest }) => indexDigest === index.digest))
    }
    assert.equal(requests.filter(({ line }) => line.startsWith('GET /token')).length, 3)
  })
})

test('credentials are looked for by registry and repository', async () => {
  const authentication = { kind: 'basic', username: 'ci', password: 'pass' } as const
  await withRegistry({ authentication }, async ({ host }) => {
    const asked: unknown[] = []
    const { images } = await resolve(`${host}/team/app:amd64`, {
      async credentials({ registry, repository }) {
        asked.push([registry, repository])
        return { kind: 'basic', username: 'ci', password: new Secret('pass'), source: 'the test' }
      },
    })
    assert.equal(images.length, 1)
    assert.deepEqual(asked, [[host, 'team/app']])
  })
})

test('a config that is not what its digest says is refused', async () => {
  await withRegistry({ faults: [{ on: /blobs/, fault: otherBody('{}') }] }, async ({ host }) => {
    await assert.rejects(resolve(`${host}/team/app:amd64`), RegistryFault)
  })
})

test('a document that claims to be too large is not read', async () => {
  const large = emptyRepository()
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: `sha256:${'b'.repeat(64)}`,
    size: 1e12,
  }
  pushManifest(large, { schemaVersion: 2, config, layers: [] }, { tags: ['1'] })
  await withRegistry({ repositories: new Map([['a', large]]) }, async ({ host, requests }) => {
    await assert.rejects(resolve(`${host}/a:1`), /bytes/)
    assert.ok(!requests.some(({ line }) => line.includes('/blobs/')))
  })
})

test('what is not there is told', async () => {
  await withRegistry({}, async ({ host }) => {
    await assert.rejects(resolve(`${host}/team/app:gone`), { code: 'not-found', registry: host })
    await assert.rejects(resolve(`${host}/team/gone`), { code: 'not-found', message: /latest of team\/gone/ })
  })
  await assert.rejects(openRegistrySource('UPPER/case:'), ReferenceFault)
})

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}
