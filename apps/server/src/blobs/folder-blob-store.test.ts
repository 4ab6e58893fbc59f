import assert from 'node:assert/strict'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { describeBlobStore } from '../testing/describe-blob-store.ts'
import { digestOf } from '../testing/push-content.ts'
import { temporaryBlobs } from '../testing/push-registry.ts'
import { FolderBlobStore } from './folder-blob-store.ts'

describeBlobStore('folder', async (t) => {
  const folder = await temporaryBlobs(t)
  return { store: new FolderBlobStore(folder), reopen: () => new FolderBlobStore(folder) }
})

test('a blob lies by its digest, readable by its owner alone, and no upload is left', async (t) => {
  const folder = await temporaryBlobs(t)
  const store = new FolderBlobStore(folder)
  const bytes = Buffer.from('where am I')
  const digest = digestOf(bytes)
  await store.append('u1', 0, [bytes])
  await store.seal('u1', digest)
  await store.publish('u1', digest)
  const hex = digest.slice('sha256:'.length)
  const found = await stat(join(folder, 'sha256', hex.slice(0, 2), hex))
  assert.equal(found.size, bytes.length)
  assert.equal(found.mode & 0o777, 0o600)
  assert.deepEqual(await readdir(join(folder, 'uploads')), [])
})
