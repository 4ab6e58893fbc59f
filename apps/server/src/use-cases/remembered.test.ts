import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remembered } from './remembered.ts'

function ground(freshFor = 100, atMost = 2) {
  let now = 0
  const rows = new Map<string, { value: string }>()
  const asked: string[] = []
  let gate: Promise<void> = Promise.resolve()
  const memory = remembered({
    freshFor,
    atMost,
    clock: () => now,
    async load(key: string) {
      asked.push(key)
      const row = rows.get(key)
      await gate
      return row
    },
  })
  return {
    memory,
    rows,
    asked,
    pass: (milliseconds: number) => {
      now += milliseconds
    },
    hold: () => {
      let release: () => void = () => {}
      gate = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
  }
}

test('an answer counts for its time, then the source is asked again', async () => {
  const { memory, rows, asked, pass } = ground()
  rows.set('a', { value: 'one' })
  assert.equal((await memory.get('a'))?.value, 'one')
  rows.set('a', { value: 'two' })
  pass(99)
  assert.deepEqual(memory.get('a'), { value: 'one' }, 'at once, without a promise')
  pass(1)
  assert.equal((await memory.get('a'))?.value, 'two')
  assert.deepEqual(asked, ['a', 'a'])
})

test('an answer in use is read anew before its time is over, so that nobody waits', async () => {
  const { memory, rows, asked, pass } = ground()
  rows.set('a', { value: 'one' })
  await memory.get('a')
  rows.set('a', { value: 'two' })
  pass(69)
  assert.deepEqual(memory.get('a'), { value: 'one' })
  assert.equal(asked.length, 1)
  pass(1)
  // Many at that moment are one question.
  for (let times = 0; times < 3; times++) assert.deepEqual(memory.get('a'), { value: 'one' })
  assert.equal(asked.length, 2)
  await new Promise(setImmediate)
  pass(60)
  assert.deepEqual(memory.get('a'), { value: 'two' }, 'at once, past the time of the first')
})

test('what is not there is asked for each time, and what went away is gone', async () => {
  const { memory, rows, asked, pass } = ground()
  assert.equal(await memory.get('a'), undefined)
  rows.set('a', { value: 'one' })
  assert.equal((await memory.get('a'))?.value, 'one')
  rows.delete('a')
  pass(100)
  assert.equal(await memory.get('a'), undefined)
  assert.equal(asked.length, 3)
})

test('many who ask at once ask once', async () => {
  const { memory, rows, asked } = ground()
  rows.set('a', { value: 'one' })
  await Promise.all(Array.from({ length: 50 }, () => memory.get('a')))
  assert.deepEqual(asked, ['a'])
})

test('an answer that was on its way when something changed is asked for again', async () => {
  const { memory, rows, hold } = ground()
  rows.set('a', { value: 'old' })
  const release = hold()
  const asking = memory.get('a')
  rows.set('a', { value: 'new' })
  memory.forget(() => true)
  release()
  assert.equal((await asking)?.value, 'new')
  assert.deepEqual(await memory.get('a'), { value: 'new' })
})

test('only so many are kept: the one read longest ago goes first', async () => {
  const { memory, rows, asked } = ground()
  for (const key of ['a', 'b', 'c']) rows.set(key, { value: key })
  for (const key of ['a', 'b', 'c']) await memory.get(key)
  assert.ok(!(memory.get('c') instanceof Promise))
  await memory.get('a')
  assert.deepEqual(asked, ['a', 'b', 'c', 'a'])
})

test('a clock that is set back makes no answer last longer', async () => {
  const { memory, rows, asked, pass } = ground()
  rows.set('a', { value: 'one' })
  pass(10_000)
  assert.deepEqual(await memory.get('a'), { value: 'one' })
  pass(-9_000)
  rows.delete('a')
  assert.equal(await memory.get('a'), undefined)
  assert.equal(asked.length, 2)
})
