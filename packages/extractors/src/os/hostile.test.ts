import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import type { Extractor } from '../extractor.ts'
import { headerFixture } from '../formats/rpm-header.fixture.ts'
import { bdbFixture, ndbFixture, sqliteFixture } from '../formats/rpmdb.fixture.ts'
import { apk } from './apk/index.ts'
import { chisel } from './chisel/index.ts'
import { dpkg } from './dpkg/index.ts'
import { dpkgCopyright } from './dpkg-copyright/index.ts'
import { dpkgFiles } from './dpkg-files/index.ts'
import { extraction } from './extraction.fixture.ts'
import { osExtractors } from './index.ts'
import { lsbRelease } from './lsb-release/index.ts'
import { opkg } from './opkg/index.ts'
import { osRelease } from './os-release/index.ts'
import { pacman } from './pacman/index.ts'
import { releaseLine } from './release-line/index.ts'
import { rpm } from './rpm/index.ts'
import { rpmManifest } from './rpm-manifest/index.ts'

const headers = ['bash', 'zlib', 'glibc'].map((name) =>
  headerFixture({
    name,
    version: '1.2',
    release: '3.el9',
    epoch: 1,
    arch: 'x86_64',
    license: 'MIT',
    sourceRpm: `${name}-1.2-3.el9.src.rpm`,
    files: [[`/usr/share/${name}/`, Array.from({ length: 60 }, (_, at) => `file-${at}`)]],
  }),
)
const walls = [
  '{"jsonwall":"1.0"}',
  '{"kind":"package","name":"a","version":"1"}',
  '{"kind":"content","slice":"a_b","path":"/c"}',
]
const samples: [extractor: Extractor, path: string, content: Buffer | string][] = [
  [rpm, 'var/lib/rpm/rpmdb.sqlite', sqliteFixture(headers, 512)],
  [rpm, 'var/lib/rpm/Packages.db', ndbFixture(headers)],
  [rpm, 'var/lib/rpm/Packages', bdbFixture(headers, 'little')],
  [rpm, 'var/lib/rpm/Packages', bdbFixture(headers, 'big')],
  [rpm, 'var/lib/rpm/rpmdb.sqlite-wal', Buffer.alloc(5000, 7)],
  [
    rpmManifest,
    'var/lib/rpmmanifest/container-manifest-2',
    'a\t1-1\t0\t0\tv\t(none)\t0\tx86_64\t0\ta-1-1.src.rpm\n',
  ],
  [apk, 'lib/apk/db/installed', 'P:a\nV:1-r0\nA:x86_64\no:b\nF:usr/bin\nR:a\n\nP:c\nV:2-r0\n\n'],
  [
    dpkg,
    'var/lib/dpkg/status',
    'Package: a\nStatus: install ok installed\nVersion: 1\nSource: b (2)\n\nPackage: c\nVersion: 3\n',
  ],
  [
    dpkgCopyright,
    'usr/share/doc/a/copyright',
    'Format: 1.0\n\nFiles: *\nLicense: GPL-2+ or Artistic, and Expat\n\nLicense: ISC\n',
  ],
  [dpkgCopyright, 'usr/share/doc/a/copyright', 'See /usr/share/common-licenses/GPL-2.\n'],
  [dpkgFiles, 'var/lib/dpkg/info/a.md5sums', '07d31e7e63800ab1b7966980709c51eb  usr/bin/a\n'],
  [
    dpkgFiles,
    'var/lib/dpkg/status.d/bGliYw==.md5sums',
    '07d31e7e63800ab1b7966980709c51eb  usr/share/doc/libc.6/a\n',
  ],
  [opkg, 'usr/lib/opkg/status', 'Package: a\nVersion: 1\nStatus: install ok installed\n'],
  [chisel, 'var/lib/chisel/manifest.wall', zstdCompressSync(walls.join('\n'))],
  [chisel, 'var/lib/chisel/manifest.wall', walls.join('\n')],
  [pacman, 'var/lib/pacman/local/a-1-1/desc', '%NAME%\na\n\n%VERSION%\n1-1\n\n%LICENSE%\nMIT\n'],
  [pacman, 'var/lib/pacman/local/a-1-1/files', '%FILES%\nusr/\nusr/bin/a\n'],
  [osRelease, 'etc/os-release', 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME=\'Debian 12\'\n'],
  [lsbRelease, 'etc/lsb-release', 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\n'],
  [releaseLine, 'etc/redhat-release', 'CentOS release 6.10 (Final)\n'],
]

/** A repeatable sequence of numbers below 2^32. https://en.wikipedia.org/wiki/Xorshift */
function* sequence(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    yield state >>> 0
  }
}

test('every extractor has a sample here', () => {
  assert.deepEqual(new Set(samples.map(([{ id }]) => id)), new Set(osExtractors.map(({ id }) => id)))
})

for (const [extractor, path, content] of samples) {
  const whole = Buffer.from(content)

  test(`${extractor.id}: ${path} is read`, () => {
    assert.equal(extraction(extractor, path, whole).fault, undefined)
  })

  test(`${extractor.id}: ${path} cut anywhere is a fault or less of the same`, () => {
    const names = new Set(extraction(extractor, path, whole).packages.map(({ name }) => name))
    const step = Math.max(1, Math.floor(whole.length / 200))
    for (let end = 0; end < whole.length; end += step) {
      const cut = extraction(extractor, path, whole.subarray(0, end))
      assert.ok(cut.packages.length <= names.size, `cut at ${end}`)
    }
  })

  test(`${extractor.id}: ${path} with bytes changed never crashes, hangs or grows`, () => {
    const random = sequence(whole.length + 1)
    for (let round = 0; round < 300; round++) {
      const damaged = Buffer.from(whole)
      for (let change = 0; change < 1 + (round % 4); change++) {
        // Half of the changes hit the first bytes, where headers and tables are.
        const range = random.next().value % 2 === 0 ? Math.min(128, damaged.length) : damaged.length
        damaged[random.next().value % range] = [0, 0xff, 0x80, random.next().value & 0xff][
          random.next().value % 4
        ]
      }
      const found = extraction(extractor, path, damaged, 500)
      assert.ok(found.packages.length <= 16)
      assert.ok(Object.values(found.owned).flat().length <= 1000)
    }
  })
}

test('hostile text stays cheap: long lines, many folders, deep repetition', () => {
  const long = 'x'.repeat(2_000_000)
  const start = process.cpuUsage()
  extraction(apk, 'lib/apk/db/installed', `P:a\nV:1\nL:${long}\nF:${long}\n${'R:b\n'.repeat(200_000)}`)
  extraction(apk, 'lib/apk/db/installed', '\n\n'.repeat(500_000))
  extraction(dpkg, 'var/lib/dpkg/status', `Package: ${long}\nVersion: 1\nSource: ${'('.repeat(1_000_000)}\n`)
  extraction(dpkg, 'var/lib/dpkg/status', `Package: a\nVersion: 1\nMaintainer: b\n${' c\n'.repeat(500_000)}`)
  extraction(dpkg, 'var/lib/dpkg/status', 'a\n'.repeat(1_000_000))
  extraction(osRelease, 'etc/os-release', `ID="${'\\'.repeat(900_000)}`)
  extraction(osRelease, 'etc/os-release', `ID=a${' '.repeat(900_000)}b`)
  extraction(releaseLine, 'etc/redhat-release', `CentOS${' release '.repeat(100_000)}`)
  extraction(pacman, 'var/lib/pacman/local/a-1-1/desc', `%NAME%\n${'a\n'.repeat(500_000)}`)
  extraction(dpkgFiles, 'var/lib/dpkg/status.d/a.md5sums', `${'usr/share/doc/a.'.repeat(100_000)}`)
  for (const text of ['Format:\nLicense: ', 'Format:\nLicense: a or', '/usr/share/common-licenses/'])
    extraction(dpkgCopyright, 'usr/share/doc/a/copyright', text.repeat(100_000))
  const { user, system } = process.cpuUsage(start)
  assert.ok(user + system < 5_000_000, `took ${(user + system) / 1000} ms of processor time`)
})

test('names that mean something to JavaScript are names like any other', () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const found = extraction(dpkg, 'var/lib/dpkg/status', `Package: ${name}\nVersion: 1\n${name}: x\n`)
    assert.deepEqual(found.packages, [{ type: 'deb', name, version: '1', confidence: 'declared' }])
    const apkFound = extraction(apk, 'lib/apk/db/installed', `P:${name}\nV:1\n`)
    assert.equal(apkFound.packages[0].name, name)
  }
})
