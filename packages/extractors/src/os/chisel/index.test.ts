import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { extraction } from '../extraction.fixture.ts'
import { chisel } from './index.ts'

const path = 'var/lib/chisel/manifest.wall'
const records = [
  { jsonwall: '1.0', schema: '1.0', count: 6 },
  { kind: 'content', slice: 'libc6_libs', path: '/usr/lib/libc.so.6' },
  { kind: 'content', slice: 'libc6_config', path: '/etc/ld.so.conf' },
  { kind: 'content', slice: 'base-files_base', path: '/etc/' },
  { kind: 'package', name: 'libc6', version: '2.39-0ubuntu8.3', sha256: '00', arch: 'amd64' },
  { kind: 'path', path: '/etc/ld.so.conf', mode: '0644', slices: ['libc6_config'] },
  { kind: 'slice', name: 'libc6_libs' },
]
const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')

test('packages and the files of their slices, compressed or not', () => {
  for (const content of [zstdCompressSync(text), Buffer.from(text)]) {
    const found = extraction(chisel, path, content)
    assert.equal(found.fault, undefined)
    assert.deepEqual(found.packages, [
      { type: 'deb', name: 'libc6', version: '2.39-0ubuntu8.3', arch: 'amd64', confidence: 'declared' },
    ])
    assert.deepEqual(found.owned, { libc6: ['/usr/lib/libc.so.6', '/etc/ld.so.conf'] })
    assert.deepEqual(found.problems, [])
  }
})

test('malformed manifests are faults, malformed lines problems', () => {
  assert.equal(extraction(chisel, path, 'invalid').fault?.code, 'malformed')
  assert.equal(extraction(chisel, path, '{"kind":"package"}').fault?.code, 'malformed')
  const found = extraction(chisel, path, `${text}{"kind":\n[1]\n{"kind":"package","name":"a"}\n`)
  assert.equal(found.packages.length, 1)
  assert.match(found.problems[0].message, /and 2 more/)
})

test('a truncated frame is a fault', () => {
  const content = zstdCompressSync(text.repeat(50))
  assert.equal(extraction(chisel, path, content.subarray(0, content.length / 2)).fault?.code, 'malformed')
})

test('a manifest that inflates beyond the bound is refused', () => {
  const content = zstdCompressSync(Buffer.alloc(65 * 1024 * 1024, 0x20))
  assert.equal(extraction(chisel, path, content).fault?.code, 'limit-exceeded')
})
