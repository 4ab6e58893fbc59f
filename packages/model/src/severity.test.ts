import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareSeverity, severities, severityOfScore, severityOfWord, severityRank } from './severity.ts'

test('worst first, unknown last, and the list is in that order', () => {
  assert.deepEqual([...severities].reverse().sort(compareSeverity), [...severities])
  assert.deepEqual(severities.map(severityRank), [5, 4, 3, 2, 1, 0])
})

// https://www.first.org/cvss/v3-1/specification-document#Qualitative-Severity-Rating-Scale, section 5
const scores: readonly (readonly [score: number, version: '2.0' | '3.1' | '4.0', severity: string])[] = [
  [0, '3.1', 'negligible'],
  [0.1, '3.1', 'low'],
  [3.9, '3.1', 'low'],
  [4, '3.1', 'medium'],
  [6.9, '4.0', 'medium'],
  [7, '3.1', 'high'],
  [8.9, '3.1', 'high'],
  [9, '3.1', 'critical'],
  [10, '4.0', 'critical'],
  // NVD's scale for version 2 ends with high.
  [10, '2.0', 'high'],
  [10.1, '3.1', 'unknown'],
  [-1, '3.1', 'unknown'],
  [Number.NaN, '3.1', 'unknown'],
]

for (const [score, version, expected] of scores) {
  test(`CVSS ${version} ${score} is ${expected}`, () =>
    assert.equal(severityOfScore(score, version), expected))
}

const words: readonly (readonly [word: string | undefined, severity: string])[] = [
  ['Important', 'high'],
  [' moderate ', 'medium'],
  ['unimportant', 'negligible'],
  ['untriaged', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
  ['constructor', 'unknown'],
  ['__proto__', 'unknown'],
]

for (const [word, expected] of words) {
  test(`the word ${JSON.stringify(word)} is ${expected}`, () => assert.equal(severityOfWord(word), expected))
}
