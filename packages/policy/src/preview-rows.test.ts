import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicies } from './compile.ts'
import { RowLikeness } from './preview-rows.ts'
import type { Policy } from './rule.ts'
import { findingOf, packageOf } from './testing/facts.ts'

const now = Date.parse('2026-03-02T09:15:00Z')
const policy: Policy = {
  id: 'p',
  name: 'p',
  enabled: true,
  groups: [],
  rules: [
    {
      action: 'block',
      conditions: [
        { prop: 'severity', value: 'high' },
        { prop: 'package', value: 'lib*' },
        { prop: 'package_type', value: 'deb' },
      ],
    },
  ],
}
const exclusions = [{ prop: 'cve', value: ['CVE-7'] }]
const rows = () => new RowLikeness([compilePolicies([policy], exclusions)], now)

test('packages and findings have one number where nothing that is asked tells them apart', () => {
  const { packages, findings } = rows().of({
    packages: [
      packageOf({ name: 'libx' }),
      packageOf({ name: 'liby', version: '7' }),
      packageOf({ name: 'other' }),
      packageOf({ name: 'libx', type: 'npm' }),
    ],
    findings: [
      findingOf({ package: 0, severity: 'high', vulnerability: 'CVE-1' }),
      findingOf({ package: 1, severity: 'critical', vulnerability: 'CVE-2' }),
      findingOf({ package: 1, severity: 'low' }),
      findingOf({ package: 2, severity: 'high' }),
      findingOf({ package: 3, severity: 'high' }),
      findingOf({ package: 0, severity: 'high', vulnerability: 'CVE-7' }),
    ],
  })
  assert.equal(packages[0], packages[1])
  assert.equal(new Set(packages).size, 3)
  assert.equal(findings[0], findings[1])
  assert.equal(new Set(findings).size, 5)
})

test('numbers are the same at every call', () => {
  const likeness = rows()
  const content = {
    packages: [packageOf({ name: 'libx' })],
    findings: [findingOf({ severity: 'high' }), findingOf({ severity: 'low' })],
  }
  const first = likeness.of(content)
  likeness.of({ packages: [packageOf({ name: 'other' })], findings: [findingOf({ severity: 'medium' })] })
  assert.deepEqual(likeness.of(content), first)
})
