import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { matchPackages } from './match.ts'
import { memoryAdvisories } from './testing/memory-advisories.ts'
import { packageOf } from './testing/packages.ts'

const now = new Date('2026-01-15T00:00:00Z')
const log4j = {
  id: 'GHSA-jfh8-c2jp-5v3q',
  modified: '2025-01-01T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'Maven', name: 'org.apache.logging.log4j:log4j-core' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '2.0' }, { fixed: '2.15.0' }] }],
    },
  ],
}

test('jars of which no group is known are matched by nothing, and that is said with their number and names', () => {
  const named = packageOf({
    type: 'maven',
    namespace: 'org.apache.logging.log4j',
    name: 'log4j-core',
    version: '2.14.1',
  })
  const nameless = ['log4j-core', 'guava'].map((name) =>
    packageOf({ type: 'maven', name, version: '2.14.1' }),
  )
  const advisories = memoryAdvisories([log4j])
  const { findings, reasons } = matchPackages({ packages: [named, ...nameless], now }, advisories)
  assert.deepEqual(
    findings.map((finding) => finding.package),
    [named.purl],
  )
  assert.equal(reasons.length, 1)
  assert.equal(reasons[0].informational, true)
  assert.match(
    reasons[0].message,
    /^2 packages do not say which group they belong to.*: guava, log4j-core\.$/,
  )
  assert.deepEqual(matchPackages({ packages: [named], now }, advisories).reasons, [])
})
