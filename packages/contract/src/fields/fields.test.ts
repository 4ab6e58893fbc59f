import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FieldTable, narrow } from '../field-table.ts'
import * as tables from './index.ts'

const fieldTables = Object.entries(tables).filter(
  (entry): entry is [string, FieldTable] => !Array.isArray(entry[1]),
)

test('names and aliases of a table are unique without regard to case, and words that FQL can write', () => {
  for (const [table, fields] of fieldTables) {
    const names = Object.entries(fields).flatMap(([name, { aliases = [] }]) => [name, ...aliases])
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length, table)
    for (const name of names) assert.match(name, /^[A-Za-z][A-Za-z0-9_]*$/, table)
  }
})

test('every field is good for something, described, and has words where it is one', () => {
  for (const [table, fields] of fieldTables) {
    for (const [name, field] of Object.entries(fields)) {
      const where = `${table}.${name}`
      assert.ok(field.description.length > 0, where)
      assert.equal(field.kind === 'word', field.words !== undefined, where)
      if (field.words) {
        const words = field.words.map((word) => word.toLowerCase())
        assert.equal(new Set(words).size, words.length, where)
      }
      if (field.ordered) assert.equal(field.kind, 'word', where)
    }
  }
})

test('a narrowed table keeps a field as it is and says what it can be used for', () => {
  const table = {
    name: { kind: 'text', aliases: ['title'], sort: true, description: 'name' },
    size: { kind: 'number', filter: false, description: 'bytes' },
    born: { kind: 'time', description: 'when it was made' },
  } as const satisfies FieldTable
  assert.deepEqual(narrow(table, { filter: ['name', 'size'], sort: ['size'] }), {
    name: { kind: 'text', aliases: ['title'], description: 'name' },
    size: { kind: 'number', sort: true, description: 'bytes' },
  })
  assert.deepEqual(narrow(table, { sort: ['born'] }), {
    born: { kind: 'time', filter: false, sort: true, description: 'when it was made' },
  })
  assert.deepEqual(narrow(table, {}), {})
})

test('severities go from unknown to critical, so that unknown is never more than low', () => {
  assert.deepEqual(tables.severityWords, [
    'Unknown',
    'None',
    'Negligible',
    'Low',
    'Medium',
    'High',
    'Critical',
  ])
})
