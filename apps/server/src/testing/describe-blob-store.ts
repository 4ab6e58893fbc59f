import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { type Digest, parseDigest } from '@lanner/model'
import { BlobFault } from '../blobs/blob-fault.ts'
import type { BlobStore } from '../blobs/blob-store.ts'

/** A store, and another one over the same bytes as after a restart of the server. */
export interface StoreUnderTest {
  readonly store: BlobStore
  readonly reopen: () => BlobStore
}

/** What every store has to do, whatever the bytes lie in. */
export function describeBlobStore(name: string, make: (t: TestContext) => Promise<StoreUnderTest>): void {
  const it = (what: string, run: (store: BlobStore, reopen: () => BlobStore) => Promise<void>): void => {
    test(`${name}: ${what}`, async (t) => {
      const { store, reopen } = await make(t)
      await run(store, reopen)
    })
  }

  for (const algorithm of ['sha256', 'sha512'] as const) {
    it(`a blob comes in chunks, is verified by ${algorithm}, and is read whole and in parts`, async (store) => {
      const bytes = pattern(3_000_000)
      const digest = digestOf(bytes, algorithm)
      const upload = randomUUID()
      assert.equal(await store.uploaded(upload), 0)
      assert.equal(await store.append(upload, 0, inPieces(bytes.subarray(0, 1_000_001))), 1_000_001)
      assert.equal(await store.uploaded(upload), 1_000_001)
      assert.equal(await store.size(digest), undefined)
      assert.equal(await store.append(upload, 1_000_001, [bytes.subarray(1_000_001)]), bytes.length)
      assert.equal(await store.seal(upload, digest), bytes.length)
      assert.equal(await store.size(digest), undefined, 'nothing is visible before it is published')
      await store.publish(upload, digest)
      assert.equal(await store.size(digest), bytes.length)
      assert.equal(await store.uploaded(upload), 0)
      assert.deepEqual(await read(store, digest), bytes)
      const part = await store.read(digest, { start: 999_999, end: 1_000_002 })
      assert.deepEqual(Buffer.concat(await part.toArray()), bytes.subarray(999_999, 1_000_003))
    })
  }

  it('a blob of no bytes', async (store) => {
    const digest = digestOf(Buffer.alloc(0))
    const upload = randomUUID()
    assert.equal(await store.seal(upload, digest), 0)
    await store.publish(upload, digest)
    assert.equal(await store.size(digest), 0)
    assert.deepEqual(await read(store, digest), Buffer.alloc(0))
  })

  it('an upload survives a restart', async (store, reopen) => {
    const bytes = pattern(200_000)
    const upload = randomUUID()
    await store.append(upload, 0, [bytes.subarray(0, 70_000)])
    const again = reopen()
    assert.equal(await again.uploaded(upload), 70_000)
    await again.append(upload, 70_000, [bytes.subarray(70_000)])
    const digest = digestOf(bytes)
    await again.seal(upload, digest)
    await reopen().publish(upload, digest)
    assert.deepEqual(await read(store, digest), bytes)
  })

  it('a chunk that does not begin where the upload ends is refused and changes nothing', async (store) => {
    const upload = randomUUID()
    await store.append(upload, 0, [Buffer.from('abc')])
    for (const from of [0, 2, 4]) {
      await assert.rejects(store.append(upload, from, [Buffer.from('x')]), isFault('out-of-order'))
    }
    await store.append(upload, 3, [Buffer.from('def')])
    assert.equal(await store.seal(upload, digestOf(Buffer.from('abcdef'))), 6)
  })

  it('other bytes than the digest says are gone', async (store) => {
    const upload = randomUUID()
    await store.append(upload, 0, [Buffer.from('abc')])
    const digest = digestOf(Buffer.from('abd'))
    await assert.rejects(store.seal(upload, digest), isFault('digest-mismatch'))
    assert.equal(await store.uploaded(upload), 0)
    assert.equal(await store.size(digest), undefined)
  })

  it('a body that breaks off can be resumed', async (store) => {
    const bytes = pattern(300_000)
    const upload = randomUUID()
    async function* broken(): AsyncIterable<Buffer> {
      yield bytes.subarray(0, 123_456)
      throw new Error('the line is dead')
    }
    await assert.rejects(store.append(upload, 0, broken()), /the line is dead/)
    assert.equal(await store.uploaded(upload), 123_456)
    await store.append(upload, 123_456, [bytes.subarray(123_456)])
    assert.equal(await store.seal(upload, digestOf(bytes)), bytes.length)
  })

  it('a body over its limit leaves the upload as it was', async (store) => {
    const upload = randomUUID()
    await store.append(upload, 0, [Buffer.from('abc')])
    const large = inPieces(pattern(3_000_000))
    await assert.rejects(store.append(upload, 3, large, { maxBytes: 2_999_999 }), isFault('too-large'))
    assert.equal(await store.uploaded(upload), 3)
    await store.append(upload, 3, [Buffer.from('de')], { maxBytes: 2 })
    assert.equal(await store.seal(upload, digestOf(Buffer.from('abcde'))), 5)
  })

  it('the same blob may be published twice; deleting is for once', async (store) => {
    const bytes = Buffer.from('twice')
    const digest = digestOf(bytes)
    for (let time = 0; time < 2; time++) {
      const upload = randomUUID()
      await store.append(upload, 0, [bytes])
      await store.seal(upload, digest)
      await store.publish(upload, digest)
    }
    assert.deepEqual(await read(store, digest), bytes)
    await store.delete(digest)
    await store.delete(digest)
    assert.equal(await store.size(digest), undefined)
    await assert.rejects(store.read(digest), isFault('not-found'))
  })

  it('all blobs are listed, uploads are not', async (store) => {
    const expected = new Map<string, number>()
    for (let number = 0; number < 5; number++) {
      const bytes = Buffer.from(`blob ${number}`.repeat(number + 1))
      const digest = digestOf(bytes, number === 0 ? 'sha512' : 'sha256')
      const upload = randomUUID()
      await store.append(upload, 0, [bytes])
      await store.seal(upload, digest)
      await store.publish(upload, digest)
      expected.set(digest, bytes.length)
    }
    await store.append(randomUUID(), 0, [Buffer.from('under way')])
    const found = new Map<string, number>()
    for await (const blob of store.list()) found.set(blob.digest, blob.size)
    assert.deepEqual([...found].sort(), [...expected].sort())
  })

  it('uploads are discarded by name and by age', async (store) => {
    const [one, two] = [randomUUID(), randomUUID()]
    await store.append(one, 0, [Buffer.from('1')])
    await store.append(two, 0, [Buffer.from('2')])
    await store.discard(one)
    await store.discard(one)
    assert.equal(await store.uploaded(one), 0)
    // File times are the machine's: an hour before and after now leave no doubt.
    assert.equal(await store.discardOlder(Date.now() - 3_600_000), 0)
    assert.equal(await store.uploaded(two), 1)
    assert.equal(await store.discardOlder(Date.now() + 3_600_000), 1)
    assert.equal(await store.uploaded(two), 0)
  })

  it('names that are no uploads reach no file', async (store) => {
    for (const upload of ['..', '../x', 'a/b', '', '.', 'a\0b', '-x', 'x'.repeat(200)]) {
      await assert.rejects(store.append(upload, 0, [Buffer.from('x')]), isFault('not-found'), upload)
    }
  })
}

function* inPieces(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) >>> 0, Math.min(at, size - 4))
  return bytes
}

function digestOf(bytes: Buffer, algorithm = 'sha256'): Digest {
  const digest = parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`)
  if (!digest) throw new Error(`no such algorithm: ${algorithm}`)
  return digest
}

async function read(store: BlobStore, digest: Digest): Promise<Buffer> {
  return Buffer.concat(await (await store.read(digest)).toArray())
}

function isFault(code: BlobFault['code']): (error: unknown) => boolean {
  return (error) => error instanceof BlobFault && error.code === code
}
