import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AssessmentReason, AssessmentState, Package, PackageType } from '@lanner/model'
import { assessmentState, worstState } from './state.ts'

const packagesOf = (types: readonly PackageType[]): Package[] =>
  types.map((type) => ({
    type,
    name: 'x',
    version: '1',
    purl: `pkg:${type}/x@1`,
    confidence: 'declared',
    locations: [],
  }))

type Code = AssessmentReason['code']

const cases: readonly (readonly [
  reasons: readonly Code[],
  types: readonly PackageType[],
  state: AssessmentState,
])[] = [
  [[], ['apk', 'npm'], 'assessed'],
  [[], [], 'assessed'],
  // Nothing was asked, or nothing could be read: whatever else there is.
  [['no-advisories'], ['apk', 'npm'], 'not_assessable'],
  [['unreadable-layer'], [], 'not_assessable'],
  [['unsupported-media-type'], [], 'not_assessable'],
  [['stale-feed', 'no-advisories'], ['npm'], 'not_assessable'],
  // Nobody speaks for the distribution: other packages are still judged.
  [['no-feed'], ['apk'], 'not_assessable'],
  [['no-feed'], ['apk', 'npm'], 'partially'],
  [['unknown-distribution'], ['deb'], 'not_assessable'],
  [['unknown-distribution'], ['deb', 'golang'], 'partially'],
  [['no-distribution'], [], 'not_assessable'],
  [['no-distribution'], ['npm'], 'partially'],
  // Something was there that could not be read.
  [['unreadable-evidence'], ['apk'], 'partially'],
  [['limit-exceeded'], ['apk'], 'partially'],
  [['stale-feed'], ['apk'], 'partially'],
  [['end-of-life'], ['apk'], 'partially'],
  [['unreadable-evidence', 'no-distribution'], [], 'not_assessable'],
]

for (const [codes, types, expected] of cases) {
  test(`${codes.join(', ') || 'no reason'} with ${types.join(', ') || 'no packages'}: ${expected}`, () => {
    const reasons = codes.map((code) => ({ code, message: '' }))
    assert.equal(assessmentState(reasons, packagesOf(types)), expected)
    const remarks = reasons.map((reason) => ({ ...reason, informational: true }))
    assert.equal(assessmentState(remarks, packagesOf(types)), 'assessed', 'a remark lowers nothing')
  })
}

const worst: readonly (readonly [states: readonly AssessmentState[], state: AssessmentState])[] = [
  [['assessed', 'assessed'], 'assessed'],
  [['assessed', 'partially'], 'partially'],
  [['not_assessable', 'partially', 'assessed'], 'not_assessable'],
  // Nobody can vouch for nothing.
  [[], 'not_assessable'],
]

for (const [states, expected] of worst) {
  test(`the worst of ${states.join(', ') || 'none'} is ${expected}`, () =>
    assert.equal(worstState(states), expected))
}
