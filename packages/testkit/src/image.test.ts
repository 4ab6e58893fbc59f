import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { digestOf, image, index, layer } from './image.ts'
import { layoutFiles } from './image-archive.ts'
import { paxRecord, tar } from './tar.ts'

const gnuTar = spawnSync('tar', ['--version'], { encoding: 'utf8' }).stdout?.startsWith('tar (GNU tar)')

test('GNU tar lists what was put into an archive', { skip: !gnuTar && 'needs GNU tar' }, () => {
  const long = `${'long/'.repeat(40)}name`
  const archive = tar([
    { path: 'd/' },
    { path: 'd/a', content: 'x' },
    { path: 'l', type: 'symlink', link: 'd/a' },
    { path: long, type: 'hardlink', link: 'd/a' },
  ])
  const listed = execFileSync('tar', ['-tvf', '-'], { input: archive, encoding: 'utf8' })
  const lines = listed.trim().split('\n')
  assert.deepEqual(
    lines.map((line) => [line[0], line.split(' 00:00 ')[1]]),
    [
      ['d', 'd/'],
      ['-', 'd/a'],
      ['l', 'l -> d/a'],
      ['h', `${long} link to d/a`],
    ],
  )
})

test('the length of a PAX record counts itself', () => {
  assert.equal(paxRecord('path', 'abc'), '12 path=abc\n')
  for (const length of [1, 89, 90, 91, 92, 93, 989, 990, 991, 992]) {
    const record = paxRecord('path', 'x'.repeat(length))
    assert.equal(Number(record.split(' ')[0]), record.length)
  }
})

test('digests and sizes are those of the bytes unless damaged on purpose', () => {
  const whole = layer({ a: 'x' })
  assert.equal(whole.descriptor.digest, digestOf(whole.bytes))
  assert.equal(whole.descriptor.size, whole.bytes.length)
  assert.equal(whole.diffId, digestOf(gunzipSync(whole.bytes)))
  assert.notEqual(layer({ a: 'x' }, { damage: 'digest' }).descriptor.digest, whole.descriptor.digest)
  assert.notEqual(layer({ a: 'x' }, { damage: 'size' }).descriptor.size, whole.bytes.length)
  assert.notEqual(layer({ a: 'x' }, { damage: 'diff-id' }).diffId, whole.diffId)
  assert.throws(() => gunzipSync(layer({ a: 'x' }, { damage: 'truncated-blob' }).bytes))
})

test('a layout names every blob by its digest', () => {
  const built = index([image({ layers: [{ a: 'x' }] })], { attestation: true })
  const files = layoutFiles([built], { tag: 'latest' })
  const blobs = [...files].filter(([name]) => name.startsWith('blobs/'))
  assert.equal(blobs.length, 7)
  for (const [name, bytes] of blobs) assert.equal(name, `blobs/${digestOf(bytes).replace(':', '/')}`)
})
