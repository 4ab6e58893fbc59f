import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetainedBytes } from '../chunks.ts'
import { ExtractFault } from '../extractor.ts'
import { zipOf } from './zip.fixture.ts'
import { readZipEntries, readZipEntry } from './zip.ts'

const everything = () => true
const MiB = 1024 * 1024

function read(archive: Buffer, limit = MiB): Map<string, string> {
  const bytes = RetainedBytes.of(archive)
  return new Map(
    readZipEntries(bytes, everything).map((entry) => [entry.name, readZipEntry(bytes, entry, limit).text()]),
  )
}

function code(expected: ExtractFault['code']): (fault: unknown) => boolean {
  return (fault) => fault instanceof ExtractFault && fault.code === expected
}

test('stored and deflated entries, folders left out', () => {
  const archive = zipOf([
    { name: 'folder/', content: '', stored: true },
    { name: 'folder/a.txt', content: 'deflated '.repeat(100) },
    { name: 'b.txt', content: 'stored', stored: true },
    { name: 'empty', content: '' },
  ])
  const found = read(archive)
  assert.deepEqual([...found.keys()], ['folder/a.txt', 'b.txt', 'empty'])
  assert.equal(found.get('folder/a.txt'), 'deflated '.repeat(100))
  assert.equal(found.get('b.txt'), 'stored')
  assert.equal(found.get('empty'), '')
})

test('sizes behind the content, zip64 sizes and a zip64 end record', () => {
  const entries = [
    { name: 'a', content: 'first', descriptor: true },
    { name: 'b', content: 'second', wide: true },
  ]
  for (const wide of [false, true]) {
    assert.deepEqual(
      [...read(zipOf(entries, wide))],
      [
        ['a', 'first'],
        ['b', 'second'],
      ],
    )
  }
})

test('bytes in front of the archive: a launch script', () => {
  const script = Buffer.from('#!/bin/bash\nexec java -jar "$0"\n'.repeat(50))
  for (const wide of [false, true]) {
    const archive = Buffer.concat([script, zipOf([{ name: 'a', content: 'x', descriptor: true }], wide)])
    assert.deepEqual([...read(archive)], [['a', 'x']])
  }
})

test('an archive comment and bytes behind the archive', () => {
  const archive = zipOf([{ name: 'a', content: 'x' }])
  const commented = Buffer.concat([
    archive,
    Buffer.from('PK\x05\x06 a comment that looks like an end record'),
  ])
  commented.writeUInt16LE(commented.length - archive.length, archive.length - 2)
  assert.deepEqual([...read(commented)], [['a', 'x']])
  assert.deepEqual([...read(Buffer.concat([archive, Buffer.alloc(100)]))], [['a', 'x']])
})

test('names are names only', () => {
  const names = ['../../etc/passwd', '/absolute', '__proto__', 'constructor', 'a\\b\\c']
  const found = read(zipOf(names.map((name) => ({ name, content: name }))))
  assert.deepEqual([...found.keys()], ['../../etc/passwd', '/absolute', '__proto__', 'constructor', 'a/b/c'])
})

test('a stored archive inside is read where it lies, across pieces', () => {
  const inner = zipOf([{ name: 'deep', content: 'found '.repeat(50) }])
  const outer = zipOf([{ name: 'inner.zip', content: inner, stored: true }])
  const pieces: [number, Buffer][] = []
  for (let at = 0; at < outer.length; at += 7) pieces.push([at, outer.subarray(at, at + 7)])
  const bytes = new RetainedBytes(outer.length, pieces)
  const [entry] = readZipEntries(bytes, everything)
  const nested = readZipEntry(bytes, entry, MiB)
  assert.equal(nested.size, inner.length)
  assert.deepEqual(nested.slice(0), inner)
  assert.equal(nested.indexOf(Buffer.from('PK\x05\x06')), inner.length - 22)
  assert.equal(nested.has(0, inner.length), true)
  assert.equal(nested.complete, true)
  const [deep] = readZipEntries(nested, everything)
  assert.equal(readZipEntry(nested, deep, MiB).text(), 'found '.repeat(50))
})

test('what is no archive is malformed', () => {
  for (const content of ['', 'short', 'x'.repeat(100_000), 'PK\x03\x04'.repeat(1000)]) {
    assert.throws(() => read(Buffer.from(content)), code('malformed'))
  }
})

test('an empty archive holds nothing', () => {
  assert.equal(read(zipOf([])).size, 0)
})

test('a truncated archive faults wherever it is cut', () => {
  const archive = zipOf([
    { name: 'a', content: 'some content '.repeat(20) },
    { name: 'b', content: 'more' },
  ])
  for (let length = 0; length < archive.length; length++) {
    assert.throws(() => read(archive.subarray(0, length)), ExtractFault, `cut to ${length} bytes`)
  }
})

test('any single broken byte faults or reads, and nothing else', () => {
  const archive = zipOf(
    [
      { name: 'a', content: 'some content '.repeat(20) },
      { name: 'b', content: 'more', wide: true },
    ],
    true,
  )
  for (let at = 0; at < archive.length; at++) {
    const broken = Buffer.from(archive)
    broken[at] ^= 0xff
    try {
      read(broken)
    } catch (fault) {
      assert.ok(fault instanceof ExtractFault, `byte ${at}: ${fault}`)
    }
  }
})

test('more content than declared is not inflated', () => {
  const content = Buffer.alloc(MiB)
  assert.throws(() => read(zipOf([{ name: 'bomb', content, claim: 100 }])), code('malformed'))
})

test('an entry over the limit or the ratio is refused before anything is inflated', () => {
  assert.throws(() => read(zipOf([{ name: 'a', content: 'x', claim: 2 * MiB }])), code('limit-exceeded'))
  const bomb = zipOf([{ name: 'bomb', content: Buffer.alloc(16 * MiB) }])
  assert.throws(() => read(bomb, 64 * MiB), code('limit-exceeded'))
})

test('entries that share their bytes are malformed', () => {
  const content = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * index * 31) & 0xff))
  const shared = Array.from({ length: 10 }, (_, index) => ({ name: `copy${index}`, content, stored: true }))
  // Only the first is written in full; the others point at it.
  const archive = zipOf(shared)
  const one = zipOf([shared[0]])
  const tableStart = archive.readUInt32LE(archive.length - 6)
  const table = Buffer.from(archive.subarray(tableStart, archive.length - 22))
  for (let at = 0; at < table.length; at += 46 + table.readUInt16LE(at + 28)) table.writeUInt32LE(0, at + 42)
  const body = one.subarray(0, one.readUInt32LE(one.length - 6))
  const end = Buffer.from(archive.subarray(archive.length - 22))
  end.writeUInt32LE(body.length, 16)
  assert.throws(() => read(Buffer.concat([body, table, end])), code('malformed'))
})

test('encryption and other methods are unsupported', () => {
  assert.throws(() => read(zipOf([{ name: 'a', content: 'x', flags: 1 }])), code('unsupported'))
  assert.throws(() => read(zipOf([{ name: 'a', content: 'x', method: 12 }])), code('unsupported'))
})

test('an offset that leads to no local header is malformed', () => {
  assert.throws(() => read(zipOf([{ name: 'a', content: 'x', offset: 5 }])), code('malformed'))
  assert.throws(() => read(zipOf([{ name: 'a', content: 'x', offset: 0x7fffffff }])), code('malformed'))
})

test('only wanted names are kept', () => {
  const bytes = RetainedBytes.of(zipOf(['a.class', 'b.txt'].map((name) => ({ name, content: name }))))
  assert.deepEqual(
    readZipEntries(bytes, (name) => name.endsWith('.txt')).map((entry) => entry.name),
    ['b.txt'],
  )
})
