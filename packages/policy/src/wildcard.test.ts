import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pattern } from './wildcard.ts'

const cases: readonly (readonly [pattern: string, text: string, fits: boolean])[] = [
  ['a', 'a', true],
  ['a', 'ab', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['a*', 'a', true],
  ['*a', 'ba', true],
  ['*a', 'ab', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a*b*c', 'abbc', true],
  ['a*b*c', 'acb', false],
  ['ab*ba', 'aba', false],
  ['**', 'x', true],
  ['*ab*ab*', 'abab', true],
  ['*ab*ab*', 'aab', false],
  ['a.c', 'abc', false],
  ['a.*', 'a.b', true],
]
for (const [source, text, expected] of cases)
  test(`${source} ${expected ? 'fits' : 'does not fit'} ${JSON.stringify(text)}`, () =>
    assert.equal(pattern(source).fits(text), expected))

test('a pattern says the same as the regular expression that it stands for', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 })
  fc.assert(
    fc.property(letters, text, (source, given) => {
      const expression = new RegExp(`^${source.replaceAll('*', '.*')}$`)
      assert.equal(pattern(source).fits(given), expression.test(given))
    }),
  )
})

test('many stars over a long text take no time that grows with their product', () => {
  const begun = process.hrtime.bigint()
  assert.equal(pattern(`${'*a'.repeat(500)}*b`).fits('a'.repeat(200_000)), false)
  assert.ok(process.hrtime.bigint() - begun < 200_000_000n)
})
