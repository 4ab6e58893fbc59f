import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ExclusionState, listedExclusions } from './exclusion-list.ts'
import type { StoredExclusion } from './policy-set.ts'

const now = Date.parse('2026-03-02T09:00:00Z')
const written = (id: string, ttl?: number): StoredExclusion => ({
  id,
  prop: 'cve',
  op: 'in',
  value: [id],
  ...(ttl === undefined ? {} : { ttl }),
  author: 'ci',
  createdAt: '2026-03-01T09:00:00.000Z',
  updatedAt: '2026-03-01T09:00:00.000Z',
})
const day = 86_400
// Written a day ago, so that each has a day less left.
const all = [
  written('month', 31 * day),
  written('open'),
  written('over', 3600),
  written('week', 8 * day),
  written('two', 3 * day),
]
const used = new Map([['month', { first: new Date(now), last: new Date(now) }]])

function list(state?: ExclusionState, expiringWithin = 14) {
  return listedExclusions(all, used, { ...(state ? { state } : {}), expiringWithin }, now).map(
    ({ exclusion, state: is }) => `${exclusion.id} ${is}`,
  )
}

test('exclusions are told apart by when they end and whether they ever covered anything', () => {
  assert.deepEqual(list(), ['month active', 'open active', 'over expired', 'week expiring', 'two expiring'])
  assert.deepEqual(list('active'), ['month active', 'open active', 'week expiring', 'two expiring'])
  assert.deepEqual(list('expired'), ['over expired'])
  assert.deepEqual(list('unmatched'), ['open active', 'over expired', 'week expiring', 'two expiring'])
  // The first to end first.
  assert.deepEqual(list('expiring'), ['two expiring', 'week expiring'])
  assert.deepEqual(list('expiring', 2), ['two expiring'])
  assert.deepEqual(list('expiring', 60), ['two expiring', 'week expiring', 'month expiring'])
})

test('one that ends at this very instant has ended', () => {
  const [listed] = listedExclusions([written('x', day)], new Map(), { expiringWithin: 14 }, now)
  assert.deepEqual([listed?.state, listed?.expiresAt], ['expired', '2026-03-02T09:00:00.000Z'])
})
