import type { ImagePolicyFacts, PolicyDetection, PolicyFinding, PolicyPackage } from './facts.ts'

/** What a condition says how to compare. */
export const operators = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'not_in', 'like'] as const
/** One of `operators`. */
export type Operator = (typeof operators)[number]

/** The rows that the props of each subject are read from. */
export interface Rows {
  readonly vulnerability: PolicyFinding
  readonly package: PolicyPackage
  readonly detection: PolicyDetection
  readonly image: ImagePolicyFacts
}
/** What a prop speaks of. */
export type Subject = keyof Rows

interface Common<S extends Subject> {
  /** As conditions spell it. */
  readonly name: string
  readonly subject: S
  readonly description: string
  /** Only exclusions can use it. */
  readonly exclusionsOnly?: true
}

/**
 * `read` gives every name of the one value (`names`: a CVE and its aliases), or several values (`values`: licences, paths).
 * A rule that judges is met by any of several values, one that spares only by all of them. None: not known.
 */
export interface TextProp<S extends Subject> extends Common<S> {
  readonly kind: 'text'
  readonly many: 'names' | 'values'
  /** `eq` and `in` take `*` for any run of characters, as `like` always does. */
  readonly wildcards?: true
  readonly caseSensitive?: true
  /** How a value of a condition is brought into the form that is read; undefined when it has no such form. */
  readonly normalize?: (value: string) => string | undefined
  readonly read: (row: Rows[S], facts: ImagePolicyFacts) => readonly string[]
}
/** Text of a closed list. Where `order` is given, worst last, the words in it can be compared; the others have no place in it. */
export interface WordProp<S extends Subject> extends Common<S> {
  readonly kind: 'word'
  readonly words: readonly string[]
  readonly order?: readonly string[]
  readonly read: (row: Rows[S], facts: ImagePolicyFacts) => readonly string[]
}
export interface NumberProp<S extends Subject> extends Common<S> {
  readonly kind: 'number'
  readonly read: (row: Rows[S], facts: ImagePolicyFacts) => number | undefined
}
/** Days since an instant: part days count for `gt`, `gte`, `lt`, `lte`, whole days for `eq`, `in` and their opposites. */
export interface DaysProp<S extends Subject> extends Common<S> {
  readonly kind: 'days'
  /** RFC 3339. */
  readonly read: (row: Rows[S], facts: ImagePolicyFacts) => string | undefined
}
export interface BooleanProp<S extends Subject> extends Common<S> {
  readonly kind: 'boolean'
  readonly read: (row: Rows[S], facts: ImagePolicyFacts) => boolean | undefined
}

/** Something that a condition can ask: a name, what it speaks of, its kind, and how it is read. */
export type Prop<S extends Subject = Subject> = S extends Subject
  ? TextProp<S> | WordProp<S> | NumberProp<S> | DaysProp<S> | BooleanProp<S>
  : never

const operatorsOf: Readonly<Record<Prop['kind'] | 'ordered', readonly Operator[]>> = {
  text: ['eq', 'neq', 'in', 'not_in', 'like'],
  word: ['eq', 'neq', 'in', 'not_in'],
  ordered: ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'not_in'],
  number: ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'not_in'],
  days: ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'not_in'],
  boolean: ['eq', 'neq'],
}

/** The operators that a prop understands. */
export function propOperators(prop: Prop): readonly Operator[] {
  return operatorsOf[prop.kind === 'word' && prop.order ? 'ordered' : prop.kind]
}

/** Declares a prop. */
export function defineProp<const S extends Subject>(prop: Prop<S>): Prop<S> {
  return prop
}
