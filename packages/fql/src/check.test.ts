import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFilter } from './check.ts'
import { FqlFault } from './fault.ts'
import { cases } from './testing/cases.ts'
import { fields, now } from './testing/fields.ts'
import { notateChecked } from './testing/notation.ts'
import type { FieldFactTable } from './tree.ts'
import { wordsOf } from './words.ts'

for (const { input, expected } of cases('check.txt'))
  test(`${input} means ${expected}`, () =>
    assert.equal(notateChecked(readFilter(input, fields, { now })), expected))

for (const { input, expected } of cases('check-faults.txt')) {
  test(`refuses ${input}`, () => {
    assert.throws(
      () => readFilter(input, fields, { now }),
      (error) =>
        error instanceof FqlFault && `${error.code} ${error.position} ${error.message}` === expected
          ? true
          : assert.equal(String(error), expected) === undefined,
    )
  })
}

test('checked fields carry what the table says of them', () => {
  const checked = readFilter("arch:'arm64'", fields, { now })
  assert.ok(checked.kind === 'field')
  assert.equal(checked.facts, fields['architecture'])
})

test("a field's own name goes before another's alias", () => {
  const table: FieldFactTable = {
    first: { kind: 'text', aliases: ['second'] },
    second: { kind: 'number' },
  }
  assert.equal(notateChecked(readFilter('second:1', table, { now })), 'second = 1')
})

test('numbers that are too large to be one are refused', () => {
  assert.throws(() => readFilter(`cvss_score:${'9'.repeat(400)}`, fields, { now }), { code: 'bad-value' })
})

test('words are parted by punctuation and white space, their case aside', () => {
  assert.deepEqual(wordsOf(' Docker.IO/library_x  docker-io\t*'), ['docker', 'io', 'library', 'x'])
  assert.deepEqual(wordsOf('Straße ÉTÉ 漢字'), ['straße', 'ÉtÉ', '漢字'])
  assert.deepEqual(wordsOf('-./'), [])
})
