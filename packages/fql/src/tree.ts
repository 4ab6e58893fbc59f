/** Offsets into the filter's text, from the first character to behind the last. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** `''` is plain equality; the rest as the grammar has them. */
export type Operator = '' | '!' | '>' | '>=' | '<' | '<=' | '~' | '!~' | '*' | '!*'

/** A value as it was written. */
export type Value =
  /** The literal parts between unescaped stars: one part where there is no star. Escapes are resolved. */
  | { readonly kind: 'text'; readonly parts: readonly string[]; readonly span: Span }
  | { readonly kind: 'number'; readonly number: number; readonly text: string; readonly span: Span }
  | { readonly kind: 'boolean'; readonly boolean: boolean; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span }
  | { readonly kind: 'list'; readonly values: readonly Value[]; readonly span: Span }

/** What the parser makes of a filter: `+` binds tighter than `,`. A blank filter is an `and` of nothing. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[]; readonly span: Span }
  | {
      readonly kind: 'clause'
      /** Lower case. */
      readonly field: string
      readonly fieldSpan: Span
      readonly operator: Operator
      readonly value: Value
      readonly span: Span
    }

/** One `field:value` of an expression. */
export type Clause = Extract<Expression, { kind: 'clause' }>

/** What a field can be compared as, and whether lists can be sorted by it; `contract`'s field tables fit it. */
export interface FieldFacts {
  readonly kind: 'text' | 'number' | 'boolean' | 'time' | 'word'
  /** Of an ordered field from the least to the greatest. */
  readonly words?: readonly string[]
  readonly ordered?: boolean
  readonly aliases?: readonly string[]
  readonly filter?: false
  readonly sort?: true
}

/** Fields by their names. */
export type FieldFactTable = Readonly<Record<string, FieldFacts>>

/**
 * A comparison with everything decided: values are of the field's kind. What a compiler needs and no more.
 * Times are instants in milliseconds; a cut date (`2026-03`) became a half-open range, and `now-7d` an instant.
 * A negated comparison holds for everything that the plain one does not hold for, records without a value included.
 */
export type Comparison =
  | { readonly kind: 'equal'; readonly value: Scalar; readonly negated: boolean }
  /** Any of them is equal (none of them, when negated). */
  | { readonly kind: 'any'; readonly values: readonly Scalar[]; readonly negated: boolean }
  /** Of words: by their order in the table, the later the greater. */
  | { readonly kind: 'compare'; readonly operator: '>' | '>=' | '<' | '<='; readonly value: Scalar }
  /** Text with `*` standing for anything: the literal parts between the stars, at least two. */
  | { readonly kind: 'wildcard'; readonly parts: readonly string[]; readonly negated: boolean }
  /** All of the words (as `wordsOf` splits) occur. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly negated: boolean }
  /** At or after `from`, before `to`. */
  | { readonly kind: 'within'; readonly from: number; readonly to: number; readonly negated: boolean }
  /** There is no value. */
  | { readonly kind: 'null'; readonly negated: boolean }

/** Words are given as the table spells them; times as milliseconds since 1970. */
export type Scalar = string | number | boolean

/** A filter that fits its field table. Fields carry the table's name, aliases resolved. */
export type Checked =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Checked[] }
  | {
      readonly kind: 'field'
      readonly field: string
      readonly facts: FieldFacts
      readonly comparison: Comparison
    }
