import type { FieldFacts, SortColumn } from '@lanner/fql'
import { type Expression, type RawBuilder, sql } from 'kysely'
import { type Column, type Columns, columnFor } from './columns.ts'

/**
 * What stands behind `order by`. No value is less than any value: first when ascending, last when descending.
 * The tie-breaker must be unique and never null, so that pages neither overlap nor leave gaps; it goes the way of the
 * first column, for an index over both to be read forwards or backwards.
 */
export function compileSort(
  keys: readonly SortColumn[],
  columns: Columns,
  tieBreaker: Expression<unknown>,
): RawBuilder<unknown> {
  const order = keys.map(({ field, descending }) => {
    const column = columnFor(columns, field)
    const value = sortValue(column, columns.fields[field])
    if (!column.nullable) return descending ? sql`${value} desc` : sql`${value} asc`
    return descending ? sql`${value} desc nulls last` : sql`${value} asc nulls first`
  })
  order.push(keys[0]?.descending ? sql`${tieBreaker} desc` : sql`${tieBreaker} asc`)
  return sql.join(order)
}

function sortValue(column: Column, { words, ordered }: FieldFacts): Expression<unknown> {
  const value = column.sort ?? column.source
  if (typeof value === 'function') throw new TypeError('a column of related rows gives no order')
  if (column.kind !== 'word' || column.ranks !== undefined || column.sort || !ordered) return value
  return sql`array_position(${words ?? []}::text[], ${value})`
}
