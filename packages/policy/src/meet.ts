import type { Column, Columns } from './columns.ts'
import type { CheckedCondition, Operand } from './condition.ts'
import { nextNumber } from './next-number.ts'
import { allRows, hasRow, noRows, type Rows, rowsWhere, rowsWithin, takeOut } from './rows.ts'

/**
 * How a condition reads what is not known or is several things at once.
 * `judge` (block, alert): any of several values meets it, and what is not known is not the value that was asked for.
 * `spare` (allow, exclusions): all of several values must meet it, and what is not known never does.
 */
export type Leaning = 'judge' | 'spare'

const day = 86_400_000

/** The rows of its subject that meet a condition now. */
export function rowsMeeting(
  { prop, operand }: CheckedCondition,
  leaning: Leaning,
  columns: Columns,
  now: number,
): Rows {
  if (operand.kind === 'rank' && prop.kind === 'word') return rowsByRank(columns.ranks(prop), operand)
  const column = columns.of(prop)
  if (operand.kind === 'text' && column.kind === 'text') {
    const every = leaning === 'spare' && !(prop.kind === 'text' && prop.many === 'names')
    return rowsByText(column, operand, leaning, every)
  }
  if (operand.kind === 'range' && column.kind === 'number')
    return rowsWithin(column.rows, operand.low, operand.high)
  const missing = leaning === 'judge'
  if (operand.kind === 'number' && column.kind === 'number')
    return rowsByNumber(column.rows, operand, missing)
  if (operand.kind === 'days' && column.kind === 'days') return rowsByDays(column.rows, operand, missing, now)
  if (operand.kind === 'boolean' && column.kind === 'boolean') {
    const { value, negated } = operand
    const { rows } = column
    const wanted = value ? 1 : 0
    return rowsWhere(rows.length, (row) =>
      rows[row] === 2 ? negated && missing : (rows[row] === wanted) !== negated,
    )
  }
  throw new Error(`the condition on ${prop.name} does not fit what is read`)
}

/** The first instant after `now` at which the answer of one of the rows to a condition on days may change; Infinity: never. */
export function nextChange(
  { operand }: CheckedCondition,
  since: Float64Array,
  rows: Rows,
  now: number,
): number {
  if (operand.kind !== 'days') return Number.POSITIVE_INFINITY
  const { op, days } = operand
  let next = Number.POSITIVE_INFINITY
  for (const count of op === 'in' || op === 'not_in' ? days.flatMap((one) => [one, one + 1]) : days) {
    const bound = count * day
    for (let row = 0; row < since.length; row++) {
      const instant = (since[row] as number) + bound
      // What is strictly beyond a bound begins a moment after it; instants are whole milliseconds.
      const at = op === 'gt' || op === 'lte' ? Math.floor(instant) + 1 : Math.ceil(instant)
      if (at > now && at < next && hasRow(rows, row)) next = at
    }
  }
  return next
}

function rowsByRank(ranks: Int8Array, { from, to }: Operand & { readonly kind: 'rank' }): Rows {
  return rowsWhere(ranks.length, (row) => {
    const rank = ranks[row] ?? -1
    return rank >= from && rank <= to
  })
}

function rowsByText(
  column: Column & { readonly kind: 'text' },
  operand: Operand & { readonly kind: 'text' },
  leaning: Leaning,
  every: boolean,
): Rows {
  const { rows } = column
  const some = rowsWithSome(column, operand)
  if (operand.negated) {
    const others = allRows(rows.length)
    takeOut(others, some)
    if (leaning === 'spare')
      takeOut(
        others,
        rowsWhere(rows.length, (row) => rows[row]?.length === 0),
      )
    return others
  }
  if (!every) return some
  const fits = (text: string) => operand.exact.has(text) || operand.patterns.some(({ fits }) => fits(text))
  return rowsWhere(rows.length, (row) => hasRow(some, row) && rows[row]?.every(fits) === true)
}

/** The rows that have a text which fits. */
function rowsWithSome(
  column: Column & { readonly kind: 'text' },
  { exact, patterns }: Operand & { readonly kind: 'text' },
): Rows {
  const { rows, places } = column
  const some = noRows(rows.length)
  if (exact.size < places.size) for (const text of exact) places.addTo(some, text)
  else for (const text of places.texts()) if (exact.has(text)) places.addTo(some, text)
  for (const { prefix, fits } of patterns) {
    const { sorted } = column
    for (let at = firstFrom(sorted, prefix); at < sorted.length; at++) {
      const text = sorted[at] ?? ''
      if (!text.startsWith(prefix)) break
      if (fits(text)) places.addTo(some, text)
    }
  }
  return some
}

/** Where the texts that begin so begin. */
function firstFrom(sorted: readonly string[], prefix: string): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((sorted[middle] ?? '') < prefix) from = middle + 1
    else to = middle
  }
  return from
}

function rowsByNumber(
  rows: Float64Array,
  { numbers, negated }: Operand & { readonly kind: 'number' },
  missing: boolean,
): Rows {
  return rowsWhere(rows.length, (row) => {
    const value = rows[row] ?? Number.NaN
    return Number.isNaN(value) ? negated && missing : numbers.has(value) !== negated
  })
}

function rowsByDays(
  rows: Float64Array,
  { op, days }: Operand & { readonly kind: 'days' },
  missing: boolean,
  now: number,
): Rows {
  // An age of so many days is an instant so long ago.
  const instant = now - (days[0] ?? 0) * day
  if (op === 'gte') return rowsWithin(rows, Number.NEGATIVE_INFINITY, instant)
  if (op === 'gt') return rowsWithin(rows, Number.NEGATIVE_INFINITY, nextNumber(instant, -1))
  if (op === 'lte') return rowsWithin(rows, instant, Number.POSITIVE_INFINITY)
  if (op === 'lt') return rowsWithin(rows, nextNumber(instant, 1), Number.POSITIVE_INFINITY)
  return rowsWhere(rows.length, (row) => {
    const since = rows[row] ?? Number.NaN
    if (Number.isNaN(since)) return op === 'not_in' && missing
    return days.includes(Math.floor((now - since) / day)) === (op === 'in')
  })
}
