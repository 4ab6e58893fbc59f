import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeGate } from './index.ts'
import type { GateReport, GateVerdict, GateVulnerability } from './verdict.ts'
import { ruleWords } from './words.ts'

const hostile = '<b>|`x`</b> & "q" \u202Egnp\u0000 ]]> {0} [l](javascript:x) @all https://evil.example'

const log4j: GateVulnerability = {
  vulnerability: 'CVE-2021-44228',
  severity: 'critical',
  exploited: true,
  fixed_versions: ['2.15.0'],
  package: 'log4j-core',
  version: '2.14.1',
  package_type: 'maven',
  paths: ['srv/a b/log4j.jar', '../x'],
}
const none = { vulnerabilities: [], packages: [], detections: [] }
const exclusion = { description: 'not reachable', author: 'ci', expires_at: '2026-03-09T09:14:05Z' }

function verdictOf(more: Partial<GateVerdict> = {}): GateVerdict {
  return {
    state: 'assessed',
    reason: '',
    image: { image_digest: 'sha256:9a', architecture: 'amd64' },
    action: 'block',
    policy: { name: 'Production', is_default: false },
    group: { name: 'shop' },
    rules: [
      {
        index: 1,
        action: 'block',
        conditions: [
          { prop: 'severity', op: 'gte', value: 'high' },
          { prop: 'fix_available', op: 'eq', value: true },
        ],
      },
    ],
    matched: {
      ...none,
      vulnerabilities: [log4j],
      base_os: [],
      totals: { vulnerabilities: 3, packages: 0, detections: 0 },
    },
    excluded: {
      ...none,
      vulnerabilities: [
        {
          ...log4j,
          vulnerability: 'CVE-2018-18074',
          package: 'requests',
          version: '2.19.0',
          severity: 'high',
          exploited: false,
          fixed_versions: [],
          exclusion,
        },
      ],
      totals: { vulnerabilities: 1, packages: 0, detections: 0 },
    },
    evaluated_at: '2026-03-02T09:14:05.000Z',
    valid_until: '2026-03-09T09:14:05.000Z',
    ...more,
  }
}

function reportOf(more: Partial<GateReport> = {}): GateReport {
  return {
    tool: { name: 'lanner', version: '1.2.3' },
    subject: 'shop/checkout:1.8.2',
    result: 'deny',
    reason: '',
    verdict: verdictOf(),
    ...more,
  }
}

const denied = 'Policy Production, through its group shop, blocks it.'
const alerted = verdictOf({ action: 'alert' })
const undecided = reportOf({
  result: 'undecided',
  reason: 'the image is unknown: nothing was pushed',
  verdict: verdictOf({ state: 'unknown', image: null, action: null, policy: null, group: null, rules: [] }),
})

/** The elements of an XML text in their order, with attributes read; throws where it is not well formed. */
function elementsOf(text: string) {
  const open: string[] = []
  const found: { name: string; attributes: Record<string, string>; text: string; within: string }[] = []
  const body = text.replace('<?xml version="1.0" encoding="UTF-8"?>', '')
  for (const { groups, index } of body.matchAll(
    /<(?<end>\/?)(?<name>[\w-]+)(?<attributes>(?: [\w-]+="[^"<]*")*)(?<empty>\/?)>(?<text>[^<]*)/g,
  )) {
    assert.ok(!/&(?!amp;|lt;|gt;|quot;|apos;)/.test(groups!['text']! + groups!['attributes']!), `at ${index}`)
    if (groups!['end']) {
      assert.equal(open.pop(), groups!['name'])
      continue
    }
    const attributes = Object.fromEntries(
      [...groups!['attributes']!.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
    found.push({ name: groups!['name']!, attributes, text: groups!['text']!, within: open.join('/') })
    if (!groups!['empty']) open.push(groups!['name']!)
  }
  assert.deepEqual(open, [])
  assert.equal(body.replace(/<\/?[\w-]+(?: [\w-]+="[^"<]*")*\/?>/g, '').includes('<'), false)
  return found
}

test('JUnit: a denial fails the image and each thing that matched; what is spared is skipped', () => {
  const elements = elementsOf(writeGate('junit', reportOf()))
  const [all, suite] = elements
  const counts = { tests: '3', failures: '2', errors: '0', skipped: '1' }
  assert.deepEqual(all?.attributes, { name: 'lanner', ...counts })
  assert.deepEqual(suite?.attributes, {
    name: 'policy-check shop/checkout:1.8.2',
    ...counts,
    timestamp: '2026-03-02T09:14:05.000Z',
  })
  const cases = elements.filter(({ name }) => name === 'testcase')
  assert.deepEqual(
    cases.map(({ attributes }) => attributes['name']),
    [
      'shop/checkout:1.8.2 may pass',
      'CVE-2021-44228 in log4j-core 2.14.1',
      'CVE-2018-18074 in requests 2.19.0',
    ],
  )
  const outcomes = elements.filter(({ within }) => within.endsWith('testcase'))
  assert.deepEqual(
    outcomes.map(({ name, attributes }) => [name, attributes['message']]),
    [
      ['failure', denied],
      ['failure', 'CVE-2021-44228 in log4j-core 2.14.1: critical, known to be exploited; fixed in 2.15.0'],
      ['skipped', 'excluded: not reachable (by ci, until 2026-03-09T09:14:05Z)'],
    ],
  )
  assert.match(outcomes[0]!.text, /rule 2: block when severity ≥ high and fix_available = true/)
  assert.match(outcomes[0]!.text, /2 more matched and are not listed/)
})

test('JUnit: an alert fails nothing, and what nobody can say is an error', () => {
  const alert = elementsOf(writeGate('junit', reportOf({ result: 'pass', verdict: alerted })))
  assert.deepEqual(
    alert.filter(({ within }) => within.endsWith('testcase')).map(({ name }) => name),
    ['system-out', 'skipped', 'skipped'],
  )
  assert.equal(alert[0]?.attributes['failures'], '0')
  const error = elementsOf(writeGate('junit', { ...undecided, verdict: undefined } as unknown as GateReport))
  assert.deepEqual(
    [error[0]?.attributes['errors'], error.at(-1)?.name, error.at(-1)?.attributes],
    ['1', 'error', { message: 'The image is unknown: nothing was pushed.', type: 'no-verdict' }],
  )
})

test('Markdown: what decided, a table of what matched, and what is spared', () => {
  const text = writeGate('markdown', reportOf())
  const lines = text.split('\n')
  assert.equal(lines[0], '### Policy check: shop/checkout:1.8.2: denied')
  assert.equal(lines[2], denied)
  assert.ok(lines.includes('- rule 2: block when severity ≥ high and fix\\_available = true'))
  assert.ok(
    lines.includes(
      '| critical | CVE-2021-44228 in log4j-core 2.14.1 | critical, known to be exploited; fixed in 2.15.0 | srv/a b/log4j.jar |',
    ),
  )
  assert.ok(lines.includes('and 2 more'))
  assert.ok(lines.includes('<details><summary>1 spared by exclusions</summary>'))
  assert.match(text, /\| high \| CVE-2018-18074 in requests 2\.19\.0 \| not reachable \(by ci, until /)
})

test('SARIF: results at the level of the action, exclusions as suppressions', () => {
  const { runs } = JSON.parse(writeGate('sarif', reportOf()))
  const [{ results, tool, invocations, properties }] = runs
  assert.deepEqual(
    results.map(({ ruleId, level, suppressions }: Record<string, unknown>) => [
      ruleId,
      level,
      suppressions !== undefined,
    ]),
    [
      ['CVE-2021-44228', 'error', false],
      ['CVE-2018-18074', 'note', true],
    ],
  )
  assert.deepEqual(
    results.map(({ ruleIndex }: { ruleIndex: number }) => tool.driver.rules[ruleIndex].id),
    ['CVE-2021-44228', 'CVE-2018-18074'],
  )
  assert.equal(tool.driver.rules[0].properties['security-severity'], '9.5')
  assert.deepEqual(
    results[0].locations.map(
      (one: { physicalLocation: { artifactLocation: { uri: string } } }) =>
        one.physicalLocation.artifactLocation.uri,
    ),
    ['srv/a%20b/log4j.jar', 'x'],
  )
  assert.equal(invocations[0].executionSuccessful, true)
  assert.deepEqual([properties.result, properties.action], ['deny', 'block'])
  const [run] = JSON.parse(writeGate('sarif', undecided)).runs
  assert.equal(run.invocations[0].executionSuccessful, false)
  assert.equal(run.invocations[0].toolExecutionNotifications[0].level, 'error')
  const [alert] = JSON.parse(writeGate('sarif', reportOf({ result: 'pass', verdict: alerted }))).runs
  assert.equal(alert.results[0].level, 'warning')
})

test('what strangers wrote stays text in every format', () => {
  const nasty = {
    ...log4j,
    vulnerability: hostile,
    package: hostile,
    version: hostile,
    fixed_versions: [hostile],
    paths: [hostile],
  }
  const verdict = verdictOf({
    reason: hostile,
    state: 'partially',
    policy: { name: hostile, is_default: false },
    matched: {
      vulnerabilities: [nasty],
      packages: [{ ...nasty, licenses: [hostile] }],
      detections: [{ type: 'secret', name: hostile, severity: 'high', paths: [hostile] }],
      base_os: [hostile],
      totals: { vulnerabilities: 1, packages: 1, detections: 1 },
    },
  })
  const report = reportOf({ subject: hostile, verdict })
  elementsOf(writeGate('junit', report))
  const markdown = writeGate('markdown', report)
  assert.doesNotMatch(markdown, /<b>|(?<!\\)`|(?<!\\)\]\(|\bhttps:\/\/|@all/)
  for (const line of markdown.split('\n').filter((each) => each.startsWith('| ')))
    assert.ok([4, 5].includes(line.split(/(?<!\\)\|/).length - 1), line)
  const sarif = writeGate('sarif', report)
  for (const { message } of JSON.parse(sarif).runs[0].results)
    assert.doesNotMatch(message.text, /(?<!\{)\{0\}(?!\})|\]\(javascript/)
  for (const text of [markdown, sarif, writeGate('junit', report)])
    assert.doesNotMatch(text, /[\u0000\u202E]/)
})

test('rules in words', () => {
  const rule = (action: string, ...conditions: { prop: string; op: string; value: unknown }[]) =>
    ruleWords({ index: 0, action, conditions })
  assert.equal(rule('block'), 'rule 1: block always')
  assert.equal(
    rule('alert', { prop: 'cve', op: 'in', value: Array.from({ length: 12 }, (_, at) => `C${at}`) }),
    'rule 1: alert when cve in C0, C1, C2, C3, C4, C5, C6, C7, C8, C9 and 2 more',
  )
  assert.equal(
    rule(
      'allow',
      { prop: 'repository', op: 'like', value: 'shop/*' },
      { prop: 'tag', op: 'neq', value: 'x' },
    ),
    'rule 1: allow when repository like shop/* and tag ≠ x',
  )
})

test('another format is refused', () => {
  assert.throws(() => writeGate('constructor', reportOf()), { code: 'unsupported' })
})
