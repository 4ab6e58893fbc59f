import assert from 'node:assert/strict'
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import { formatPlatform } from '@lanner/model'
import { digestOf } from '@lanner/testkit'
import type { ImageSource } from '../descriptor.ts'
import type { TarEntry } from '../layer/entry.ts'
import { LayerFault } from '../layer/layer-fault.ts'
import { cleanPath } from '../layer/path.ts'
import { readLayer } from '../layer/read-layer.ts'
import { TarWalker } from '../layer/tar-walker.ts'
import { SourceFault } from '../source-fault.ts'
import { openDockerArchive } from './docker-archive.ts'
import { openLayout } from './layout.ts'

const folder = process.env.LANNER_TEST_DATA && join(process.env.LANNER_TEST_DATA, 'fixtures', 'images')
const skip = !folder && 'needs LANNER_TEST_DATA'
const at = (name: string) => join(folder ?? '', name)

/** What expected.json says of one image: the merged tree of its layers. */
interface ExpectedImage {
  readonly layers: number
  readonly entries_merged: number
  readonly non_dirs: number | Readonly<Record<string, string>>
}

type Expected = Readonly<
  Record<string, { readonly plain_tar_members?: readonly string[] } | Readonly<Record<string, ExpectedImage>>>
>

/** Reads every layer of every image, and answers their entries. */
async function readAll(source: ImageSource): Promise<{ platform: string; layers: TarEntry[][] }[]> {
  try {
    const { images, others } = await source.resolve()
    assert.deepEqual(others, [])
    const read = []
    for (const { manifest, config } of images) {
      const layers: TarEntry[][] = []
      for (const [number, descriptor] of manifest.layers.entries()) {
        const entries: TarEntry[] = []
        await readLayer(source.blob(descriptor), {
          ...descriptor,
          diffId: config.rootfs.diffIds[number],
          visitor: { entry: (entry) => void entries.push(entry) },
        })
        layers.push(entries)
      }
      read.push({ platform: formatPlatform(config), layers })
    }
    return read
  } finally {
    await source.close()
  }
}

const pathsOf = (entries: readonly TarEntry[]) => entries.map(({ path }) => cleanPath(path))

test('plain archives hold the members that they are known to hold', { skip }, async (t) => {
  const { files }: { files: Expected } = JSON.parse(readFileSync(at('expected.json'), 'utf8'))
  let checked = 0
  for (const [name, expected] of Object.entries(files)) {
    const members = expected.plain_tar_members
    if (!Array.isArray(members)) continue
    await t.test(name, async () => {
      const paths: string[] = []
      const walker = new TarWalker({ entry: ({ path }) => void paths.push(path) }, { maxEntries: 100_000 })
      const file = createReadStream(at(name))
      for await (const chunk of name.endsWith('.gz') ? file.pipe(createGunzip()) : file) walker.push(chunk)
      walker.end()
      // The list writes bytes that are no UTF-8 as lone surrogates; a byte 0xfd reads as latin1 here.
      const written = members.map((member: string) => member.replace('\udcfd', '\u00fd'))
      assert.deepEqual(paths.map(withoutSlash), written.map(withoutSlash))
    })
    checked++
  }
  assert.ok(checked >= 10)
})

const withoutSlash = (path: string) => (path.length > 1 ? path.replace(/\/$/, '') : path)

test('docker-archives hold the images that they are known to hold', { skip }, async (t) => {
  const { files }: { files: Expected } = JSON.parse(readFileSync(at('expected.json'), 'utf8'))
  let checked = 0
  for (const [name, images] of Object.entries(files)) {
    if ('plain_tar_members' in images || name.startsWith('oci-layouts')) continue
    for (const [tag, expected] of Object.entries(images as Readonly<Record<string, ExpectedImage>>)) {
      if (!existsSync(at(name)) || statSync(at(name)).isDirectory()) continue
      await t.test(`${name}: ${tag}`, async () => {
        const [{ layers }] = await readAll(await openDockerArchive(at(name), { tag, reference: name }))
        assert.equal(layers.length, expected.layers)
        // With one layer there is nothing to merge but repetitions.
        if (layers.length !== 1) return
        const entries = new Map(layers[0].map((entry) => [cleanPath(entry.path) as string, entry]))
        entries.delete('')
        const named = [...entries].filter(([, entry]) => entry.type !== 'directory')
        if (typeof expected.non_dirs === 'number') assert.equal(named.length, expected.non_dirs)
        else
          assert.deepEqual(
            Object.fromEntries(named.map(([path, entry]) => [path, described(entry)])),
            expected.non_dirs,
          )
      })
      checked++
    }
  }
  assert.ok(checked >= 25)
})

const described = ({ type, size, link }: TarEntry) => (type === 'symlink' ? `link ${link}` : `file ${size}`)

const made =
  folder &&
  (JSON.parse(readFileSync(at('made-here/expected.json'), 'utf8')) as Record<string, Record<string, unknown>>)

/** How the errors that made-here/expected.json describes in words are called here. */
const faults: Readonly<
  Record<string, readonly [kind: typeof SourceFault | typeof LayerFault, code: string]>
> = {
  'an artifact manifest, no container image': [SourceFault, 'not-an-image'],
  'uncompressed layer digest differs from rootfs.diff_ids': [LayerFault, 'diff-id-mismatch'],
  'layer blob named in the manifest is not in the layout': [SourceFault, 'not-found'],
  'layer ends early': [LayerFault, 'truncated'],
  'blob size differs from the descriptor': [LayerFault, 'size-mismatch'],
  'tar ends inside an entry': [LayerFault, 'truncated'],
}

function openMade(name: string): Promise<ImageSource> {
  const open = name.startsWith('docker-save') ? openDockerArchive : openLayout
  return open(at(`made-here/${name}`), { reference: name })
}

test('images made for their oddities are read or refused as they should be', { skip }, async (t) => {
  for (const [name, expected] of Object.entries(made || {})) {
    // Has a test of its own: 1,027 times its size is more than the default allows.
    if (name === 'zip-bomb.tar') continue
    await t.test(name, async () => {
      if (expected['error']) {
        const [kind, code] = faults[expected['error'] as string]
        await assert.rejects(
          openMade(name).then(readAll),
          (error: unknown) => error instanceof kind && (error as SourceFault).code === code,
        )
        return
      }
      const images = await readAll(await openMade(name))
      assert.deepEqual(
        images.map((image) => image.platform),
        expected['platforms'] ?? ['linux/amd64'],
      )
      const paths = images[0].layers.flatMap(pathsOf)
      for (const path of (expected['files_ok'] ?? []) as string[]) assert.ok(paths.includes(path), path)
      for (const path of (expected['deleted_but_in_layer'] ?? []) as string[])
        assert.ok(paths.includes(path), path)
      for (const path of (expected['files_final'] ?? []) as string[]) assert.ok(paths.includes(path), path)
      for (const path of (expected['same_content'] ?? []) as string[]) assert.ok(paths.includes(path), path)
      if (expected['packages']) assert.ok(paths.some((path) => path?.endsWith('lib/apk/db/installed')))
    })
  }
})

test('paths that climb out of the image are refused', { skip }, async () => {
  const refuse = made ? (made['path-traversal.tar']['refuse'] as string[]) : []
  const [{ layers }] = await readAll(await openMade('path-traversal.tar'))
  const refused = layers.flat().filter((entry) => cleanPath(entry.path) === undefined)
  assert.deepEqual(refused.map((entry) => entry.path).toSorted(), refuse.toSorted())
})

test('an opaque marker is an entry like any other, in its place', { skip }, async () => {
  const [{ layers }] = await readAll(await openMade('whiteout-opaque-last.tar'))
  assert.deepEqual(pathsOf(layers[1]), ['app/new', 'app/.wh..wh..opq'])
})

test('a repeated entry is told twice, and a hard link with its target', { skip }, async () => {
  const [repeated] = await readAll(await openMade('duplicate-entries.tar'))
  assert.equal(pathsOf(repeated.layers[0]).filter((path) => path === 'lib/apk/db/installed').length, 2)
  const [linked] = await readAll(await openMade('hardlinks.tar'))
  assert.deepEqual(
    linked.layers[0].filter((entry) => entry.type === 'hardlink').map((entry) => cleanPath(entry.link ?? '')),
    ['bin/a', 'bin/a'],
  )
})

test('the zip bomb is refused by default, and read without the memory where that is allowed', {
  skip,
}, async () => {
  await assert.rejects(
    openMade('zip-bomb.tar').then(readAll),
    (error) => error instanceof LayerFault && error.code === 'limit-exceeded',
  )
  const source = await openMade('zip-bomb.tar')
  try {
    const { images } = await source.resolve()
    const [descriptor] = images[0].manifest.layers
    const paths: string[] = []
    const reading = await readLayer(source.blob(descriptor), {
      ...descriptor,
      diffId: images[0].config.rootfs.diffIds[0],
      limits: { maxRatio: 2000 },
      visitor: { entry: ({ path }) => void paths.push(path) },
    })
    assert.ok(reading.inflatedSize > 200_000_000)
    assert.ok(paths.includes('lib/apk/db/installed'))
  } finally {
    await source.close()
  }
})

test('layouts of other tools resolve or say why not', { skip }, async () => {
  const open = async (name: string, tag?: string) => {
    const source = await openLayout(at(`oci-layouts/${name}`), { reference: name, tag })
    try {
      return await source.resolve()
    } finally {
      await source.close()
    }
  }
  const refused = (code: SourceFault['code']) => (error: unknown) =>
    error instanceof SourceFault && error.code === code
  assert.equal((await open('stereoscope/valid_oci_dir')).images.length, 1)
  assert.deepEqual(
    (await open('stereoscope/multiplatform_oci_dir')).images.map((each) => formatPlatform(each.config)),
    ['linux/amd64', 'linux/arm64'],
  )
  assert.equal((await open('test_index_one_image')).images.length, 1)
  for (const tag of ['1', '3', '4']) assert.equal((await open('test_gc_index', tag)).images.length, 1, tag)
  await assert.rejects(open('test_gc_index'), refused('ambiguous'))
  await assert.rejects(open('test_index', '2'), refused('unsupported'))
  await assert.rejects(open('test_gc_image_unknown_mediatype'), refused('unsupported'))
  await assert.rejects(open('test_index_media_type'), refused('not-an-image'))
  await assert.rejects(open('stereoscope/no_manifests'), refused('malformed'))
  const manifest = readFileSync(
    at(
      'oci-layouts/test_index_one_image/blobs/sha256/98ceaf93e482fe91b9bfd6bba07137c098e49ee2d55e69f09fb6c951e75e0e46',
    ),
  )
  assert.equal((await open('test_index_one_image')).images[0].manifestDigest, digestOf(manifest))
})

test('archives without images say so', { skip }, async () => {
  for (const [name, code] of [
    ['go-containerregistry/no_manifest.tar', 'not-found'],
    ['go-containerregistry/null_manifest.tar', 'malformed'],
    ['go-containerregistry/test_bundle.tar', 'ambiguous'],
  ] as const) {
    await assert.rejects(
      openDockerArchive(at(name), { reference: name }),
      (error) => error instanceof SourceFault && error.code === code,
      name,
    )
  }
})
