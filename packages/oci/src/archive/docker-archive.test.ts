import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { digestOf, dockerArchive, image, layer, tar, temporaryFolder } from '@lanner/testkit'
import { readLayer } from '../layer/read-layer.ts'
import { SourceFault } from '../source-fault.ts'
import { openDockerArchive } from './docker-archive.ts'

const base = layer({ 'etc/os-release': 'ID=test\n' }, { compression: 'none' })
const app = image({ layers: [base, layer({ app: 'x' }, { compression: 'none' }), base] })
const other = image({ layers: [base] })
const reference = 'docker-archive:test'

function refused(code: SourceFault['code'], message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SourceFault, String(error))
    assert.deepEqual([error.code, message.test(error.message)], [code, true], error.message)
    return true
  }
}

/** Opens the archive, reads all layers, and answers the image and the entries of its layers. */
async function read(archive: Buffer, tag?: string) {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'images.tar')
  await writeFile(path, archive)
  const source = await openDockerArchive(path, { reference, tag })
  try {
    const { images, others } = await source.resolve()
    assert.deepEqual([images.length, others], [1, []])
    const entries: string[][] = []
    for (const [at, descriptor] of images[0].manifest.layers.entries()) {
      const paths: string[] = []
      await readLayer(source.blob(descriptor), {
        ...descriptor,
        diffId: images[0].config.rootfs.diffIds[at],
        visitor: { entry: ({ path }) => void paths.push(path) },
      })
      entries.push(paths)
    }
    return { image: images[0], entries }
  } finally {
    await source.close()
  }
}

test('an archive of the old kind is read, a layer that is a link included', async () => {
  const { image, entries } = await read(dockerArchive([{ image: app, tags: ['app:1'] }]))
  assert.deepEqual(entries, [['etc/os-release'], ['app'], ['etc/os-release']])
  assert.equal(image.manifest.config.digest, app.configDigest)
  assert.deepEqual(
    image.manifest.layers.map((each) => each.digest),
    app.layers.map((each) => each.diffId),
  )
  assert.deepEqual(
    new Set(image.manifest.layers.map((each) => each.mediaType)),
    new Set(['application/vnd.docker.image.rootfs.diff.tar']),
  )
  const again = await read(gzipSync(dockerArchive([{ image: app, tags: [] }])))
  assert.equal(again.image.manifestDigest, image.manifestDigest)
})

test('an archive of Docker 25 is known by the digest of its own manifest', async () => {
  const compressed = image({ layers: [layer({ a: '1' }), layer({ b: '2' }, { compression: 'zstd' })] })
  const { image: found, entries } = await read(
    dockerArchive([{ image: compressed, tags: ['app:25'] }], { style: 'v25' }),
  )
  assert.equal(found.manifestDigest, compressed.digest)
  assert.deepEqual(entries, [['a'], ['b']])
})

test('compressed layers are hashed as they are stored', async () => {
  const gzip = layer({ a: '1' })
  const config = image({ layers: [gzip] })
  const archive = tar([
    { path: 'config.json', content: config.config },
    { path: 'one.tar.gz', content: gzip.bytes },
    {
      path: 'manifest.json',
      content: JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers: ['one.tar.gz'] }]),
    },
  ])
  const { image: found, entries } = await read(archive)
  assert.deepEqual(found.manifest.layers, [
    {
      mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      digest: digestOf(gzip.bytes),
      size: gzip.bytes.length,
    },
  ])
  assert.deepEqual(entries, [['a']])
})

test('a tag chooses among several images', async () => {
  const archive = dockerArchive([
    { image: app, tags: ['registry.example:5000/app:1', 'app:latest'] },
    { image: other, tags: ['other:2'] },
  ])
  for (const [tag, built] of [
    ['1', app],
    ['app:latest', app],
    ['2', other],
    ['other:2', other],
  ] as const) {
    assert.equal((await read(archive, tag)).image.manifest.config.digest, built.configDigest)
  }
  await assert.rejects(
    read(archive),
    refused('ambiguous', /no tag was given: registry.example:5000\/app:1, app:latest, other:2/),
  )
  await assert.rejects(read(archive, '3'), refused('not-found', /no image with the tag 3/))
})

test('a layer that is not what the config says is refused when it is read', async () => {
  const lying = image({ layers: [layer({ a: '1' }, { compression: 'none', damage: 'diff-id' })] })
  await assert.rejects(read(dockerArchive([{ image: lying, tags: [] }])), /what was read has digest/)
})

const member = (manifest: unknown) =>
  tar([
    { path: 'manifest.json', content: JSON.stringify(manifest) },
    { path: 'c', content: app.config },
  ])
const refusals: readonly (readonly [
  name: string,
  archive: Buffer,
  code: SourceFault['code'],
  message: RegExp,
])[] = [
  ['no manifest.json', tar([{ path: 'repositories', content: '{}' }]), 'not-found', /no manifest.json/],
  ['a layout', tar([{ path: 'index.json', content: '{}' }]), 'not-found', /it is an OCI layout/],
  ['null', member(null), 'malformed', /not a list of images/],
  ['no images', member([]), 'not-found', /without images/],
  ['no config', member([{ Layers: [] }]), 'malformed', /names no config/],
  ['a config that is not there', member([{ Config: 'd', Layers: [] }]), 'not-found', /not in the archive/],
  [
    'a config outside',
    member([{ Config: '../../etc/passwd', Layers: [] }]),
    'not-found',
    /not in the archive/,
  ],
  ['layers that are no names', member([{ Config: 'c', Layers: [1] }]), 'malformed', /list of at most/],
  [
    'a layer too few',
    member([{ Config: 'c', Layers: ['c'] }]),
    'malformed',
    /1 layers but its config 3 diff ids/,
  ],
  [
    'a layer that is not there',
    member([{ Config: 'c', Layers: ['x', 'y', 'z'] }]),
    'not-found',
    /the layer x/,
  ],
]

for (const [name, archive, code, message] of refusals) {
  test(`${name} is refused as ${code}`, async () => {
    await assert.rejects(read(archive), refused(code, message))
  })
}
