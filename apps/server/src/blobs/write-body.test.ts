import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryBlobs } from '../testing/push-registry.ts'
import { BlobFault } from './blob-fault.ts'
import { writeBody } from './write-body.ts'

const mebibyte = 1024 * 1024

/** A file whose disk takes only so many bytes: the write that hits the end is short, the next one fails. */
function tightFile(handle: FileHandle, room: number): FileHandle {
  let left = room
  const full = (): never => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  }
  return {
    datasync: () => handle.datasync(),
    async writev(parts: Buffer[], position: number) {
      if (left === 0) full()
      const bytes = Buffer.concat(parts).subarray(0, left)
      left -= bytes.length
      return { bytesWritten: (await handle.write(bytes, 0, bytes.length, position)).bytesWritten }
    },
    async write(bytes: Buffer, offset: number, length: number, position: number) {
      if (left === 0) full()
      const size = Math.min(left, length)
      left -= size
      return handle.write(bytes, offset, size, position)
    },
  } as unknown as FileHandle
}

async function fileIn(folder: string, t: { after(fn: () => unknown): void }): Promise<FileHandle> {
  const handle = await open(join(folder, 'file'), 'w+')
  t.after(() => handle.close())
  return handle
}

test('bytes land where they belong, whatever the pieces', async (t) => {
  const folder = await temporaryBlobs(t)
  const handle = await fileIn(folder, t)
  const bytes = Buffer.alloc(5 * mebibyte + 17, 'position')
  const hash = createHash('sha256')
  function* pieces(): Iterable<Buffer> {
    for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 99_991 || 1) {
      yield bytes.subarray(at, at + size)
    }
  }
  await handle.write('before')
  const written = await writeBody(handle, 6, pieces(), hash)
  assert.deepEqual(written, { bytes: bytes.length })
  assert.deepEqual(await readFile(join(folder, 'file')), Buffer.concat([Buffer.from('before'), bytes]))
  assert.equal(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'))
})

test('a short write is continued', async (t) => {
  const folder = await temporaryBlobs(t)
  const handle = await fileIn(folder, t)
  const bytes = Buffer.alloc(mebibyte, 'short')
  let calls = 0
  const short = {
    writev: async (parts: Buffer[], position: number) =>
      handle.write(Buffer.concat(parts), 0, 1000, position),
    write: async (buffer: Buffer, offset: number, length: number, position: number) => {
      calls++
      return handle.write(buffer, offset, Math.min(length, 300_000), position)
    },
  } as unknown as FileHandle
  await writeBody(short, 0, [bytes], createHash('sha256'))
  // 1,047,576 bytes are left after the first thousand: three writes of 300,000 and the rest.
  assert.equal(calls, 4)
  assert.deepEqual(await readFile(join(folder, 'file')), bytes)
})

for (const room of [0, 1000, 3 * mebibyte + 5]) {
  test(`a disk that is full after ${room} bytes is told, and the body is not read to its end`, async (t) => {
    const handle = tightFile(await fileIn(await temporaryBlobs(t), t), room)
    let taken = 0
    function* endless(): Iterable<Buffer> {
      for (; taken < 1_000; taken++) yield Buffer.alloc(mebibyte)
    }
    await assert.rejects(
      writeBody(handle, 0, endless(), createHash('sha256')),
      (error) => error instanceof BlobFault && error.code === 'no-space',
    )
    assert.ok(taken < 100)
  })
}
