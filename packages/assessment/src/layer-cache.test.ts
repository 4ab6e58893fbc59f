import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { crc32, zstdCompressSync } from 'node:zlib'
import { defineExtractor, type Extractor } from '@lanner/extractors'
import { type BuiltImage, image, imageSource, layer, temporaryFolder } from '@lanner/testkit'
import { assess } from './assess.ts'
import { extractorRevision } from './extractor-revision.ts'
import { FolderLayerCache, type LayerCache } from './layer-cache.ts'
import { everyFile, filesOf, MemoryLayerCache } from './testing/file-tree.ts'

const base = layer({ 'a/x': '1', 'b/y': '2' })
const built = image({ layers: [base, layer({ 'a/.wh.x': '', 'a/z': '3' })] })

const revisionOf = (extractors: readonly Extractor[]) =>
  extractorRevision(Object.fromEntries(extractors.map(({ id, revision }) => [id, revision])))

/** Assesses with a cache; answers what was found, which layers were known, and what was warned of. */
async function run(
  folder: string | LayerCache,
  subject: BuiltImage = built,
  extractors: readonly Extractor[] = [everyFile],
) {
  const cache = typeof folder === 'string' ? new FolderLayerCache(folder, revisionOf(extractors)) : folder
  const source = imageSource(subject)
  const known: boolean[] = []
  const warnings: string[] = []
  const { reports } = await assess(source, {
    version: 'test',
    extractors,
    cache,
    concurrency: 1,
    onEvent(event) {
      if (event.kind === 'layer-done') known.push(event.cached)
      if (event.kind === 'warning') warnings.push(event.message)
    },
  })
  const [report] = reports
  return { report, files: [...filesOf(report).keys()], known, warnings, reads: source.reads }
}

const layersIn = async (folder: string) =>
  (await readdir(join(folder, 'layers'))).map((name) => join(folder, 'layers', name)).sort()

test('what was read once is known, and comes to the same', async () => {
  await using folder = await temporaryFolder()
  const first = await run(folder.path)
  const second = await run(folder.path)
  assert.deepEqual(first.files, ['a/z', 'b/y'])
  assert.deepEqual([first.known, first.reads.length], [[false, false], 2])
  assert.deepEqual([second.known, second.reads.length], [[true, true], 0])
  const { assessedAt: _, ...before } = first.report
  const { assessedAt: __, ...after } = second.report
  assert.deepEqual(after, before)
})

/** A file as the cache writes it, around any text. */
function sealed(body: string, names = 'a/x\0b/y\0'): Buffer {
  const packed = zstdCompressSync(Buffer.from(names))
  const sum = crc32(packed, crc32(Buffer.from(body)))
    .toString(16)
    .padStart(8, '0')
  return Buffer.concat([Buffer.from(`${sum} ${Buffer.byteLength(body)}\n${body}`), packed])
}

const bodyOf = (file: Buffer): string => {
  const start = file.indexOf(10) + 1
  const length = Number(file.toString('latin1', 9, start - 1))
  return file.toString('utf8', start, start + length)
}

const poisons: readonly (readonly [what: string, poison: (file: Buffer) => Buffer])[] = [
  ['empty', () => Buffer.alloc(0)],
  ['cut in its first line', (file) => file.subarray(0, 5)],
  ['cut in the inventory', (file) => file.subarray(0, 100)],
  ['cut in the names', (file) => file.subarray(0, file.length - 3)],
  ['longer than it says', (file) => Buffer.concat([file, Buffer.from('x')])],
  [
    'of a length that no file has',
    (file) => Buffer.from(file.toString('latin1').replace(/ \d+\n/, ' 999999999999\n'), 'latin1'),
  ],
  ['one bit off in the middle', (file) => flipped(file, file.length >> 1)],
  ['one bit off at the end', (file) => flipped(file, file.length - 1)],
  ['no JSON', () => sealed('not JSON')],
  ['JSON of another shape', () => sealed('[]')],
  [
    'without its reading',
    (file) => sealed(JSON.stringify({ ...JSON.parse(bodyOf(file)), reading: undefined })),
  ],
  [
    'with evidence that is none',
    (file) => sealed(JSON.stringify({ ...JSON.parse(bodyOf(file)), evidence: [null] })),
  ],
  [
    'another layer under this name',
    (file) => {
      const stored = JSON.parse(bodyOf(file))
      return sealed(
        JSON.stringify({ ...stored, reading: { ...stored.reading, digest: `sha256:${'f'.repeat(64)}` } }),
      )
    },
  ],
  [
    'in the form of older releases',
    (file) => Buffer.from(`${crc32(Buffer.from(bodyOf(file))).toString(16)}\n${bodyOf(file)}`),
  ],
]

function flipped(file: Buffer, at: number): Buffer {
  const copy = Buffer.from(file)
  copy[at] ^= 1
  return copy
}

for (const [what, poison] of poisons) {
  test(`a remembered layer that is ${what} is read again, and then known`, async () => {
    await using folder = await temporaryFolder()
    const { files } = await run(folder.path)
    for (const path of await layersIn(folder.path)) await writeFile(path, poison(await readFile(path)))
    const again = await run(folder.path)
    assert.deepEqual([again.files, again.known, again.warnings], [files, [false, false], []])
    assert.deepEqual((await run(folder.path)).known, [true, true])
  })
}

test('the sealed file of these tests is one that the cache takes', async () => {
  await using folder = await temporaryFolder()
  await run(folder.path)
  for (const path of await layersIn(folder.path)) await writeFile(path, sealed(bodyOf(await readFile(path))))
  assert.deepEqual((await run(folder.path)).known, [true, true])
})

test('a config that claims the diff id of a known layer for another blob is refused', async () => {
  await using folder = await temporaryFolder()
  await run(folder.path)
  const evil = layer({ 'a/x': 'evil' })
  const forged = image({ layers: [{ ...evil, diffId: base.diffId }] })
  const { report, known } = await run(folder.path, forged)
  assert.deepEqual([known, report.state], [[], 'not_assessable'])
  assert.match(report.reasons[0].message, new RegExp(`diff id ${base.diffId}`))
  // What was refused is not remembered, so the same blob under its true diff id is read.
  assert.deepEqual((await run(folder.path, image({ layers: [evil] }))).known, [false])
})

test('a config that claims another diff id for a known blob is refused as for an unknown one', async () => {
  await using folder = await temporaryFolder()
  const lying = image({ layers: [{ ...base, diffId: `sha256:${'a'.repeat(64)}` as typeof base.diffId }] })
  const unknown = await run(folder.path, lying)
  await run(folder.path)
  const known = await run(folder.path, lying)
  assert.deepEqual(known.report.reasons, unknown.report.reasons)
  assert.deepEqual(known.report.state, 'not_assessable')
})

test('a manifest that lies about the size of a known blob is refused as for an unknown one', async () => {
  await using folder = await temporaryFolder()
  const { descriptor } = base
  const lying = image({ layers: [{ ...base, descriptor: { ...descriptor, size: descriptor.size + 1 } }] })
  const unknown = await run(folder.path, lying)
  await run(folder.path)
  assert.deepEqual((await run(folder.path, lying)).report.reasons, unknown.report.reasons)
  assert.equal(unknown.report.reasons[0].code, 'unreadable-layer')
})

test('one blob twice with two diff ids in one image: one of them is a lie', async () => {
  const lie = { ...base, diffId: `sha256:${'a'.repeat(64)}` as typeof base.diffId }
  const { report } = await run(new MemoryLayerCache(), image({ layers: [base, lie] }))
  assert.equal(report.state, 'not_assessable')
})

test('layers that another set of extractors read are read again', async () => {
  await using folder = await temporaryFolder()
  const newer = defineExtractor({ ...everyFile, revision: everyFile.revision + 1 })
  await run(folder.path)
  assert.deepEqual((await run(folder.path, built, [newer])).known, [false, false])
  assert.deepEqual((await run(folder.path)).known, [true, true])
  const other = defineExtractor({ ...everyFile, id: 'test/other' })
  const revisions = [[everyFile], [newer], [everyFile, other], []].map(revisionOf)
  assert.equal(new Set(revisions).size, 4)
  assert.equal(revisionOf([everyFile, other]), revisionOf([other, everyFile]))
})

test('many writers and readers at once leave whole files', async () => {
  await using folder = await temporaryFolder()
  const runs = await Promise.all(Array.from({ length: 8 }, () => run(folder.path)))
  for (const { files, warnings } of runs) assert.deepEqual([files, warnings], [['a/z', 'b/y'], []])
  assert.equal((await layersIn(folder.path)).length, 2)
  assert.deepEqual((await run(folder.path)).known, [true, true])
})

test('the least recently used go first, and what a killed process left goes after an hour', async () => {
  await using folder = await temporaryFolder()
  const images = Array.from({ length: 4 }, (_, at) => image({ layers: [{ [`file-${at}`]: String(at) }] }))
  const [size] = await sizesOf(folder.path, images[0])
  await rm(join(folder.path, 'layers'), { recursive: true })
  // Room for three: each is written by its own cache, so that every one of them prunes.
  const room = () => new FolderLayerCache(folder.path, 'r', size * 3 + 2)
  for (const [at, each] of images.slice(0, 3).entries()) {
    await run(room(), each)
    const [newest] = (await layersIn(folder.path)).filter((path) =>
      path.includes(each.layers[0].descriptor.digest.slice(7)),
    )
    await utimes(newest, 1000 + at, 1000 + at)
  }
  const abandoned = join(folder.path, 'layers', 'x.tmp')
  await writeFile(abandoned, 'x')
  await utimes(abandoned, 1000, 1000)
  // Being read is being used: the first is now the newest, the second the oldest.
  assert.deepEqual((await run(room(), images[0])).known, [true])
  await run(room(), images[3])
  const known = []
  for (const each of images) known.push(...(await run(new FolderLayerCache(folder.path, 'r'), each)).known)
  assert.deepEqual(known, [true, false, true, true])
  assert.ok(!(await layersIn(folder.path)).includes(abandoned))
})

async function sizesOf(folder: string, subject: BuiltImage): Promise<number[]> {
  await run(new FolderLayerCache(folder, 'r'), subject)
  return Promise.all((await layersIn(folder)).map(async (path) => (await readFile(path)).length))
}

test('a layer larger than all the room is not remembered, and evicts nothing', async () => {
  await using folder = await temporaryFolder()
  await run(new FolderLayerCache(folder.path, 'r'), image({ layers: [base] }))
  const large = image({
    layers: [Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`f${at}`, 'x']))],
  })
  const small = new FolderLayerCache(folder.path, 'r', 1000)
  assert.deepEqual((await run(small, large)).warnings, [])
  assert.equal((await layersIn(folder.path)).length, 1)
})

test('what cannot be written is warned of, and the answer is right', async () => {
  await using folder = await temporaryFolder()
  // A file where the folder should be: no user, not even root, can write below it.
  await writeFile(join(folder.path, 'layers'), '')
  const { files, warnings } = await run(folder.path)
  assert.deepEqual(files, ['a/z', 'b/y'])
  assert.equal(warnings.length, 2)
  assert.match(
    warnings[0],
    /^layer sha256:[0-9a-f]{64} was read but could not be remembered: .*(EEXIST|ENOTDIR)/,
  )
})

test('a full disk is warned of, leaves nothing behind, and the answer is right', async () => {
  const full: LayerCache = {
    get: async () => undefined,
    put: async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    },
  }
  const { files, warnings } = await run(full)
  assert.deepEqual(files, ['a/z', 'b/y'])
  assert.match(warnings[0], /could not be remembered: ENOSPC/)
})

test('a stop in the middle of a layer leaves no file', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'layers'))
  const controller = new AbortController()
  const source = imageSource(built)
  const stopping: typeof source = {
    ...source,
    async *blob(descriptor) {
      for await (const part of source.blob(descriptor)) {
        yield part.subarray(0, 30)
        controller.abort(new Error('enough'))
        yield part.subarray(30)
      }
    },
  }
  const cache = new FolderLayerCache(folder.path, 'r')
  await assert.rejects(
    assess(stopping, { version: 'test', cache, extractors: [everyFile], signal: controller.signal }),
    /enough/,
  )
  assert.deepEqual(await layersIn(folder.path), [])
})
