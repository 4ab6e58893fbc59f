import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Secret } from '@lanner/oci'
import { describeBlobStore } from '../testing/describe-blob-store.ts'
import { type FakeS3, startFakeS3 } from '../testing/fake-s3.ts'
import { digestOf } from '../testing/push-content.ts'
import { temporaryBlobs } from '../testing/push-registry.ts'
import { BlobFault } from './blob-fault.ts'
import { S3BlobStore } from './s3-blob-store.ts'

describeBlobStore('S3', async (t) => {
  const s3 = await startFakeS3(t)
  const staging = await temporaryBlobs(t)
  return { store: storeOn(s3, staging), reopen: () => storeOn(s3, staging) }
})

async function uploaded(t: TestContext, size: number) {
  const s3 = await startFakeS3(t)
  const store = storeOn(s3, await temporaryBlobs(t))
  const bytes = Buffer.alloc(size, 'parts')
  const digest = digestOf(bytes)
  await store.append('u1', 0, [bytes])
  await store.seal('u1', digest)
  return { s3, store, bytes, digest }
}

test('a large blob goes up in parts', async (t) => {
  const { s3, store, bytes, digest } = await uploaded(t, 2_500_000)
  await store.publish('u1', digest)
  const parts = s3.requests.filter((request) => request.includes('partNumber='))
  // 2,500,000 bytes in parts of 1 MiB.
  assert.equal(parts.length, 3)
  const hex = digest.slice('sha256:'.length)
  assert.deepEqual(s3.objects.get(`registry/sha256/${hex.slice(0, 2)}/${hex}`), bytes)
  assert.equal(s3.uploads.size, 0)
})

test('a part that is refused leaves nothing behind, and the upload can be published again', async (t) => {
  const { s3, store, bytes, digest } = await uploaded(t, 2_500_000)
  s3.fault = (_method, path) => (path.includes('partNumber=2') ? 403 : undefined)
  await assert.rejects(
    store.publish('u1', digest),
    (error) => error instanceof BlobFault && error.code === 'unavailable' && !error.retryable,
  )
  assert.equal(s3.objects.size, 0)
  assert.equal(s3.uploads.size, 0)
  s3.fault = () => undefined
  await store.publish('u1', digest)
  assert.equal(await store.size(digest), bytes.length)
})

test('a store that fails once is asked again', async (t) => {
  const { s3, store, digest } = await uploaded(t, 10)
  let failures = 1
  s3.fault = () => (failures-- > 0 ? 503 : undefined)
  await store.publish('u1', digest)
  assert.equal(await store.size(digest), 10)
})

test('a wrong secret is a fault that does not tell it', async (t) => {
  const { s3 } = await uploaded(t, 10)
  const store = storeOn({ ...s3, secretAccessKey: 'guessed' }, await temporaryBlobs(t))
  await assert.rejects(store.read(digestOf(Buffer.from('x'))), (error) => {
    assert.ok(error instanceof BlobFault)
    assert.match(error.message, /answered 403 SignatureDoesNotMatch/)
    assert.ok(!error.message.includes('guessed'))
    return true
  })
})

function storeOn(s3: FakeS3, staging: string): S3BlobStore {
  return new S3BlobStore({
    endpoint: s3.url,
    bucket: s3.bucket,
    region: 'eu-central-1',
    accessKeyId: s3.accessKeyId,
    secretAccessKey: new Secret(s3.secretAccessKey),
    prefix: 'registry/',
    staging,
    partBytes: 1024 * 1024,
  })
}
