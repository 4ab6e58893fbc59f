import { FqlFault, shown } from './fault.ts'
import { lex, type Token } from './lex.ts'
import { filterLimits } from './limits.ts'
import type { Clause, Expression, Span, Value } from './tree.ts'

/**
 * Reads a filter: `or = and { "," and }`, `and = unit { "+" unit }`, `unit = "(" or ")" | field ":" [op] value`.
 * White space between units reads as `+`: that is what a raw plus in an address becomes. A blank filter gives an `and`
 * of nothing. Throws FqlFault.
 */
export function parseFilter(text: string): Expression {
  const { length } = filterLimits
  if (text.length > length)
    throw new FqlFault('too-complex', `the filter is longer than ${length} characters,`, {
      start: length,
      end: text.length,
    })
  if (!text.isWellFormed())
    throw new FqlFault('malformed', 'the filter holds half of a character,', { start: 0, end: text.length })
  return new Parser(lex(text)).filter()
}

const fieldName = /^[A-Za-z_]\w*(?:\.\w+)*$/
const numeral = /^-?\d+(?:\.\d+)?$/

class Parser {
  readonly #tokens: readonly Token[]
  readonly #fields = new Set<string>()
  #at = 0
  #depth = 0
  #clauses = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  filter(): Expression {
    if (this.#peek().kind === 'end')
      return { kind: 'and', operands: [], span: { start: 0, end: this.#peek().end } }
    const expression = this.#or()
    if (this.#peek().kind !== 'end') throw this.#unexpected('"+", "," or the end')
    return expression
  }

  #peek(): Token {
    return this.#tokens[this.#at]
  }

  #or(): Expression {
    const operands = [this.#and()]
    while (this.#take(',')) operands.push(this.#and())
    return joined('or', operands)
  }

  #and(): Expression {
    const operands = [this.#unit()]
    while (this.#take('+') || this.#unitFollowsSpace()) operands.push(this.#unit())
    return joined('and', operands)
  }

  #unitFollowsSpace(): boolean {
    const { kind, spaced } = this.#peek()
    return spaced && (kind === 'word' || kind === '(')
  }

  #unit(): Expression {
    const open = this.#take('(')
    if (!open) return this.#clause()
    if (++this.#depth > filterLimits.depth)
      throw new FqlFault('too-complex', `more than ${filterLimits.depth} parentheses inside each other`, open)
    const inside = this.#or()
    if (!this.#take(')')) throw this.#unexpected('"+", "," or ")"')
    this.#depth--
    return inside
  }

  #clause(): Clause {
    const name = this.#peek()
    if (name.kind !== 'word') throw this.#unexpected('a field name or "("')
    if (!fieldName.test(name.text))
      throw new FqlFault('malformed', `${shown(name.text)} is no field name,`, spanOf(name))
    this.#at++
    this.#count(name, name.text.toLowerCase())
    if (!this.#take(':')) throw this.#unexpected(`":" after the field ${shown(name.text)}`)
    const sign = this.#peek()
    if (sign.kind === 'operator') this.#at++
    const value = this.#value(true)
    return {
      kind: 'clause',
      field: name.text.toLowerCase(),
      fieldSpan: spanOf(name),
      operator: sign.kind === 'operator' ? sign.operator : '',
      value,
      span: { start: name.start, end: value.span.end },
    }
  }

  #count(name: Token, field: string): void {
    if (++this.#clauses > filterLimits.clauses)
      throw new FqlFault('too-complex', `more than ${filterLimits.clauses} clauses`, spanOf(name))
    if (this.#fields.add(field).size > filterLimits.fields)
      throw new FqlFault('too-complex', `more than ${filterLimits.fields} different fields`, spanOf(name))
  }

  #value(listAllowed: boolean): Value {
    const token = this.#peek()
    const span = spanOf(token)
    if (token.kind === '[' && listAllowed) return this.#list(token)
    if (token.kind === 'text') {
      this.#at++
      return { kind: 'text', parts: token.parts, span }
    }
    if (token.kind !== 'word') throw this.#unexpected('a value')
    this.#at++
    if (numeral.test(token.text))
      return { kind: 'number', number: Number(token.text), text: token.text, span }
    const word = token.text.toLowerCase()
    if (word === 'true' || word === 'false') return { kind: 'boolean', boolean: word === 'true', span }
    if (word === 'null') return { kind: 'null', span }
    throw new FqlFault(
      'malformed',
      `unexpected ${shown(token.text)}`,
      span,
      "text and dates need quotes: 'text'",
    )
  }

  #list(open: Token): Value {
    this.#at++
    const values: Value[] = []
    do {
      if (values.length === filterLimits.values)
        throw new FqlFault(
          'too-complex',
          `more than ${filterLimits.values} values in a list`,
          spanOf(this.#peek()),
        )
      values.push(this.#value(false))
    } while (this.#take(','))
    const close = this.#take(']')
    if (!close) throw this.#unexpected('"," or "]"')
    return { kind: 'list', values, span: { start: open.start, end: close.end } }
  }

  #take(kind: Token['kind']): Token | undefined {
    const token = this.#peek()
    if (token.kind !== kind) return undefined
    this.#at++
    return token
  }

  #unexpected(expected: string): FqlFault {
    const token = this.#peek()
    return new FqlFault('malformed', `unexpected ${described(token)}`, spanOf(token), `expected ${expected}`)
  }
}

function joined(kind: 'and' | 'or', operands: readonly Expression[]): Expression {
  if (operands.length === 1) return operands[0]
  return {
    kind,
    operands,
    span: { start: operands[0].span.start, end: operands[operands.length - 1].span.end },
  }
}

function described(token: Token): string {
  if (token.kind === 'end') return 'end'
  if (token.kind === 'text') return `text ${shown(token.parts.join('*'))}`
  if (token.kind === 'word') return shown(token.text)
  return shown(token.kind === 'operator' ? token.operator : token.kind)
}

function spanOf({ start, end }: Token): Span {
  return { start, end }
}
