import type { Span } from './tree.ts'

/**
 * A filter or a sort order that cannot be used.
 * - `malformed`: the text does not follow the grammar.
 * - `unknown-field`: the table has no such field.
 * - `bad-value`: the field cannot be compared like that.
 * - `too-complex`: beyond one of the `filterLimits`.
 */
export class FqlFault extends Error {
  readonly code: 'malformed' | 'unknown-field' | 'bad-value' | 'too-complex'
  /** The column at which the trouble begins; the first is 1, counted as text is indexed (UTF-16). */
  readonly position: number
  readonly span: Span

  constructor(code: FqlFault['code'], problem: string, span: Span, hint?: string) {
    const position = span.start + 1
    super(`${problem} at position ${position}${hint === undefined ? '' : `; ${hint}`}`)
    this.name = 'FqlFault'
    this.code = code
    this.position = position
    this.span = span
  }
}

/** Text of a caller as a message may show it: short, and without control characters. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
