import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { spdxOfDebian } from './debian-licenses.ts'
import { dpkgCopyright } from './index.ts'

function licensesIn(text: string, chunk?: number): Readonly<Record<string, readonly string[]>> {
  const found = extraction(dpkgCopyright, 'usr/share/doc/tool/copyright', text, chunk)
  assert.equal(found.fault, undefined)
  assert.deepEqual(found.problems, [])
  return found.licenses
}

const machineReadable = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: tool
License: Expat

Files: *
Copyright: 2001 Somebody
License: GPL-2+
 On Debian systems the licence is in /usr/share/common-licenses/GPL-2.

Files: lib/*
Copyright: 2002 Nobody
License: GPL-2+ or Artistic

Files: debian/*
Copyright: 2003 Anybody
License: GPL-2.0+

Files: m4/*
Copyright: 2004 Else
License:
 All rights given.

License: custom-licence
 License: not a field.
`

test('the short names of a machine-readable file, each once', () => {
  const licenses = ['MIT', 'GPL-2.0-or-later', 'GPL-2+ or Artistic', 'custom-licence']
  assert.deepEqual(licensesIn(machineReadable), { tool: licenses })
  assert.deepEqual(licensesIn(machineReadable, 7), { tool: licenses })
  assert.deepEqual(licensesIn(machineReadable.replaceAll('\n', '\r\n')), { tool: licenses })
})

test('of another file the common licences that it refers to', () => {
  const text = `This package was debianized by Somebody.

On Debian systems, the complete text of the GNU General Public License can be found in
/usr/share/common-licenses/GPL-2 file, of the other one in \`/usr/share/common-licenses/Apache-2.0'.
See /usr/share/common-licenses/GPL-2.
`
  assert.deepEqual(licensesIn(text), { tool: ['GPL-2', 'Apache-2.0'] })
})

test('truncated and malformed files state what is left of them, or nothing', () => {
  assert.deepEqual(licensesIn(''), {})
  assert.deepEqual(licensesIn('Do as you like.'), {})
  assert.deepEqual(licensesIn('/usr/share/common-licenses/'), {})
  assert.deepEqual(licensesIn('Format: 1.0'), {})
  assert.deepEqual(licensesIn('Format: 1.0\nLicense: ISC'), { tool: ['ISC'] })
  assert.deepEqual(licensesIn(`Format: 1.0\nLicense: ${'x'.repeat(5000)}\nLicense: ISC\n`), { tool: ['ISC'] })
  assert.deepEqual(licensesIn('Format: 1.0\nLicense: \xff\xfe\0\n'), {})
})

test('a file made of licences states a bounded number of them', () => {
  const fields = Array.from({ length: 50_000 }, (_, index) => `License: L-${index}\n`).join('')
  assert.equal(licensesIn(`Format: 1.0\n${fields}`)['tool'].length, 64)
})

// https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/#license-short-name and https://spdx.org/licenses/
const names: readonly (readonly [stated: string, license: string | undefined])[] = [
  ['GPL-1+', 'GPL-1.0-or-later'],
  ['GPL-2', 'GPL-2.0-only'],
  ['GPL-2.0', 'GPL-2.0-only'],
  ['gpl-3+', 'GPL-3.0-or-later'],
  ['LGPL-2', 'LGPL-2.0-only'],
  ['LGPL-2.1+', 'LGPL-2.1-or-later'],
  ['AGPL-3+', 'AGPL-3.0-or-later'],
  ['GFDL-1.3', 'GFDL-1.3-only'],
  ['GFDL-NIV-1.3', 'GFDL-NIV-1.3'],
  ['GPL-4', 'GPL-4'],
  ['GPL', 'GPL'],
  ['Apache-2.0', 'Apache-2.0'],
  ['BSD-3-clause', 'BSD-3-Clause'],
  ['BSD-3-clause~author', 'BSD-3-clause~author'],
  ['Expat', 'MIT'],
  ['Zope-2.1', 'ZPL-2.1'],
  ['public-domain', 'public-domain'],
  ['BSD-3-clause or GPL-2', 'BSD-3-Clause OR GPL-2.0-only'],
  ['Expat and ISC', 'MIT AND ISC'],
  ['GPL-2+ or Artistic', 'GPL-2+ or Artistic'],
  ['GPL-2+ or MPL-1.1, and Expat', 'GPL-2+ or MPL-1.1, and Expat'],
  ['GPL-2+ with OpenSSL exception', 'GPL-2+ with OpenSSL exception'],
  ['Permission to use, copy, modify, and distribute this software and its', undefined],
  ['This software is provided as it is', undefined],
  ['constructor', 'constructor'],
]

for (const [stated, license] of names) {
  test(`${stated}: ${license ?? 'no name'}`, () => {
    assert.equal(spdxOfDebian(stated), license)
  })
}

test('a name built to be slow to read is not', () => {
  const started = performance.now()
  for (const stated of [`a${' '.repeat(127)}`, `a${' and'.repeat(31)}`, `a with${' x'.repeat(60)}`])
    spdxOfDebian(stated)
  assert.ok(performance.now() - started < 100)
})
