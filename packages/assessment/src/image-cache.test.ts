import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { type BuiltImage, image, imageSource, layer, temporaryFolder } from '@lanner/testkit'
import { assess } from './assess.ts'
import { FolderImageCache, type ImageCache } from './image-cache.ts'

const npm = (name: string, version: string) => JSON.stringify({ name, version })
const base = layer({ 'app/node_modules/left/package.json': npm('left', '1.0.0') })
const top = layer({ 'app/node_modules/right/package.json': npm('right', '2.0.0') })
const built = image({ layers: [base, top] })

async function run(images: ImageCache, subject: BuiltImage = built) {
  const source = imageSource(subject)
  const known: boolean[] = []
  const warnings: string[] = []
  const { reports } = await assess(source, {
    version: 'test',
    images,
    onEvent(event) {
      if (event.kind === 'layer-done') known.push(event.cached)
      if (event.kind === 'warning') warnings.push(event.message)
    },
  })
  const [{ assessedAt: _, ...report }] = reports
  return { report, known, warnings, reads: source.reads.length }
}

test('an image that was assembled once is known as a whole, and comes to the same', async () => {
  await using folder = await temporaryFolder()
  const images = new FolderImageCache(folder.path, 'r1')
  const first = await run(images)
  const second = await run(images)
  assert.deepEqual(
    first.report.packages.map(({ name }) => name),
    ['left', 'right'],
  )
  assert.deepEqual([first.reads, first.known], [2, [false, false]])
  assert.deepEqual([second.reads, second.known], [0, [true, true]])
  assert.deepEqual(second.report, first.report)
  assert.equal((await run(new FolderImageCache(folder.path, 'r2'))).reads, 2, 'other extractors')
})

test('the same blobs under other diff ids, or in another order, are no known image', async () => {
  await using folder = await temporaryFolder()
  const images = new FolderImageCache(folder.path, 'r1')
  await run(images)
  const lying = image({
    layers: [
      base,
      layer({ 'app/node_modules/right/package.json': npm('right', '2.0.0') }, { damage: 'diff-id' }),
    ],
  })
  const refused = await run(images, lying)
  assert.equal(refused.report.state, 'not_assessable')
  assert.deepEqual(refused.report.packages, [])
  assert.equal((await run(images, image({ layers: [top, base] }))).reads, 2)
  assert.equal((await run(images)).reads, 0)
})

for (const [name, damage] of [
  ['cut', (file: Buffer) => file.subarray(0, file.length - 5)],
  ['altered', (file: Buffer) => Buffer.from(file.toString('latin1').replace('left', 'lost'), 'latin1')],
  ['empty', () => Buffer.alloc(0)],
] as const) {
  test(`a file that was ${name} counts as absent, and is made anew`, async () => {
    await using folder = await temporaryFolder()
    const images = new FolderImageCache(folder.path, 'r1')
    const { report } = await run(images)
    const [file] = await readdir(join(folder.path, 'images'))
    const path = join(folder.path, 'images', file)
    await writeFile(path, damage(await readFile(path)))
    const again = await run(images)
    assert.deepEqual([again.reads, again.report], [2, report])
    assert.equal((await run(images)).reads, 0)
  })
}

test('what cannot be written costs a warning, not the result', async () => {
  const failing: ImageCache = {
    get: async () => undefined,
    put: () => Promise.reject(new Error('no space left')),
  }
  const { report, warnings } = await run(failing)
  assert.equal(report.packages.length, 2)
  assert.match(warnings.join(), /could not be remembered: no space left/)
})
