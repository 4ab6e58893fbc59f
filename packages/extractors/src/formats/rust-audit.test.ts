import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { RetainedBytes } from '../chunks.ts'
import { readElf } from './elf.ts'
import { elfFixture } from './executable.fixture.ts'
import { parseRustAudit, type RustCrate, readRustAudit } from './rust-audit.ts'

function readSection(content: Buffer, name = '.dep-v0'): readonly RustCrate[] | undefined {
  const bytes = RetainedBytes.of(elfFixture([{ name, content }]))
  const elf = readElf(bytes)
  return elf && readRustAudit(bytes, elf)
}

const document = JSON.stringify({
  packages: [
    { name: 'adler', version: '0.2.3', source: 'registry', kind: 'build', dependencies: [1] },
    { name: 'app', version: '0.1.0', source: 'local', root: true },
    { name: 'fork', version: '1.0.0', source: 'git' },
  ],
  format: 1,
})
const crates = [
  { name: 'adler', version: '0.2.3', source: 'registry', kind: 'build', root: false },
  { name: 'app', version: '0.1.0', source: 'local', kind: 'runtime', root: true },
  { name: 'fork', version: '1.0.0', source: 'git', kind: 'runtime', root: false },
]

test('reads crates, their kind, source and which is the root', () => {
  assert.deepEqual(readSection(deflateSync(document)), crates)
})

test('reads the section by its earlier name, padded with zeros', () => {
  assert.deepEqual(
    readSection(Buffer.concat([deflateSync(document), Buffer.alloc(64)]), '.rust-deps-v0'),
    crates,
  )
})

test('a program without the section recorded nothing', () => {
  assert.equal(readSection(deflateSync(document), '.dep-v1'), undefined)
})

test('what inflates to more than 8 MiB is refused', () => {
  assert.throws(() => readSection(deflateSync(Buffer.alloc(64 * 1024 * 1024, 0x20))), {
    code: 'limit-exceeded',
  })
})

test('a section of more than 8 MiB is refused unread', () => {
  assert.throws(() => readSection(Buffer.alloc(8 * 1024 * 1024 + 1)), { code: 'limit-exceeded' })
})

const broken: readonly [what: string, content: Buffer][] = [
  ['no zlib', Buffer.from('{"packages":[]}')],
  ['cut off', deflateSync(document).subarray(0, 40)],
  ['no JSON', deflateSync('{"packages":[')],
  ['no list', deflateSync('{"packages":{"length":3}}')],
  ['null', deflateSync('null')],
  ['a crate without a version', deflateSync('{"packages":[{"name":"a"}]}')],
  ['a crate that is a number', deflateSync('{"packages":[7]}')],
]
for (const [what, content] of broken) {
  test(`${what}: malformed`, () => {
    assert.throws(() => readSection(content), { code: 'malformed', message: /Rust audit data/ })
  })
}

test('a section that reaches beyond the end of the file is truncated', () => {
  const file = elfFixture([{ name: '.dep-v0', content: deflateSync(document) }])
  file.writeUInt32LE(file.length, Number(file.readBigUInt64LE(40)) + 64 + 32)
  const bytes = RetainedBytes.of(file)
  const elf = readElf(bytes)
  assert.throws(() => elf && readRustAudit(bytes, elf), { code: 'truncated' })
})

test('too many crates are refused', () => {
  const many = JSON.stringify({
    packages: new Array(50_001).fill({ name: 'a', version: '1.0.0', source: 'git' }),
  })
  assert.throws(() => parseRustAudit(many), { code: 'limit-exceeded' })
})
