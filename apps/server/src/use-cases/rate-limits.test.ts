import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rateLimits } from './rate-limits.ts'

const caller = { cid: 'c', actor: 'a', scopes: new Set<string>() }
const start = Date.parse('2026-03-02T09:14:05Z')

test('so many calls a minute, then a time to come back', () => {
  const rates = rateLimits({ perMinute: 2 })
  const take = (seconds: number) => rates.take('GetBird', caller, start + seconds * 1000)
  assert.equal(take(0).retryAt, undefined)
  assert.deepEqual(take(1).headers, ['X-Ratelimit-Limit', '2', 'X-Ratelimit-Remaining', '0'])
  assert.equal(take(59).retryAt, start + 60_000)
  assert.equal(take(60).retryAt, undefined)
})

test('a clock that is set back locks nobody out', () => {
  const rates = rateLimits({ perMinute: 1 })
  const take = (now: number) => rates.take('GetBird', caller, now).retryAt
  assert.equal(take(start), undefined)
  assert.equal(take(start), start + 60_000)
  const before = start - 3_600_000
  assert.equal(take(before), undefined)
  assert.equal(take(before), before + 60_000)
})
