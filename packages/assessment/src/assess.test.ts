import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { defineExtractor, type Extractor } from '@lanner/extractors'
import { extractors } from '@lanner/extractors/extractors'
import { zip } from '@lanner/extractors/fixtures'
import { Fault, formatPlatform, type Platform, type Report, type ReportSet } from '@lanner/model'
import {
  type BuiltImage,
  type BuiltIndex,
  dockerArchive,
  image,
  imageSource,
  index,
  type LayerFiles,
  layer,
  layoutArchive,
  temporaryFolder,
  writeLayout,
} from '@lanner/testkit'
import { type AssessmentOptions, assess } from './assess.ts'
import type { AssessmentEvent } from './events.ts'
import { openSource } from './open-source.ts'
import { everyFile, filesOf, MemoryLayerCache, pathsOf } from './testing/file-tree.ts'

const version = 'test'

/** A layout as a tar archive, opened and assessed as `lanner scan oci:…` does. */
async function assessArchive(
  archive: Buffer,
  kind = 'oci',
  more: Partial<AssessmentOptions> = {},
): Promise<ReportSet> {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'image.tar')
  await writeFile(path, archive)
  const source = await openSource(`${kind}:${path}`, { offline: true, version })
  try {
    return await assess(source, { version, extractors: [everyFile], ...more })
  } finally {
    await source.close()
  }
}

const assessImages = (images: readonly (BuiltImage | BuiltIndex)[], more?: Partial<AssessmentOptions>) =>
  assessArchive(layoutArchive(images), 'oci', more)

const filesIn = (report: Report) => [...filesOf(report).keys()].sort()

// What the layers of an image come to, through a real archive.

const merges: readonly (readonly [what: string, layers: readonly LayerFiles[], files: readonly string[]])[] =
  [
    ['layers add up', [{ 'a/x': '1' }, { 'a/y': '2' }], ['a/x', 'a/y']],
    ['a whiteout removes a file', [{ 'a/x': '1', 'a/y': '2' }, { 'a/.wh.x': '' }], ['a/y']],
    ['a whiteout removes a folder', [{ 'a/b/x': '1', 'ab/x': '2' }, { 'a/.wh.b': '' }], ['ab/x']],
    ['an opaque folder, marker last', [{ 'a/x': '1' }, { 'a/y': '2', 'a/.wh..wh..opq': '' }], ['a/y']],
    ['an opaque folder, marker first', [{ 'a/x': '1' }, { 'a/.wh..wh..opq': '', 'a/y': '2' }], ['a/y']],
    ['a file in the place of a folder', [{ 'a/x/y': '1' }, { 'a/x': '2' }], ['a/x']],
    ['a folder in the place of a file', [{ a: '1' }, { 'a/': null, 'a/x': '2' }], ['a/x']],
    ['a link in the place of a folder', [{ 'a/x': '1', 'b/y': '2' }, { a: { link: '/b' } }], ['b/y']],
    [
      'a path below a link of a lower layer',
      [{ 'b/y': '1', a: { link: '/b' } }, { 'a/x': '2' }],
      ['a/x', 'b/y'],
    ],
    ['links in a circle', [{ a: { link: 'b' }, b: { link: 'a' }, c: '1' }], ['c']],
    ['links out of the image', [{ 'app/passwd': { link: '../../../../etc/passwd' }, c: '1' }], ['c']],
    ['a hard link before its target', [{ b: { hardlink: 'a' }, a: '1' }], ['a', 'b']],
    [
      'leading slashes and dots',
      [{ '/abs/file': '1', './dot/./file': '2', 'a//b/../c': '3' }],
      ['a/c', 'abs/file', 'dot/file'],
    ],
    [
      'a name like a property of every object',
      [{ '__proto__/x': '1', constructor: '2' }],
      ['__proto__/x', 'constructor'],
    ],
  ]

for (const [what, layers, files] of merges) {
  test(`${what}: by both merges`, async () => {
    const cache = new MemoryLayerCache()
    const { reports } = await assessImages([image({ layers })], { cache })
    assert.deepEqual(filesIn(reports[0]), files)
    const paths = pathsOf(reports[0], cache)
    for (const path of files) assert.ok(paths.includes(path), path)
  })
}

test('hard links have the content of their target, wanted or not', async () => {
  const { reports } = await assessImages([
    image({ layers: [{ 'bin/a': 'same', 'bin/b': { hardlink: 'bin/a' }, 'bin/c': { hardlink: '/bin/a' } }] }),
  ])
  const files = filesOf(reports[0])
  assert.deepEqual([...files.keys()], ['bin/a', 'bin/b', 'bin/c'])
  assert.equal(new Set(files.values()).size, 1)
})

test('hard links that lead out, or to nothing, are told and read nothing', async () => {
  const { reports } = await assessImages([
    image({
      layers: [{ 'app/passwd': { hardlink: '../../etc/passwd' }, 'app/x': { hardlink: 'not/there' } }],
    }),
  ])
  const [report] = reports
  assert.deepEqual(filesIn(report), [])
  const told = report.reasons.filter(({ code }) => code === 'unreadable-evidence')
  assert.deepEqual(
    told.map(({ message }) => message),
    [
      'app/passwd: is a hard link that leads out of the image',
      'app/x: is a hard link to not/there, which is no file of its layer',
    ],
  )
})

/** Reads one byte after the other at every second mebibyte, `steps` of them. */
const wanderer = (steps: number): Extractor =>
  defineExtractor({
    id: 'test/wanderer',
    revision: 1,
    finds: 'bytes far apart',
    wants: { paths: ['program'], anchors: [Buffer.from('ANCHOR')] },
    maxBytes: 1000,
    *extract({ bytes }) {
      for (let step = 1; step <= steps; step++) {
        const version = bytes.slice(step * 2 ** 21, step * 2 ** 21 + 1).toString()
        yield { kind: 'package', type: 'generic', name: `place-${step}`, version, confidence: 'embedded' }
      }
    },
  })

test('a layer is read again for what large files turn out to hold, at most three times', async () => {
  const source = imageSource(image({ layers: [{ program: 'x'.repeat(12 * 2 ** 20) }] }))
  const three = await assess(source, { version, extractors: [wanderer(3)] })
  assert.equal(source.reads.length, 4)
  assert.equal(three.reports[0].packages.length, 3)
  assert.deepEqual(
    three.reports[0].reasons.map(({ code }) => code),
    ['no-advisories'],
  )
  const four = await assess(source, { version, extractors: [wanderer(4)] })
  assert.equal(source.reads.length, 8)
  assert.equal(four.reports[0].packages.length, 3)
  const told = four.reports[0].reasons.find(({ code }) => code === 'unreadable-evidence')
  assert.match(told?.message ?? '', /^program: bytes 8388608 to 8388609 of a file of 12582912 bytes/)
})

test('paths that lead out of the image are told', async () => {
  const { reports } = await assessImages([
    image({ layers: [{ '../../evil': '1', 'a/../../evil': '2', ok: '3' }] }),
  ])
  assert.deepEqual(filesIn(reports[0]), ['ok'])
  assert.match(reports[0].reasons[0].message, /^layer 1: 2 paths lead out of the image .*"\.\.\/\.\.\/evil"/)
})

test('gzip, zstd and plain layers in one image; the bytes decide, not the media type', async () => {
  const plain = layer({ c: '3' }, { compression: 'none' })
  const mislabelled = {
    ...plain,
    descriptor: { ...plain.descriptor, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' },
  }
  const { reports } = await assessImages([
    image({ layers: [layer({ a: '1' }), layer({ b: '2' }, { compression: 'zstd' }), mislabelled] }),
  ])
  assert.deepEqual(filesIn(reports[0]), ['a', 'b', 'c'])
  assert.deepEqual(
    reports[0].image?.layers.map(({ index: at, inflatedSize, entries }) => [
      at,
      inflatedSize > 1024,
      entries,
    ]),
    [
      [0, true, 1],
      [1, true, 1],
      [2, true, 1],
    ],
  )
})

const damages: readonly (readonly [damage: Parameters<typeof layer>[1], says: RegExp])[] = [
  [{ damage: 'digest' }, /there is no file blobs\/sha256\/0{63}1/],
  [{ damage: 'size' }, /has (\d+) bytes where its descriptor says \d+/],
  [{ damage: 'diff-id' }, /the config says diff id sha256:0{63}1/],
  [{ damage: 'truncated-blob' }, /ends inside its compressed stream/],
  [{ damage: 'truncated-tar' }, /ends inside/],
]

for (const [options, says] of damages) {
  test(`a layer with a lie or damage (${options?.damage}) makes the image not assessable`, async () => {
    const broken = layer({ b: '2'.repeat(5000) }, options)
    // What the layout stores lies where the true digest says.
    const { reports } = await assessImages([image({ layers: [{ a: '1' }, broken] })].map(withTruePlaces))
    const [report] = reports
    assert.equal(report.state, 'not_assessable')
    assert.deepEqual(
      report.reasons.map(({ code }) => code),
      ['unreadable-layer'],
    )
    assert.match(report.reasons[0].message, says)
    assert.deepEqual([report.packages, report.findings, report.image?.layers], [[], [], []])
  })
}

function withTruePlaces(built: BuiltImage): BuiltImage {
  const missing = built.layers.filter(({ descriptor }) => descriptor.digest === `sha256:${'0'.repeat(63)}1`)
  const blobs = new Map(
    [...built.blobs].filter(([digest]) => !missing.some((each) => each.descriptor.digest === digest)),
  )
  return { ...built, blobs }
}

test('a layer of zeros beyond the ratio is refused, and read under a higher limit', async () => {
  // 65 MiB, since the ratio counts from 64 MiB on; zeros compress to a thousandth.
  const bomb = image({ layers: [layer({ zeros: Buffer.alloc(65 * 1024 * 1024) })] })
  const refused = await assessImages([bomb], { limits: { maxRatio: 500 } })
  assert.deepEqual(
    refused.reports[0].reasons.map(({ code }) => code),
    ['limit-exceeded'],
  )
  assert.equal(refused.reports[0].state, 'not_assessable')
  const read = await assessImages([bomb], { limits: { maxRatio: 2000 } })
  assert.equal(read.reports[0].image?.layers[0].entries, 1)
})

test('an encrypted layer is of an unsupported media type', async () => {
  const whole = layer({ a: '1' })
  const encrypted = {
    ...whole,
    descriptor: { ...whole.descriptor, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted' },
  }
  const { reports } = await assessImages([image({ layers: [encrypted] })])
  assert.deepEqual(
    reports[0].reasons.map(({ code }) => code),
    ['unsupported-media-type'],
  )
  assert.equal(reports[0].state, 'not_assessable')
})

// Indexes.

const amd64 = image({ layers: [{ a: 'amd64' }] })
const arm64 = image({ layers: [{ a: 'arm64' }], platform: 'linux/arm64/v8' })

test('an index of an index: a report for each platform, none for the attestation', async () => {
  const nested = index([index([amd64, arm64], { attestation: true })])
  const { reports, others } = await assessImages([nested])
  assert.deepEqual(
    reports.map((report) => report.image && formatPlatform(report.image.platform)),
    ['linux/amd64', 'linux/arm64/v8'],
  )
  assert.deepEqual(others, [])
  assert.ok(reports.every((report) => report.image?.indexDigest === nested.digest))
})

test('one platform of an index; a platform that it lacks is a fault that names what there is', async () => {
  const both = index([amd64, arm64])
  const chosen = await assessImages([both], { platform: { os: 'linux', architecture: 'arm64' } })
  assert.equal(chosen.reports.length, 1)
  await assert.rejects(assessImages([both], { platform: { os: 'linux', architecture: 's390x' } }), {
    code: 'no-such-platform',
    message: /no image for linux\/s390x; it has linux\/amd64, linux\/arm64\/v8/,
  })
})

test('an image whose manifest is missing is told, unless another platform was asked for', async () => {
  const both = index([amd64, arm64])
  const partial = { ...both, blobs: new Map([...both.blobs].filter(([digest]) => digest !== arm64.digest)) }
  const whole = await assessImages([partial])
  assert.equal(whole.reports.length, 1)
  assert.deepEqual(
    whole.others.map(({ digest, platform, code }) => [digest, platform, code]),
    [[arm64.digest, 'linux/arm64/v8', 'unreadable']],
  )
  const chosen = await assessImages([partial], { platform: { os: 'linux', architecture: 'amd64' } })
  assert.deepEqual(chosen.others, [])
})

test('one broken platform leaves the other assessed', async () => {
  const broken = image({ layers: [layer({ a: '1' }, { damage: 'diff-id' })], platform: 'linux/arm64' })
  const { reports } = await assessImages([index([amd64, broken])])
  assert.deepEqual(reports.map(filesIn), [['a'], []])
  assert.deepEqual(
    reports[1].reasons.map(({ code }) => code),
    ['unreadable-layer'],
  )
})

// Archives.

for (const style of ['legacy', 'v25'] as const) {
  test(`docker save (${style}): a layer that occurs twice, and several images by their tags`, async () => {
    const base = layer({ a: '1' }, { compression: 'none' })
    const twice = image({ layers: [base, layer({ '.wh.a': '', b: '2' }, { compression: 'none' }), base] })
    const archive = dockerArchive([{ image: twice, tags: ['app:1'] }], { style })
    const { reports } = await assessArchive(archive, 'docker-archive')
    assert.deepEqual(filesIn(reports[0]), ['a', 'b'])
    const two = dockerArchive(
      [
        { image: twice, tags: ['app:1'] },
        { image: amd64, tags: ['app:2'] },
      ],
      { style },
    )
    await assert.rejects(assessArchive(two, 'docker-archive'), { code: 'ambiguous', message: /app:1, app:2/ })
  })
}

test('a layout in a folder, by tag, by digest, and by a name that is not there', async () => {
  await using folder = await temporaryFolder()
  // Both a path and a tag may hold a colon.
  const path = join(folder.path, 'a:b')
  await writeLayout(path, [
    { image: amd64, tag: 'one' },
    { image: arm64, tag: 'two' },
  ])
  const open = async (reference: string) => {
    const source = await openSource(reference, { offline: true, version })
    const { reports } = await assess(source, { version }).finally(() => source.close())
    return reports.map((report) => report.image?.manifestDigest)
  }
  assert.deepEqual(await open(`oci:${path}:two`), [arm64.digest])
  assert.deepEqual(await open(`oci:${path}@${amd64.digest}`), [amd64.digest])
  await assert.rejects(open(`oci:${path}`), { code: 'ambiguous' })
  await assert.rejects(open(`oci:${path}:three`), { code: 'not-found' })
  await assert.rejects(open(`oci:${path}@sha256:12`), { code: 'not-found', message: /is no digest/ })
  await assert.rejects(open(`oci:${folder.path}/none:x`), { code: 'not-found' })
  await assert.rejects(open('docker.io/library/alpine'), { code: 'offline' })
})

test('what is no reference, or lies on this machine, is told before a registry is asked', async () => {
  await using folder = await temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  await writeLayout(at('layout'), [amd64])
  await writeFile(at('image.tar'), '')
  await writeFile(at('no.pem'), 'a certificate')
  const refused = async (reference: string, code: string, message: RegExp, caFile?: string) =>
    assert.rejects(openSource(reference, { offline: caFile === undefined, version, caFile }), {
      code,
      message,
    })
  await refused('Debian:12', 'malformed', /must be in lower case$/)
  await refused(
    './none',
    'malformed',
    /; for what lies on this machine write oci:\.\/none or docker-archive:/,
  )
  await refused(at('layout'), 'malformed', /; for what lies on this machine write oci:\/.*\/layout$/)
  await refused(at('image.tar'), 'malformed', /write docker-archive:\/.*\/image\.tar or oci:/)
  await refused('oci-archive:image.tar', 'not-found', /write oci:FILE/)
  await refused('docker-daemon:debian:12', 'not-found', /docker save/)
  await refused('docker:24', 'offline', /--offline/)
  await refused('localhost:1/x', 'unreadable', /no\.pem: it holds no certificate/, at('no.pem'))
  const cwd = process.cwd()
  try {
    process.chdir(folder.path)
    // As references they are sound, and would be asked for at Docker Hub.
    await refused('layout', 'not-found', /^layout lies on this machine: write oci:layout, or docker\.io\//)
    await refused('image.tar', 'not-found', /^image\.tar lies on this machine: write docker-archive:/)
    await refused('docker.io/library/image.tar', 'offline', /--offline/)
  } finally {
    process.chdir(cwd)
  }
})

test('the platform that was asked for is called by its whole name, and told where it cannot be read', async () => {
  await using folder = await temporaryFolder()
  const torn = image({ layers: [{ a: '1' }], platform: 'linux/arm64', config: { rootfs: 1 } })
  await writeLayout(folder.path, [index([amd64, torn])])
  const ask = async (platform: Platform) => {
    const source = await openSource(`oci:${folder.path}`, { version })
    return assess(source, { version, platform }).finally(() => source.close())
  }
  await assert.rejects(ask({ os: 'linux', architecture: 'amd64', variant: 'v8' }), {
    code: 'no-such-platform',
    message: /no image for linux\/amd64\/v8; it has linux\/amd64$/,
  })
  await assert.rejects(ask({ os: 'linux', architecture: 'arm64' }), {
    code: 'nothing-to-assess',
    message: /its config: rootfs/,
  })
})

// Absurd documents.

test('layers and diff ids of different counts are malformed', async () => {
  const { config, ...rest } = image({ layers: [{ a: '1' }] })
  const lying = image({
    layers: [{ a: '1' }],
    config: {
      rootfs: { type: 'layers', diff_ids: [...JSON.parse(config.toString()).rootfs.diff_ids, rest.digest] },
    },
  })
  await assert.rejects(assessImages([lying]), {
    code: 'malformed',
    message: /1 layers but its config 2 diff ids/,
  })
})

test('a manifest of 10,000 layers is refused before any is read', async () => {
  const one = layer({ a: '1' })
  await assert.rejects(assessImages([image({ layers: Array.from({ length: 10_000 }, () => one) })]), {
    code: 'malformed',
    message: /layers has 10000 items; at most 2000 are read/,
  })
})

test('the same layer 2,000 times is read once', async () => {
  const one = layer({ a: '1' })
  const many = image({ layers: Array.from({ length: 2000 }, () => one) })
  const source = imageSource(many)
  const { reports } = await assess(source, { version, extractors: [everyFile] })
  assert.equal(source.reads.length, 1)
  assert.equal(reports[0].image?.layers.length, 2000)
  assert.deepEqual(filesIn(reports[0]), ['a'])
})

test('an image without layers is empty, and that is assessed but for the missing advisories', async () => {
  const { reports } = await assessImages([image({ layers: [] })])
  assert.deepEqual(
    reports[0].reasons.map(({ code }) => code),
    ['no-advisories'],
  )
})

// What is told on the way, and stopping.

test('events come in order, with sizes and counts', async () => {
  const events: AssessmentEvent[] = []
  await assessImages([amd64], { onEvent: (event) => void events.push(event) })
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['resolved', 'image', 'layer', 'layer-done', 'matched'],
  )
  const done = events.find((event) => event.kind === 'layer-done')
  assert.equal(done?.packages, 1)
  assert.equal(done?.cached, false)
  assert.equal(done?.size, amd64.layers[0].bytes.length)
})

test('a stop in the middle of a layer ends with its reason, and closes what was read', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const source = imageSource(amd64)
  let closed = false
  const stopping: typeof source = {
    ...source,
    async *blob() {
      try {
        yield amd64.layers[0].bytes.subarray(0, 20)
        controller.abort(reason)
        yield amd64.layers[0].bytes.subarray(20)
      } finally {
        closed = true
      }
    },
  }
  await assert.rejects(assess(stopping, { version, signal: controller.signal }), reason)
  assert.ok(closed)
})

test('a failure that is no fault of the image is thrown as it is', async () => {
  const source = imageSource(amd64)
  const failing: typeof source = {
    ...source,
    // biome-ignore lint/correctness/useYield: a source that fails at once
    async *blob() {
      throw new TypeError('a mistake of ours')
    },
  }
  await assert.rejects(assess(failing, { version }), TypeError)
  const faulty: typeof source = {
    ...source,
    // biome-ignore lint/correctness/useYield: a source that fails at once
    async *blob() {
      throw new Fault('unreachable', 'the registry hung up', { retryable: true })
    },
  }
  const { reports } = await assess(faulty, { version })
  assert.deepEqual(reports[0].reasons, [{ code: 'unreadable-layer', message: 'the registry hung up' }])
})

test('layers that bring too many packages together are refused before they are laid over each other', async () => {
  const both = image({ layers: [{ a: '1' }, { b: '2' }] })
  const cache = new MemoryLayerCache()
  await assess(imageSource(both), { version, extractors: [everyFile], cache })
  for (const [digest, known] of cache.layers) {
    const [evidence] = known.inventory.evidence
    const packages = new Array(300_000).fill(evidence.packages[0])
    cache.layers.set(digest, {
      ...known,
      inventory: { ...known.inventory, evidence: [{ ...evidence, packages }] },
    })
  }
  const { reports } = await assess(imageSource(both), { version, extractors: [everyFile], cache })
  assert.equal(reports[0].state, 'not_assessable')
  assert.match(reports[0].reasons[0].message, /hold more than 500000 packages together/)
  assert.equal(reports[0].reasons[0].code, 'limit-exceeded')
})

test('ten levels of jars are read in an image, and the eleventh is told', async () => {
  const nested = (depth: number): Buffer =>
    depth === 0
      ? zip({ 'META-INF/maven/g/core/pom.properties': 'groupId=g\nartifactId=core\nversion=1\n' })
      : zip({ 'lib/inner.jar': nested(depth - 1) })
  const { reports } = await assessImages(
    [image({ layers: [{ 'ten.jar': nested(10), 'eleven.jar': nested(11) }] })],
    {
      extractors,
    },
  )
  const [report] = reports
  assert.deepEqual(
    report.packages.map(({ purl, locations }) => [
      purl,
      locations.length,
      locations[0].path.split('!').length,
    ]),
    [['pkg:maven/g/core@1', 1, 11]],
  )
  const told = report.reasons.filter(({ code }) => code === 'limit-exceeded')
  assert.deepEqual(
    told.map(({ path }) => path),
    ['eleven.jar'],
  )
})

test('an empty file where an archive should be leaves the image whole', async () => {
  const { reports } = await assessImages([image({ layers: [{ 'app/a.jar': '', 'app/b.whl': '' }] })], {
    extractors,
  })
  assert.deepEqual(
    reports[0].reasons.map(({ code }) => code),
    ['no-advisories', 'no-distribution'],
  )
})
