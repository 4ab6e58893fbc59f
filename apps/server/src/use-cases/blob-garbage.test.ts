import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Digest } from '@lanner/model'
import { sql } from 'kysely'
import { digestOf, pushBlob, pushTinyImage, putManifest, tinyImage } from '../testing/push-content.ts'
import { type PushRegistry, startPushRegistry } from '../testing/push-registry.ts'
import { collectGarbage, type GarbageOptions } from './blob-garbage.ts'

const hour = 3_600_000
const day = 24 * hour

function collect(registry: PushRegistry, options?: GarbageOptions) {
  return collectGarbage(
    { database: registry.database, blobs: registry.blobs, clock: () => registry.now },
    options,
  )
}

async function stored(registry: PushRegistry): Promise<Digest[]> {
  const digests: Digest[] = []
  for await (const { digest } of registry.blobs.list()) digests.push(digest)
  return digests.sort()
}

async function isPulled(registry: PushRegistry, repository: string, bytes: Buffer): Promise<void> {
  const answer = await registry.request(`/v2/${repository}/blobs/${digestOf(bytes)}`)
  assert.equal(answer.status, 200)
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes)
}

test('what a manifest needs stays; what none needs goes when its time has come', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('kept')
  const orphan = Buffer.from('pushed, and never named')
  await pushTinyImage(registry, 'a', '1.0', image)
  await pushBlob(registry, 'a', orphan)
  registry.now += day
  assert.deepEqual(await collect(registry), {
    unlinked: 0,
    blobs: 0,
    bytes: 0,
    uploads: 0,
    files: 0,
    repositories: 0,
  })
  registry.now += 1
  // Unlinking is a touch: the bytes wait for another day, in which they may be pushed again.
  assert.equal((await collect(registry)).unlinked, 1)
  assert.equal((await registry.request(`/v2/a/blobs/${digestOf(orphan)}`)).status, 404)
  assert.equal((await stored(registry)).length, 3)
  registry.now += day + 1
  const { blobs, bytes } = await collect(registry)
  assert.deepEqual({ blobs, bytes }, { blobs: 1, bytes: orphan.length })
  assert.deepEqual(await stored(registry), [digestOf(image.config), digestOf(image.layer)].sort())
  await isPulled(registry, 'a', image.layer)
})

test('a deleted image leaves nothing behind: no bytes, no repository, no usage', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('deleted')
  await pushTinyImage(registry, 'a', '1.0', image)
  await registry.request(`/v2/a/manifests/${image.digest}`, { method: 'DELETE' })
  registry.now += day + 1
  await collect(registry)
  registry.now += day + 1
  await collect(registry)
  assert.deepEqual(await stored(registry), [])
  const usage = await registry.database
    .selectFrom('storage_usage')
    .selectAll()
    .where('cid', '=', 'a'.repeat(32))
    .execute()
  assert.deepEqual(usage, [{ cid: 'a'.repeat(32), bytes: 0 }])
  assert.equal((await registry.request('/v2/a/tags/list')).status, 404)
})

test('bytes that another tenant, or another repository, has stay', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('shared')
  await pushTinyImage(registry, 'a', '1.0', image, 'alice')
  await pushTinyImage(registry, 'a', '1.0', image, 'bob')
  await registry.request(`/v2/a/manifests/${image.digest}`, { method: 'DELETE', as: 'bob' })
  for (let times = 0; times < 3; times++) {
    registry.now += day + 1
    await collect(registry)
  }
  await isPulled(registry, 'a', image.layer)
  assert.equal((await registry.request(`/v2/a/blobs/${digestOf(image.layer)}`, { as: 'bob' })).status, 404)
})

test('who asks whether a blob is there may name it: it is as new as the question', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('asked for')
  await pushBlob(registry, 'a', image.config)
  await pushBlob(registry, 'a', image.layer)
  registry.now += 2 * day
  for (const bytes of [image.config, image.layer]) {
    await registry.request(`/v2/a/blobs/${digestOf(bytes)}`, { method: 'HEAD' })
  }
  await collect(registry)
  assert.equal((await putManifest(registry, 'a', '1.0', image)).status, 201)
})

test('dead uploads go with their files, live ones stay', async (t) => {
  const registry = await startPushRegistry(t)
  // The store's own times are the machine's.
  registry.now = Date.now()
  const begin = async () => {
    const answer = await registry.request('/v2/a/blobs/uploads/', { method: 'POST' })
    const location = answer.headers.get('location') ?? ''
    await registry.request(location, { method: 'PATCH', body: Buffer.from('x') })
    return location
  }
  const dead = await begin()
  assert.equal((await collect(registry)).uploads, 0)
  registry.now += day + hour
  const { uploads, files } = await collect(registry)
  assert.deepEqual({ uploads, files }, { uploads: 1, files: 1 })
  assert.equal((await registry.request(dead)).status, 404)
  const live = await begin()
  assert.equal((await registry.request(live)).status, 204)
})

test('bytes that the books do not know are found by a comparison', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('known')
  await pushTinyImage(registry, 'a', '1.0', image)
  const stray = Buffer.from('of an older day')
  await registry.blobs.append('stray', 0, [stray])
  await registry.blobs.seal('stray', digestOf(stray))
  await registry.blobs.publish('stray', digestOf(stray))
  await collect(registry, { reconcile: true })
  assert.equal((await stored(registry)).length, 3)
  registry.now += day + 1
  assert.equal((await collect(registry, { reconcile: true })).blobs, 1)
  assert.deepEqual(await stored(registry), [digestOf(image.config), digestOf(image.layer)].sort())
})

test('a blob that is pushed while it is being deleted is there afterwards', async (t) => {
  // Stops the collector before it deletes the bytes: whoever pushes them now has to wait for it, or loses them.
  const gate = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const registry = await startPushRegistry(t, {
    wrap: (store) =>
      new Proxy(store, {
        get(target, name) {
          const value = Reflect.get(target, name)
          if (name !== 'delete') return typeof value === 'function' ? value.bind(target) : value
          return async (digest: Digest) => {
            reached.resolve()
            await gate.promise
            await target.delete(digest)
          }
        },
      }),
  })
  const bytes = Buffer.from('deleted and pushed at once')
  await pushBlob(registry, 'a', bytes)
  await registry.request(`/v2/a/blobs/${digestOf(bytes)}`, { method: 'DELETE' })
  registry.now += day + 1
  const collecting = collect(registry)
  await reached.promise
  let pushed = false
  const pushing = pushBlob(registry, 'a', bytes).finally(() => (pushed = true))
  // Until the push is done, or waits for a lock.
  for (let waits = false; !pushed && !waits; ) {
    const { rows } = await sql`select 1 from pg_locks where not granted`.execute(registry.database)
    waits = rows.length > 0
  }
  assert.equal(pushed, false, 'the push did not wait for the collector')
  gate.resolve()
  await Promise.all([collecting, pushing])
  await isPulled(registry, 'a', bytes)
  assert.deepEqual(await stored(registry), [digestOf(bytes)])
})

test('a blob between its bytes and its link is not collected, whatever the grace', async (t) => {
  const gate = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const registry = await startPushRegistry(t, {
    wrap: (store) =>
      new Proxy(store, {
        get(target, name) {
          const value = Reflect.get(target, name)
          if (name !== 'publish') return typeof value === 'function' ? value.bind(target) : value
          return async (upload: string, digest: Digest) => {
            await target.publish(upload, digest)
            reached.resolve()
            await gate.promise
          }
        },
      }),
  })
  const bytes = Buffer.from('in flight')
  const pushing = pushBlob(registry, 'a', bytes)
  await reached.promise
  registry.now += hour
  assert.equal((await collect(registry, { graceMilliseconds: 0 })).blobs, 0)
  gate.resolve()
  await pushing
  await isPulled(registry, 'a', bytes)
})

test('pushers, deleters and collectors at once: an image that was acknowledged is whole', async (t) => {
  const registry = await startPushRegistry(t)
  // Few layers for many images, so that the same digests are pushed, linked, unlinked and deleted all the time.
  const layers = Array.from({ length: 4 }, (_, number) => Buffer.from(`layer ${number}`.repeat(100)))
  const config = Buffer.from('{"os":"linux"}')
  let acknowledged = 0
  let running = true

  async function pusher(number: number): Promise<void> {
    for (let round = 0; round < 12; round++) {
      const layer = layers[(number + round) % layers.length]
      const repository = `r${number % 2}`
      await pushBlob(registry, repository, config)
      await pushBlob(registry, repository, layer)
      const descriptors = [config, layer].map((bytes) => ({
        mediaType: 'x',
        digest: digestOf(bytes),
        size: bytes.length,
      }))
      const content = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          config: descriptors[0],
          layers: [descriptors[1]],
          annotations: { number: String(number), round: String(round) },
        }),
      )
      const mediaType = 'application/vnd.oci.image.manifest.v1+json'
      const put = await putManifest(registry, repository, `t${number}`, { content, mediaType })
      // With no grace at all, a blob may go before its manifest comes: then the client is told so.
      if (put.status === 404) continue
      assert.equal(put.status, 201, await put.text())
      acknowledged++
      await isPulled(registry, repository, config)
      await isPulled(registry, repository, layer)
      const path = `/v2/${repository}/manifests/${digestOf(content)}`
      assert.equal((await registry.request(path, { method: 'DELETE' })).status, 202)
    }
  }
  async function collector(): Promise<number> {
    let deleted = 0
    while (running) {
      // Time goes on, so that everything is old at once.
      registry.now += 1
      deleted += (await collect(registry, { graceMilliseconds: 0 })).blobs
    }
    return deleted
  }
  const collecting = Promise.all([collector(), collector()])
  await Promise.all([0, 1, 2, 3].map(pusher)).finally(() => (running = false))
  const deleted = await collecting
  assert.ok(acknowledged > 0, 'no push got through')
  assert.ok(deleted[0] + deleted[1] > 0, 'nothing was collected meanwhile')
  assert.deepEqual(registry.failures, [])

  registry.now += 1
  await collect(registry, { graceMilliseconds: 0 })
  registry.now += 1
  await collect(registry, { graceMilliseconds: 0 })
  assert.deepEqual(await stored(registry), [])
  const books = await registry.database.selectFrom('stored_blob').selectAll().execute()
  assert.deepEqual(books, [])
  const usage = await registry.database
    .selectFrom('storage_usage')
    .select('bytes')
    .where('cid', '=', 'a'.repeat(32))
    .execute()
  assert.deepEqual(usage, [{ bytes: 0 }])
})
