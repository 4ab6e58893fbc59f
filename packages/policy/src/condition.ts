import { PolicyFault } from './fault.ts'
import { policyLimits } from './limits.ts'
import { nextNumber } from './next-number.ts'
import { type Operator, operators, type Prop, propOperators } from './prop.ts'
import { type Pattern, pattern } from './wildcard.ts'

/** A condition as people write it and as it is kept. */
export interface PolicyCondition {
  readonly prop: string
  readonly op?: string
  readonly value: unknown
}

/** What a value is compared with, read once. */
export type Operand =
  | {
      readonly kind: 'text'
      readonly negated: boolean
      readonly exact: ReadonlySet<string>
      readonly patterns: readonly Pattern[]
    }
  | { readonly kind: 'rank'; readonly from: number; readonly to: number }
  /** Within both bounds, or one of some numbers. */
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | { readonly kind: 'number'; readonly numbers: ReadonlySet<number>; readonly negated: boolean }
  | {
      readonly kind: 'days'
      readonly op: 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'not_in'
      readonly days: readonly number[]
    }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly negated: boolean }

/** A condition that was understood: its prop, its operator spelled out, and its operand. */
export interface CheckedCondition {
  readonly prop: Prop
  readonly op: Operator
  /** As written. */
  readonly value: unknown
  readonly operand: Operand
}

/** Where a condition stands: what may be named there, and how the place is called in messages. */
export interface ConditionPlace {
  /** `condition 2 of rule 1`. */
  readonly name: string
  /** The props of the place by name. */
  readonly props: ReadonlyMap<string, Prop>
  /** What the place is: `a group`, `a rule`, `an exclusion`. */
  readonly kind: string
  /** Props that exist, but not here. */
  readonly elsewhere: ReadonlyMap<string, Prop>
  /** Members beside prop, op and value. */
  readonly members: readonly string[]
}

/** Understands one condition, or says what is wrong with it and what is known instead. */
export function checkCondition(raw: unknown, place: ConditionPlace): CheckedCondition {
  const condition = record(raw, place.name)
  const known = ['prop', 'op', 'value', ...place.members]
  const stranger = Object.keys(condition).find((member) => !known.includes(member))
  if (stranger !== undefined)
    throw new PolicyFault(
      'unknown-member',
      `${place.name} has the unknown member ${quoted(stranger)}; known are ${known.join(', ')}`,
    )
  const prop = checkProp(condition['prop'], place)
  const value = condition['value']
  if (value === undefined || value === null)
    throw new PolicyFault('invalid-value', `${place.name} on ${prop.name} has no value`)
  const op = checkOperator(condition['op'], value, prop, place)
  return { prop, op, value, operand: operand(prop, op, value, `${place.name} (${prop.name} ${op})`) }
}

function checkProp(name: unknown, place: ConditionPlace): Prop {
  const prop = typeof name === 'string' ? place.props.get(name) : undefined
  if (prop) return prop
  const known = [...place.props.keys()].join(', ')
  if (typeof name !== 'string' || name === '')
    throw new PolicyFault('invalid-value', `${place.name} names no prop; known are ${known}`)
  if (place.elsewhere.has(name))
    throw new PolicyFault(
      'misplaced-prop',
      `${place.name}: the prop ${quoted(name)} cannot be used in ${place.kind}; what can is ${known}`,
    )
  throw new PolicyFault(
    'unknown-prop',
    `${place.name} names the unknown prop ${quoted(name)}; known are ${known}`,
  )
}

function checkOperator(op: unknown, value: unknown, prop: Prop, place: ConditionPlace): Operator {
  if (op === undefined || op === null || op === '') return impliedOperator(prop, value)
  const known = propOperators(prop)
  const found = operators.find((operator) => operator === op)
  if (found && known.includes(found)) return found
  throw new PolicyFault(
    'unknown-op',
    found
      ? `${place.name}: the op ${quoted(op)} does not suit ${prop.name}; what does is ${known.join(', ')}`
      : `${place.name} names the unknown op ${quoted(op)}; known for ${prop.name} are ${known.join(', ')}`,
  )
}

/** A list is one of its members; an ordered word means that or worse; anything else is that. */
function impliedOperator(prop: Prop, value: unknown): Operator {
  if (Array.isArray(value) && prop.kind !== 'boolean') return 'in'
  if (prop.kind === 'word' && prop.order?.includes(String(value).trim().toLowerCase())) return 'gte'
  return 'eq'
}

function operand(prop: Prop, op: Operator, value: unknown, place: string): Operand {
  const values = listed(op, value, place)
  const negated = op === 'neq' || op === 'not_in'
  switch (prop.kind) {
    case 'text': {
      const texts = values.map((item) => text(item, place))
      const forms = texts.map((item) => {
        const form = prop.normalize ? prop.normalize(item) : item
        if (form !== undefined) return form
        throw new PolicyFault('invalid-value', `${place}: ${quoted(item)} is no ${prop.name}`)
      })
      const folded = prop.caseSensitive ? forms : forms.map((item) => item.toLowerCase())
      const starred = (item: string) => item.includes('*') && (prop.wildcards === true || op === 'like')
      return {
        kind: 'text',
        negated,
        exact: new Set(folded.filter((item) => !starred(item))),
        patterns: [...new Set(folded.filter(starred))].map(pattern),
      }
    }
    case 'word': {
      const words = values.map((item) => word(item, prop.words, place))
      if (op === 'eq' || op === 'neq' || op === 'in' || op === 'not_in')
        return { kind: 'text', negated, exact: new Set(words), patterns: [] }
      return ranks(op, words[0] ?? '', prop.order ?? [], place)
    }
    case 'number': {
      const numbers = values.map((item) => number(item, place))
      return range(op, numbers[0] ?? Number.NaN) ?? { kind: 'number', negated, numbers: new Set(numbers) }
    }
    case 'days': {
      const days = values.map((item) => number(item, place))
      const compared = op === 'eq' ? 'in' : op === 'neq' ? 'not_in' : op
      if (compared === 'like') throw new PolicyFault('unknown-op', `${place}: days are not text`)
      return { kind: 'days', op: compared, days }
    }
    case 'boolean':
      return { kind: 'boolean', negated, value: truth(values[0], place) }
  }
}

function ranks(op: Operator, word: string, order: readonly string[], place: string): Operand {
  const rank = order.indexOf(word)
  if (rank < 0)
    throw new PolicyFault(
      'invalid-value',
      `${place}: ${quoted(word)} has no place in the order ${order.join(' < ')}; use eq, neq, in or not_in`,
    )
  const last = order.length - 1
  if (op === 'gt') return { kind: 'rank', from: rank + 1, to: last }
  if (op === 'gte') return { kind: 'rank', from: rank, to: last }
  return { kind: 'rank', from: 0, to: op === 'lt' ? rank - 1 : rank }
}

function range(op: Operator, bound: number): Operand | undefined {
  if (op === 'gt') return { kind: 'range', low: nextNumber(bound, 1), high: Number.POSITIVE_INFINITY }
  if (op === 'gte') return { kind: 'range', low: bound, high: Number.POSITIVE_INFINITY }
  if (op === 'lt') return { kind: 'range', low: Number.NEGATIVE_INFINITY, high: nextNumber(bound, -1) }
  return op === 'lte' ? { kind: 'range', low: Number.NEGATIVE_INFINITY, high: bound } : undefined
}

/** The values of a condition; only `in`, `not_in` and `like` take more than one. */
function listed(op: Operator, value: unknown, place: string): readonly unknown[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (values.length === 0) throw new PolicyFault('invalid-value', `${place}: the list of values is empty`)
  if (values.length > policyLimits.values)
    throw new PolicyFault(
      'too-many',
      `${place}: ${values.length} values, at most ${policyLimits.values} are taken`,
    )
  if (values.length > 1 && op !== 'in' && op !== 'not_in' && op !== 'like')
    throw new PolicyFault(
      'invalid-value',
      `${place}: takes one value, not ${values.length}; use in or not_in`,
    )
  return values
}

function text(value: unknown, place: string): string {
  if (typeof value === 'string' && value.length <= policyLimits.valueText) return value.trim()
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'string')
    throw new PolicyFault(
      'too-many',
      `${place}: a value of ${value.length} characters, at most ${policyLimits.valueText} are taken`,
    )
  throw new PolicyFault('invalid-value', `${place}: the value ${quoted(value)} is no text`)
}

function word(value: unknown, words: readonly string[], place: string): string {
  const folded = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (words.includes(folded)) return folded
  throw new PolicyFault(
    'invalid-value',
    `${place}: the value ${quoted(value)} is not known; known are ${words.join(', ')}`,
  )
}

function number(value: unknown, place: string): number {
  const read =
    typeof value === 'string' && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value.trim()) ? Number(value) : value
  if (typeof read === 'number' && Number.isFinite(read)) return read
  throw new PolicyFault('invalid-value', `${place}: the value ${quoted(value)} is no number`)
}

function truth(value: unknown, place: string): boolean {
  if (value === true || value === false) return value
  if (value === 'true' || value === 'false') return value === 'true'
  throw new PolicyFault('invalid-value', `${place}: the value ${quoted(value)} is neither true nor false`)
}

/** An object of a document, or a fault that says what is there instead. */
export function record(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw new PolicyFault('invalid-value', `${name} is no object: ${quoted(value)}`)
}

/** A value as messages show it, cut to what fits a line. */
export function quoted(value: unknown): string {
  const written = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value))
  return written.length > 80 ? `${written.slice(0, 77)}...` : written
}
