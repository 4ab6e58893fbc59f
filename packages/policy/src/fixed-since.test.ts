import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AdvisoryEvidence } from '@lanner/model'
import { fixedSince } from './fixed-since.ts'

const word = (fixedVersions: readonly string[], since?: string): AdvisoryEvidence => ({
  advisory: 'DSA-1-1',
  feed: 'osv',
  ecosystem: 'Debian:12',
  name: 'openssl',
  matchedBy: 'source',
  version: '3.0.9-1',
  verdict: 'affected',
  fixedVersions,
  fixState: 'fixed',
  ...(since ? { fixedSince: since } : {}),
})

const cases: readonly (readonly [
  what: string,
  fixedVersions: readonly string[],
  evidence: readonly AdvisoryEvidence[],
  since: string | undefined,
])[] = [
  ['nothing is dated', ['2'], [word(['2'])], undefined],
  ['no fix', [], [word(['2'], '2026-01-01T00:00:00Z')], undefined],
  [
    'the earliest of two errata that bring it',
    ['2', '3'],
    [word(['3'], '2026-03-01T00:00:00Z'), word(['2'], '2026-01-01T00:00:00Z')],
    '2026-01-01T00:00:00Z',
  ],
  [
    'an erratum whose version is no fix of the whole does not count',
    ['3'],
    [word(['2'], '2025-01-01T00:00:00Z'), word(['3'], '2026-01-01T00:00:00Z')],
    '2026-01-01T00:00:00Z',
  ],
  [
    'instants are compared, not texts',
    ['2'],
    [word(['2'], '2026-01-01T01:00:00+02:00'), word(['2'], '2026-01-01T00:00:00Z')],
    '2026-01-01T01:00:00+02:00',
  ],
]

test('a fix that no erratum dates is as old as it is known here', () => {
  const known = new Date('2026-02-03T04:05:06Z')
  const finding = (since?: string) => ({ fixedVersions: ['2'], evidence: [word(['2'], since)] })
  assert.equal(fixedSince(finding(), known), '2026-02-03T04:05:06.000Z')
  assert.equal(fixedSince(finding('2026-01-01T00:00:00Z'), known), '2026-01-01T00:00:00Z')
  assert.equal(fixedSince({ fixedVersions: [], evidence: [] }, known), undefined)
})

for (const [what, fixedVersions, evidence, since] of cases)
  test(`fixed since: ${what}`, () => assert.equal(fixedSince({ fixedVersions, evidence }), since))
