import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSort, readFilter } from '@lanner/fql'
import { sql } from 'kysely'
import { testDatabase } from '../testing/database.ts'
import { columnFor } from './columns.ts'
import { compileFilter } from './compile-filter.ts'
import { compileSort } from './compile-sort.ts'
import { blocks } from './testing/blocks.ts'
import { compiled, nowhere } from './testing/compiled.ts'
import { itemColumns, itemFields, makeItems } from './testing/items.ts'

const now = new Date('2026-04-01T12:00:00Z')

function condition(filter: string) {
  return compileFilter(readFilter(filter, itemFields, { now }), itemColumns)
}

function order(sort: string) {
  return compileSort(parseSort(sort, itemFields), itemColumns, sql`item.id`)
}

for (const { input, text, parameters } of blocks('filters.txt')) {
  test(`${input} becomes SQL`, () => {
    const query = compiled(condition(input))
    assert.equal(query.sql, text)
    assert.deepEqual(query.parameters, parameters)
  })
}

for (const { input, text, parameters } of blocks('sorts.txt')) {
  test(`sorting by ${input} becomes SQL`, () => {
    const query = compiled(order(input))
    assert.equal(query.sql, text)
    assert.deepEqual(query.parameters, parameters)
  })
}

test('a filter of nothing selects everything, an order of nothing goes by the tie-breaker', () => {
  assert.equal(compiled(condition(' ')).sql, 'true')
  assert.equal(compiled(compileFilter({ kind: 'or', operands: [] }, itemColumns)).sql, 'false')
  assert.equal(compiled(order('')).sql, 'item.id asc')
})

test('conditions and orders fit into built queries', () => {
  const query = nowhere
    .selectFrom('item')
    .select('id')
    .where('id', '>', 7)
    .where(condition("registry:'x',running:true"))
    .orderBy(order('registry.desc'))
    .limit(10)
    .compile()
  assert.equal(
    query.sql,
    'select "id" from "item" where "id" > $1 and (item.registry = $2::text or item.running = $3::boolean) ' +
      'order by item.registry desc nulls last, item.id desc limit $4',
  )
  assert.deepEqual(query.parameters, [7, 'x', true, 10])
})

test('a field of another table is a mistake of the program', () => {
  assert.throws(() => columnFor(itemColumns, '__proto__'), TypeError)
  assert.throws(() => columnFor(itemColumns, 'toString'), TypeError)
})

test('filters and orders find rows', async (t) => {
  const { database } = await testDatabase(t, { empty: true })
  await makeItems(database as never) // These tables are not the server's.
  const ids = async (query: ReturnType<typeof sql<{ id: number }>>) =>
    (await query.execute(database)).rows.map(({ id }) => id)
  for (const { input, rows } of blocks('filters.txt'))
    assert.deepEqual(await ids(sql`select id from item where ${condition(input)} order by id`), rows, input)
  for (const { input, rows } of blocks('sorts.txt'))
    assert.deepEqual(await ids(sql`select id from item order by ${order(input)}`), rows, input)
})

test('numbers beyond what a column holds are compared all the same', async (t) => {
  const { database } = await testDatabase(t, { empty: true })
  await makeItems(database as never) // These tables are not the server's.
  for (const number of [
    '9'.repeat(300),
    '-99999999999',
    '0.0000000000000000000000000000000000000000000000000001',
  ]) {
    for (const field of ['vulnerabilities', 'score'])
      for (const operator of ['', '!', '>', '<='])
        await sql`select from item where ${condition(`${field}:${operator}${number}`)}`.execute(database)
  }
})
