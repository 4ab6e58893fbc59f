import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readImage } from '@lanner/assessment'
import { type Digest, Fault } from '@lanner/model'
import { type ImageSource, type ResolvedImage, systemClock } from '@lanner/oci'
import { type BuiltImage, image, imageSource, layer, temporaryFolder } from '@lanner/testkit'
import { type ImageReaderOptions, imageReader } from './image-reader.ts'

const base = layer({
  'etc/os-release': 'ID=alpine\nVERSION_ID=3.19.1\n',
  'lib/apk/db/installed': 'P:musl\nV:1.2.4-r2\nA:x86_64\no:musl\n\n',
})
const upper = layer({ 'lib/apk/db/installed': 'P:musl\nV:1.2.4-r2\n\nP:zlib\nV:1.3.1-r0\n\n' })

async function temporary(t: TestContext): Promise<string> {
  const folder = await temporaryFolder()
  t.after(() => folder[Symbol.asyncDispose]())
  return folder.path
}

async function blobFolder(t: TestContext, { blobs }: BuiltImage): Promise<string> {
  const folder = await temporary(t)
  for (const [digest, bytes] of blobs) {
    const [algorithm, hex] = digest.split(':')
    const path = join(folder, algorithm, hex.slice(0, 2), hex)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
  }
  return folder
}

function reader(t: TestContext, options: Partial<ImageReaderOptions> = {}) {
  const readers = imageReader({ processes: 1, clock: systemClock, version: '0', ...options })
  t.after(() => readers.close())
  return readers
}

async function resolved(built: BuiltImage) {
  // The test source is typed loosely; what it resolves is what a registry would.
  const source = imageSource(built) as unknown as ImageSource & { reads: Digest[] }
  const { images } = await source.resolve()
  return { source, images: images as readonly ResolvedImage[] }
}

test('an image is read in a process of its own as it is without one, from a folder of blobs', async (t) => {
  const built = image({ layers: [base, upper] })
  const { source, images } = await resolved(built)
  const folder = await blobFolder(t, built)
  const [read] = await reader(t).read(source, images, { blobFolder: folder })
  assert.deepEqual(
    read.known?.inventory.packages.map(({ name, version }) => `${name} ${version}`),
    ['musl 1.2.4-r2', 'zlib 1.3.1-r0'],
  )
  assert.equal(read.facts.distribution?.id, 'alpine')
  assert.equal(read.facts.layers[0].diffId, base.diffId)
  // The source was not asked for a byte.
  assert.deepEqual(source.reads, [])
  const here = await readImage(source, images[0], { version: '0', onEvent: () => {} })
  assert.deepEqual(read.known, JSON.parse(JSON.stringify(here)))
})

test('blobs that lie elsewhere are had from the source, and events are told on the way', async (t) => {
  const { source, images } = await resolved(image({ layers: [base, upper] }))
  const kinds: string[] = []
  const [read] = await reader(t).read(source, images, { onEvent: ({ kind }) => kinds.push(kind) })
  assert.equal(read.known?.inventory.packages.length, 2)
  assert.deepEqual(source.reads.toSorted(), [base.descriptor.digest, upper.descriptor.digest].toSorted())
  assert.equal(kinds.filter((kind) => kind === 'layer-done').length, 2)
})

test('what was read once is known, and its bytes are not read again', async (t) => {
  const { source, images } = await resolved(image({ layers: [base, upper] }))
  const cacheFolder = await temporary(t)
  const readers = reader(t, { cacheFolder })
  const [first] = await readers.read(source, images)
  const [second] = await readers.read(source, images)
  assert.equal(source.reads.length, 2)
  assert.deepEqual(second.known?.inventory.packages, first.known?.inventory.packages)
  assert.deepEqual((await readdir(cacheFolder)).sort(), ['images', 'layers'])
})

test('a layer that is not what its digest says makes its image unread, with the reason, and no other', async (t) => {
  const damaged = await resolved(image({ layers: [base, layer({ a: 'b' }, { damage: 'diff-id' })] }))
  const sound = await resolved(image({ layers: [base] }))
  const source: ImageSource = {
    ...damaged.source,
    blob: (descriptor) =>
      (descriptor.digest === base.descriptor.digest ? sound : damaged).source.blob(descriptor),
  }
  const [first, second] = await reader(t).read(source, [...damaged.images, ...sound.images])
  assert.equal(first.known, undefined)
  assert.equal(first.unread?.code, 'unreadable-layer')
  assert.equal(first.facts.manifestDigest, damaged.images[0].manifestDigest)
  assert.equal(second.known?.inventory.packages.length, 1)
})

test('a source that is away for a moment is no answer', async (t) => {
  const { source, images } = await resolved(image({ layers: [base] }))
  const away: ImageSource = {
    ...source,
    // biome-ignore lint/correctness/useYield: fails before the first byte
    async *blob() {
      throw new Fault('unreachable', 'nobody is there', { retryable: true })
    },
  }
  await assert.rejects(reader(t).read(away, images), { code: 'unreachable', retryable: true })
})

test('a blob that is not there makes the image unread', async (t) => {
  const built = image({ layers: [base] })
  const { source, images } = await resolved(built)
  const folder = await blobFolder(t, image({ layers: [upper] }))
  const [read] = await reader(t).read(source, images, { blobFolder: folder })
  assert.match(read.unread?.message ?? '', new RegExp(`there is no blob ${base.descriptor.digest}`))
})

test('an image of which there is too much to say is not assessable; others are', async (t) => {
  const packages = Array.from({ length: 2_000 }, (_, at) => `P:package-${at}\nV:1.${at}-r0\n\n`).join('')
  const large = await resolved(image({ layers: [layer({ 'lib/apk/db/installed': packages })] }))
  const small = await resolved(image({ layers: [base] }))
  const source: ImageSource = {
    ...large.source,
    blob: (descriptor) =>
      (descriptor.digest === base.descriptor.digest ? small : large).source.blob(descriptor),
  }
  const readers = reader(t, { maxBytes: 50_000 })
  const [first, second] = await readers.read(source, [...large.images, ...small.images])
  assert.equal(first.known, undefined)
  assert.equal(first.unread?.code, 'limit-exceeded')
  assert.match(first.unread?.message ?? '', /more than 50000 bytes/)
  assert.equal(first.facts.manifestDigest, large.images[0].manifestDigest)
  assert.equal(second.known?.inventory.packages.length, 1)
})

test('reading ends when it is aborted', async (t) => {
  const { source, images } = await resolved(image({ layers: [base] }))
  const controller = new AbortController()
  const ended = Promise.withResolvers<void>()
  const endless: ImageSource = {
    ...source,
    async *blob() {
      try {
        controller.abort(new Error('enough'))
        for (;;) {
          yield Buffer.alloc(16)
          await new Promise((resolve) => setImmediate(resolve))
        }
      } finally {
        ended.resolve()
      }
    },
  }
  await assert.rejects(reader(t).read(endless, images, { signal: controller.signal }), /enough/)
  // The source is let go of in its own time; were it not, this would never end.
  await ended.promise
})
