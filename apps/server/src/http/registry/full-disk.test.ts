import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { BlobFault } from '../../blobs/blob-fault.ts'
import type { BlobStore } from '../../blobs/blob-store.ts'
import { DatabaseFault } from '../../db/database-fault.ts'
import { digestOf, errorCode, pushBlob, putManifest, tinyImage } from '../../testing/push-content.ts'
import { startPushRegistry, temporaryBlobs } from '../../testing/push-registry.ts'

const bytes = Buffer.alloc(300_000, 'full')
const digest = digestOf(bytes)

/** A store over a disk that gets full at one of its steps. */
function fullAt(step: 'append' | 'seal' | 'publish') {
  const state = { full: true }
  const wrap = (store: BlobStore): BlobStore => {
    const fail = (): void => {
      if (state.full) throw new BlobFault('no-space', 'writing an upload failed: the disk is full')
    }
    async function* cut(body: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncIterable<Buffer> {
      for await (const part of body) {
        yield part
        fail()
      }
    }
    return new Proxy(store, {
      get(target, name) {
        if (name === 'append' && step === 'append') {
          return (upload: string, from: number, body: Iterable<Buffer>) =>
            target.append(upload, from, cut(body))
        }
        if (name === step) {
          return async (...given: [string, never]) => {
            fail()
            return target[step as 'seal'](...given)
          }
        }
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  return { state, wrap }
}

async function nothingIsThere(t: TestContext, step: 'append' | 'seal' | 'publish'): Promise<void> {
  const { state, wrap } = fullAt(step)
  const folder = await temporaryBlobs(t)
  const registry = await startPushRegistry(t, { wrap, folder })
  const begun = await registry.request('/v2/a/blobs/uploads/', { method: 'POST' })
  const location = begun.headers.get('location') ?? ''
  for (const path of [`/v2/a/blobs/uploads/?digest=${digest}`, `${location}?digest=${digest}`]) {
    const method = path.startsWith(location) ? 'PUT' : 'POST'
    const answer = await registry.request(path, { method, body: new Uint8Array(bytes) })
    assert.equal(answer.status, 507)
    assert.equal(await errorCode(answer), 'INSUFFICIENT_STORAGE')
  }
  assert.equal((await registry.request(`/v2/a/blobs/${digest}`)).status, 404)
  assert.equal((await registry.request(location)).status, 404)
  assert.deepEqual(await readdir(join(folder, 'uploads')).catch(() => []), [])
  for await (const blob of registry.blobs.list()) assert.fail(`${blob.digest} is half there`)

  // As soon as there is space, the same push goes through.
  state.full = false
  await pushBlob(registry, 'a', bytes)
  const pulled = await registry.request(`/v2/a/blobs/${digest}`)
  assert.equal(digestOf(Buffer.from(await pulled.arrayBuffer())), digest)
}

for (const step of ['append', 'seal', 'publish'] as const) {
  test(`a disk that is full at ${step}: 507, and nothing half-visible`, (t) => nothingIsThere(t, step))
}

test('a manifest whose job cannot be enqueued is not there either', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushBlob(registry, 'a', image.config)
  await pushBlob(registry, 'a', image.layer)
  registry.onManifest = async () => {
    throw new DatabaseFault('no-space', 'the database has no space left')
  }
  const answer = await putManifest(registry, 'a', '1.0', image)
  assert.equal(answer.status, 507)
  assert.equal((await registry.request('/v2/a/manifests/1.0')).status, 404)
  assert.equal((await registry.request(`/v2/a/manifests/${image.digest}`)).status, 404)
  registry.onManifest = async () => undefined
  assert.equal((await putManifest(registry, 'a', '1.0', image)).status, 201)
})
