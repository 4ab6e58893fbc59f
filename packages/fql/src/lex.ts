import { FqlFault, shown } from './fault.ts'
import { filterLimits } from './limits.ts'
import type { Operator, Span } from './tree.ts'

export type Token = Span & {
  /** White space stands before it. */
  readonly spaced: boolean
} & (
    | { readonly kind: 'word'; readonly text: string }
    | { readonly kind: 'text'; readonly parts: readonly string[] }
    | { readonly kind: 'operator'; readonly operator: Operator }
    | { readonly kind: Punctuation | 'end' }
  )

type Punctuation = '(' | ')' | '[' | ']' | ',' | '+' | ':'

/** How operators may be written. `!>` and its like mean the opposite; PSFalcon lets them and `=>` through. */
const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...(['!', '>', '>=', '<', '<=', '~', '!~', '*', '!*'] as const).map(
    (operator) => [operator, operator] as const,
  ),
  ['=>', '>='],
  ['=<', '<='],
  ['!>', '<='],
  ['!>=', '<'],
  ['!=>', '<'],
  ['!<', '>='],
  ['!<=', '>'],
  ['!=<', '>'],
])

const wordCharacter = /[A-Za-z0-9_.-]/
const operatorCharacter = /[!<>=~*]/
const punctuation = /[()[\],+:]/
const space = /[ \t\r\n]/

/** Cuts a filter into tokens; the last is `end`. Time is linear in the text. */
export function lex(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  let spaced = false
  while (at < text.length) {
    const character = text[at]
    if (space.test(character)) {
      spaced = true
      at++
      continue
    }
    const token = tokenAt(text, at, spaced)
    tokens.push(token)
    at = token.end
    spaced = false
  }
  tokens.push({ kind: 'end', start: at, end: at, spaced })
  return tokens
}

function tokenAt(text: string, start: number, spaced: boolean): Token {
  const character = text[start]
  if (character === "'" || character === '"') return quoted(text, start, spaced)
  if (punctuation.test(character))
    // The expression above holds exactly these characters.
    return { kind: character as Punctuation, start, end: start + 1, spaced }
  if (wordCharacter.test(character)) {
    const end = endOfRun(text, start, wordCharacter)
    return { kind: 'word', text: text.slice(start, end), start, end, spaced }
  }
  if (operatorCharacter.test(character)) {
    const end = endOfRun(text, start, operatorCharacter)
    const written = text.slice(start, end)
    const operator = operators.get(written)
    if (operator === undefined)
      throw new FqlFault(
        'malformed',
        `unknown operator ${shown(written)}`,
        { start, end },
        'operators are ! > >= < <= ~ !~ * !*',
      )
    return { kind: 'operator', operator, start, end, spaced }
  }
  const point = String.fromCodePoint(text.codePointAt(start) ?? 0)
  throw new FqlFault('malformed', `unexpected character ${shown(point)}`, {
    start,
    end: start + point.length,
  })
}

function endOfRun(text: string, start: number, characters: RegExp): number {
  let end = start + 1
  while (end < text.length && characters.test(text[end])) end++
  return end
}

/** `\'`, `\\` and `\*` are the plain characters, in double quotes `\"` too; any other backslash is itself. */
function quoted(text: string, start: number, spaced: boolean): Token {
  const quote = text[start]
  const parts: string[] = []
  let part = ''
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]
    if (character === quote) {
      const span = { start, end: at + 1 }
      parts.push(part)
      if (parts.length - 1 > filterLimits.stars)
        throw new FqlFault('too-complex', `more than ${filterLimits.stars} stars in the text`, span)
      return { kind: 'text', parts, ...span, spaced }
    }
    if (character === '\\' && isEscapable(text[at + 1], quote)) {
      part += text[++at]
    } else if (character === '*') {
      // Two stars in a row stand for what one does.
      if (part !== '' || parts.length === 0) parts.push(part)
      part = ''
    } else {
      if (character === '\0')
        throw new FqlFault('malformed', 'unexpected NUL character', { start: at, end: at + 1 })
      part += character
    }
  }
  throw new FqlFault('malformed', `the text that begins with ${quote} has no end,`, {
    start,
    end: text.length,
  })
}

function isEscapable(character: string | undefined, quote: string): boolean {
  return character === quote || character === '\\' || character === '*' || character === "'"
}
