import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckedVerdict } from './policy-checks.ts'
import { VerdictCache } from './verdict-cache.ts'

/** A verdict that tells of so many findings. */
function verdict(findings: number, validUntil?: number): CheckedVerdict {
  const none = { findings: [], packages: [], detections: [] }
  const matched = { ...none, baseOs: [], findings: Array.from({ length: findings }, () => ({})) }
  return {
    verdict: { matched, excluded: none, validUntil },
    packages: new Map(),
  } as unknown as CheckedVerdict
}

test('a verdict counts for the same findings and policies, until its time is over', () => {
  const cache = new VerdictCache({ most: 10, rows: 100 })
  const kept = verdict(1, 1000)
  cache.keepVerdict('a', 'f1', 1, kept)
  assert.equal(cache.verdict('a', 'f1', 1, 999), kept)
  assert.equal(cache.verdict('a', 'f1', 1, 1000), undefined)
  cache.keepVerdict('a', 'f1', 1, kept)
  assert.equal(cache.verdict('a', 'f2', 1, 0), undefined)
  cache.keepVerdict('a', 'f1', 1, kept)
  assert.equal(cache.verdict('a', 'f1', 2, 0), undefined)
})

test('the longest unasked goes first, by number and by what the verdicts tell of', () => {
  const cache = new VerdictCache({ most: 3, rows: 10 })
  for (const key of ['a', 'b', 'c']) cache.keepVerdict(key, '', 1, verdict(1))
  assert.ok(cache.verdict('a', '', 1, 0))
  cache.keepVerdict('d', '', 1, verdict(1))
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].filter((key) => cache.verdict(key, '', 1, 0)),
    ['a', 'c', 'd'],
  )
  cache.keepVerdict('e', '', 1, verdict(9))
  assert.deepEqual(
    ['a', 'c', 'd', 'e'].filter((key) => cache.verdict(key, '', 1, 0)),
    ['d', 'e'],
  )
  cache.keepVerdict('f', '', 1, verdict(11))
  assert.equal(cache.verdict('f', '', 1, 0), undefined)
})

test('what a reference stood for before a change is forgotten with it', () => {
  const cache = new VerdictCache({ most: 10, rows: 10 })
  const state = { state: 'assessed', images: [] } as unknown as Parameters<typeof cache.keepResolved>[4]
  cache.keepResolved('r', 'cid', cache.epoch('cid'), 100, state)
  assert.equal(cache.resolved('r', 'cid', 99), state)
  assert.equal(cache.resolved('r', 'cid', 100), undefined)
  const before = cache.epoch('cid')
  cache.forget('cid')
  assert.equal(cache.resolved('r', 'cid', 99), undefined)
  // An answer that was on its way while it changed is not kept.
  cache.keepResolved('r', 'cid', before, 101, state)
  assert.equal(cache.resolved('r', 'cid', 99), undefined)
})
