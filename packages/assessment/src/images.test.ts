import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestOptions, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Fault, formatPlatform, type Report, type ReportSet } from '@lanner/model'
import { type BuiltLayer, digestOf, image, imageSource } from '@lanner/testkit'
import { type AssessmentOptions, assess } from './assess.ts'
import { openSource } from './open-source.ts'
import { everyFile, filesOf, MemoryLayerCache, pathsOf } from './testing/file-tree.ts'

const data = process.env['LANNER_TEST_DATA']
const options: TestOptions = { skip: !data && 'needs LANNER_TEST_DATA' }
const folder = join(data ?? '', 'fixtures', 'images')

async function assessed(reference: string, more: Partial<AssessmentOptions> = {}): Promise<ReportSet> {
  const source = await openSource(reference, { offline: true, version: 'test' })
  try {
    return await assess(source, { version: 'test', ...more })
  } finally {
    await source.close()
  }
}

/** Names, sizes and hashes of all files, and every path, of the one image behind a reference. */
async function treeOf(reference: string) {
  const cache = new MemoryLayerCache()
  const { reports } = await assessed(reference, { extractors: [everyFile], cache })
  assert.equal(reports.length, 1)
  const [report] = reports
  return { report, files: filesOf(report), paths: pathsOf(report, cache) }
}

const packagesOf = (report: Report) => report.packages.map(({ name, version }) => `${name} ${version}`).sort()

function expectedOf(...path: readonly string[]): unknown {
  return data ? JSON.parse(readFileSync(join(folder, ...path), 'utf8')) : {}
}

// Archives of other projects: expected.json holds the merged view of every image in them.

interface OthersImage {
  readonly layers: number
  readonly entries_merged: number
  /** Every path that is no folder with what it is, or how many there are. */
  readonly non_dirs: number | Readonly<Record<string, string>>
  readonly apk?: readonly string[]
}

const others =
  (expectedOf('expected.json') as { files?: Readonly<Record<string, Readonly<Record<string, OthersImage>>>> })
    .files ?? {}

for (const [archive, images] of Object.entries(others)) {
  for (const [tag, expected] of Object.entries(images)) {
    if (tag === 'plain_tar_members') continue
    test(`${archive}, ${tag}: the merged files`, options, async () => {
      const { report, files, paths } = await treeOf(`docker-archive:${join(folder, archive)}:${tag}`)
      assert.equal(report.image?.layers.length, expected.layers)
      assert.equal(paths.length, expected.entries_merged)
      const nonFolders = paths.filter((path) => !path.endsWith('/'))
      for (const path of files.keys()) assert.ok(nonFolders.includes(path), `${path} is there by both merges`)
      if (typeof expected.non_dirs === 'number') {
        assert.equal(nonFolders.length, expected.non_dirs)
      } else {
        assert.deepEqual(nonFolders, Object.keys(expected.non_dirs).sort())
        const regular = Object.entries(expected.non_dirs).filter(([, what]) => what.startsWith('file '))
        assert.deepEqual(
          [...files].map(([path, version]) => [path, `file ${version.split(' ')[0]}`]).sort(),
          regular.sort(),
        )
      }
    })
    if (expected.apk === undefined) continue
    test(`${archive}, ${tag}: its packages`, options, async () => {
      const { reports } = await assessed(`docker-archive:${join(folder, archive)}:${tag}`)
      assert.deepEqual(packagesOf(reports[0]), [...(expected.apk ?? [])].sort())
    })
  }
}

// Single layers: not images, refused as such, and read when an image is made around them.

/** Members that are no file of an image, with the reason. */
const notNames: Readonly<Record<string, string>> = {
  '.': 'the root itself',
  'etc/test/.wh..wh..opq': 'an opaque marker',
  'var/.wh.foo': 'a whiteout',
  'escape/poc.txt': 'the same layer puts a link in the place of its folder afterwards',
}

for (const [archive, images] of Object.entries(others)) {
  const members = images['plain_tar_members'] as unknown as readonly string[] | undefined
  if (!members || archive.startsWith('stereoscope/')) continue
  test(`${archive} is no image, and as a layer holds its members`, options, async () => {
    await assert.rejects(assessed(`docker-archive:${join(folder, archive)}`), { code: 'not-found' })
    const cache = new MemoryLayerCache()
    const source = imageSource(image({ layers: [layerOf(join(folder, archive))] }))
    const { reports } = await assess(source, { version: 'test', extractors: [everyFile], cache })
    const cleaned = members
      .map((member) => member.replace(/^(?:\.?\/)+/, '').replace(/\/$/, ''))
      // Python writes a byte that is no UTF-8 as half a surrogate pair; we read such a name as Latin-1.
      .map((member) =>
        member.replace(/[\udc80-\udcff]/g, (byte) => String.fromCharCode(byte.charCodeAt(0) - 0xdc00)),
      )
      .filter((member) => member !== '' && notNames[member] === undefined)
    const paths = pathsOf(reports[0], cache).map((path) => path.replace(/\/$/, ''))
    assert.deepEqual(paths, [...new Set(cleaned)].sort())
  })
}

/** The archive as a layer just as it lies there. */
function layerOf(path: string): BuiltLayer {
  const bytes = readFileSync(path)
  const compression = path.endsWith('.gz') ? 'gzip' : 'none'
  const tar = compression === 'gzip' ? gunzipSync(bytes) : bytes
  const mediaType = 'application/vnd.oci.image.layer.v1.tar'
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    diffId: digestOf(tar),
    bytes,
    tar,
    compression,
  }
}

test('null_manifest.tar is malformed', options, async () => {
  const archive = join(folder, 'go-containerregistry', 'null_manifest.tar')
  await assert.rejects(assessed(`docker-archive:${archive}`), { code: 'malformed' })
})

const layouts: readonly (readonly [layout: string, answer: string])[] = [
  ['oci-layouts/test_index', 'ambiguous'],
  ['oci-layouts/test_index:1', 'linux/amd64'],
  ['oci-layouts/test_gc_index', 'ambiguous'],
  // A Helm chart.
  ['oci-layouts/test_index_media_type', 'not-an-image'],
  ['oci-layouts/test_index_one_image', 'linux/amd64'],
  // Its descriptor has the media type of a descriptor.
  ['oci-layouts/test_gc_image_unknown_mediatype', 'unsupported'],
  ['oci-layouts/stereoscope/valid_oci_dir', 'linux/amd64'],
  ['oci-layouts/stereoscope/multiplatform_oci_dir', 'linux/amd64 linux/arm64'],
  // index.json is a manifest there.
  ['oci-layouts/stereoscope/no_manifests', 'malformed'],
  ['stereoscope/valid-oci.tar', 'linux/amd64'],
]

for (const [layout, expected] of layouts) {
  test(`${layout}: ${expected}`, options, async () => {
    const answer = await assessed(`oci:${join(folder, layout)}`).then(platformsOf, (error: unknown) => {
      if (error instanceof Fault) return error.code
      throw error
    })
    assert.equal(answer, expected)
  })
}

function platformsOf({ reports }: ReportSet): string {
  return reports.map(({ image: facts }) => facts && formatPlatform(facts.platform)).join(' ')
}

// Archives made for these behaviours.

interface MadeHere {
  readonly packages?: readonly string[]
  readonly packages_absent?: readonly string[]
  readonly removed_in_later_layer?: readonly string[]
  readonly packages_amd64?: readonly string[]
  readonly packages_arm64?: readonly string[]
  readonly platforms?: readonly string[]
  readonly layer_of?: Readonly<Record<string, number>>
  readonly files_final?: readonly string[]
  readonly files_ok?: readonly string[]
  readonly same_content?: readonly string[]
  readonly symlinks?: Readonly<Record<string, string>>
  readonly error?: string
}

/** `error` in expected.json, in our words: a fault of the source, or the reason of a report that is not assessable. */
const errors: Readonly<
  Record<string, { readonly fault?: string; readonly reason?: string; readonly says: RegExp }>
> = {
  'artifact-not-image.tar': {
    fault: 'not-an-image',
    says: /is an artifact of type application\/vnd\.example\+json/,
  },
  'diffid-mismatch.tar': { reason: 'unreadable-layer', says: /the config says diff id sha256:a{64}, but/ },
  'digest-mismatch.tar': { reason: 'unreadable-layer', says: /there is no file blobs\/sha256\/0{63}1 in / },
  'gzip-truncated.tar': { reason: 'unreadable-layer', says: /ends inside its compressed stream/ },
  'size-mismatch.tar': {
    reason: 'unreadable-layer',
    says: /has more than the 7 bytes that its descriptor says/,
  },
  'tar-truncated.tar': { reason: 'unreadable-layer', says: /ends inside a header/ },
}

/** Where we differ from expected.json, and why. */
const differences: Readonly<Record<string, string>> = {
  'zip-bomb.tar': '200 MB of zeros are over 1,000 times their compressed size, which is refused: see below',
}

const madeHere = expectedOf('made-here', 'expected.json') as Readonly<Record<string, MadeHere>>
const referenceOf = (archive: string) =>
  `${archive.startsWith('docker-save-legacy') ? 'docker-archive' : 'oci'}:${join(folder, 'made-here', archive)}`

test('every archive made here is listed', options, () => {
  const archives = readdirSync(join(folder, 'made-here')).filter((name) => name.endsWith('.tar'))
  assert.deepEqual(Object.keys(madeHere).sort(), archives.sort())
  assert.deepEqual(
    Object.keys(errors).sort(),
    Object.keys(madeHere)
      .filter((name) => madeHere[name].error)
      .sort(),
  )
})

for (const [archive, expected] of Object.entries(madeHere)) {
  if (differences[archive] || errors[archive]) continue
  test(`made-here/${archive}`, options, async () => {
    const { reports } = await assessed(referenceOf(archive))
    const lists = expected.platforms
      ? [expected.packages_amd64, expected.packages_arm64]
      : [expected.packages]
    assert.equal(reports.length, lists.length)
    if (expected.platforms) assert.equal(platformsOf({ reports } as ReportSet), expected.platforms.join(' '))
    for (const [index, packages] of lists.entries()) {
      if (packages) assert.deepEqual(packagesOf(reports[index]), [...packages].sort())
    }
    for (const gone of [...(expected.packages_absent ?? []), ...(expected.removed_in_later_layer ?? [])]) {
      assert.ok(!packagesOf(reports[0]).includes(gone), `${gone} is gone`)
    }
    for (const [name, layer] of Object.entries(expected.layer_of ?? {})) {
      const found = reports[0].packages.find((item) => `${item.name} ${item.version}` === name)
      assert.equal(found?.locations[0].layerIndex, layer, name)
    }
    if (expected.platforms) return
    const { files } = await treeOf(referenceOf(archive))
    if (expected.files_final) assert.deepEqual([...files.keys()].sort(), [...expected.files_final].sort())
    for (const path of expected.files_ok ?? []) assert.ok(files.has(path), path)
    const contents = new Set((expected.same_content ?? []).map((path) => files.get(path)))
    assert.ok(!contents.has(undefined) && contents.size <= 1, 'hard links have the content of their target')
    for (const path of files.keys()) assert.doesNotMatch(path, /(?:^|\/)\.\.(?:\/|$)|^\//)
  })
}

for (const [archive, { fault, reason, says }] of Object.entries(errors)) {
  test(`made-here/${archive}: ${fault ?? reason}`, options, async () => {
    if (fault) {
      await assert.rejects(assessed(referenceOf(archive)), { code: fault, message: says })
      return
    }
    const [report] = (await assessed(referenceOf(archive))).reports
    assert.equal(report.state, 'not_assessable')
    assert.deepEqual(report.packages, [])
    assert.deepEqual(
      report.reasons.map(({ code }) => code),
      [reason],
    )
    assert.match(report.reasons[0].message, says)
  })
}

test('zip-bomb.tar: refused at the usual limits, read in passing at higher ones', options, async () => {
  const reference = referenceOf('zip-bomb.tar')
  const [refused] = (await assessed(reference)).reports
  assert.equal(refused.state, 'not_assessable')
  assert.equal(refused.reasons[0].code, 'limit-exceeded')
  const [read] = (await assessed(reference, { limits: { maxRatio: 2000 } })).reports
  assert.deepEqual(packagesOf(read), [...(madeHere['zip-bomb.tar'].packages ?? [])].sort())
})

test('path-traversal.tar: what leads out of the image is told', options, async () => {
  const [report] = (await assessed(referenceOf('path-traversal.tar'))).reports
  const [reason] = report.reasons
  assert.equal(reason.code, 'unreadable-evidence')
  assert.match(reason.message, /"\.\.\/\.\.\/evil", "a\/\.\.\/\.\.\/evil2"/)
})

test('hardlink-escape.tar, trampoline.tar: nothing from outside the image is in it', options, async () => {
  for (const archive of ['hardlink-escape.tar', 'trampoline.tar', 'symlink-escape.tar']) {
    const { files } = await treeOf(referenceOf(archive))
    // Only what the layer itself stores may be read: none of it is the machine's own passwd.
    assert.equal(files.get('app/passwd'), undefined)
    assert.equal(files.get('app/abs'), undefined)
  }
})

test('empty-layer-and-history.tar: history lines go to the layers that they made', options, async () => {
  const [report] = (await assessed(referenceOf('empty-layer-and-history.tar'))).reports
  const layers = report.image?.layers ?? []
  assert.equal(layers.length, 2)
  assert.equal(new Set(layers.map(({ createdBy }) => createdBy)).size, 2)
})
