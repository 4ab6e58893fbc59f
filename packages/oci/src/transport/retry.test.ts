import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRetryAfter, pauseAfter } from './retry.ts'

const now = Date.UTC(2026, 10, 22, 8, 0, 0)

const headers: readonly (readonly [string | undefined, number | undefined])[] = [
  ['120', 120_000],
  [' 0 ', 0],
  ['Sun, 22 Nov 2026 08:00:30 GMT', 30_000],
  ['Sunday, 22-Nov-26 08:00:30 GMT', 30_000],
  ['Sun Nov 22 08:00:30 2026', 30_000],
  ['Sun, 22 Nov 2026 07:00:00 GMT', 0],
  [undefined, undefined],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['2026', 2_026_000],
  ['99999999999', undefined],
  [`Sun${' '.repeat(1000)}`, undefined],
]

for (const [header, expected] of headers) {
  test(`Retry-After: ${header?.slice(0, 40)}`, () => assert.equal(parseRetryAfter(header, now), expected))
}

test('pauses double up to the cap, and half of each is chance', () => {
  const policy = { attempts: 9, base: 100, most: 1_000, mostRetryAfter: 0 }
  const pauses = (random: number) =>
    [1, 2, 3, 4, 5, 6].map((attempt) => pauseAfter(attempt, policy, () => random))
  assert.deepEqual(pauses(0), [50, 100, 200, 400, 500, 500])
  assert.deepEqual(pauses(1), [100, 200, 400, 800, 1_000, 1_000])
})
