import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ImageVerdict } from '@lanner/admission'
import { VerdictCache } from './verdict-cache.ts'

const passes: ImageVerdict = {
  state: 'assessed',
  reason: '',
  action: 'allow',
  rules: [],
  findings: [],
  others: [],
  matched: 0,
}

/** Seconds for which a verdict is fresh, and for which it stands in, of the times that are looked at. */
function lives(verdict: ImageVerdict, seconds: number): readonly [fresh: number, stands: number] {
  let now = 0
  const cache = new VerdictCache({ seconds, clock: () => now })
  cache.keep('a', verdict)
  const times = Array.from({ length: 101 }, (_, index) => index * 1000)
  const until = (ask: () => unknown) =>
    times.findIndex((time) => {
      now = time
      return ask() === undefined
    })
  return [until(() => cache.fresh('a')), until(() => cache.lastKnown('a'))]
}

test('what passes is kept for as long as was asked', () => {
  assert.deepEqual(lives(passes, 30), [30, 30])
  assert.deepEqual(lives({ ...passes, action: 'alert' }, 30), [30, 30])
  assert.deepEqual(lives({ ...passes, state: 'partially' }, 1), [1, 1])
  assert.deepEqual(lives(passes, 0), [0, 0])
})

test('what is denied is asked about again after two seconds, and stands in for longer where nobody answers', () => {
  assert.deepEqual(lives({ ...passes, action: 'block' }, 30), [2, 30])
  assert.deepEqual(lives({ ...passes, action: 'block' }, 1), [1, 1])
})

test('what is not assessed is asked about again after two seconds, and never stands in', () => {
  for (const state of ['unknown', 'pending', 'not_assessable'] as const) {
    const { action: _, ...undecided } = { ...passes, state }
    assert.deepEqual(lives(undecided, 30), [2, 0], state)
    assert.deepEqual(lives({ ...undecided, action: 'allow' }, 30), [2, 0], state)
  }
})

test('nothing is kept beyond the instant from which it may be another', () => {
  assert.deepEqual(lives({ ...passes, validUntil: 5000 }, 30), [5, 5])
  assert.deepEqual(lives({ ...passes, action: 'block', validUntil: 5000 }, 30), [2, 5])
  assert.deepEqual(lives({ ...passes, validUntil: -1 }, 30), [0, 0])
})

test('the oldest go when there are too many', () => {
  const cache = new VerdictCache({ seconds: 30, clock: () => 0, most: 3 })
  for (const name of ['a', 'b', 'c', 'a', 'd']) cache.keep(name, passes)
  assert.equal(cache.size, 3)
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((name) => cache.fresh(name) !== undefined),
    [true, false, true, true],
  )
})

test('a verdict that stands in says how old it is', () => {
  let now = 0
  const cache = new VerdictCache({ seconds: 30, clock: () => now })
  cache.keep('a', passes)
  now = 12_400
  assert.equal(cache.lastKnown('a')?.age, 12)
  assert.equal(cache.lastKnown('b'), undefined)
})
