import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { type Digest, Fault } from '@lanner/model'
import { type BuiltLayer, digestOf, layer, tar } from '@lanner/testkit'
import { LayerFault } from './layer-fault.ts'
import { type ReadLayerOptions, readLayer } from './read-layer.ts'

/** A blob in chunks that tells when it was ended, and how much of it was asked for. */
class TestBlob implements AsyncIterable<Buffer> {
  ended = false
  given = 0
  readonly #bytes: Buffer
  readonly #step: number

  constructor(bytes: Buffer, step = 4096) {
    this.#bytes = bytes
    this.#step = step
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (let at = 0; at < this.#bytes.length; at += this.#step) {
        const chunk = this.#bytes.subarray(at, at + this.#step)
        this.given += chunk.length
        yield chunk
      }
    } finally {
      this.ended = true
    }
  }
}

type Options = Partial<ReadLayerOptions> & { readonly step?: number }

/** Reads the blob as what it says it is, and answers what was read with the files. */
async function read(bytes: Buffer, { step, ...options }: Options = {}) {
  const files = new Map<string, string>()
  const blob = new TestBlob(bytes, step)
  try {
    const reading = await readLayer(blob, {
      digest: digestOf(bytes),
      size: bytes.length,
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      visitor: {
        entry({ path }) {
          const parts: Buffer[] = []
          return {
            write: (part) => parts.push(part),
            end: () => files.set(path, sha256(Buffer.concat(parts))),
          }
        },
      },
      ...options,
    })
    return { reading, files }
  } finally {
    assert.ok(blob.ended, 'the blob was not ended')
  }
}

async function refused(
  code: LayerFault['code'],
  message: RegExp,
  bytes: Buffer,
  options: Options = {},
): Promise<LayerFault> {
  let fault: unknown
  await assert.rejects(read(bytes, options), (error) => {
    fault = error
    assert.ok(error instanceof LayerFault && error instanceof Fault, String(error))
    assert.deepEqual([error.code, message.test(error.message)], [code, true], error.message)
    return true
  })
  return fault as LayerFault
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Half text, half noise: about 5 MB, so that it takes several chunks of input and of output. */
const noise = randomBytes(1_500_000)
const contents: Record<string, Buffer> = {
  'usr/share/words': Buffer.alloc(2_500_000, 'a line of words and more words\n'),
  'usr/bin/noise': noise,
  'etc/os-release': Buffer.from('ID=test\n'),
}
const archive = tar(Object.entries(contents).map(([path, content]) => ({ path, content })))
const diffId = digestOf(archive)
const expectedFiles = new Map(Object.entries(contents).map(([path, content]) => [path, sha256(content)]))

const skippable = Buffer.concat([Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0]), Buffer.from('notes')])
const quarters = [0, 1, 2, 3].map((at) =>
  archive.subarray((archive.length >> 2) * at, at === 3 ? undefined : (archive.length >> 2) * (at + 1)),
)
const checksummed = { params: { [constants.ZSTD_c_checksumFlag]: 1 } }

const stored: readonly (readonly [name: string, compression: string, bytes: Buffer])[] = [
  ['plain', 'none', archive],
  ['gzip', 'gzip', gzipSync(archive)],
  ['gzip without compression', 'gzip', gzipSync(archive, { level: 0 })],
  ['gzip of several members', 'gzip', Buffer.concat(quarters.map((part) => gzipSync(part)))],
  ['gzip with an empty member', 'gzip', Buffer.concat([gzipSync(''), gzipSync(archive), gzipSync('')])],
  ['gzip with zeros behind it', 'gzip', Buffer.concat([gzipSync(archive), Buffer.alloc(3_000_000)])],
  ['zstd', 'zstd', zstdCompressSync(archive)],
  ['zstd with a checksum', 'zstd', zstdCompressSync(archive, checksummed)],
  [
    'zstd of several frames',
    'zstd',
    Buffer.concat(quarters.map((part) => zstdCompressSync(part, checksummed))),
  ],
  [
    'zstd with skippable frames',
    'zstd',
    Buffer.concat([skippable, ...quarters.flatMap((part) => [zstdCompressSync(part), skippable])]),
  ],
]

for (const [name, compression, bytes] of stored) {
  for (const step of [1009, 65_536, 1_100_000, bytes.length]) {
    test(`reads a layer stored as ${name}, in chunks of ${step}`, async () => {
      const { reading, files } = await read(bytes, { diffId, step })
      assert.deepEqual(reading, {
        digest: digestOf(bytes),
        diffId,
        compression,
        size: bytes.length,
        inflatedSize: archive.length,
        entries: 3,
      })
      assert.deepEqual(files, expectedFiles)
    })
  }
}

test('reads many small zstd frames that share no chunk with their ends', async () => {
  const frames: Buffer[] = []
  for (let at = 0; at < archive.length; at += 20_000)
    frames.push(zstdCompressSync(archive.subarray(at, at + 20_000)))
  const { files } = await read(Buffer.concat(frames), { diffId, step: 777 })
  assert.deepEqual(files, expectedFiles)
})

test('a body that a sink keeps is not given back before its end', async () => {
  const kept: Buffer[] = []
  let content: string | undefined
  await readLayer(new TestBlob(gzipSync(archive)), {
    digest: digestOf(gzipSync(archive)),
    size: gzipSync(archive).length,
    mediaType: '',
    visitor: {
      entry({ path }) {
        if (path !== 'usr/bin/noise') return { write: () => false, end() {} }
        return { write: (part) => kept.push(part), end: () => (content = sha256(Buffer.concat(kept))) }
      },
    },
  })
  assert.equal(content, sha256(noise))
})

test('an empty blob is an empty layer', async () => {
  const { reading } = await read(Buffer.alloc(0))
  assert.deepEqual(
    [reading.compression, reading.entries, reading.diffId],
    ['none', 0, digestOf(Buffer.alloc(0))],
  )
})

test('digests may be sha512; the diff id that is recorded is sha256', async () => {
  const sha512 = (bytes: Buffer) => `sha512:${createHash('sha512').update(bytes).digest('hex')}` as Digest
  for (const bytes of [archive, gzipSync(archive)]) {
    const { reading } = await read(bytes, { digest: sha512(bytes), diffId: sha512(archive) })
    assert.deepEqual([reading.digest, reading.diffId], [sha512(bytes), diffId])
    await refused('diff-id-mismatch', /sha512/, bytes, { diffId: sha512(bytes.subarray(1)) })
    await refused('digest-mismatch', /sha512/, bytes, { digest: sha512(bytes.subarray(1)) })
  }
})

test('progress grows up to both sizes', async () => {
  const bytes = gzipSync(archive)
  const seen: number[] = []
  await read(bytes, { onProgress: (read) => seen.push(read) })
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  )
  assert.equal(seen.at(-1), bytes.length)
})

const built = (damage?: Parameters<typeof layer>[1]): BuiltLayer => layer(contents, damage)
const none = digestOf(Buffer.from('something else'))

for (const compression of ['gzip', 'zstd', 'none'] as const) {
  const { bytes, diffId } = built({ compression })

  test(`${compression}: what is not what its descriptor says is refused`, async () => {
    await refused('digest-mismatch', /what was read has digest/, bytes, { digest: none })
    await refused('diff-id-mismatch', /config says diff id/, bytes, { diffId: none })
    await refused('size-mismatch', /more than the 1000 bytes/, bytes, { size: 1000 })
    await refused('size-mismatch', /where its descriptor says/, bytes, { size: bytes.length + 1 })
  })

  test(`${compression}: no more is read than the descriptor says, and nothing after a limit`, async () => {
    for (const options of [{ size: 10_000 }, { limits: { maxEntries: 1 } }]) {
      const blob = new TestBlob(bytes, 1000)
      await assert.rejects(
        readLayer(blob, {
          digest: none,
          size: bytes.length,
          mediaType: '',
          visitor: { entry: () => undefined },
          ...options,
        }),
      )
      assert.ok(blob.ended)
      if ('size' in options) assert.equal(blob.given, 11_000)
    }
  })

  test(`${compression}: limits are kept`, async () => {
    await refused('limit-exceeded', /maxBytes/, bytes, { diffId, limits: { maxBytes: 100_000 } })
    await refused('limit-exceeded', /entries/, bytes, { diffId, limits: { maxEntries: 2 } })
    await read(bytes, { diffId, limits: { maxBytes: archive.length, maxEntries: 3, maxRatio: 1 } })
  })

  test(`${compression}: a truncated tar is truncated`, async () => {
    const cut = built({ compression, damage: 'truncated-tar' })
    await refused('truncated', /ends inside entry 4/, cut.bytes, { diffId: cut.diffId })
  })

  test(`${compression}: a signal ends the reading`, async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const fault = await refused('aborted', /cancelled/, bytes, {
      signal: stop.signal,
      step: 10_000,
      visitor: {
        entry() {
          stop.abort(reason)
          return undefined
        },
      },
    })
    assert.equal(fault.cause, reason)
    await assert.rejects(
      readLayer(new TestBlob(bytes), {
        digest: none,
        size: 1,
        mediaType: '',
        visitor: { entry: () => undefined },
        signal: stop.signal,
      }),
      (error) => error instanceof LayerFault && error.code === 'aborted',
    )
  })

  test(`${compression}: what the visitor throws comes out as it is`, async () => {
    const thrown = new Error('the visitor gave up')
    await assert.rejects(
      read(bytes, {
        visitor: {
          entry() {
            throw thrown
          },
        },
      }),
      (error) => error === thrown,
    )
  })

  test(`${compression}: what the blob throws comes out as it is`, async () => {
    const thrown = new Error('the connection is gone')
    async function* broken(): AsyncGenerator<Buffer> {
      yield bytes.subarray(0, 300_000)
      throw thrown
    }
    await assert.rejects(
      readLayer(broken(), {
        digest: none,
        size: bytes.length,
        mediaType: '',
        visitor: { entry: () => undefined },
      }),
      (error) => error === thrown,
    )
  })
}

test('a blob that waits for ever does not hold up an abort', async () => {
  const stop = new AbortController()
  const never = Promise.withResolvers<void>()
  async function* stuck(): AsyncGenerator<Buffer> {
    yield gzipSync(archive).subarray(0, 100)
    queueMicrotask(() => stop.abort())
    await never.promise
  }
  await assert.rejects(
    readLayer(stuck(), {
      digest: none,
      size: 1000,
      mediaType: '',
      visitor: { entry: () => undefined },
      signal: stop.signal,
    }),
    (error) => error instanceof LayerFault && error.code === 'aborted',
  )
  never.resolve()
})

test('a ratio beyond the limit is refused once 64 MiB were inflated', async () => {
  const zeros = tar([{ path: 'zeros', content: Buffer.alloc(80 * 1024 * 1024) }])
  const bytes = zstdCompressSync(zeros)
  const fault = await refused('limit-exceeded', /maxRatio/, bytes)
  assert.match(fault.message, new RegExp(`1000 times its ${bytes.length} bytes`))
  await read(bytes, { limits: { maxRatio: 1_000_000 } })
})

test('a blob that ends early is told from a layer that was made so', async () => {
  for (const compression of ['gzip', 'zstd'] as const) {
    const whole = built({ compression })
    const cut = built({ compression, damage: 'truncated-blob' })
    await refused('truncated', /ends inside/, cut.bytes)
    await refused('size-mismatch', /bytes where its descriptor says/, cut.bytes, {
      digest: whole.descriptor.digest,
      size: whole.bytes.length,
    })
  }
})

test('a bit that was flipped on the way is a digest mismatch, in the layer itself it is corrupt', async () => {
  for (const compression of ['gzip', 'zstd'] as const) {
    const { bytes, descriptor } = built({ compression })
    const flipped = Buffer.from(bytes)
    // The block header of zstd, and a deflate block of gzip.
    for (let at = 20; at < 60; at++) flipped[at] ^= 0xff
    await refused('corrupt', /cannot be inflated|no zstd frame/, flipped)
    await refused('digest-mismatch', /what was read/, flipped, { digest: descriptor.digest })
  }
})

test('what follows the last member or frame is refused unless it is zeros behind gzip', async () => {
  const gzip = gzipSync(archive)
  const zstd = zstdCompressSync(archive)
  await refused('corrupt', /cannot be inflated/, Buffer.concat([gzip, Buffer.from('garbage')]))
  await refused('corrupt', /no gzip follow/, Buffer.concat([gzip, Buffer.alloc(10), Buffer.from('garbage')]))
  await refused('corrupt', /no gzip follow/, Buffer.concat([gzip, Buffer.alloc(2_000_000), gzip]))
  await refused('corrupt', /no zstd frame/, Buffer.concat([zstd, Buffer.from('garbage')]))
  await refused('truncated', /zstd frame/, Buffer.concat([zstd, zstd.subarray(0, 3)]))
  await refused('truncated', /zstd frame/, Buffer.concat([zstd, skippable.subarray(0, 10)]))
})

test('what is compressed otherwise, encrypted, or no archive is refused', async () => {
  await refused('unsupported', /bzip2/, Buffer.from('BZh91AY&SY'))
  await refused('unsupported', /xz/, Buffer.from('\xfd7zXZ\0\0\x04', 'latin1'))
  await refused('corrupt', /no tar header at byte 0/, Buffer.alloc(2048, '<html>'))
  await refused('corrupt', /no tar header at byte 0/, gzipSync(Buffer.alloc(2048, '<html>')))
  await refused('truncated', /inside a header/, Buffer.from('{}'))
  const blob = new TestBlob(archive)
  await assert.rejects(
    readLayer(blob, {
      digest: digestOf(archive),
      size: archive.length,
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted',
      visitor: { entry: () => undefined },
    }),
    (error) => error instanceof LayerFault && error.code === 'unsupported',
  )
  assert.equal(blob.given, 0)
})

test('a zstd window beyond 128 MiB is unsupported', async () => {
  // A frame header with a window of 2^28 bytes (RFC 8878 section 3.1.1.1.2: exponent 18, mantissa 0), and one raw block.
  const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 18 << 3, 0x09, 0x00, 0x00, 0x61])
  await refused('unsupported', /window larger than 128 MiB/, frame)
})
