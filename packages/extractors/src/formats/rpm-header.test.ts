import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetainedBytes } from '../chunks.ts'
import { ExtractFault } from '../extractor.ts'
import { headerFixture } from './rpm-header.fixture.ts'
import { RpmHeader, rpmTag } from './rpm-header.ts'

const bash = {
  name: 'bash',
  version: '5.1',
  release: '2.el9',
  epoch: 3,
  license: 'GPLv3+',
  files: [
    ['/usr/bin/', ['bash', 'sh']],
    ['/etc/', ['skel', 'bashrc']],
  ],
} as const

function read(blob: Buffer): RpmHeader {
  return new RpmHeader(RetainedBytes.of(blob))
}

test('strings, integers and file names are read from their places', () => {
  const header = read(headerFixture(bash))
  assert.equal(header.string(rpmTag.name), 'bash')
  assert.equal(header.string(rpmTag.license), 'GPLv3+')
  assert.equal(header.integer(rpmTag.epoch), 3)
  assert.equal(header.string(rpmTag.vendor), undefined)
  assert.deepEqual([...header.files()], ['/usr/bin/bash', '/usr/bin/sh', '/etc/skel', '/etc/bashrc'])
})

test('packages older than rpm 4 list whole paths', () => {
  const header = read(
    headerFixture({ name: 'a', version: '1', release: '1', oldFiles: ['/bin/a', '/bin/b'] }),
  )
  assert.deepEqual([...header.files()], ['/bin/a', '/bin/b'])
})

test('a string longer than the first look is read in full', () => {
  const license = 'x'.repeat(5000)
  assert.equal(read(headerFixture({ ...bash, license })).string(rpmTag.license), license)
})

test('an entry added after the signed region replaces the one in it', () => {
  const blob = headerFixture(bash)
  // The last entry of the index (folder names) becomes a second name: its first string.
  const entries = blob.readUInt32BE(0)
  blob.writeUInt32BE(rpmTag.name, 8 + (entries - 1) * 16)
  assert.equal(read(blob).string(rpmTag.name), '/usr/bin/')
})

test('a folder index outside of the folders ends the list', () => {
  const blob = headerFixture(bash)
  for (let at = 8; at < 8 + blob.readUInt32BE(0) * 16; at += 16) {
    if (blob.readUInt32BE(at) !== rpmTag.directoryIndexes) continue
    blob.writeUInt32BE(9, 8 + blob.readUInt32BE(0) * 16 + blob.readUInt32BE(at + 8) + 4)
  }
  assert.deepEqual([...read(blob).files()], ['/usr/bin/bash'])
})

test('headers of impossible shape are refused', () => {
  const whole = headerFixture(bash)
  const many = Buffer.from(whole)
  many.writeUInt32BE(0x10000, 0)
  const outside = Buffer.from(whole)
  outside.writeUInt32BE(0xffff, 8 + 8)
  const cases: [Buffer, string][] = [
    [Buffer.alloc(0), 'truncated'],
    [Buffer.alloc(8), 'malformed'],
    [many, 'malformed'],
    [outside, 'malformed'],
    [whole.subarray(0, whole.length - 1), 'truncated'],
  ]
  for (const [blob, code] of cases) {
    assert.throws(
      () => read(blob),
      (error) => error instanceof ExtractFault && error.code === code,
    )
  }
})

test('a string that never ends is refused', () => {
  const blob = headerFixture({ name: 'a', version: '1', release: '2' })
  blob[blob.length - 1] = 0x41
  assert.throws(() => read(blob).string(rpmTag.release), ExtractFault)
})
