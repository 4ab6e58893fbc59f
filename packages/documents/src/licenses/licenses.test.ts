import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { licenseExpression, licenseId } from './expression.ts'
import { licenseExceptions, licenseIds, licenseSpellings } from './ids.ts'

/** The SPDX list as the CycloneDX project ships it for its schema. */
const official = new Set<string>(
  JSON.parse(
    readFileSync(
      join(
        dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
        'res/schema/spdx.SNAPSHOT.schema.json',
      ),
      'utf8',
    ),
  ).enum,
)

test('every id and exception is on the SPDX list, every spelling leads to an id', () => {
  for (const id of [...licenseIds, ...licenseExceptions]) assert.ok(official.has(id), id)
  for (const id of licenseSpellings.values()) assert.ok(licenseIds.includes(id), id)
  for (const spelling of licenseSpellings.keys()) assert.equal(spelling, spelling.toLowerCase())
})

for (const [text, expected] of [
  ['MIT', 'MIT'],
  ['mit and apache-2.0', 'MIT AND Apache-2.0'],
  ['(MIT OR Apache-2.0) AND ISC', '(MIT OR Apache-2.0) AND ISC'],
  ['GPL-2.0-only WITH Classpath-exception-2.0', 'GPL-2.0-only WITH Classpath-exception-2.0'],
  ['((MIT))', '((MIT))'],
  ['MIT OR', undefined],
  ['MIT Apache-2.0', undefined],
  ['(MIT', undefined],
  ['MIT)', undefined],
  ['() AND MIT', undefined],
  ['MIT WITH MIT', undefined],
  ['(MIT) WITH Classpath-exception-2.0', undefined],
  ['MIT AND Whatever', undefined],
  ['', undefined],
  ['('.repeat(3000), undefined],
] as const) {
  test(`the expression ${text.slice(0, 50) || 'of nothing'} is ${expected ?? 'none'}`, () => {
    assert.equal(licenseExpression(text), expected)
  })
}

test('a name is an id only where it is certain', () => {
  assert.equal(licenseId('Apache License, Version 2.0'), 'Apache-2.0')
  assert.equal(licenseId('GPL-2+'), 'GPL-2.0-or-later')
  for (const vague of ['BSD', 'GPL', 'LGPL', 'Apache', 'Public Domain', 'LGPLv2+', 'constructor'])
    assert.equal(licenseId(vague), undefined, vague)
})
