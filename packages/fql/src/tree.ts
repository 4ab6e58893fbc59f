/** Offsets into the filter's text, from the first character to behind the last. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** `''` is plain equality; the rest as the grammar has them. */
export type Operator = '' | '!' | '>' | '>=' | '<' | '<=' | '~' | '!~' | '*' | '!*'

export type Value =
  | { readonly kind: 'text'; readonly text: string; readonly span: Span }
  | { readonly kind: 'number'; readonly number: number; readonly text: string; readonly span: Span }
  | { readonly kind: 'boolean'; readonly boolean: boolean; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span }
  | { readonly kind: 'list'; readonly values: readonly Value[]; readonly span: Span }

/** What the parser makes of a filter: `+` binds tighter than `,`. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[]; readonly span: Span }
  | {
      readonly kind: 'clause'
      /** As written, lower case. */
      readonly field: string
      readonly fieldSpan: Span
      readonly operator: Operator
      readonly value: Value
      readonly span: Span
    }

/** What a field can be compared as; `contract`'s field tables fit it. */
export interface FieldFacts {
  readonly kind: 'text' | 'number' | 'boolean' | 'time' | 'word'
  readonly words?: readonly string[]
  readonly ordered?: boolean
  readonly aliases?: readonly string[]
  readonly filter?: false
}

export type FieldFactTable = Readonly<Record<string, FieldFacts>>

/**
 * A comparison with everything decided: the field's own name, and values of its kind. What a compiler needs and no more.
 * Times are instants in milliseconds; a cut date (`2026-03`) became a half-open range, and `now-7d` an instant.
 */
export type Comparison =
  | { readonly kind: 'equal'; readonly value: Scalar; readonly negated: boolean }
  /** Any of them is equal (none of them, when negated). */
  | { readonly kind: 'any'; readonly values: readonly Scalar[]; readonly negated: boolean }
  | { readonly kind: 'compare'; readonly operator: '>' | '>=' | '<' | '<='; readonly value: Scalar }
  /** Text with `*` standing for anything: the literal parts between the stars. */
  | { readonly kind: 'wildcard'; readonly parts: readonly string[]; readonly negated: boolean }
  /** All of the words occur, case and punctuation apart. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly negated: boolean }
  /** At or after `from`, before `to`. */
  | { readonly kind: 'within'; readonly from: number; readonly to: number; readonly negated: boolean }
  /** Of an ordered or unordered list of words: equal to one of these. */
  | { readonly kind: 'null'; readonly negated: boolean }

/** Words are given as the table spells them; times as milliseconds since 1970. */
export type Scalar = string | number | boolean

export type Checked =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Checked[] }
  | {
      readonly kind: 'field'
      readonly field: string
      readonly facts: FieldFacts
      readonly comparison: Comparison
    }
