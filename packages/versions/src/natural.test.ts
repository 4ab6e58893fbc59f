import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareDigitRuns, compareNaturals, natural } from './natural.ts'

const digits = fc.stringMatching(/^[0-9]{1,40}$/)

test('numbers of any length are ordered as exact integers are', () => {
  fc.assert(
    fc.property(digits, digits, (a, b) => {
      const expected = Math.sign(Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b)))
      assert.equal(compareNaturals(natural(a), natural(b)), expected)
      assert.equal(Math.sign(compareDigitRuns(a, 0, a.length, b, 0, b.length)), expected)
    }),
    { seed: 20260102, numRuns: 500 },
  )
})

test('numbers are read from the middle of a text', () => {
  assert.equal(natural('a0123b', 1, 5), 123)
  assert.equal(natural('', 0, 0), 0)
  assert.equal(natural('9007199254740991'), Number.MAX_SAFE_INTEGER)
  assert.equal(natural('9007199254740993'), 9007199254740993n)
  assert.equal(natural('000000000000000000007'), 7)
})
