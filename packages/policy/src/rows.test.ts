import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addRow, allRows, countRows, eachRow, hasRow, isEmpty, keepCommon, noRows, takeOut } from './rows.ts'

for (const count of [0, 1, 31, 32, 33, 64, 1000])
  test(`all of ${count} rows are ${count}, none beyond`, () => {
    const rows = allRows(count)
    assert.equal(countRows(rows), count)
    assert.deepEqual(
      [...eachRow(rows)],
      Array.from({ length: count }, (_, row) => row),
    )
    assert.equal(hasRow(rows, count), false)
    assert.equal(hasRow(rows, -1), false)
    assert.equal(isEmpty(rows), count === 0)
  })

test('rows of both, and of one without the other', () => {
  const [left, right] = [noRows(70), noRows(70)]
  for (const row of [0, 31, 32, 69]) addRow(left, row)
  for (const row of [31, 33, 69]) addRow(right, row)
  const both = left.slice()
  keepCommon(both, right)
  assert.deepEqual([...eachRow(both)], [31, 69])
  takeOut(left, right)
  assert.deepEqual([...eachRow(left)], [0, 32])
})
