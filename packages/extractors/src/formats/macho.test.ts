import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetainedBytes } from '../chunks.ts'
import { ExtractFault } from '../extractor.ts'
import { fatFixture, machOFixture } from './executable.fixture.ts'
import { readAddress } from './executable.ts'
import { readMachO } from './macho.ts'

const content = Buffer.from('what it holds')
const sections = [{ name: '.dep-v0', content, address: 0x1_0000 }]

for (const wide of [true, false]) {
  for (const littleEndian of [true, false]) {
    test(`finds sections and addresses: ${wide ? 64 : 32} bits, ${littleEndian ? 'little' : 'big'}-endian`, () => {
      const file = machOFixture(sections, { wide, littleEndian })
      const bytes = RetainedBytes.of(file)
      const [program] = readMachO(bytes)
      assert.partialDeepStrictEqual(program.section('.dep-v0'), {
        offset: file.indexOf(content),
        size: 13,
        address: 0x1_0000,
      })
      assert.deepEqual(readAddress(bytes, program, 0x1_0005, 8), Buffer.from('it holds'))
      assert.equal(program.writable().length, 1)
    })
  }
}

for (const wide of [true, false]) {
  test(`a universal file has a program for every processor, ${wide ? 64 : 32}-bit header`, () => {
    const slices = [machOFixture(sections), machOFixture(sections, { wide: false, littleEndian: false })]
    const file = fatFixture(slices, { wide })
    const programs = readMachO(RetainedBytes.of(file))
    assert.deepEqual(
      programs.map((program) => program.section('.dep-v0')?.offset),
      [file.indexOf(content), file.lastIndexOf(content)],
    )
    assert.equal(readAddress(RetainedBytes.of(file), programs[1], 0x1_0000, 4)?.toString(), 'what')
  })
}

test('slices that overlap are read once for each start', () => {
  const program = machOFixture(sections)
  const file = fatFixture([program, program])
  file.writeUInt32BE(file.readUInt32BE(8 + 8), 8 + 20 + 8)
  assert.equal(readMachO(RetainedBytes.of(file)).length, 1)
})

test('a slice that is no program is passed over', () => {
  const file = fatFixture([Buffer.from('!<arch>\nstatic library'), machOFixture(sections)])
  assert.equal(readMachO(RetainedBytes.of(file)).length, 1)
})

test('a Java class begins with the same four bytes', () => {
  assert.deepEqual(readMachO(RetainedBytes.of(Buffer.from('cafebabe00000034', 'hex'))), [])
})

test('a slice beyond the end is truncated', () => {
  const file = fatFixture([machOFixture(sections)])
  file.writeUInt32BE(0xffff_ff00, 8 + 8)
  assert.throws(() => readMachO(RetainedBytes.of(file)), { code: 'truncated' })
})

const broken: readonly [what: string, code: ExtractFault['code'], change: (file: Buffer) => void][] = [
  ['four billion commands', 'limit-exceeded', (file) => file.writeUInt32LE(0xffff_ffff, 16)],
  ['commands of four gibibytes', 'limit-exceeded', (file) => file.writeUInt32LE(0xffff_ffff, 20)],
  ['commands beyond the end', 'truncated', (file) => file.writeUInt32LE(100_000, 20)],
  ['a command of no bytes', 'malformed', (file) => file.writeUInt32LE(0, 36)],
  ['more commands than fit', 'malformed', (file) => file.writeUInt32LE(9, 16)],
  ['more sections than fit', 'malformed', (file) => file.writeUInt32LE(0x1000_0000, 32 + 64)],
]

for (const [what, code, change] of broken) {
  test(`${what}: ${code}`, () => {
    const file = machOFixture(sections)
    change(file)
    assert.throws(() => readMachO(RetainedBytes.of(file)), { code })
  })
}

test('a section that lies outside of its slice is truncated, and one without an offset is none', () => {
  const file = machOFixture(sections)
  file.writeUInt32LE(0x7fff_ffff, 32 + 72 + 48)
  const [cut] = readMachO(RetainedBytes.of(file))
  assert.throws(() => cut.section('.dep-v0'), { code: 'truncated' })
  assert.equal(cut.section('.text'), undefined)
  file.writeUInt32LE(0, 32 + 72 + 48)
  assert.equal(readMachO(RetainedBytes.of(file))[0].section('.dep-v0'), undefined)
})

test('every cut of a file is read or refused, never more', () => {
  const file = fatFixture([machOFixture(sections), machOFixture(sections)])
  for (let size = 0; size < file.length; size++) {
    try {
      for (const program of readMachO(RetainedBytes.of(file.subarray(0, size)))) program.section('.dep-v0')
    } catch (fault) {
      assert.ok(fault instanceof ExtractFault, `${size}: ${fault}`)
    }
  }
})
