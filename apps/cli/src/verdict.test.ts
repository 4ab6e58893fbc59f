import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AssessmentReason, Finding, Report, ReportSet } from '@lanner/model'
import { finding, report, reportSet } from './testing/reports.ts'
import { exitCode, shownFindings, type VerdictOptions, wasUnread } from './verdict.ts'

const none: VerdictOptions = { inventory: false, failOn: [], onlyFixable: false, allowPartial: false }
const suppressed = { reason: 'owned-by-os-package', by: 'pkg:deb/x', explanation: '' } as const
const other = (code: string) => ({ reference: 'test:image', code, message: '' })
const reason = (code: AssessmentReason['code'], path?: string) => ({
  code,
  message: '',
  ...(path ? { path } : {}),
})

const clean = report()
const partial = report({ state: 'partially', reasons: [reason('stale-feed')] })
const unassessed = report({ state: 'not_assessable', reasons: [reason('no-advisories')] })
const unread = report({ state: 'not_assessable', reasons: [reason('unreadable-layer')], packages: [] })
const having = (...findings: Partial<Finding>[]) => report({ findings: findings.map(finding) })
const partialHaving = (...findings: Partial<Finding>[]) => ({ ...partial, findings: findings.map(finding) })

const cases: readonly (readonly [
  what: string,
  reports: readonly Report[],
  options: Partial<VerdictOptions>,
  code: 0 | 1 | 3,
  others?: ReportSet['others'],
])[] = [
  // Without --fail-on findings fail nothing, and what could not be assessed does.
  ['nothing found', [clean], {}, 0],
  ['critical findings, nothing to fail on', [having({ severity: 'critical' })], {}, 0],
  ['partially assessed, nothing to fail on', [partial], {}, 0],
  ['not assessable', [unassessed], {}, 3],

  // At or above.
  ['high at high', [having({ severity: 'high' })], { failOn: ['high'] }, 1],
  ['critical at high', [having({ severity: 'critical' })], { failOn: ['high'] }, 1],
  ['medium at high', [having({ severity: 'medium' })], { failOn: ['high'] }, 0],
  ['negligible at negligible', [having({ severity: 'negligible' })], { failOn: ['negligible'] }, 1],
  ['negligible at low', [having({ severity: 'negligible' })], { failOn: ['low'] }, 0],
  ['nothing at negligible', [clean], { failOn: ['negligible'] }, 0],

  // Unknown is no degree: only `unknown` asks for it.
  ['an unknown severity at negligible', [having({ severity: 'unknown' })], { failOn: ['negligible'] }, 0],
  ['an unknown severity at unknown', [having({ severity: 'unknown' })], { failOn: ['unknown'] }, 1],
  [
    'an unknown verdict at critical',
    [having({ severity: 'critical', verdict: 'unknown' })],
    { failOn: ['critical'] },
    0,
  ],
  [
    'an unknown verdict at unknown',
    [having({ severity: 'low', verdict: 'unknown' })],
    { failOn: ['unknown'] },
    1,
  ],
  ['a critical one at unknown', [having({ severity: 'critical' })], { failOn: ['unknown'] }, 0],
  ['high and unknown, either', [having({ severity: 'unknown' })], { failOn: ['high', 'unknown'] }, 1],

  // What does not count.
  ['a suppressed one', [having({ severity: 'critical', suppressed })], { failOn: ['low'] }, 0],
  ['a suppressed unknown one', [having({ severity: 'unknown', suppressed })], { failOn: ['unknown'] }, 0],
  ['one without a fix', [having({ fixState: 'not-fixed' })], { failOn: ['low'], onlyFixable: true }, 0],
  ['one with a fix', [having({})], { failOn: ['low'], onlyFixable: true }, 1],

  // Partially assessed under --fail-on.
  ['partially, nothing found', [partial], { failOn: ['critical'] }, 3],
  ['partially, allowed', [partial], { failOn: ['critical'], allowPartial: true }, 0],
  ['partially, and found', [partialHaving({})], { failOn: ['high'] }, 1],
  ['partially, allowed, and found', [partialHaving({})], { failOn: ['high'], allowPartial: true }, 1],
  ['partially, only what does not reach', [partialHaving({ severity: 'low' })], { failOn: ['high'] }, 3],
  ['not assessable, allowed to be partial', [unassessed], { failOn: ['high'], allowPartial: true }, 3],

  // An index: the worst of its platforms.
  ['one clean, one found', [clean, having({})], { failOn: ['high'] }, 1],
  ['one found, one partial', [having({}), partial], { failOn: ['high'] }, 1],
  ['one clean, one partial', [clean, partial], { failOn: ['high'] }, 3],
  ['one found, one not assessable', [having({}), unread], { failOn: ['high'] }, 3],
  ['one clean, one missing', [clean], {}, 3, [other('unreadable')]],
  ['one clean, one of a type that nobody knows', [clean], {}, 3, [other('unsupported-media-type')]],
  ['one clean, beside an artifact', [clean], { failOn: ['low'] }, 0, [other('not-an-image')]],

  // --inventory judges nothing.
  ['inventory without advisories', [unassessed], { inventory: true }, 0],
  ['inventory of what could not be read', [unread], { inventory: true }, 3],
  ['inventory of one platform of two', [unassessed, unread], { inventory: true }, 3],
  ['inventory beside a missing platform', [unassessed], { inventory: true }, 3, [other('unreadable')]],
]

for (const [what, reports, options, code, others] of cases) {
  test(`exit ${code}: ${what}`, () =>
    assert.equal(exitCode(reportSet(reports, others), { ...none, ...options }), code))
}

test('only fixable findings are shown where only they count', () => {
  const subject = having({ fixState: 'not-fixed' }, { fixState: 'fixed' }, { fixState: 'unknown' })
  assert.equal(shownFindings(subject, { onlyFixable: true }).length, 1)
  assert.equal(shownFindings(subject, { onlyFixable: false }).length, 3)
})

const unreadable: readonly (readonly [
  code: AssessmentReason['code'],
  path: string | undefined,
  unread: boolean,
])[] = [
  ['unreadable-layer', undefined, true],
  ['unsupported-media-type', undefined, true],
  ['limit-exceeded', undefined, true],
  // One file of many.
  ['limit-exceeded', 'app/huge.jar', false],
  ['unreadable-evidence', 'lib/apk/db/installed', false],
  ['no-advisories', undefined, false],
  ['no-distribution', undefined, false],
]

for (const [code, path, expected] of unreadable) {
  test(`${code}${path ? ` of ${path}` : ''} ${expected ? 'is' : 'is not'} an unread image`, () => {
    assert.equal(wasUnread(report({ reasons: [reason(code, path)] })), expected)
  })
}
