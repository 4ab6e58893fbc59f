import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FqlFault } from './fault.ts'
import { parseSort } from './sort.ts'
import { cases } from './testing/cases.ts'
import { fields } from './testing/fields.ts'

for (const { input, expected } of cases('sort.txt'))
  test(`${input} ⇒ ${expected}`, () => assert.equal(outcome(input), expected))

test('a blank order has no columns', () => {
  assert.deepEqual(parseSort(' ', fields), [])
})

test('hostile orders are refused at once', () => {
  for (const text of [
    'a.'.repeat(8_000),
    'a,'.repeat(500_000),
    `${'registry,'.repeat(1_000)}x`,
    '%'.repeat(16_000),
  ])
    assert.throws(() => parseSort(text, fields), FqlFault)
})

function outcome(text: string): string {
  try {
    return parseSort(text, fields)
      .map(({ field, descending }) => `${field}${descending ? ' descending' : ''}`)
      .join(', ')
  } catch (error) {
    assert.ok(error instanceof FqlFault)
    return `${error.code} ${error.position} ${error.message}`
  }
}
