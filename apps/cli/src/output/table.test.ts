import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Report } from '@lanner/model'
import { finding, report, somePackage } from '../testing/reports.ts'
import { FakeTerminal } from '../testing/terminal.ts'
import { reportTable } from './table.ts'

const plain = new FakeTerminal()
const tableOf = (subject: Report, options: Partial<Parameters<typeof reportTable>[2]> = {}) =>
  reportTable(subject, plain, { inventory: false, findings: subject.findings, ...options })

test('findings with what is installed, what fixes it, and what is known of it', () => {
  const exploited = finding({
    severity: 'critical',
    vulnerability: {
      ...finding().vulnerability,
      epss: { score: 0.9123, percentile: 1 },
      exploited: { dateAdded: '2024-01-01', ransomware: false },
    },
  })
  const subject = report({
    findings: [
      exploited,
      finding({ fixState: 'will-not-fix', fixedVersions: [], severity: 'low' }),
      finding({ verdict: 'unknown', severity: 'unknown', fixedVersions: [] }),
      finding({ suppressed: { reason: 'owned-by-os-package', by: 'pkg:deb/x', explanation: '' } }),
    ],
  })
  assert.deepEqual(tableOf(subject).split('\n').slice(3), [
    'SEVERITY  VULNERABILITY  PACKAGE  INSTALLED  FIXED IN                   STATE         EPSS   KEV',
    'CRITICAL  CVE-2024-1     x        1          2                                        91.2%  exploited',
    'LOW       CVE-2024-1     x        1                                     will not fix',
    'UNKNOWN   CVE-2024-1     x        1          fixed (no version stated)  unknown',
    '',
    '3 findings: 1 critical, 1 low, 1 unknown; 2 with a fix (1 more suppressed: owned by an operating-system package)',
    'State: assessed',
    '',
  ])
})

test('what is not shown is counted', () => {
  const subject = report({ findings: [finding({ fixState: 'not-fixed', fixedVersions: [] })] })
  assert.match(tableOf(subject, { findings: [] }), /^No findings \(1 more without a fix, not shown\)$/m)
})

test('no findings, and why that is only part of an answer', () => {
  const subject = report({
    state: 'partially',
    reasons: [
      { code: 'unreadable-evidence', message: `${'word '.repeat(30)}end` },
      { code: 'no-feed', message: 'a remark', informational: true },
    ],
  })
  const lines = tableOf(subject).split('\n').slice(3)
  assert.deepEqual(lines.slice(0, 2), ['No findings', 'State: PARTIALLY ASSESSED'])
  assert.match(lines[2], /^ {2}why {3}word word/)
  assert.match(lines[3], /^ {8}word .*end$/)
  assert.equal(lines[4], '  note  a remark')
})

test('an image that could not be assessed has no findings to be without', () => {
  const text = tableOf(
    report({
      state: 'not_assessable',
      packages: [],
      reasons: [{ code: 'unreadable-layer', message: 'torn' }],
    }),
  )
  assert.doesNotMatch(text, /No findings/)
  assert.match(text, /State: NOT ASSESSABLE\n {2}why {3}torn/)
})

test('an inventory lists what is there, and what could not be read of it', () => {
  const subject = report({
    state: 'not_assessable',
    packages: [{ ...somePackage, namespace: '@scope', licenses: ['MIT', 'ISC'] }],
    reasons: [
      { code: 'no-advisories', message: 'nobody asked' },
      { code: 'unreadable-evidence', message: 'db: torn', path: 'db' },
    ],
  })
  const text = tableOf(subject, { inventory: true })
  assert.match(text, /^npm +@scope\/x +1 +MIT, ISC +app\/package\.json$/m)
  assert.match(text, /why {3}db: torn/)
  assert.doesNotMatch(text, /nobody asked|State/)
})

test('names out of an image cannot act on a terminal', () => {
  const evil = '\u001b[2Jx\r\n'
  const subject = report({
    reference: `test:${evil}`,
    distribution: { id: 'x', like: [], path: 'etc/os-release', name: evil },
    packages: [{ ...somePackage, name: evil, version: evil }],
    findings: [finding({ fixedVersions: [evil] })],
    reasons: [{ code: 'unreadable-evidence', message: evil }],
  })
  for (const inventory of [true, false]) {
    const text = tableOf(subject, { inventory })
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f]/)
  }
})

test('colours only where they are wanted', () => {
  const subject = report({ findings: [finding({ severity: 'critical' })] })
  assert.ok(!tableOf(subject).includes('\u001b'))
  const coloured = reportTable(subject, new FakeTerminal({ colour: true }), {
    inventory: false,
    findings: subject.findings,
  })
  assert.ok(coloured.includes('\u001b[1;31mCRITICAL\u001b[0m'))
})
