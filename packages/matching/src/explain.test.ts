import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { explain } from './explain.ts'
import { explanationLines } from './explanation-lines.ts'
import { memoryAdvisories } from './testing/memory-advisories.ts'
import { distributionOf, packageOf } from './testing/packages.ts'

const now = new Date('2026-01-15T00:00:00Z')
const debian10 = distributionOf('debian', '10')
const libssl = packageOf(
  { type: 'deb', name: 'libssl1.1', version: '1.1.1d-0+deb10u1', source: { name: 'openssl' } },
  debian10,
)
const owned = packageOf({
  type: 'pypi',
  name: 'requests',
  version: '2.19.0',
  owner: 'pkg:deb/debian/python3-requests@2.21.0-1',
})

function record(id: string, ecosystem: string, name: string, fixed: string, more: object = {}): object {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }]
  return {
    id,
    modified: '2025-01-01T00:00:00Z',
    affected: [{ package: { ecosystem, name }, ranges }],
    ...more,
  }
}

const advisories = memoryAdvisories([
  record('DSA-1-1', 'Debian:10', 'openssl', '1.1.1d-0+deb10u3', {
    upstream: ['CVE-2020-0001', 'CVE-2020-0002'],
  }),
  record('DEBIAN-CVE-2020-0002', 'Debian:10', 'openssl', '1.1.1d-0+deb10u1'),
  record('DSA-3-1', 'Debian:10', 'openssl', '1.1.1d-0+deb10u1', { upstream: ['CVE-2020-0003'] }),
  record('DSA-4-1', 'Debian:9', 'openssl', '9-1', { upstream: ['CVE-2020-0004'] }),
  record('DSA-5-1', 'Debian:10', 'openssl', '9-1', {
    upstream: ['CVE-2020-0005'],
    withdrawn: '2025-02-03T00:00:00Z',
  }),
  record('GHSA-6', 'npm', 'elsewhere', '9.0.0', { aliases: ['CVE-2020-0006'] }),
  record('GHSA-7', 'PyPI', 'requests', '2.20.0', { aliases: ['CVE-2020-0007'] }),
  record('GHSA-8', 'npm', 'elsewhere', '9.0.0', { related: ['CVE-2020-0008'] }),
])
const input = { packages: [libssl, owned], distribution: debian10, now }

/** id ⇒ conclusion, outcomes of the packages, and what the sentences must say. */
const cases: readonly (readonly [string, string, readonly string[], RegExp])[] = [
  [
    'CVE-2020-0001',
    'affected',
    ['affected'],
    /libssl1\.1 .*source openssl.* is affected: DSA-1-1.*Fixed in 1\.1\.1d-0\+deb10u3/,
  ],
  ['DSA-1-1', 'affected', ['affected'], /DSA-1-1/],
  [
    'CVE-2020-0002',
    'not-affected',
    ['overruled', 'fixed'],
    /the distribution’s own record of this CVE says otherwise/,
  ],
  ['CVE-2020-0003', 'not-affected', ['fixed'], /at or above the fix of DSA-3-1/],
  ['CVE-2020-0004', 'not-affected', ['other-release'], /names it for Debian:9, and the image is debian 10/],
  ['CVE-2020-0005', 'not-affected', ['withdrawn'], /withdrawn on 2025-02-03/],
  ['CVE-2020-0006', 'not-named', [], /names any of the 2 packages/],
  [
    'CVE-2020-0007',
    'suppressed',
    ['suppressed'],
    /does not count: requests is part of pkg:deb\/debian\/python3-requests/,
  ],
  ['GHSA-7', 'suppressed', ['suppressed'], /requests 2\.19\.0/],
  // What merely refers to a CVE is not about it.
  ['CVE-2020-0008', 'no-record', [], /No installed advisory is about CVE-2020-0008/],
  ['CVE-1999-0001', 'no-record', [], /No installed advisory is about CVE-1999-0001/],
]

test('an explanation says what the records say of the image’s packages, or why they say nothing', () => {
  for (const [id, conclusion, outcomes, words] of cases) {
    const explanation = explain(id, input, advisories)
    assert.equal(explanation.conclusion, conclusion, id)
    assert.deepEqual(
      explanation.packages.map((explained) => explained.outcome),
      outcomes,
      id,
    )
    assert.match(explanationLines(explanation).join('\n'), words, id)
  }
})

test('without advisories, or without a feed for the distribution, the explanation says so', () => {
  const nothing = explain('CVE-2020-0001', input, undefined)
  assert.equal(nothing.conclusion, 'no-advisories')
  assert.match(explanationLines(nothing).join('\n'), /nothing is known/)
  const amazon = explain(
    'CVE-2020-0001',
    { ...input, distribution: distributionOf('amzn', '2023') },
    advisories,
  )
  assert.equal(amazon.conclusion, 'not-named')
  assert.match(explanationLines(amazon).join('\n'), /No advisory feed covers amzn 2023/)
})
