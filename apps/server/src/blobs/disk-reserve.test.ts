import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { BlobFault } from './blob-fault.ts'
import { FolderBlobStore } from './folder-blob-store.ts'

const full = (error: unknown) => error instanceof BlobFault && error.code === 'no-space'

test('a body stops where the reserve of the disk begins', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lanner-test-'))
  t.after(() => rm(folder, { recursive: true }))
  const mebibyte = Buffer.alloc(1 << 20)
  let free = 120 << 20
  let looks = 0
  const store = new FolderBlobStore(folder, {
    bytes: 100 << 20,
    free: async () => {
      looks++
      return free
    },
  })
  assert.equal(await store.append('small', 0, [mebibyte]), 1 << 20)
  assert.equal(looks, 1)

  // Somebody else fills the disk meanwhile.
  async function* large() {
    for (let sent = 0; sent < 40; sent++) {
      if (sent === 10) free = 99 << 20
      yield mebibyte
    }
  }
  await assert.rejects(store.append('large', 0, large()), full)
  assert.ok((await store.uploaded('large')) < 20 << 20)
  await assert.rejects(store.append('next', 0, [mebibyte]), full)
  assert.equal(await store.uploaded('next'), 0)

  free = 101 << 20
  assert.equal(await store.append('small', 1 << 20, [mebibyte]), 2 << 20)
  assert.deepEqual((await readdir(join(folder, 'uploads'))).sort(), ['large', 'next', 'small'])
})

test('the disk itself is asked', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lanner-test-'))
  t.after(() => rm(folder, { recursive: true }))
  const body = [Buffer.from('bytes')]
  assert.equal(await new FolderBlobStore(folder, { bytes: 1 }).append('a', 0, body), 5)
  const never = new FolderBlobStore(folder, { bytes: Number.MAX_SAFE_INTEGER })
  await assert.rejects(never.append('b', 0, body), full)
})
