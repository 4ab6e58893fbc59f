import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { apk } from './index.ts'

const path = 'lib/apk/db/installed'
const installed = `C:Q1v4QhLje3kWlC8DJj+ZfJTjlJRSU=
P:libssl3
V:3.1.0-r4
A:x86_64
L:Apache-2.0
o:openssl
m:Ariadne Conill <ariadne@example.org>
F:lib
R:libssl.so.3
a:0:0:755
Z:Q1ljjXJ8iHHdXAJGHxKFN8HcGcPlw=
F:usr/lib
R:libssl.so.3
F:
R:.at-root

P:.build-deps
V:20240101.000000
A:noarch

`

test('packages, their origin and their files', () => {
  const found = extraction(apk, path, installed)
  assert.deepEqual(found.packages, [
    {
      type: 'apk',
      name: 'libssl3',
      version: '3.1.0-r4',
      arch: 'x86_64',
      source: { name: 'openssl' },
      licenses: ['Apache-2.0'],
      vendor: 'Ariadne Conill <ariadne@example.org>',
      confidence: 'declared',
    },
    { type: 'apk', name: '.build-deps', version: '20240101.000000', arch: 'noarch', confidence: 'declared' },
  ])
  assert.deepEqual(found.owned, {
    libssl3: ['lib/libssl.so.3', 'usr/lib/libssl.so.3', '.at-root'],
    '.build-deps': [],
  })
  assert.deepEqual(found.problems, [])
})

test('line ends of another system make no difference', () => {
  const found = extraction(apk, path, installed.replaceAll('\n', '\r\n'))
  assert.deepEqual(found, extraction(apk, path, installed))
})

test('the fields of a package end where its files begin', () => {
  const found = extraction(apk, path, 'P:a\nV:1\nF:etc\nR:b\no:not-an-origin\n')
  assert.equal(found.packages[0].source, undefined)
})

test('a block without a version is told, its neighbours are read', () => {
  const found = extraction(apk, path, `garbage\n\nP:only-a-name\n\n${installed}`)
  assert.equal(found.packages.length, 2)
  assert.equal(found.problems.length, 1)
  assert.match(found.problems[0].message, /and 1 more/)
})

test('a file without any package is a fault, an empty one is not', () => {
  assert.equal(extraction(apk, path, 'not a database').fault?.code, 'malformed')
  assert.deepEqual(extraction(apk, path, '\n'), {
    packages: [],
    owned: {},
    licenses: {},
    distributions: [],
    problems: [],
  })
})

test('a database cut inside a block keeps what came before', () => {
  const found = extraction(apk, path, installed.slice(0, installed.indexOf('V:20240101')))
  assert.deepEqual(
    found.packages.map(({ name }) => name),
    ['libssl3'],
  )
  assert.equal(found.problems.length, 1)
})

test('a database cut within a line is told, wherever the line is', () => {
  // Each of these leaves whole packages behind, and nothing else that could be missed.
  for (const end of ['R:libssl', 'o:open', 'A:noarc']) {
    const found = extraction(apk, path, installed.slice(0, installed.indexOf(end) + end.length))
    assert.deepEqual(
      found.problems.map(({ code }) => code),
      ['truncated'],
      end,
    )
    assert.ok(found.packages.length > 0, end)
  }
})
