import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Lane } from '../use-cases/job-queue.ts'
import { share, type Turns } from './share.ts'

const lane = (priority: number, cid: string, resource = '', capacity?: number): Lane => ({
  priority,
  cid,
  resource,
  ...(capacity === undefined ? {} : { capacity }),
})
const none: ReadonlyMap<string, number> = new Map()

function taken(lanes: readonly Lane[], slots: number, running = none, turns: Turns = new Map()): string[] {
  return share(lanes, slots, running, turns).map(
    ({ priority, cid, resource, take }) => `${priority} ${cid}${resource} ${take}`,
  )
}

test('the most urgent class is served first', () => {
  assert.deepEqual(taken([lane(1, 'a'), lane(4, 'a')], 3), ['1 a 3'])
})

test('tenants of one class get equal parts', () => {
  assert.deepEqual(taken([lane(2, 'a'), lane(2, 'b'), lane(2, 'c')], 7), ['2 a 3', '2 b 2', '2 c 2'])
})

test('one slot goes round from call to call', () => {
  const turns: Turns = new Map()
  const lanes = [lane(2, 'a'), lane(2, 'b'), lane(2, 'c')]
  const rounds = [1, 2, 3, 4].map(() => taken(lanes, 1, none, turns)[0])
  assert.deepEqual(rounds, ['2 a 1', '2 b 1', '2 c 1', '2 a 1'])
})

test('whoever runs least comes first', () => {
  assert.deepEqual(taken([lane(2, 'a'), lane(2, 'b')], 2, new Map([['a', 5]])), ['2 b 2'])
})

test('lanes of one tenant take turns, and none gets more than its resource can take', () => {
  assert.deepEqual(taken([lane(3, 'a', 'x', 1), lane(3, 'a', 'y', 2)], 8), ['3 ax 1', '3 ay 2'])
  assert.deepEqual(taken([lane(3, 'a', 'x', 1), lane(3, 'a')], 4), ['3 ax 1', '3 a 3'])
})

test('slots that one class leaves go to the next', () => {
  assert.deepEqual(taken([lane(1, 'a', 'x', 1), lane(4, 'b')], 3), ['1 ax 1', '4 b 2'])
})

test('without lanes or slots nothing is given', () => {
  assert.deepEqual(taken([], 3), [])
  assert.deepEqual(taken([lane(0, 'a')], 0), [])
})
