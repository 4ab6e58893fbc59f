import { readMoment } from './dates.ts'
import { FqlFault, shown } from './fault.ts'
import { findField } from './fields.ts'
import { parseFilter } from './parse.ts'
import type {
  Checked,
  Clause,
  Comparison,
  Expression,
  FieldFacts,
  FieldFactTable,
  Operator,
  Scalar,
  Value,
} from './tree.ts'
import { wordsOf } from './words.ts'

/** What checking depends on beside the filter and the table. */
export interface CheckOptions {
  /** The instant that `'now-7d'` counts from. */
  readonly now: Date
}

/** Reads a filter and checks it against a field table. Throws FqlFault. */
export function readFilter(text: string, table: FieldFactTable, options: CheckOptions): Checked {
  return checkFilter(parseFilter(text), table, options)
}

/**
 * Decides what every clause means for the kind of its field: names and aliases become the table's names, quoted numbers
 * numbers, words the table's spelling, dates instants. Throws FqlFault.
 */
export function checkFilter(expression: Expression, table: FieldFactTable, options: CheckOptions): Checked {
  if (expression.kind !== 'clause')
    return {
      kind: expression.kind,
      operands: expression.operands.map((operand) => checkFilter(operand, table, options)),
    }
  const { field, facts } = findField(table, 'filter', expression.field, expression.fieldSpan)
  const clause: Subject = { ...expression, field, facts, now: options.now }
  const { base, negated } = plain(expression.operator)
  const comparisons = compared(clause, base, negated)
  const checked = comparisons.map((comparison) => ({ kind: 'field', field, facts, comparison }) as const)
  if (checked.length === 1) return checked[0]
  return { kind: negated ? 'and' : 'or', operands: checked }
}

interface Subject extends Clause {
  readonly facts: FieldFacts
  readonly now: Date
}

type Base = Exclude<Operator, '!' | '!~' | '!*'>

function plain(operator: Operator): { base: Base; negated: boolean } {
  if (operator === '!') return { base: '', negated: true }
  if (operator === '!~') return { base: '~', negated: true }
  if (operator === '!*') return { base: '*', negated: true }
  return { base: operator, negated: false }
}

/** One comparison, or several of which any holds (when negated: all). */
function compared(clause: Subject, base: Base, negated: boolean): readonly Comparison[] {
  if (clause.value.kind !== 'list') return [comparison(clause, base, negated, clause.value)]
  if (isOrder(base)) throw badValue(clause, clause.value, `a list cannot be compared by ${base}`)
  const scalars = new Set<Scalar>()
  const others: Comparison[] = []
  for (const value of clause.value.values) {
    const member = comparison(clause, base, negated, value)
    if (member.kind === 'equal') scalars.add(member.value)
    else if (member.kind === 'any') for (const scalar of member.values) scalars.add(scalar)
    else others.push(member)
  }
  return scalars.size === 0 ? others : [anyOf([...scalars], negated), ...others]
}

function anyOf(values: readonly Scalar[], negated: boolean): Comparison {
  return values.length === 1 ? { kind: 'equal', value: values[0], negated } : { kind: 'any', values, negated }
}

function comparison(clause: Subject, base: Base, negated: boolean, value: Value): Comparison {
  if (value.kind === 'null') {
    if (base !== '') throw badValue(clause, value, 'null can only be compared by : and :!')
    return { kind: 'null', negated }
  }
  switch (clause.facts.kind) {
    case 'text':
      return ofText(clause, base, negated, value)
    case 'word':
      return ofWord(clause, base, negated, value)
    case 'time':
      return ofTime(clause, base, negated, value)
    default:
      return ofScalar(clause, base, negated, value)
  }
}

function ofText(clause: Subject, base: Base, negated: boolean, value: Value): Comparison {
  const text = written(value)
  if (isOrder(base)) return { kind: 'compare', operator: base, value: text }
  if (base === '~') {
    const words = wordsOf(text)
    if (words.length === 0) throw badValue(clause, value, 'there is no word to look for in')
    return { kind: 'words', words, negated }
  }
  return value.kind === 'text' && value.parts.length > 1
    ? { kind: 'wildcard', parts: value.parts, negated }
    : { kind: 'equal', value: text, negated }
}

function ofWord(clause: Subject, base: Base, negated: boolean, value: Value): Comparison {
  const known = clause.facts.words ?? []
  const text = written(value)
  if (isOrder(base)) {
    if (!clause.facts.ordered) throw badValue(clause, value, `its words have no order for ${base} with`)
    return { kind: 'compare', operator: base, value: meant(clause, value, known, base)[0] }
  }
  if (base === '~' && wordsOf(text).length === 0)
    throw badValue(clause, value, 'there is no word to look for in')
  return anyOf(meant(clause, value, known, base), negated)
}

/** The words of the table that a value means, at least one. */
function meant(clause: Subject, value: Value, known: readonly string[], base: Base): readonly string[] {
  const text = written(value).toLowerCase()
  const parts =
    value.kind === 'text' && !isOrder(base) ? value.parts.map((part) => part.toLowerCase()) : [text]
  const sought = wordsOf(text)
  const words = known.filter((word) => {
    if (base !== '~') return matches(word.toLowerCase(), parts)
    const own = wordsOf(word)
    return sought.every((one) => own.includes(one))
  })
  if (words.length === 0) throw badValue(clause, value, 'no such word:', `words are ${known.join(', ')}`)
  return words
}

/** Whether the parts occur one after the other, the first at the beginning and the last at the end. */
function matches(text: string, parts: readonly string[]): boolean {
  if (parts.length === 1) return text === parts[0]
  const [head, ...middle] = parts
  const tail = middle.pop() ?? ''
  if (!text.startsWith(head)) return false
  let at = head.length
  for (const part of middle) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - tail.length >= at && text.endsWith(tail)
}

function ofTime(clause: Subject, base: Base, negated: boolean, value: Value): Comparison {
  if (base === '~' || base === '*') throw badValue(clause, value, `a time cannot be compared by ${base} with`)
  const moment = readMoment(written(value), clause.now)
  if (moment === undefined)
    throw badValue(
      clause,
      value,
      'no date:',
      "dates are '2026-03-02T09:14:05Z', '2026-03', 'now' or 'now-7d'",
    )
  if (moment.kind === 'instant')
    return isOrder(base)
      ? { kind: 'compare', operator: base, value: moment.at }
      : { kind: 'equal', value: moment.at, negated }
  switch (base) {
    case '>':
      return { kind: 'compare', operator: '>=', value: moment.to }
    case '>=':
      return { kind: 'compare', operator: '>=', value: moment.from }
    case '<':
      return { kind: 'compare', operator: '<', value: moment.from }
    case '<=':
      return { kind: 'compare', operator: '<', value: moment.to }
    default:
      return { kind: 'within', from: moment.from, to: moment.to, negated }
  }
}

const numeral = /^-?\d+(?:\.\d+)?$/

function ofScalar(clause: Subject, base: Base, negated: boolean, value: Value): Comparison {
  const { kind } = clause.facts
  if (base === '~' || base === '*' || (kind === 'boolean' && base !== ''))
    throw badValue(clause, value, `a ${kind} cannot be compared by ${base} with`)
  const scalar = kind === 'boolean' ? booleanOf(written(value)) : numberOf(written(value))
  if (scalar === undefined)
    throw badValue(clause, value, `no ${kind}:`, kind === 'boolean' ? 'it is true or false' : undefined)
  return isOrder(base)
    ? { kind: 'compare', operator: base, value: scalar }
    : { kind: 'equal', value: scalar, negated }
}

function booleanOf(text: string): boolean | undefined {
  const word = text.toLowerCase()
  return word === 'true' ? true : word === 'false' ? false : undefined
}

function numberOf(text: string): number | undefined {
  const number = numeral.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

function isOrder(base: Base): base is '>' | '>=' | '<' | '<=' {
  return base === '>' || base === '>=' || base === '<' || base === '<='
}

/** A value's own text, however it was quoted. */
function written(value: Value): string {
  if (value.kind === 'text') return value.parts.join('*')
  if (value.kind === 'number') return value.text
  return value.kind === 'boolean' ? String(value.boolean) : ''
}

function badValue(clause: Subject, value: Value, problem: string, hint?: string): FqlFault {
  const what =
    value.kind === 'list' || value.kind === 'null' ? problem : `${problem} ${shown(written(value))}`
  return new FqlFault('bad-value', `${clause.field}: ${what}`, value.span, hint)
}
