import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestAlgorithm, parseDigest, shortDigest } from './digest.ts'

const hex = '0123456789abcdef'.repeat(4)
const cases: readonly (readonly [text: unknown, algorithm: string | undefined])[] = [
  [`sha256:${hex}`, 'sha256'],
  [`sha512:${hex}${hex}`, 'sha512'],
  [`sha256:${hex.toUpperCase()}`, undefined],
  [`sha256:${hex}0`, undefined],
  [`sha512:${hex}`, undefined],
  [`sha1:${hex.slice(0, 40)}`, undefined],
  [`sha256:${hex}\n`, undefined],
  [`sha256:${'../'.repeat(21)}x`, undefined],
  [undefined, undefined],
  [{ toString: () => `sha256:${hex}` }, undefined],
]

for (const [text, expected] of cases) {
  test(`${JSON.stringify(text)} is ${expected ? `a ${expected}` : 'no'} digest`, () => {
    const digest = parseDigest(text)
    assert.equal(digest && digestAlgorithm(digest), expected)
  })
}

test('people quote twelve characters', () => {
  assert.equal(shortDigest(`sha256:${hex}`), '0123456789ab')
})
