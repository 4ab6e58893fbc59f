import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatPlatform, parsePlatform, platformMatches } from './platform.ts'

const texts: readonly (readonly [text: string, canonical: string | undefined])[] = [
  ['linux/amd64', 'linux/amd64'],
  ['linux/arm64/v8', 'linux/arm64/v8'],
  [' Linux/AARCH64 ', 'linux/arm64'],
  ['x86_64', 'linux/amd64'],
  ['windows/amd64', 'windows/amd64'],
  // Names of every object's properties are no spellings.
  ['constructor', 'linux/constructor'],
  ['linux/__proto__', 'linux/__proto__'],
  ['', undefined],
  ['linux/', undefined],
  ['/amd64', undefined],
  ['linux/arm/v7/x', undefined],
  ['linux/am d64', undefined],
]

for (const [text, expected] of texts) {
  test(`platform ${JSON.stringify(text)} is ${expected ?? 'none'}`, () => {
    const platform = parsePlatform(text)
    assert.equal(platform && formatPlatform(platform), expected)
  })
}

const matches: readonly (readonly [wanted: string, actual: string, matches: boolean])[] = [
  ['linux/arm64', 'linux/arm64/v8', true],
  ['linux/arm64/v8', 'linux/arm64', true],
  ['linux/arm/v7', 'linux/arm', true],
  ['linux/arm/v6', 'linux/arm', false],
  ['linux/arm/v6', 'linux/arm/v7', false],
  ['linux/amd64', 'windows/amd64', false],
  ['linux/amd64', 'linux/arm64', false],
  ['linux/constructor/v1', 'linux/constructor', false],
]

for (const [wanted, actual, expected] of matches) {
  test(`${actual} ${expected ? 'is' : 'is not'} what ${wanted} asks for`, () => {
    const [left, right] = [parsePlatform(wanted), parsePlatform(actual)]
    assert.ok(left && right)
    assert.equal(platformMatches(left, right), expected)
  })
}
