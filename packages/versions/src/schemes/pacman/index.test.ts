import assert from 'node:assert/strict'
import { test } from 'node:test'
import { order } from '../../order.ts'
import { pacman } from './index.ts'

test('a version without a release agrees with releases that differ', () => {
  assert.equal(order(pacman, '1.5-1', '1.5'), 'equal')
  assert.equal(order(pacman, '1.5', '1.5-2'), 'equal')
  assert.equal(order(pacman, '1.5-1', '1.5-2'), 'less')
})

test('more separators are later while segments follow on both sides, and count for nothing at the end', () => {
  assert.equal(order(pacman, '1..0-1', '1.1-1'), 'greater')
  assert.equal(order(pacman, '1.-1', '1..-1'), 'equal')
  assert.equal(order(pacman, '1.-1', '1-1'), 'greater')
})
