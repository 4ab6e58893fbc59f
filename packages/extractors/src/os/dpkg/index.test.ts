import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { dpkg } from './index.ts'

const path = 'var/lib/dpkg/status'

function stanza(name: string, status: string | undefined, version: string, more = ''): string {
  return `Package: ${name}\n${status ? `Status: ${status}\n` : ''}Version: ${version}\n${more}\n`
}

function names(text: string): string[] {
  return extraction(dpkg, path, text).packages.map(({ name }) => name)
}

test('packages with architecture, source and maintainer', () => {
  const text = stanza(
    'libssl3',
    'install ok installed',
    '3.0.11-1~deb12u2',
    `Architecture: amd64
Maintainer: Debian OpenSSL Team <pkg-openssl-devel@example.org>
Source: openssl
Description: Secure Sockets Layer toolkit
 Version: 9.9 inside of a description is no field
 .
 Package: neither
`,
  )
  assert.deepEqual(extraction(dpkg, path, text).packages, [
    {
      type: 'deb',
      name: 'libssl3',
      version: '3.0.11-1~deb12u2',
      arch: 'amd64',
      source: { name: 'openssl' },
      vendor: 'Debian OpenSSL Team <pkg-openssl-devel@example.org>',
      confidence: 'declared',
    },
  ])
})

test('the source of a package: its name, its version, rebuilds', () => {
  const cases: [version: string, source: string, expected: object | undefined][] = [
    ['1.0-1', '', undefined],
    ['1.0-1', 'Source: a\n', { name: 'a' }],
    [
      '11+200',
      'Source: postgresql-common (200+deb10u5)\n',
      { name: 'postgresql-common', version: '200+deb10u5' },
    ],
    ['1.0-1', 'Source: a (1.0-1)\n', { name: 'a' }],
    ['1.0-1+b3', '', { name: 'p', version: '1.0-1' }],
    ['1.0-1+b3', 'Source: a\n', { name: 'a', version: '1.0-1' }],
    ['1.0-1+b3', 'Source: a (1.0-1)\n', { name: 'a', version: '1.0-1' }],
    ['1.0-1+beta', '', undefined],
  ]
  for (const [version, source, expected] of cases) {
    const [facts] = extraction(dpkg, path, stanza('p', 'install ok installed', version, source)).packages
    assert.deepEqual(facts.source, expected, `${version} ${source}`)
  }
})

test('what is installed counts, whatever is wanted of it', () => {
  const states: [status: string | undefined, counts: boolean][] = [
    ['install ok installed', true],
    ['hold ok installed', true],
    ['deinstall reinstreq installed', true],
    ['install ok half-configured', true],
    ['install ok triggers-awaited', true],
    ['install ok triggers-pending', true],
    [undefined, true],
    ['deinstall ok config-files', false],
    ['purge ok not-installed', false],
  ]
  for (const [status, counts] of states) {
    const found = extraction(dpkg, path, stanza('p', status, '1'))
    assert.equal(found.packages.length, counts ? 1 : 0, status)
    assert.deepEqual(found.problems, [])
  }
})

test('what is unpacked or half installed does not count, and is told', () => {
  for (const status of ['install ok unpacked', 'install reinstreq half-installed']) {
    const found = extraction(dpkg, path, stanza('p', status, '1'))
    assert.equal(found.packages.length, 0)
    assert.equal(found.problems[0]?.code, 'unsupported')
  }
})

test('field names have no case, blank lines may hold spaces, stanzas may come without an end', () => {
  assert.deepEqual(
    names('package: a\nVERSION: 1\n  \t\nPackage: b\r\nVersion: 2\r\n\r\n\n\nPackage: c\nVersion: 3'),
    ['a', 'b', 'c'],
  )
})

test('a stanza without a version is told, its neighbours are read', () => {
  const found = extraction(
    dpkg,
    path,
    `Package: a\nStatus: install ok installed\n\n${stanza('b', undefined, '1')}`,
  )
  assert.deepEqual(
    found.packages.map(({ name }) => name),
    ['b'],
  )
  assert.equal(found.problems[0]?.code, 'malformed')
})

test('a status file cut inside a stanza keeps what came before', () => {
  const text = stanza('a', 'install ok installed', '1') + stanza('b', 'install ok installed', '2')
  const found = extraction(dpkg, path, text.slice(0, text.lastIndexOf('Version')))
  assert.deepEqual(
    found.packages.map(({ name }) => name),
    ['a'],
  )
  assert.equal(found.problems.length, 1)
})

test('a file without any stanza is a fault, an empty one is not', () => {
  assert.equal(extraction(dpkg, path, 'Pakij: apt\n').fault?.code, 'malformed')
  assert.deepEqual(extraction(dpkg, path, ''), {
    packages: [],
    owned: {},
    licenses: {},
    distributions: [],
    problems: [],
  })
})

test('distroless stanzas are read, the sums beside them are not', () => {
  const text = 'Package: base-files\nVersion: 12.4+deb12u5\nArchitecture: amd64\n'
  assert.equal(
    extraction(dpkg, 'var/lib/dpkg/status.d/YmFzZS1maWxlcw==', text).packages[0].name,
    'base-files',
  )
  const sums = '07d31e7e63800ab1b7966980709c51eb  usr/lib/os-release\n'
  assert.deepEqual(extraction(dpkg, 'var/lib/dpkg/status.d/base-files.md5sums', sums).fault, undefined)
})

test('a status file cut within a line is told; a stanza in a file of its own needs no end', () => {
  const text = stanza('a', 'install ok installed', '1', 'Description: what a line of').trimEnd()
  const found = extraction(dpkg, path, text)
  assert.equal(found.packages.length, 1)
  assert.deepEqual(
    found.problems.map(({ code }) => code),
    ['truncated'],
  )
  assert.deepEqual(extraction(dpkg, 'var/lib/dpkg/status.d/a', text).problems, [])
})
