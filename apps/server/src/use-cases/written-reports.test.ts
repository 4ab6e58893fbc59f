import assert from 'node:assert/strict'
import test from 'node:test'
import { writtenReports } from './written-reports.ts'

const limits = { bytes: 1000, freshFor: 60 }

test('a report is kept for one version and for a while', async () => {
  let now = 0
  const reports = writtenReports(() => now, limits)
  const made = await reports.make('a', '1', async () => new Uint8Array(10))
  assert.equal(reports.get('a', '1'), made)
  assert.equal(reports.get('b', '1'), undefined)
  now = 60
  assert.equal(reports.get('a', '1'), made)
  now = 61
  assert.equal(reports.get('a', '1'), undefined)
  await reports.make('a', '1', async () => made)
  assert.equal(reports.get('a', '2'), undefined, 'another version')
  assert.equal(reports.get('a', '1'), undefined, 'the one before is gone with it')
})

test('the one that was asked for longest ago makes room', async () => {
  const reports = writtenReports(() => 0, limits)
  for (const key of ['a', 'b', 'c', 'd']) await reports.make(key, '1', async () => new Uint8Array(250))
  assert.ok(reports.get('a', '1'))
  await reports.make('e', '1', async () => new Uint8Array(250))
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].filter((key) => reports.get(key, '1')),
    ['a', 'c', 'd', 'e'],
  )
  const large = await reports.make('f', '1', async () => new Uint8Array(251))
  assert.equal(large.byteLength, 251)
  assert.equal(reports.get('f', '1'), undefined, 'too large to be kept')
})

test('whoever asks while it is made waits for the same; a failure is nobody else’s', async () => {
  const reports = writtenReports(() => 0, limits)
  let calls = 0
  const make = async () => {
    calls++
    await new Promise((resolve) => setImmediate(resolve))
    return new Uint8Array(1)
  }
  const [one, other] = await Promise.all([reports.make('a', '1', make), reports.make('a', '1', make)])
  assert.equal(one, other)
  assert.equal(calls, 1)
  await assert.rejects(
    reports.make('b', '1', () => Promise.reject(new Error('no'))),
    /no/,
  )
  await reports.make('b', '1', make)
  assert.equal(calls, 2)
})
