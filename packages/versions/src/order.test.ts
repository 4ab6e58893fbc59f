import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparator, defineScheme, longestVersion, order, schemes } from './index.ts'

test('an order is one of four words', () => {
  assert.equal(order(schemes.deb, '1.0~rc1', '1.0'), 'less')
  assert.equal(order(schemes.deb, '1.0', '1.0-0'), 'equal')
  assert.equal(order(schemes.deb, '1.0', '1.0~rc1'), 'greater')
  assert.equal(order(schemes.deb, '1.0', 'not a version'), 'unknown')
  assert.equal(order(schemes.deb, 'not a version', '1.0'), 'unknown')
})

test('what does not parse is not even equal to itself', () => {
  assert.equal(order(schemes.semver, 'main', 'main'), 'unknown')
  assert.equal(comparator(schemes.semver, 'main')('main'), 'unknown')
})

test('a comparator parses its version once and gives the same answers', () => {
  let parsed = 0
  const counting = defineScheme<number>({
    id: 'semver',
    label: 'counting',
    spec: 'https://example.com/',
    parse(text) {
      parsed++
      return /^\d+$/.test(text) ? Number(text) : undefined
    },
    compare: (a, b) => a - b,
  })
  const compare = comparator(counting, '2')
  assert.deepEqual(
    ['1', '2', '3', 'x'].map((other) => compare(other)),
    ['greater', 'equal', 'less', 'unknown'],
  )
  assert.equal(parsed, 5)
})

test('the longest text that is read is exactly the bound', () => {
  const longest = '1'.repeat(longestVersion)
  assert.equal(order(schemes.deb, longest, '2'), 'greater')
  assert.equal(order(schemes.deb, `${longest}1`, '2'), 'unknown')
  assert.equal(order(schemes.deb, '', '2'), 'unknown')
})
