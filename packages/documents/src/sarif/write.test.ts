import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Report } from '@lanner/model'
import { bookworm, digestOf, findingOf, imageOf, packageOf, reportOf, setOf } from '../testing/reports.ts'
import { writeDocument } from '../write-document.ts'
import { markdownText, messageText } from './text.ts'

const pack = packageOf(
  {
    type: 'deb',
    name: 'libssl3',
    version: '3.0.9-1',
    source: { name: 'openssl' },
    locations: [{ path: '../x y/a:b.jar!é', layer: digestOf('a'), layerIndex: 0, extractor: 'os/dpkg' }],
  },
  bookworm,
)

function runOf(reports: readonly Report[]) {
  const document = JSON.parse(writeDocument('sarif', setOf(reports)))
  assert.equal(document.version, '2.1.0')
  assert.equal(document.runs.length, 1)
  return document.runs[0]
}

const hostile =
  '<img src=x onerror=alert(1)> [click](javascript:alert(1)) {0} `x` | \u202Egnp\u0000 https://evil.example'

test('one rule for each vulnerability, one result for each finding', () => {
  const other = packageOf({ type: 'deb', name: 'openssl', version: '3.0.9-1' }, bookworm)
  const cvss = [
    { version: '3.1' as const, vector: 'CVSS:3.1/…', score: 9.8, source: 'NVD' },
    { version: '3.0' as const, vector: 'CVSS:3.0/…', score: 7.5, source: 'GHSA' },
  ]
  const finding = findingOf(pack, 'CVE-1')
  const run = runOf([
    reportOf([pack, other], {
      findings: [
        { ...finding, vulnerability: { ...finding.vulnerability, cvss, cwes: ['CWE-79', 'NVD-CWE-Other'] } },
        findingOf(other, 'CVE-1'),
        findingOf(pack, 'CVE-2', { severity: 'unknown', verdict: 'unknown' }),
        findingOf(pack, 'CVE-3', {
          severity: 'low',
          suppressed: { reason: 'owned-by-os-package', by: 'x', explanation: 'Debian decides.' },
        }),
      ],
    }),
  ])
  const { rules, name } = run.tool.driver
  assert.equal(name, 'lanner')
  assert.deepEqual(
    rules.map((rule: { id: string }) => rule.id),
    ['CVE-1', 'CVE-2', 'CVE-3'],
  )
  // The score of the severity that counts, not the highest.
  assert.equal(rules[0].properties['security-severity'], '7.5')
  assert.equal('security-severity' in rules[1].properties, false)
  assert.deepEqual(rules[0].properties.tags, ['security', 'vulnerability', 'CWE-79'])
  assert.deepEqual(
    run.results.map((result: { ruleId: string; ruleIndex: number; level: string }) => [
      result.ruleId,
      rules[result.ruleIndex].id,
      result.level,
    ]),
    [
      ['CVE-1', 'CVE-1', 'error'],
      ['CVE-1', 'CVE-1', 'error'],
      ['CVE-2', 'CVE-2', 'warning'],
      ['CVE-3', 'CVE-3', 'note'],
    ],
  )
  assert.match(run.results[0].message.text, /DSA-5532-1 of Debian:12 names openssl \(its source package\)/)
  assert.match(run.results[2].message.text, /is not known/)
  assert.equal(run.results[0].suppressions, undefined)
  assert.deepEqual(run.results[3].suppressions, [
    { kind: 'external', status: 'accepted', justification: 'Debian decides.' },
  ])
  const [{ physicalLocation, logicalLocations }] = run.results[0].locations
  assert.deepEqual(physicalLocation.artifactLocation, { uri: 'x%20y/a%3Ab.jar!%C3%A9', uriBaseId: 'IMAGE' })
  assert.equal(logicalLocations[0].fullyQualifiedName, pack.purl)
  assert.deepEqual(Object.keys(run.originalUriBaseIds), ['IMAGE'])
})

test('fingerprints follow a package through versions and platforms apart, and are unique', () => {
  const printOf = (version: string, architecture = 'amd64') => {
    const versioned = packageOf({ ...pack, version, purl: undefined }, bookworm)
    const report = reportOf([versioned], {
      image: imageOf(architecture),
      findings: [findingOf(versioned, 'CVE-1'), findingOf(versioned, 'CVE-1')],
    })
    return runOf([report]).results.map(
      (result: { partialFingerprints: Record<string, string> }) => result.partialFingerprints['lanner/v1'],
    ) as string[]
  }
  assert.deepEqual(printOf('1'), printOf('2'))
  assert.equal(new Set([...printOf('1'), ...printOf('1', 'arm64')]).size, 4)
})

test('what was not assessed is no success, with the reasons as notifications', () => {
  const reason = { code: 'no-feed' as const, message: 'No feed.' }
  const remark = { code: 'end-of-life' as const, message: 'Old.', informational: true }
  const outcome = (report: Partial<Report>) => {
    const [invocation] = runOf([reportOf([pack], report)]).invocations
    return [
      invocation.executionSuccessful,
      ...invocation.toolExecutionNotifications.map((item: { level: string; descriptor: { id: string } }) => [
        item.level,
        item.descriptor.id,
      ]),
    ]
  }
  assert.deepEqual(outcome({}), [true])
  assert.deepEqual(outcome({ reasons: [remark] }), [true, ['note', 'end-of-life']])
  assert.deepEqual(outcome({ state: 'partially', reasons: [reason, remark] }), [
    false,
    ['warning', 'no-feed'],
    ['note', 'end-of-life'],
  ])
  assert.deepEqual(outcome({ state: 'not_assessable', reasons: [reason] }), [false, ['error', 'no-feed']])
  const [invocation] = runOf([]).invocations
  assert.equal(invocation.executionSuccessful, false)
})

test('hostile text stays text', () => {
  const finding = findingOf(pack, 'CVE-1')
  const run = runOf([
    reportOf([pack], {
      findings: [
        {
          ...finding,
          vulnerability: {
            ...finding.vulnerability,
            title: hostile,
            description: `${hostile}\n\n# heading\n<script>`,
            references: ['javascript:alert(1)', 'https://example.org/)](x)'],
          },
        },
      ],
    }),
  ])
  const [rule] = run.tool.driver.rules
  const { markdown } = rule.help
  // Each character that could open HTML, a link, code, a table cell or a placeholder is escaped.
  assert.doesNotMatch(
    markdown.replaceAll('| package | fix |\n| --- | --- |', ''),
    /<|(?<!\\)`|(?<!\\)\]|https:\/\//,
  )
  assert.doesNotMatch(markdown, /javascript:|^# |\u202E|\u0000/m)
  for (const text of [rule.shortDescription.text, rule.fullDescription.text, rule.help.text]) {
    assert.doesNotMatch(text, /\]\(|\u202E|\u0000|(?<!\{)\{0\}(?!\})/)
  }
})

test('escapes', () => {
  assert.equal(markdownText('a*b_[c](d) <e> {f}\n|g'), 'a\\*b\\_\\[c\\]\\(d\\) &lt;e&gt; \\{{f\\}} \\|g')
  assert.equal(messageText('see [x](1) {0}'), 'see [x] (1) {{0}}')
})
