import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachInTurns, mapInTurns, partsOf } from './turns.ts'

function busy(milliseconds: number): void {
  for (const until = performance.now() + milliseconds; performance.now() < until; );
}

test('what takes long is done in turns, in order', async () => {
  const seen: string[] = []
  const next = setImmediate(() => seen.push('somebody else'))
  const doubled = await mapInTurns([1, 2, 3], (item, index) => {
    seen.push(`${item} at ${index}`)
    busy(11)
    return item * 2
  })
  clearImmediate(next)
  assert.deepEqual(doubled, [2, 4, 6])
  assert.deepEqual(seen, ['1 at 0', 'somebody else', '2 at 1', '3 at 2'])
})

test('what is quick is done at once', async () => {
  let others = 0
  const next = setImmediate(() => others++)
  const done = mapInTurns([1, 2, 3], (item) => item)
  assert.equal(others, 0)
  assert.deepEqual(await done, [1, 2, 3])
  assert.equal(others, 0)
  clearImmediate(next)
})

test('each waits for what it begins, and a failure ends it', async () => {
  const seen: number[] = []
  await eachInTurns(new Set([1, 2]), async (item) => {
    await Promise.resolve()
    seen.push(item)
  })
  assert.deepEqual(seen, [1, 2])
  const failing = eachInTurns([3, 4], (item) => {
    seen.push(item)
    throw new Error('no')
  })
  await assert.rejects(failing, /^Error: no$/)
  assert.deepEqual(seen, [1, 2, 3])
})

test('parts have so many items, the last the rest', () => {
  assert.deepEqual([...partsOf([1, 2, 3, 4, 5], 2)], [[1, 2], [3, 4], [5]])
  assert.deepEqual([...partsOf([], 2)], [])
})
