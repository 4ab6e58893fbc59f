import type { Checked, Comparison, FieldFacts, Scalar } from '@lanner/fql'
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { type Column, type Columns, columnFor } from './columns.ts'
import { numbersOfWords, wordsThatCompare } from './ranks.ts'

type Field = Extract<Checked, { kind: 'field' }>
/** Everything but null, which has no value to compare with. */
type Valued = Exclude<Comparison, { kind: 'null' }>

/**
 * A filter as a condition for `where`. Values are parameters, always; columns are those of the field table.
 * A negated comparison is true for rows without a value; over related rows it says that none of them compares.
 */
export function compileFilter(checked: Checked, columns: Columns): RawBuilder<SqlBool> {
  if (checked.kind === 'field') return compileField(checked, columnFor(columns, checked.field))
  if (checked.operands.length === 0) return checked.kind === 'and' ? sql`true` : sql`false`
  const operands = checked.operands.map((operand) => compileFilter(operand, columns))
  return sql`(${sql.join(operands, checked.kind === 'and' ? sql` and ` : sql` or `)})`
}

function compileField({ comparison, facts }: Field, column: Column): RawBuilder<SqlBool> {
  const { source } = column
  if (typeof source === 'function') {
    const there = (value: Expression<unknown>) =>
      comparison.kind === 'null'
        ? sql<SqlBool>`${value} is not null`
        : compare(value, comparison, column, facts)
    const holds = source(there)
    const negated = comparison.kind !== 'compare' && comparison.negated
    return negated === (comparison.kind === 'null') ? sql`(${holds})` : sql`not (${holds})`
  }
  if (comparison.kind === 'null')
    return comparison.negated ? sql`${source} is not null` : sql`${source} is null`
  const plain = compare(source, comparison, column, facts)
  return comparison.kind !== 'compare' && comparison.negated ? sql`(${plain}) is not true` : plain
}

/** The comparison without its negation: null where there is no value. */
function compare(
  value: Expression<unknown>,
  comparison: Valued,
  column: Column,
  facts: FieldFacts,
): RawBuilder<SqlBool> {
  switch (comparison.kind) {
    case 'equal':
      return anyOf(value, [comparison.value], column, facts)
    case 'any':
      return anyOf(value, comparison.values, column, facts)
    case 'compare':
      return column.kind === 'word'
        ? anyOf(value, wordsThatCompare(comparison, facts), column, facts)
        : sql`${value} ${sql.raw(operators[comparison.operator])} ${parameter(comparison.value, storedKind(column))}`
    case 'wildcard':
      return sql`${value} like ${likePattern(comparison.parts)}::text`
    case 'words':
      return holdsWords(value, comparison.words)
    case 'within':
      return sql`(${value} >= ${parameter(comparison.from, 'time')} and ${value} < ${parameter(comparison.to, 'time')})`
  }
}

/** The only texts that reach SQL as they are: they come from this table, not from the filter. */
const operators = { '>': '>', '>=': '>=', '<': '<', '<=': '<=' } as const

function anyOf(
  value: Expression<unknown>,
  values: readonly Scalar[],
  column: Column,
  facts: FieldFacts,
): RawBuilder<SqlBool> {
  const stored = column.ranks === undefined ? values : numbersOfWords(values, column.ranks, facts)
  const kind = storedKind(column)
  return stored.length === 1
    ? sql`${value} = ${parameter(stored[0], kind)}`
    : sql`${value} = any (${list(stored, kind)})`
}

function parameter(value: Scalar, kind: StoredKind): RawBuilder<unknown> {
  return sql`${wire(value, kind)}::${sql.raw(typeOf([value], kind))}`
}

function list(values: readonly Scalar[], kind: StoredKind): RawBuilder<unknown> {
  return sql`${values.map((value) => wire(value, kind))}::${sql.raw(typeOf(values, kind))}[]`
}

type StoredKind = FieldFacts['kind'] | 'rank' | 'real'

function storedKind(column: Column): StoredKind {
  if (column.ranks !== undefined) return 'rank'
  return column.single ? 'real' : column.kind
}

function wire(value: Scalar, kind: StoredKind): Scalar {
  if (kind === 'real') return Math.fround(Number(value)) // Infinity where PostgreSQL would refuse the number.
  return kind === 'time' ? new Date(Number(value)).toISOString() : value
}

/** Types are said so that no column's own type can make a value fail: 1e10 beside an integer is simply larger. */
function typeOf(values: readonly Scalar[], kind: StoredKind): string {
  switch (kind) {
    case 'text':
    case 'word':
      return 'text'
    case 'number':
      return values.every((value) => Number.isSafeInteger(value)) ? 'int8' : 'float8'
    case 'real':
      return 'float4'
    case 'boolean':
      return 'boolean'
    case 'time':
      return 'timestamptz'
    case 'rank':
      return 'smallint'
  }
}

function likePattern(parts: readonly string[]): string {
  return parts.map((part) => part.replaceAll(/[\\%_]/g, '\\$&')).join('%')
}

/**
 * As `wordsOf` sees text: in the C collation, case and punctuation are those of ASCII whatever the database's language is.
 * The letters alone tell of most rows that they have no such word; words hold nothing that an expression reads otherwise.
 * The planner knows of the column itself how common a word is.
 */
function holdsWords(value: Expression<unknown>, words: readonly string[]): RawBuilder<SqlBool> {
  const text = sql`(${value} collate "C")`
  const letters = words.map((word) => `%${word}%`)
  const alone = words.map((word) => `(?:^|[[:space:][:punct:]])${word}(?:$|[[:space:][:punct:]])`)
  return sql`(${text} ilike all (${letters}::text[]) and ${text} ~* all (${alone}::text[]))`
}
