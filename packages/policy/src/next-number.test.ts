import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextNumber } from './next-number.ts'

test('nothing lies between a number and the next', () => {
  assert.equal(nextNumber(1, 1), 1 + Number.EPSILON)
  assert.equal(nextNumber(1, -1), 1 - Number.EPSILON / 2)
  assert.equal(nextNumber(0, 1), Number.MIN_VALUE)
  assert.equal(nextNumber(-0, -1), -Number.MIN_VALUE)
  assert.equal(nextNumber(-1, 1), -1 + Number.EPSILON / 2)
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const next = nextNumber(value, 1)
      assert.ok(next > value)
      const middle = value / 2 + next / 2
      assert.ok(middle <= value || middle >= next)
      if (Number.isFinite(next)) assert.equal(nextNumber(next, -1) + 0, value + 0)
    }),
  )
})
