import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { Extractor } from '../extractor.ts'
import { apk } from './apk/index.ts'
import { chisel } from './chisel/index.ts'
import { dpkg } from './dpkg/index.ts'
import { dpkgFiles } from './dpkg-files/index.ts'
import { type Extraction, extraction } from './extraction.fixture.ts'
import { opkg } from './opkg/index.ts'
import { osRelease } from './os-release/index.ts'
import { pacman } from './pacman/index.ts'
import { rpm } from './rpm/index.ts'

const folder = process.env['LANNER_TEST_DATA'] ?? ''
const options = { skip: folder === '' && 'needs LANNER_TEST_DATA' }

function content(name: string): Buffer {
  const bytes = readFileSync(join(folder, 'fixtures', name))
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

function read(extractor: Extractor, name: string, path = name): Extraction {
  // Chunks as a layer's inflation brings them.
  return extraction(extractor, path, content(name), 64 * 1024)
}

interface Expected<Row> {
  readonly files: Readonly<
    Record<string, { readonly count: number; readonly installed?: number; readonly packages: readonly Row[] }>
  >
}

function expectedOf<Row>(kind: string): [string, Expected<Row>['files'][string]][] {
  return Object.entries((JSON.parse(content(`${kind}/expected.json`).toString()) as Expected<Row>).files)
}

function sorted(rows: readonly unknown[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort()
}

test('rpm databases hold what rpm -qa lists', options, () => {
  type Row = [
    name: string,
    epoch: number | null,
    version: string,
    arch: string | null,
    sourceRpm: string | null,
  ]
  const files = expectedOf<Row>('rpm')
  assert.equal(files.length, 13)
  for (const [name, { count, packages }] of files) {
    const found = read(rpm, `rpm/${name}`, 'var/lib/rpm/Packages')
    assert.equal(found.fault, undefined, name)
    assert.deepEqual(found.problems, [], name)
    assert.equal(found.packages.length, count, name)
    const rows = found.packages.map(({ name, version, arch, source }) => {
      const sourceVersion = source && (source.version ?? version).replace(/^[0-9]+:/, '')
      return [name, version, arch ?? null, source ? `${source.name}-${sourceVersion}.src.rpm` : null]
    })
    const wanted = packages.map(([name, epoch, version, arch, sourceRpm]) => [
      name,
      epoch ? `${epoch}:${version}` : version,
      arch,
      sourceRpm,
    ])
    assert.deepEqual(sorted(rows), sorted(wanted), name)
  }
})

test('one set of packages in three formats owns the same files', options, () => {
  const sets = [
    ['rpm/ndb/sle15-bci/Packages.db.gz', 'rpm/bdb/converted-sle15/Packages.gz'],
    ['rpm/sqlite/cbl-mariner-2.0/rpmdb.sqlite.gz', 'rpm/bdb/converted-mariner/Packages.gz'],
  ]
  for (const [original, converted] of sets) {
    const owned = read(rpm, original).owned
    assert.ok(Object.values(owned).flat().length > 2000)
    assert.deepEqual(read(rpm, converted).owned, owned)
  }
  const files = read(rpm, sets[0][0]).owned
  assert.ok(files['bash'].includes('/bin/bash'))
})

test('an SQLite file of another kind is no rpm database', options, () => {
  const found = read(rpm, 'rpm/sqlite/no-packages-table/no_packages.sqlite')
  assert.equal(found.fault?.code, 'malformed')
})

/** Prose before the first package; a package without a version, and no end of the last line. */
const problemsTold: ReadonlyMap<string, number> = new Map([
  ['syft/corrupt/lib/apk/db/installed', 1],
  ['trivy/apk', 2],
])

test('apk databases hold every block with a name and a version', options, () => {
  type Row = [name: string, version: string, arch: string | null, origin: string | null]
  const files = expectedOf<Row>('apk')
  assert.equal(files.length, 12)
  for (const [name, { packages }] of files) {
    const found = read(apk, `apk/${name}`)
    const rows = found.packages.map(({ name, version, arch, source }) => [
      name,
      version,
      arch ?? null,
      source?.name ?? null,
    ])
    assert.deepEqual(rows, packages, name)
    assert.equal(found.fault?.code, name === 'scalibr/invalid' ? 'malformed' : undefined, name)
    assert.equal(found.problems.length, problemsTold.get(name) ?? 0, name)
  }
})

/**
 * Files with stanzas that expected.json counts as installed although they state no version: relationship examples that are
 * a name alone, vcpkg's features (`Feature` in place of `Version`). A problem is told, no package is named.
 */
const withoutVersion: ReadonlySet<string> = new Set([
  'claircore/vcpkg.status',
  'scalibr-opkg/noversion',
  'scalibr/noversion',
  'syft-status.d/doc-examples',
  'syft-status.d/libpam-runtime',
  'syft-status.d/multiple',
])

test('dpkg and opkg files hold the packages that are installed', options, () => {
  type Row = [
    name: string,
    version: string | null,
    arch: string | null,
    source: string | null,
    status: string | null,
  ]
  const files = expectedOf<Row>('dpkg')
  assert.equal(files.length, 37)
  for (const [name, { count, installed = 0, packages }] of files) {
    const isOpkg = name.startsWith('scalibr-opkg/')
    const found = read(isOpkg ? opkg : dpkg, `dpkg/${name}`)
    const rows = found.packages.map(({ name, version, arch }) => [name, version, arch ?? null])
    const installedRows = packages.filter(
      ([, , , , status]) => status === null || status.endsWith(' installed'),
    )
    const unversioned = installedRows.filter(([, version]) => version === null).length
    assert.equal(unversioned > 0, withoutVersion.has(name), name)
    assert.equal(found.packages.length, installed - unversioned, name)
    if (unversioned > 0) assert.equal(found.problems[0]?.code, 'malformed', name)
    const wanted = installedRows.filter(([, version]) => version !== null).map((row) => row.slice(0, 3))
    // expected.json lists only the beginning of long files.
    assert.deepEqual(packages.length === count ? rows : rows.slice(0, wanted.length), wanted, name)
    if (!isOpkg) {
      const sources = found.packages.slice(0, wanted.length).map(({ source }) => source)
      const fields = installedRows.filter(([, version]) => version !== null).map(([, , , source]) => source)
      for (const [at, field] of fields.entries()) {
        const [sourceName, version] = (field ?? '').split(/[ ()]+/)
        if (sourceName) assert.equal(sources[at]?.name, sourceName, name)
        if (version) assert.equal(sources[at]?.version, version, name)
      }
    }
  }
  for (const name of ['dpkg/scalibr/invalid', 'dpkg/syft-status.d/corrupt']) {
    assert.equal(read(dpkg, name).fault?.code, 'malformed', name)
  }
  assert.equal(read(opkg, 'dpkg/scalibr-opkg/invalid').fault?.code, 'malformed')
})

test('sums of distroless and of ordinary images name their package', options, () => {
  const base = 'var/lib/dpkg/status.d/libsqlite3-0.md5sums'
  const distroless = read(dpkgFiles, `dpkg/distroless/${base}`, base)
  assert.deepEqual(Object.keys(distroless.owned), ['libsqlite3-0'])
  assert.equal(distroless.owned['libsqlite3-0'].length, 6)
  assert.ok(distroless.owned['libsqlite3-0'].includes('usr/share/doc/libsqlite3-0/copyright'))
  const info = 'var/lib/dpkg/info/libpam-runtime.md5sums'
  assert.deepEqual(Object.keys(read(dpkgFiles, `dpkg/image-dpkg/${info}`, info).owned), ['libpam-runtime'])
})

test('Chisel manifests', options, () => {
  const openssl = read(chisel, 'dpkg/chisel/openssl.wall')
  assert.equal(openssl.fault, undefined)
  assert.ok(openssl.packages.some(({ name }) => name === 'openssl'))
  assert.ok(openssl.owned['libc6'].includes('/usr/lib/x86_64-linux-gnu/libc.so.6'))
  const single = read(chisel, 'dpkg/chisel/single.wall')
  assert.deepEqual(
    single.packages.map(({ name, version, arch }) => [name, version, arch]),
    [['base-files', '13ubuntu10.2', 'amd64']],
  )
  assert.equal(read(chisel, 'dpkg/chisel/invalid.wall').fault?.code, 'malformed')
  assert.deepEqual(read(chisel, 'dpkg/chisel/empty.wall').packages, [])
})

test("pacman's local database", options, () => {
  const base = 'var/lib/pacman/local'
  const desc = (name: string) => read(pacman, `pacman/syft/${base}/${name}/desc`, `${base}/${name}/desc`)
  const rows = ['emacs-29.3-3', 'fuzzy-1.2-3', 'gmp-6.2.1-2', 'madeup-20.30-4', 'tree-sitter-0.22.6-1'].map(
    (name) => {
      const [{ name: found, version }] = desc(name).packages
      return `${found}-${version}` === name
    },
  )
  assert.deepEqual(rows, [true, true, true, true, true])
  assert.deepEqual(desc('gmp-6.2.1-2').packages[0].licenses, ['LGPL3', 'GPL'])
  assert.equal(desc('corrupt-0.2.1-3').fault?.code, 'malformed')
  const files = `${base}/gmp-6.2.1-2/files`
  const owned = read(pacman, `pacman/syft/${files}`, files).owned
  assert.ok(owned['gmp'].includes('usr/lib/libgmp.so.10.4.1'))
  assert.ok(!owned['gmp'].includes('usr/lib/'))
})

test('os-release of 164 distributions', options, () => {
  type Fields = Readonly<Record<string, string>>
  const { files } = JSON.parse(content('os-release/expected.json').toString()) as {
    files: Record<string, Fields>
  }
  assert.equal(Object.keys(files).length, 164)
  for (const [name, fields] of Object.entries(files)) {
    const [found] = read(osRelease, `os-release/${name}`).distributions
    assert.deepEqual(
      {
        id: found.id,
        version: found.version,
        codename: found.codename,
        like: found.like,
        variant: found.variant,
        // Without PRETTY_NAME the NAME stands in.
        name: fields['PRETTY_NAME'] === undefined ? undefined : found.name,
      },
      {
        id: fields['ID'].toLowerCase(),
        version: fields['VERSION_ID'],
        codename: fields['VERSION_CODENAME'],
        like: fields['ID_LIKE']?.split(' ') ?? [],
        variant: fields['VARIANT_ID'],
        name: fields['PRETTY_NAME'],
      },
      name,
    )
  }
})
