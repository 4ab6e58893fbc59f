import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFilter } from '@lanner/fql'
import { fullFor, fullLists } from './full-lists.ts'

const fields = { tag: { kind: 'text' } } as const

test('a full list is remembered for a moment, by tenant and filter', () => {
  let time = 0
  const lists = fullLists(() => new Date(time))
  const latest = () => readFilter("tag:'latest'", fields, { now: new Date(0) })
  lists.note('a', latest())
  lists.note('a', undefined)
  assert.ok(lists.has('a', latest()))
  assert.ok(lists.has('a', undefined))
  assert.ok(!lists.has('b', latest()))
  assert.ok(!lists.has('a', readFilter("tag:'other'", fields, { now: new Date(0) })))
  time = fullFor
  assert.ok(!lists.has('a', latest()))
})

test('the oldest make room', () => {
  const lists = fullLists(() => new Date(0))
  for (let cid = 0; cid <= 1000; cid++) lists.note(`${cid}`, undefined)
  assert.ok(!lists.has('0', undefined))
  assert.ok(lists.has('1', undefined))
  assert.ok(lists.has('1000', undefined))
})
