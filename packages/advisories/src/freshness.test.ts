import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assessFreshness } from './freshness.ts'
import { now } from './testing/bucket.ts'

test('stale by when it was asked, each source by its own limit, stalest first', () => {
  const ages = assessFreshness(
    [
      { source: 'osv/CRAN', records: 14, newest: '2024-01-01T00:00:00Z', checked: '2026-06-01T11:00:00Z' },
      { source: 'osv/npm', records: 9, newest: '2027-07-09T00:00:00Z', checked: '2026-05-29T12:00:00Z' },
      { source: 'epss', records: 1, checked: '2026-05-31T12:00:00Z' },
      { source: 'kev', records: 1, checked: 'never' },
      { source: 'osv/Go', records: 1, checked: '2031-01-01T00:00:00Z' },
    ],
    { hours: 48, sources: { epss: 12 } },
    now(),
  )
  assert.deepEqual(
    ages.map(({ source, hours, stale }) => [source, hours, stale]),
    [
      ['kev', undefined, true],
      ['osv/Go', undefined, true],
      ['osv/npm', 72, true],
      ['epss', 24, true],
      ['osv/CRAN', 1, false],
    ],
  )
  assert.match(ages[2].message, /osv\/npm: last asked 3 days ago.*update the advisories/)
})
