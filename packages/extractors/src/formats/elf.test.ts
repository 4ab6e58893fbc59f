import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetainedBytes } from '../chunks.ts'
import { ExtractFault } from '../extractor.ts'
import { readElf } from './elf.ts'
import { elfFixture } from './executable.fixture.ts'
import { readAddress } from './executable.ts'

const content = Buffer.from('what it holds')
const sections = [
  { name: '.rela.note', content: Buffer.from('not this') },
  { name: '.note', content, address: 0x40_1000 },
]

for (const wide of [true, false]) {
  for (const littleEndian of [true, false]) {
    test(`finds sections and addresses: ${wide ? 64 : 32} bits, ${littleEndian ? 'little' : 'big'}-endian`, () => {
      const file = elfFixture(sections, { wide, littleEndian })
      const bytes = RetainedBytes.of(file)
      const elf = readElf(bytes)
      assert.equal(elf?.sections, 'listed')
      assert.deepEqual(elf?.section('.note'), { offset: file.indexOf(content), size: 13, address: 0x40_1000 })
      assert.equal(elf?.section('note'), undefined)
      assert.deepEqual(elf && readAddress(bytes, elf, 0x40_1005, 8), Buffer.from('it holds'))
      assert.equal(elf && readAddress(bytes, elf, 0x40_1005, 9), undefined)
      assert.equal(elf && readAddress(bytes, elf, 0x40_0fff, 1), undefined)
      assert.equal(elf?.writable().length, 1)
    })
  }
}

test('a program without a section table says so', () => {
  assert.equal(readElf(RetainedBytes.of(elfFixture(sections, { listed: false })))?.sections, 'absent')
})

test('object files, core dumps and other files are no programs', () => {
  assert.equal(readElf(RetainedBytes.of(elfFixture(sections, { type: 1 }))), undefined)
  assert.equal(readElf(RetainedBytes.of(elfFixture(sections, { type: 4 }))), undefined)
  assert.equal(readElf(RetainedBytes.of('#!/bin/sh\n')), undefined)
  assert.equal(readElf(RetainedBytes.of('')), undefined)
})

test('a section without bytes in the file is none', () => {
  const file = elfFixture([{ name: '.note', content }])
  const table = Number(file.readBigUInt64LE(40))
  file.writeUInt32LE(8, table + 64 + 4)
  assert.equal(readElf(RetainedBytes.of(file))?.section('.note'), undefined)
})

test('numbers too large for the header are taken from the first section header', () => {
  const file = elfFixture([{ name: '.note', content }])
  const table = Number(file.readBigUInt64LE(40))
  file.writeBigUInt64LE(BigInt(file.readUInt16LE(60)), table + 32)
  file.writeUInt32LE(file.readUInt16LE(62), table + 40)
  file.writeUInt16LE(0, 60)
  file.writeUInt16LE(0xffff, 62)
  assert.equal(readElf(RetainedBytes.of(file))?.section('.note')?.size, 13)
})

const broken: readonly [what: string, code: ExtractFault['code'], change: (file: Buffer) => void][] = [
  ['65535 sections in a small file', 'truncated', (file) => file.writeUInt16LE(0xffff, 60)],
  ['a section table beyond the end', 'truncated', (file) => file.writeBigUInt64LE(1n << 40n, 40)],
  [
    'a section table at the largest offset',
    'truncated',
    (file) => file.writeBigUInt64LE((1n << 64n) - 1n, 40),
  ],
  ['section headers of one byte', 'malformed', (file) => file.writeUInt16LE(1, 58)],
  ['names in a section that does not exist', 'malformed', (file) => file.writeUInt16LE(77, 62)],
  [
    'section names of a gibibyte',
    'limit-exceeded',
    (file) => file.writeUInt32LE(1 << 30, Number(file.readBigUInt64LE(40)) + 2 * 64 + 32),
  ],
  [
    'section names beyond the end',
    'truncated',
    (file) => file.writeUInt32LE(1 << 30, Number(file.readBigUInt64LE(40)) + 2 * 64 + 24),
  ],
]

for (const [what, code, change] of broken) {
  test(`${what}: the list of sections is a fault`, () => {
    const file = elfFixture([{ name: '.note', content }])
    change(file)
    const elf = readElf(RetainedBytes.of(file))
    assert.ok(elf?.sections instanceof ExtractFault)
    assert.equal(elf.sections.code, code)
    assert.equal(elf.section('.note'), undefined)
  })
}

test('four billion sections are over the limit', () => {
  const file = elfFixture([{ name: '.note', content }])
  file.writeBigUInt64LE(1n << 32n, Number(file.readBigUInt64LE(40)) + 32)
  file.writeUInt16LE(0, 60)
  const elf = readElf(RetainedBytes.of(file))
  assert.ok(elf?.sections instanceof ExtractFault)
  assert.equal(elf.sections.code, 'limit-exceeded')
})

test('a name index beyond the names is passed over', () => {
  const file = elfFixture([
    { name: '.odd', content },
    { name: '.note', content },
  ])
  file.writeUInt32LE(0xffff_fff0, Number(file.readBigUInt64LE(40)) + 64)
  assert.equal(readElf(RetainedBytes.of(file))?.section('.note')?.size, 13)
})

test('every cut of a file is read or refused, never more', () => {
  const file = elfFixture(sections)
  for (let size = 0; size < file.length; size++) {
    try {
      const bytes = RetainedBytes.of(file.subarray(0, size))
      const elf = readElf(bytes)
      elf?.section('.note')
      elf?.mapped()
    } catch (fault) {
      assert.ok(fault instanceof ExtractFault, `${size}: ${fault}`)
    }
  }
})

test('an impossible class is malformed', () => {
  const file = elfFixture(sections)
  file[4] = 9
  assert.throws(() => readElf(RetainedBytes.of(file)), { code: 'malformed', message: /class 9/ })
})
