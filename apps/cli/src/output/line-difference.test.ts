import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lineDifference } from './line-difference.ts'

const shown = (before: string, after: string, around?: number) =>
  lineDifference([...before], [...after], around)
    .map(({ sign, text }) => `${sign}${text}`)
    .join(' ')

const cases: readonly (readonly [before: string, after: string, shown: string])[] = [
  ['', '', ''],
  ['', 'ab', '+a +b'],
  ['ab', '', '-a -b'],
  ['abc', 'axc', ' a -b +x  c'],
  ['abc', 'abcd', ' a  b  c +d'],
  ['abcd', 'bd', '-a  b -c  d'],
  ['xabcdefgy', 'abcdefg', '-x  a  b  c …  e  f  g -y'],
  ['abcdefgh', 'abcdefgX', '…  e  f  g -h +X'],
]

for (const [before, after, says] of cases)
  test(`from '${before}' to '${after}'`, () => assert.equal(shown(before, after), says))

test('equal texts have no difference to show', () => {
  assert.deepEqual(
    lineDifference(['a', 'b'], ['a', 'b']).map(({ sign }) => sign),
    ['…'],
  )
})

test('what is not added is the text before, what is not taken away the text after', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 })
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const all = lineDifference(before, after, 100)
      const without = (sign: string) => all.filter((line) => line.sign !== sign).map(({ text }) => text)
      if (before.join() === after.join()) return
      assert.deepEqual(without('+'), before)
      assert.deepEqual(without('-'), after)
    }),
  )
})

test('texts too long to be compared line by line are told as a whole', () => {
  const many = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word}${index % 7}`)
  const lines = lineDifference(['same', ...many('a')], ['same', ...many('b')])
  assert.deepEqual([lines[0]?.sign, lines[1]?.sign, lines[3001]?.sign, lines.length], [' ', '-', '+', 6001])
})
