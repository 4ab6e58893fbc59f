import type { Column, Columns } from './columns.ts'
import type { CheckedCondition, Operand } from './condition.ts'

/** One for each row that meets a condition. */
export type Mask = Uint8Array

/**
 * How a condition reads what is not known or is several things at once.
 * `judge` (block, alert): any of several values meets it, and what is not known is not the value that was asked for.
 * `spare` (allow, exclusions): all of several values must meet it, and what is not known never does.
 */
export type Leaning = 'judge' | 'spare'

const day = 86_400_000

/** The rows of its subject that meet a condition now. */
export function conditionMask(
  { prop, operand }: CheckedCondition,
  leaning: Leaning,
  columns: Columns,
  now: number,
): Mask {
  if (operand.kind === 'rank' && prop.kind === 'word') return rankMask(columns.ranks(prop), operand)
  const column = columns.of(prop)
  if (operand.kind === 'text' && column.kind === 'text') {
    const every = leaning === 'spare' && !(prop.kind === 'text' && prop.many === 'names')
    return textMask(column, operand, leaning, every)
  }
  const missing = leaning === 'judge' ? 1 : 0
  if (operand.kind === 'number' && column.kind === 'number') return numberMask(column.rows, operand, missing)
  if (operand.kind === 'days' && column.kind === 'days') return daysMask(column.rows, operand, missing, now)
  if (operand.kind === 'boolean' && column.kind === 'boolean') {
    const wanted = operand.value ? 1 : 0
    return column.rows.map((value) => {
      if (value === 2) return operand.negated ? missing : 0
      return Number((value === wanted) !== operand.negated)
    })
  }
  throw new Error(`the condition on ${prop.name} does not fit what is read`)
}

/** The first instant after `now` at which a row's answer to a condition on days may change; Infinity: never. */
export function nextChange({ operand }: CheckedCondition, since: number, now: number): number {
  if (operand.kind !== 'days' || Number.isNaN(since)) return Number.POSITIVE_INFINITY
  let next = Number.POSITIVE_INFINITY
  const consider = (instant: number) => {
    if (instant > now && instant < next) next = instant
  }
  for (const days of operand.days) {
    const at = Math.ceil(since + days * day)
    if (operand.op === 'gte' || operand.op === 'lt') consider(at)
    else if (operand.op === 'gt' || operand.op === 'lte') consider(Math.floor(since + days * day) + 1)
    else {
      consider(at)
      consider(at + day)
    }
  }
  return next
}

function rankMask(ranks: Int8Array, { from, to }: Operand & { readonly kind: 'rank' }): Mask {
  const mask = new Uint8Array(ranks.length)
  for (let row = 0; row < ranks.length; row++) {
    const rank = ranks[row] ?? -1
    if (rank >= from && rank <= to) mask[row] = 1
  }
  return mask
}

function textMask(
  column: Column & { readonly kind: 'text' },
  operand: Operand & { readonly kind: 'text' },
  leaning: Leaning,
  every: boolean,
): Mask {
  const { rows } = column
  const some = someMask(column, operand)
  if (operand.negated) {
    const missing = leaning === 'judge' ? 1 : 0
    for (let row = 0; row < some.length; row++) {
      some[row] = rows[row]?.length === 0 ? missing : 1 - (some[row] ?? 0)
    }
    return some
  }
  if (!every) return some
  const fits = (text: string) => operand.exact.has(text) || operand.patterns.some(({ fits }) => fits(text))
  for (let row = 0; row < some.length; row++) if (some[row] === 1 && !rows[row]?.every(fits)) some[row] = 0
  return some
}

/** The rows that have a text which fits. */
function someMask(
  column: Column & { readonly kind: 'text' },
  { exact, patterns }: Operand & { readonly kind: 'text' },
): Mask {
  const { rows, places } = column
  const mask = new Uint8Array(rows.length)
  const mark = (found: readonly number[] | undefined) => {
    if (found) for (const row of found) mask[row] = 1
  }
  if (exact.size < places.size) for (const text of exact) mark(places.get(text))
  else for (const [text, found] of places) if (exact.has(text)) mark(found)
  for (const { prefix, fits } of patterns) {
    const candidates = prefix === '' ? places.keys() : (column.initials.get(prefix.charAt(0)) ?? [])
    for (const text of candidates) if (fits(text)) mark(places.get(text))
  }
  return mask
}

function numberMask(
  rows: Float64Array,
  { accepts, negated }: Operand & { readonly kind: 'number' },
  missing: number,
): Mask {
  const mask = new Uint8Array(rows.length)
  for (let row = 0; row < rows.length; row++) {
    const value = rows[row] ?? Number.NaN
    if (Number.isNaN(value)) mask[row] = negated ? missing : 0
    else mask[row] = accepts(value) === negated ? 0 : 1
  }
  return mask
}

function daysMask(
  rows: Float64Array,
  { op, days }: Operand & { readonly kind: 'days' },
  missing: number,
  now: number,
): Mask {
  const mask = new Uint8Array(rows.length)
  const bound = (days[0] ?? 0) * day
  for (let row = 0; row < rows.length; row++) {
    const since = rows[row] ?? Number.NaN
    if (Number.isNaN(since)) {
      mask[row] = op === 'not_in' ? missing : 0
      continue
    }
    const age = now - since
    if (op === 'gt') mask[row] = age > bound ? 1 : 0
    else if (op === 'gte') mask[row] = age >= bound ? 1 : 0
    else if (op === 'lt') mask[row] = age < bound ? 1 : 0
    else if (op === 'lte') mask[row] = age <= bound ? 1 : 0
    else mask[row] = days.includes(Math.floor(age / day)) === (op === 'in') ? 1 : 0
  }
  return mask
}
