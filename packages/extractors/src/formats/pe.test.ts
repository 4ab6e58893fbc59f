import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetainedBytes } from '../chunks.ts'
import { ExtractFault } from '../extractor.ts'
import { peFixture, peImageBase } from './executable.fixture.ts'
import { readAddress } from './executable.ts'
import { readPe } from './pe.ts'

const content = Buffer.from('what it holds')

for (const wide of [true, false]) {
  test(`finds sections and addresses, ${wide ? 64 : 32} bits`, () => {
    const file = peFixture(
      [
        { name: '.data', content, address: 0x3000 },
        { name: '.dep-v0', content, address: 0x4000 },
      ],
      { wide },
    )
    const bytes = RetainedBytes.of(file)
    const pe = readPe(bytes)
    assert.deepEqual(pe?.section('.dep-v0')?.offset, file.lastIndexOf(content))
    assert.equal(pe?.section('.dep'), undefined)
    assert.deepEqual(pe && readAddress(bytes, pe, peImageBase + 0x3005, 8), Buffer.from('it holds'))
    assert.equal(pe?.writable().length, 2)
  })
}

test('what pads a section to the file alignment is not its content', () => {
  const file = peFixture([{ name: '.dep-v0', content }])
  const header = file.indexOf('.dep-v0')
  file.writeUInt32LE(4, header + 8)
  assert.equal(readPe(RetainedBytes.of(file))?.section('.dep-v0')?.size, 4)
})

test('programs for DOS and text that begins with MZ are no PE images', () => {
  const dos = Buffer.alloc(512)
  dos.write('MZ')
  dos.writeUInt32LE(0xffff_fff0, 0x3c)
  assert.equal(readPe(RetainedBytes.of(dos)), undefined)
  assert.equal(readPe(RetainedBytes.of(`MZ${' '.repeat(100)}`)), undefined)
  assert.equal(readPe(RetainedBytes.of('MZ')), undefined)
})

test('65535 sections are over the limit', () => {
  const file = peFixture([{ name: '.data', content }])
  file.writeUInt16LE(0xffff, 64 + 6)
  assert.throws(() => readPe(RetainedBytes.of(file)), { code: 'limit-exceeded' })
})

test('a section table beyond the end is truncated', () => {
  const file = peFixture([{ name: '.data', content }])
  file.writeUInt16LE(4000, 64 + 6)
  assert.throws(() => readPe(RetainedBytes.of(file)), { code: 'truncated' })
})

test('an optional header of no known kind is malformed', () => {
  const file = peFixture([{ name: '.data', content }])
  file.writeUInt16LE(0x107, 64 + 24)
  assert.throws(() => readPe(RetainedBytes.of(file)), { code: 'malformed' })
})

test('every cut of a file is read or refused, never more', () => {
  const file = peFixture([{ name: '.data', content }])
  for (let size = 0; size < file.length; size++) {
    try {
      readPe(RetainedBytes.of(file.subarray(0, size)))?.section('.data')
    } catch (fault) {
      assert.ok(fault instanceof ExtractFault, `${size}: ${fault}`)
    }
  }
})
