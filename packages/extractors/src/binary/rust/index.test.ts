import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { deflateSync, gunzipSync } from 'node:zlib'
import { RetainedBytes } from '../../chunks.ts'
import { MiB, type PackageObservation } from '../../extractor.ts'
import { elfFixture, fatFixture, machOFixture, peFixture } from '../../formats/executable.fixture.ts'
import { touching } from '../touching.fixture.ts'
import { rust } from './index.ts'

function cratesIn(bytes: RetainedBytes): PackageObservation[] {
  const observations = [...rust.extract({ path: 'app', size: bytes.size, mode: 0o755, bytes })]
  return observations.filter((observation) => observation.kind === 'package')
}

const content = deflateSync(
  JSON.stringify({
    packages: [
      { name: 'cc', version: '1.0.83', source: 'crates.io', kind: 'build' },
      { name: 'app', version: '0.1.0', source: 'local', root: true },
    ],
  }),
)
const expected = [
  {
    kind: 'package',
    type: 'cargo',
    name: 'cc',
    version: '1.0.83',
    confidence: 'embedded',
    development: true,
  },
  { kind: 'package', type: 'cargo', name: 'app', version: '0.1.0', confidence: 'embedded' },
]

test('yields crates; what only built the program is for development', () => {
  for (const program of [elfFixture, peFixture, machOFixture]) {
    assert.deepEqual(cratesIn(RetainedBytes.of(program([{ name: '.dep-v0', content }]))), expected)
  }
})

test('the programs of a universal file are one', () => {
  const slice = machOFixture([{ name: '.dep-v0', content }])
  assert.deepEqual(cratesIn(RetainedBytes.of(fatFixture([slice, slice, slice]))), expected)
})

test('malformed: audit data that cannot be read is a fault', () => {
  const file = elfFixture([{ name: '.dep-v0', content: content.subarray(0, 20) }])
  assert.throws(() => cratesIn(RetainedBytes.of(file)), { code: 'malformed' })
})

test('truncated: a section list that cannot be read is a fault', () => {
  const file = elfFixture([{ name: '.dep-v0', content }])
  assert.throws(() => cratesIn(RetainedBytes.of(file.subarray(0, file.length - 8))), { code: 'truncated' })
})

test('other programs and other files hold no crates', () => {
  for (const other of [
    elfFixture([{ name: '.text', content }]),
    elfFixture([], { listed: false }),
    Buffer.from('#!/bin/sh'),
  ]) {
    assert.deepEqual(cratesIn(RetainedBytes.of(other)), [])
  }
})

test('only headers are read of other programs', () => {
  const file = elfFixture([{ name: '.text', content: Buffer.alloc(1 << 20, 0x90), address: 0x1000 }])
  const bytes = touching(RetainedBytes.of(file))
  assert.deepEqual([...rust.extract({ path: 'app', size: file.length, mode: 0o755, bytes })], [])
  assert.ok(bytes.touched < 1024, `${bytes.touched} bytes`)
})

test('of a large program windows are kept: absence is known, data let go are a fault', () => {
  const large = (name: string) => {
    const file = elfFixture([
      { name, content: Buffer.alloc(4 * MiB) },
      { name: '.debug', content: Buffer.alloc(MiB) },
    ])
    const tail = file.length - MiB
    return new RetainedBytes(file.length, [
      [0, file.subarray(0, MiB)],
      [tail, file.subarray(tail)],
    ])
  }
  assert.deepEqual(cratesIn(large('.text')), [])
  assert.throws(() => cratesIn(large('.dep-v0')), { code: 'not-retained' })
  const headless = elfFixture([{ name: '.text', content: Buffer.alloc(4 * MiB) }])
  assert.deepEqual(cratesIn(new RetainedBytes(headless.length, [[0, headless.subarray(0, MiB)]])), [])
})

const testFolder = process.env['LANNER_TEST_DATA']

test('agrees with the audit data of real programs', { skip: !testFolder && 'needs LANNER_TEST_DATA' }, () => {
  const folder = join(testFolder ?? '', 'fixtures/rust-auditable')
  type Row = readonly [crate: string, version: string, source: string, kind: string, root: boolean]
  const { files } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
    files: Record<string, Row[]>
  }
  assert.ok(Object.keys(files).length >= 8)
  for (const [name, rows] of Object.entries(files)) {
    const found = cratesIn(RetainedBytes.of(gunzipSync(readFileSync(join(folder, name)))))
    const wanted = rows.map(([crate, version, , kind]) => [crate, version, kind === 'build'])
    assert.deepEqual(
      found.map((crate) => [crate.name, crate.version, crate.development === true]),
      wanted,
      name,
    )
  }
})
