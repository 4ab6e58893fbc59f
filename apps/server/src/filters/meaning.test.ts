import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Checked,
  type Comparison,
  type FieldFactTable,
  readFilter,
  type Scalar,
  wordsOf,
} from '@lanner/fql'
import fc from 'fast-check'
import { sql } from 'kysely'
import { testDatabase } from '../testing/database.ts'
import { boolean, columns, number, rank, text, time } from './columns.ts'
import { compileFilter } from './compile-filter.ts'

const words: readonly string[] = ['Low', 'Medium', 'High']
const fields = {
  name: { kind: 'text' },
  size: { kind: 'number' },
  on: { kind: 'boolean' },
  at: { kind: 'time' },
  grade: { kind: 'word', words, ordered: true },
  label: { kind: 'text' },
} as const satisfies FieldFactTable

const thing = columns(fields, {
  name: text(sql`thing.name`),
  size: number(sql`thing.size`),
  on: boolean(sql`thing.lit`),
  at: time(sql`thing.at`),
  grade: rank(sql`thing.grade`),
  label: text(
    (compare) => sql`exists (select from label where label.thing = thing.id and ${compare(sql`label.text`)})`,
  ),
})

type Value = Scalar | null
/** Every field as the values that a row has for it: one, or for labels any number. */
type Row = Readonly<Record<keyof typeof fields, readonly Value[]>>

const names = ['', 'a', 'A', 'ab', 'a b', 'a.B', 'b%', 'b_', 'b\\', '*', 'é', null]
const times = [
  '2025-12-31T23:59:59.999Z',
  '2026-01-01T00:00:00Z',
  '2026-02-28T12:30:15.5Z',
  '2026-03-01T00:00:00Z',
]
const rows: readonly Row[] = Array.from({ length: 60 }, (_, index) => {
  const pick = <T>(values: readonly T[], stride: number) => values[Math.floor(index / stride) % values.length]
  return {
    name: [pick(names, 1)],
    size: [pick([0, 1, 2.5, -3, null], 2)],
    on: [pick([true, false, null], 1)],
    at: [pick([...times.map((at) => Date.parse(at)), null], 1)],
    grade: [pick([...words, null], 3)],
    label: pick([[], ['a'], ['a', 'b%'], ['A b']], 4),
  }
})

const quoted = fc.constantFrom('', 'a', 'A', 'b%', 'b_', 'b\\\\', 'a b', '*', 'a*', '*b*', '*%', '\\*', 'é')
const clause = fc
  .oneof(
    fc.tuple(
      fc.constantFrom('name', 'label'),
      fc.oneof(
        fc
          .tuple(fc.constantFrom('', '!', '*', '!*'), quoted)
          .map(([operator, value]) => `${operator}'${value}'`),
        fc
          .tuple(fc.constantFrom('', '!'), fc.array(quoted, { minLength: 1, maxLength: 3 }))
          .map(([operator, values]) => `${operator}[${values.map((value) => `'${value}'`).join(',')},null]`),
        fc.constantFrom("~'a'", "!~'A b'", "~'b'", "!~'é'", 'null', '!null'),
      ),
    ),
    fc.tuple(
      fc.constant('size'),
      fc.constantFrom(
        '1',
        '!1',
        '>0',
        '<=2.5',
        '>=-3',
        '<1',
        '[0,1]',
        '![0,2.5,null]',
        'null',
        '!null',
        '!>1',
      ),
    ),
    fc.tuple(fc.constant('on'), fc.constantFrom('true', '!true', 'false', '!false', 'null', '!null')),
    fc.tuple(
      fc.constant('at'),
      fc.constantFrom(
        "'2026'",
        "!'2026-02'",
        ">'2026-02'",
        "<='2025'",
        ">='2026-02-28T12:30:15Z'",
        ">'2026-02-28T12:30:15Z'",
        "<'now-1d'",
        "['2025','2026-03-01']",
        "!['2026-01','now-1d',null]",
        'null',
      ),
    ),
    fc.tuple(
      fc.constant('grade'),
      fc.constantFrom(
        "'low'",
        "!'HIGH'",
        ">'low'",
        "<='medium'",
        "['Low','High']",
        "!['Low',null]",
        'null',
        "'*i*'",
      ),
    ),
  )
  .map(([field, rest]) => `${field}:${rest}`)

const { filter } = fc.letrec<{ filter: string; clause: string; group: string }>((tie) => ({
  filter: fc.oneof({ maxDepth: 3 }, tie('clause'), tie('group')),
  clause,
  group: fc
    .tuple(tie('filter'), fc.constantFrom('+', ',', ' '), tie('filter'))
    .map(([left, operator, right]) => `(${left}${operator}${right})`),
}))

test('SQL finds what the filter means', async (t) => {
  const { database } = await testDatabase(t, { empty: true })
  await sql`create table thing (id integer primary key, name text collate "C", size double precision, lit boolean,
    at timestamptz, grade smallint)`.execute(database)
  await sql`create table label (thing integer not null, text text not null)`.execute(database)
  for (const [id, row] of rows.entries()) {
    const at = row.at[0] === null ? null : new Date(Number(row.at[0])).toISOString()
    const grade = row.grade[0] === null ? null : words.indexOf(String(row.grade[0]))
    await sql`insert into thing values (${id}, ${row.name[0]}, ${row.size[0]}, ${row.on[0]}, ${at}, ${grade})`.execute(
      database,
    )
    for (const label of row.label) await sql`insert into label values (${id}, ${label})`.execute(database)
  }
  const property = fc.asyncProperty(filter, async (written) => {
    const checked = readFilter(written, fields, { now: new Date('2026-03-01T00:00:00Z') })
    const found = await sql<{
      id: number
    }>`select id from thing where ${compileFilter(checked, thing)} order by id`.execute(database)
    const meant = [...rows.keys()].filter((id) => holds(checked, rows[id]))
    assert.deepEqual(
      found.rows.map(({ id }) => id),
      meant,
    )
  })
  await fc.assert(property, { numRuns: 300 })
})

/** What a filter means, as docs/how-to/query-with-fql.md says it, worked out without a database. */
function holds(checked: Checked, row: Row): boolean {
  if (checked.kind !== 'field') {
    const { kind, operands } = checked
    return kind === 'and' ? operands.every((one) => holds(one, row)) : operands.some((one) => holds(one, row))
  }
  const { comparison, field } = checked
  const values = row[field as keyof Row].filter((value) => value !== null) // Fields of the table above.
  const negated = comparison.kind !== 'compare' && comparison.negated
  const plain =
    comparison.kind === 'null' ? values.length === 0 : values.some((value) => compares(comparison, value))
  return plain !== negated
}

function compares(comparison: Exclude<Comparison, { kind: 'null' }>, value: Scalar): boolean {
  switch (comparison.kind) {
    case 'equal':
      return value === comparison.value
    case 'any':
      return comparison.values.includes(value)
    case 'wildcard': {
      const escaped = comparison.parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      return new RegExp(`^${escaped.join('.*')}$`, 's').test(String(value))
    }
    case 'words':
      return comparison.words.every((word) => wordsOf(String(value)).includes(word))
    case 'within':
      return Number(value) >= comparison.from && Number(value) < comparison.to
    case 'compare': {
      const [left, right] = [value, comparison.value].map((side) =>
        typeof side === 'string' ? words.indexOf(side) : Number(side),
      )
      const { operator } = comparison
      if (left === right) return operator.endsWith('=')
      return operator.startsWith('>') ? left > right : left < right
    }
  }
}
