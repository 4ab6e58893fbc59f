import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetainedBytes } from '../chunks.ts'
import { ExtractFault } from '../extractor.ts'
import { readElf } from './elf.ts'
import {
  elfFixture,
  type FixtureSection,
  machOFixture,
  peFixture,
  peImageBase,
} from './executable.fixture.ts'
import { inlineBuildInfo, pointedBuildInfo } from './go-buildinfo.fixture.ts'
import { type GoBuildStrings, readGoBuildStrings } from './go-buildinfo.ts'
import { readMachO } from './macho.ts'
import { readPe } from './pe.ts'

const modules = 'path\texample.org/a\nmod\texample.org/a\tv1.2.3\t\n'
const expected = { version: 'go1.17.13', modules }

function readFromElf(file: Buffer): GoBuildStrings | undefined {
  const bytes = RetainedBytes.of(file)
  const elf = readElf(bytes)
  return elf && readGoBuildStrings(bytes, elf)
}

for (const wide of [true, false]) {
  for (const littleEndian of [true, false]) {
    const shape = { wide, littleEndian }
    const name = `${wide ? 64 : 32} bits, ${littleEndian ? 'little' : 'big'}-endian`
    test(`follows pointers: ELF, ${name}`, () => {
      const content = pointedBuildInfo('go1.17.13', modules, 0x50_0000, shape)
      assert.deepEqual(
        readFromElf(elfFixture([{ name: '.go.buildinfo', content, address: 0x50_0000 }], shape)),
        expected,
      )
    })
    test(`follows pointers: Mach-O, ${name}`, () => {
      const content = pointedBuildInfo('go1.17.13', modules, 0x50_0000, shape)
      const bytes = RetainedBytes.of(
        machOFixture([{ name: '__go_buildinfo', content, address: 0x50_0000 }], shape),
      )
      assert.deepEqual(readGoBuildStrings(bytes, readMachO(bytes)[0]), expected)
    })
  }
  test(`follows pointers: PE, ${wide ? 64 : 32} bits`, () => {
    const content = pointedBuildInfo('go1.17.13', modules, peImageBase + 0x2000, { wide, littleEndian: true })
    const bytes = RetainedBytes.of(peFixture([{ name: '.data', content, address: 0x2000 }], { wide }))
    const pe = readPe(bytes)
    assert.deepEqual(pe && readGoBuildStrings(bytes, pe), expected)
  })
}

test('reads strings in line', () => {
  const content = inlineBuildInfo('go1.22.1 X:loopvar', modules)
  assert.deepEqual(readFromElf(elfFixture([{ name: '.go.buildinfo', content }])), {
    version: 'go1.22.1 X:loopvar',
    modules,
  })
})

test('without a section table the writable data are searched, at multiples of 16', () => {
  const decoy = Buffer.concat([
    Buffer.alloc(8, 1),
    Buffer.from('\xff Go buildinf:', 'latin1'),
    Buffer.alloc(10),
  ])
  const content = Buffer.concat([decoy, inlineBuildInfo('go1.20', modules)])
  const file = elfFixture([{ name: '.data', content, address: 0x1000 }], { listed: false })
  assert.deepEqual(readFromElf(file), { version: 'go1.20', modules })
})

test('a program that only looks for the magic bytes has no build information', () => {
  const content = Buffer.from('\xff Go buildinf:', 'latin1')
  assert.equal(readFromElf(elfFixture([{ name: '.rodata', content, address: 0x1000 }])), undefined)
})

test('a program without modules has a version alone', () => {
  const content = inlineBuildInfo('go1.21.0', '')
  assert.deepEqual(readFromElf(elfFixture([{ name: '.go.buildinfo', content }])), {
    version: 'go1.21.0',
    modules: '',
  })
})

const magic = Buffer.from('\xff Go buildinf:', 'latin1')
const header = (pointerSize: number, flags: number, rest = '') =>
  Buffer.concat([magic, Buffer.from([pointerSize, flags]), Buffer.alloc(16), Buffer.from(rest, 'latin1')])
const broken: readonly [what: string, code: ExtractFault['code'], content: Buffer][] = [
  ['pointers of three bytes', 'malformed', header(3, 0)],
  ['pointers to nowhere', 'malformed', header(8, 0)],
  ['a length without an end', 'malformed', header(8, 2, '\xff\xff\xff\xff\xff\xff\xff\xff')],
  ['a length of a gibibyte', 'limit-exceeded', header(8, 2, '\x80\x80\x80\x80\x04')],
  ['a string beyond the end', 'truncated', header(8, 2, '\xe8\x07go1')],
  ['a version that is none', 'malformed', header(8, 2, '\x04perl\x00')],
]

for (const [what, code, content] of broken) {
  test(`${what}: ${code}`, () => {
    const section: FixtureSection = { name: '.go.buildinfo', content, address: 0x1000 }
    const file = elfFixture([section])
    // The string must be cut off by the end of the file, not of the section.
    const end = file.indexOf(content) + content.length
    const cut = what.includes('beyond') ? RetainedBytes.of(file.subarray(0, end)) : RetainedBytes.of(file)
    const elf = readElf(RetainedBytes.of(file))
    assert.throws(() => elf && readGoBuildStrings(cut, elf), { code })
  })
}

test('pointers that lead to each other or out of the file end at once', () => {
  const shape = { wide: true, littleEndian: true }
  for (const target of [0, 0x1000, 0x1010, 0xffff_ffff]) {
    const content = pointedBuildInfo('go1.17', modules, 0x1000, shape)
    content.writeBigUInt64LE(BigInt(target), 32)
    content.writeBigUInt64LE((1n << 63n) - 1n, 40)
    const file = elfFixture([{ name: '.go.buildinfo', content, address: 0x1000 }])
    assert.throws(
      () => readFromElf(file),
      (fault) => fault instanceof ExtractFault,
    )
  }
})

test('a program whose data is cut off is no program without build information', () => {
  const content = Buffer.concat([Buffer.alloc(64), inlineBuildInfo('go1.22.1', modules)])
  const pe = peFixture([{ name: '.data', content, address: 0x2000 }])
  const machO = machOFixture([{ name: '__go_buildinfo', content, address: 0x50_0000 }])
  for (const file of [pe, machO]) {
    const bytes = RetainedBytes.of(file.subarray(0, file.indexOf(content) + 40))
    const read = () => readGoBuildStrings(bytes, readPe(bytes) ?? readMachO(bytes)[0])
    assert.throws(read, { code: 'truncated' })
  }
})
