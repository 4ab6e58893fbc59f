import assert from 'node:assert/strict'
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import {
  image,
  index,
  layoutArchive,
  padded,
  tar,
  tarHeader,
  temporaryFolder,
  writeLayout,
} from '@lanner/testkit'
import type { ImageSource } from '../descriptor.ts'
import { SourceFault } from '../source-fault.ts'
import { openLayout } from './layout.ts'

const one = image({ layers: [{ a: 'first' }] })
const two = image({ layers: [{ a: 'second' }] })
const arm = image({ layers: [{ a: 'arm' }], platform: 'linux/arm64' })
const reference = 'oci:test'

function refused(code: SourceFault['code'], message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SourceFault, String(error))
    assert.deepEqual([error.code, message.test(error.message)], [code, true], error.message)
    return true
  }
}

async function digests(
  path: string,
  options: { tag?: string; digest?: typeof one.digest } = {},
): Promise<string[]> {
  const source = await openLayout(path, { reference, ...options })
  try {
    const { images } = await source.resolve()
    return images.map((each) => each.manifestDigest)
  } finally {
    await source.close()
  }
}

async function bytesOf(source: ImageSource, built: typeof one, offset?: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of source.blob(built.layers[0].descriptor, { offset })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('a compressed archive that is a bomb, has no place, or is not wanted any more', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'bomb.tar.zst')
  // Frames of 1 MiB of zeros behind the header of a sound archive; each has some 50 bytes.
  const frame = zstdCompressSync(Buffer.alloc(1024 * 1024))
  const header = zstdCompressSync(tarHeader('a', '0', 65 * 1024 * 1024))
  await writeFile(path, Buffer.concat([header, ...Array.from({ length: 65 }, () => frame)]))
  await assert.rejects(
    openLayout(path, { reference }),
    refused('malformed', /inflates to more than 67108864/),
  )

  const sound = join(folder.path, 'sound.tar.gz')
  await writeFile(sound, gzipSync(layoutArchive([one], { tag: 'latest' })))
  const signal = AbortSignal.abort(new Error('enough'))
  await assert.rejects(openLayout(sound, { reference, signal }), { message: 'enough' })

  const usual = process.env['TMPDIR']
  process.env['TMPDIR'] = join(folder.path, 'none')
  try {
    await assert.rejects(
      openLayout(sound, { reference }),
      refused('unreadable', /sound\.tar\.gz is compressed, and there is no place in .*none .*\(ENOENT\)/),
    )
  } finally {
    if (usual === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = usual
  }
})

test('a folder, a tar and a compressed tar read alike', async () => {
  await using folder = await temporaryFolder()
  const archive = layoutArchive([one], { tag: 'latest' })
  await writeLayout(join(folder.path, 'layout'), [one], { tag: 'latest' })
  await writeFile(join(folder.path, 'layout.tar'), archive)
  await writeFile(join(folder.path, 'layout.tar.gz'), gzipSync(archive))
  await writeFile(join(folder.path, 'layout.tar.zst'), zstdCompressSync(archive))
  for (const name of ['layout', 'layout.tar', 'layout.tar.gz', 'layout.tar.zst']) {
    const source = await openLayout(join(folder.path, name), { reference })
    try {
      const { images, others } = await source.resolve()
      assert.deepEqual([images.map((each) => each.manifestDigest), others], [[one.digest], []], name)
      assert.deepEqual(await bytesOf(source, one), one.layers[0].bytes)
      assert.deepEqual(await bytesOf(source, one, 10), one.layers[0].bytes.subarray(10))
      await assert.rejects(bytesOf(source, two), refused('not-found', /no file blobs\/sha256/))
    } finally {
      await source.close()
    }
  }
  assert.deepEqual(
    (await readdir(tmpdir())).filter((name) => name.startsWith('lanner-archive-')),
    [],
  )
})

test('a tag chooses by its whole name or by what stands after the colon', async () => {
  await using folder = await temporaryFolder()
  await writeLayout(folder.path, [
    { image: one, tag: 'docker.io/library/app:1' },
    { image: two, tag: '2' },
    { image: arm, tag: 'other:2' },
  ])
  assert.deepEqual(await digests(folder.path, { tag: '1' }), [one.digest])
  assert.deepEqual(await digests(folder.path, { tag: 'docker.io/library/app:1' }), [one.digest])
  assert.deepEqual(await digests(folder.path, { tag: '2' }), [two.digest])
  assert.deepEqual(await digests(folder.path, { digest: arm.digest }), [arm.digest])
  await assert.rejects(
    digests(folder.path, { tag: '3' }),
    refused('not-found', /no image with the tag 3; it has docker.io\/library\/app:1, 2/),
  )
  await assert.rejects(
    digests(folder.path),
    refused('ambiguous', /no tag was given: docker.io\/library\/app:1, 2, other:2/),
  )
  await assert.rejects(
    digests(folder.path, { digest: `sha256:${'a'.repeat(64)}` as typeof one.digest }),
    refused('not-found', /no blob/),
  )
})

test('a digest may be of an image that is not listed itself', async () => {
  await using folder = await temporaryFolder()
  await writeLayout(folder.path, [index([one, arm])])
  assert.deepEqual(await digests(folder.path), [one.digest, arm.digest])
  assert.deepEqual(await digests(folder.path, { digest: arm.digest }), [arm.digest])
})

test('without a tag, entries that differ by platform alone are one image of several platforms', async () => {
  await using folder = await temporaryFolder()
  await writeLayout(folder.path, [one, arm], { tag: 'latest' })
  assert.deepEqual(await digests(folder.path), [one.digest, arm.digest])
  await writeLayout(folder.path, [one, two], { tag: 'latest' })
  await assert.rejects(digests(folder.path), refused('ambiguous', /latest, latest/))
  await assert.rejects(digests(folder.path, { tag: 'latest' }), refused('ambiguous', /names several/))
})

test('what is no layout says so', async () => {
  await using folder = await temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  await assert.rejects(digests(at('absent')), refused('not-found', /there is no file or folder/))
  await assert.rejects(digests(folder.path), refused('not-found', /no index.json/))
  await writeFile(at('page'), '<html></html>'.repeat(100))
  await assert.rejects(digests(at('page')), refused('malformed', /no tar header at byte 0/))
  await writeFile(at('broken.gz'), gzipSync(layoutArchive([one])).subarray(0, 100))
  await assert.rejects(digests(at('broken.gz')), refused('malformed', /ends inside its compressed stream/))
  await writeFile(at('cut.tar'), layoutArchive([one]).subarray(0, 1560))
  await assert.rejects(digests(at('cut.tar')), refused('malformed', /ends inside/))
  await writeFile(at('docker.tar'), tar([{ path: 'manifest.json', content: '[]' }]))
  await assert.rejects(digests(at('docker.tar')), refused('not-found', /docker-archive/))
  await writeLayout(at('future'), [one])
  await writeFile(join(at('future'), 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}')
  await assert.rejects(digests(at('future')), refused('unsupported', /version "2.0.0"/))
  await writeLayout(at('empty'), [])
  await assert.rejects(digests(at('empty')), refused('not-found', /without images/))
})

test('a blob that is a link out of the folder, a folder, or no file is not read', async () => {
  await using folder = await temporaryFolder()
  const layout = join(folder.path, 'layout')
  await writeLayout(layout, [one])
  const manifest = join(layout, 'blobs', one.digest.replace(':', '/'))
  await rename(manifest, join(folder.path, 'outside'))
  await symlink('../../../outside', manifest)
  await assert.rejects(digests(layout), refused('unreadable', /leaves the folder/))
  await rm(manifest)
  await mkdir(manifest)
  await assert.rejects(digests(layout), refused('unreadable', /is not a file/))
  await rm(manifest, { recursive: true })
  await symlink(manifest, manifest)
  await assert.rejects(digests(layout), refused('unreadable', /ELOOP/))
  await rm(manifest)
  await rename(join(folder.path, 'outside'), join(layout, 'inside'))
  await symlink('../../inside', manifest)
  assert.deepEqual(await digests(layout), [one.digest])
})

test('links inside an archive are followed, and lead nowhere else', async () => {
  await using folder = await temporaryFolder()
  const blob = `blobs/${one.digest.replace(':', '/')}`
  const path = join(folder.path, 'layout.tar')
  const indexJson = JSON.stringify({ schemaVersion: 2, manifests: [one.descriptor] })
  const config = { path: `blobs/${one.configDigest.replace(':', '/')}`, content: one.config }
  const common = [{ path: 'index.json', content: indexJson }, config]
  const archives = {
    symlink: [
      ...common,
      { path: blob, type: 'symlink', link: '../../elsewhere' },
      { path: 'elsewhere', content: one.manifest },
    ],
    hardlink: [
      ...common,
      { path: './kept', content: one.manifest },
      { path: blob, type: 'hardlink', link: 'kept' },
    ],
    repeated: [
      ...common,
      { path: blob, content: 'an older one' },
      { path: `./${blob}`, content: one.manifest },
    ],
  } as const
  for (const [name, members] of Object.entries(archives)) {
    await writeFile(path, tar(members))
    assert.deepEqual(await digests(path), [one.digest], name)
  }
  const refusals = {
    'is a link to what is not in the archive': [
      ...common,
      { path: blob, type: 'symlink', link: '/etc/passwd' },
    ],
    'is a link to what': [...common, { path: blob, type: 'symlink', link: '../../../../../../etc/passwd' }],
    'leads in a circle': [
      ...common,
      { path: blob, type: 'symlink', link: '../../a' },
      { path: 'a', type: 'symlink', link: blob },
    ],
  } as const
  for (const [message, members] of Object.entries(refusals)) {
    await writeFile(path, tar(members))
    await assert.rejects(digests(path), refused('malformed', new RegExp(message)))
  }
})

test('an index.json beyond 8 MiB is not read', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'layout.tar')
  const large = Buffer.alloc(9 * 1024 * 1024, ' ')
  await writeFile(path, Buffer.concat([tarHeader('index.json', '0', large.length), padded(large)]))
  await assert.rejects(digests(path), refused('malformed', /at most 8388608/))
})
