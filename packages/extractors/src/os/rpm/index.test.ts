import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerFixture } from '../../formats/rpm-header.fixture.ts'
import { bdbFixture, ndbFixture, sqliteFixture } from '../../formats/rpmdb.fixture.ts'
import { extraction } from '../extraction.fixture.ts'
import { rpm } from './index.ts'
import { rpmSource } from './version.ts'

const headers = [
  headerFixture({
    name: 'openssl-libs',
    version: '3.0.7',
    release: '24.el9',
    epoch: 1,
    arch: 'x86_64',
    license: 'ASL 2.0',
    vendor: 'Red Hat, Inc.',
    sourceRpm: 'openssl-3.0.7-24.el9.src.rpm',
    files: [['/usr/lib64/', ['libssl.so.3', 'libcrypto.so.3']]],
  }),
  headerFixture({
    name: 'perl-libs',
    version: '5.32.1',
    release: '1.module',
    epoch: 0,
    arch: 'x86_64',
    sourceRpm: 'perl-5.32.2-1.module.src.rpm',
    module: 'perl:5.32:8040020210526:abcd',
    // Larger than a page of any of the databases below, so that the header needs overflow pages.
    files: [['/usr/share/perl5/', Array.from({ length: 3000 }, (_, at) => `module-${at}.pm`)]],
  }),
  headerFixture({ name: 'gpg-pubkey', version: 'fd431d51', release: '4ae0493b' }),
]
const facts = [
  {
    type: 'rpm',
    name: 'openssl-libs',
    version: '1:3.0.7-24.el9',
    arch: 'x86_64',
    source: { name: 'openssl' },
    licenses: ['ASL 2.0'],
    vendor: 'Red Hat, Inc.',
    confidence: 'declared',
  },
  {
    type: 'rpm',
    name: 'perl-libs',
    version: '5.32.1-1.module',
    arch: 'x86_64',
    source: { name: 'perl', version: '5.32.2-1.module' },
    module: 'perl:5.32:8040020210526:abcd',
    confidence: 'declared',
  },
  { type: 'rpm', name: 'gpg-pubkey', version: 'fd431d51-4ae0493b', confidence: 'declared' },
]

const databases: Record<string, () => Buffer> = {
  'SQLite, pages of 512 bytes': () => sqliteFixture(headers, 512),
  'SQLite, pages of 4096 bytes': () => sqliteFixture(headers, 4096),
  'SQLite, pages of 65536 bytes': () => sqliteFixture(headers, 65536),
  NDB: () => ndbFixture(headers),
  'Berkeley DB, little endian': () => bdbFixture(headers, 'little'),
  'Berkeley DB, big endian': () => bdbFixture(headers, 'big'),
  'Berkeley DB, headers in the pages themselves': () => bdbFixture(headers, 'little', true),
}

for (const [name, build] of Object.entries(databases)) {
  test(`${name}: packages, their facts and their files`, () => {
    const content = build()
    // Chunks that cut through pages must make no difference.
    for (const chunk of [content.length, 700]) {
      const found = extraction(rpm, 'var/lib/rpm/whatever', content, chunk)
      assert.equal(found.fault, undefined)
      assert.deepEqual(found.problems, [])
      assert.deepEqual(found.packages, facts)
      assert.deepEqual(found.owned['openssl-libs'], ['/usr/lib64/libssl.so.3', '/usr/lib64/libcrypto.so.3'])
      assert.equal(found.owned['perl-libs'].length, 3000)
      assert.equal(found.owned['perl-libs'][2999], '/usr/share/perl5/module-2999.pm')
    }
  })
}

test('a table of many rows is read through its interior pages, in order', () => {
  const many = Array.from({ length: 2000 }, (_, at) =>
    headerFixture({ name: `p${at}`, version: '1', release: '1' }),
  )
  const found = extraction(rpm, 'var/lib/rpm/rpmdb.sqlite', sqliteFixture(many, 512))
  assert.deepEqual(
    found.packages.map(({ name }) => name),
    many.map((_, at) => `p${at}`),
  )
})

test('one damaged header costs its package, not the others', () => {
  const damaged = Buffer.from(headers[0])
  damaged.writeUInt32BE(0, 0)
  for (const content of [
    sqliteFixture([damaged, headers[2]]),
    ndbFixture([damaged, headers[2]]),
    bdbFixture([damaged, headers[2]]),
  ]) {
    const found = extraction(rpm, 'var/lib/rpm/Packages', content)
    assert.deepEqual(
      found.packages.map(({ name }) => name),
      ['gpg-pubkey'],
    )
    assert.equal(found.problems.length, 1)
    assert.equal(found.problems[0].code, 'malformed')
    assert.equal(found.fault, undefined)
  }
})

test('what is no rpm database is a fault', () => {
  const notes = sqliteFixture(headers, 4096, 'Notes')
  assert.equal(extraction(rpm, 'var/lib/rpm/rpmdb.sqlite', notes).fault?.code, 'malformed')
  assert.equal(extraction(rpm, 'var/lib/rpm/Packages', 'no database at all').fault?.code, 'malformed')
  assert.equal(extraction(rpm, 'var/lib/rpm/Packages', Buffer.alloc(9000)).fault?.code, 'malformed')
  const encrypted = bdbFixture(headers)
  encrypted[24] = 1
  assert.equal(extraction(rpm, 'var/lib/rpm/Packages', encrypted).fault?.code, 'unsupported')
})

test('an empty file is no database and no fault', () => {
  assert.deepEqual(extraction(rpm, 'var/lib/rpm/Packages', ''), {
    packages: [],
    owned: {},
    licenses: {},
    distributions: [],
    problems: [],
  })
})

test('truncated databases are never whole', () => {
  for (const [name, build] of Object.entries(databases)) {
    const content = build()
    for (const share of [0.1, 0.5, 0.9]) {
      const found = extraction(
        rpm,
        'var/lib/rpm/Packages',
        content.subarray(0, Math.floor(content.length * share)),
      )
      assert.ok(found.fault !== undefined || found.problems.length > 0, `${name} cut at ${share}`)
    }
  }
})

test('a loop of overflow pages is a fault', () => {
  const content = bdbFixture([headers[1]])
  // Page 3 is the first overflow page, page 4 the second; it now leads back.
  content.writeUInt32LE(3, 4 * 512 + 16)
  assert.equal(extraction(rpm, 'var/lib/rpm/Packages', content).fault?.code, 'malformed')
})

test('overlapping blobs of an NDB are a fault', () => {
  const content = ndbFixture([headers[1]])
  for (let at = 48; at < 4096; at += 16) content.copy(content, at, 32, 48)
  assert.equal(extraction(rpm, 'var/lib/rpm/Packages.db', content).fault?.code, 'malformed')
})

test('a write-ahead log with frames, or a hot journal, is told; empty ones are not', () => {
  const path = 'var/lib/rpm/rpmdb.sqlite-wal'
  assert.deepEqual(extraction(rpm, path, '').problems, [])
  assert.deepEqual(extraction(rpm, path, Buffer.alloc(32)).problems, [])
  assert.equal(extraction(rpm, path, Buffer.alloc(32 + 24 + 4096, 1)).problems[0]?.code, 'unsupported')
  const journal = 'var/lib/rpm/rpmdb.sqlite-journal'
  assert.deepEqual(extraction(rpm, journal, Buffer.alloc(512)).problems, [])
  assert.equal(extraction(rpm, journal, Buffer.alloc(512, 1)).problems[0]?.code, 'unsupported')
})

test('the source package is read from the name of its rpm', () => {
  assert.deepEqual(rpmSource('a-b-1.0-2.el9.src.rpm', undefined, '1.0-2.el9'), { name: 'a-b' })
  assert.deepEqual(rpmSource('a-1.0-2.nosrc.rpm', 2, '2:1.1-2'), { name: 'a', version: '2:1.0-2' })
  assert.equal(rpmSource('(none)', undefined, '1-1'), undefined)
  assert.equal(rpmSource('a.src.rpm', undefined, '1-1'), undefined)
})
