import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FieldFactTable, FqlFault, parseSort, readFilter } from '@lanner/fql'
import { sql } from 'kysely'
import { testDatabase } from '../testing/database.ts'
import { columns, text } from './columns.ts'
import { compileFilter } from './compile-filter.ts'
import { compiled } from './testing/compiled.ts'

const fields = {
  name: { kind: 'text', sort: true },
  other: { kind: 'text' },
} as const satisfies FieldFactTable

const named = columns(fields, {
  name: text(sql`victim.name`),
  other: text(
    (compare) => sql`exists (select from victim o where o.id = victim.id and ${compare(sql`o.name`)})`,
  ),
})

const hostile = [
  `'; drop table victim; --`,
  `' or '1'='1`,
  `" or ""="`,
  `'/*`,
  `*/ or true /*`,
  `-- `,
  `\\'; drop table victim; --`,
  `\\`,
  `\\\\`,
  `a\\`,
  `%`,
  `_`,
  `%_\\%`,
  `\\%`,
  `*`,
  `**`,
  `$1`,
  `$$; drop table victim; $$`,
  `E'\\x27'`,
  `{}`,
  `{"a",NULL}`,
  `","`,
  `NULL`,
  `null`,
  `now()`,
  `pg_sleep(10)`,
  `\u02BC or 1=1`,
  `\uFF07 or 1=1`,
  String.raw`\u0000`,
  `\u202Etxet`,
  `🐳 ' 鯨`,
  `e\u0301`,
  `\u00E9`,
  `\r\n\t`,
  `\u0001`,
  '`',
  '$' + '{1}',
  '',
]

/** Text as a filter quotes it, by the grammar's own rule. */
function quoted(value: string): string {
  return `'${literal(value)}'`
}

function literal(value: string): string {
  return value.replaceAll(/[\\'*]/g, '\\$&')
}

function condition(filter: string) {
  return compileFilter(readFilter(filter, fields, { now: new Date(0) }), named)
}

test('a value changes the parameters and never the text', () => {
  for (const field of Object.keys(fields)) {
    for (const around of [
      (value: string) => `${field}:${quoted(value)}`,
      (value: string) => `${field}:!${quoted(value)}`,
      (value: string) => `${field}:>${quoted(value)}`,
      (value: string) => `${field}:'*${literal(value)}*'`,
      (value: string) => `${field}:*'${literal(value)}*'`,
      (value: string) => `${field}:~${quoted(`x${value}x`)}`,
      (value: string) => `${field}:[${quoted(value)},'harmless']`,
    ]) {
      const harmless = compiled(condition(around('x')))
      for (const value of hostile) {
        const query = compiled(condition(around(value)))
        assert.equal(query.sql, harmless.sql, around(value))
        assert.equal(query.parameters.length, harmless.parameters.length)
      }
    }
  }
})

test('names come from the table or not at all', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'victim', 'id', 'name.id'])
    assert.throws(() => condition(`${name}:'x'`), { code: 'unknown-field' })
  for (const name of [`name'`, `name"`, 'name;', 'name--', 'na/**/me', '(select 1)', 'name\0', 'náme'])
    assert.throws(() => condition(`${name}:'x'`), FqlFault)
  for (const sort of [
    'constructor',
    '__proto__',
    'id',
    'name;drop table victim',
    'name desc--',
    "name'.asc",
    '1',
  ])
    assert.throws(() => parseSort(sort, fields), FqlFault)
})

test('NUL never reaches the database', () => {
  assert.throws(() => condition(`name:'a\0b'`), { code: 'malformed' })
})

test('hostile values find themselves, and the table is still there', async (t) => {
  const { database } = await testDatabase(t, { empty: true })
  await sql`create table victim (id integer primary key, name text not null)`.execute(database)
  for (const [id, name] of hostile.entries())
    await sql`insert into victim values (${id}, ${name})`.execute(database)
  const found = async (filter: string) => {
    const { rows } = await sql<{
      id: number
    }>`select id from victim where ${condition(filter)} order by id`.execute(database)
    return rows.map(({ id }) => id)
  }
  const those = (holds: (name: string) => boolean) => [...hostile.keys()].filter((id) => holds(hostile[id]))
  for (const value of hostile) {
    assert.deepEqual(
      await found(`name:${quoted(value)}`),
      those((name) => name === value),
    )
    assert.deepEqual(
      await found(`other:!${quoted(value)}`),
      those((name) => name !== value),
    )
    assert.deepEqual(
      await found(`name:[${quoted(value)},'?']`),
      those((name) => name === value),
    )
    assert.deepEqual(
      await found(`name:'*${literal(value)}*'`),
      those((name) => name.includes(value)),
    )
    assert.deepEqual(
      await found(`other:!*'${literal(value)}*'`),
      those((name) => !name.startsWith(value)),
    )
    await found(`name:~${quoted(`x${value}`)}`)
    await found(`name:>${quoted(value)}`)
  }
  assert.equal((await found('')).length, hostile.length)
})
