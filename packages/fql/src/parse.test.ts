import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FqlFault } from './fault.ts'
import { filterLimits } from './limits.ts'
import { parseFilter } from './parse.ts'
import { cases } from './testing/cases.ts'
import { notate } from './testing/notation.ts'

for (const { input, expected } of cases('parse.txt'))
  test(`reads ${input}`, () => assert.equal(notate(parseFilter(input)), expected))

for (const { input, expected } of cases('parse-faults.txt')) {
  test(`refuses ${input}`, () => {
    const fault = faultOf(input)
    assert.equal(`${fault.code} ${fault.position} ${fault.message}`, expected)
  })
}

test('a blank filter is an "and" of nothing', () => {
  for (const blank of ['', ' ', '\t\r\n ']) assert.equal(notate(parseFilter(blank)), 'and()')
})

test('spans are offsets into the text', () => {
  const text = "a:1+(b:>'x',c:[2, 3])"
  const expression = parseFilter(text)
  assert.equal(cut(text, expression.span), "a:1+(b:>'x',c:[2, 3]")
  assert.ok(expression.kind === 'and')
  const either = expression.operands[1]
  assert.equal(cut(text, either.span), "b:>'x',c:[2, 3]")
  assert.ok(either.kind === 'or')
  const [b, c] = either.operands
  assert.ok(b.kind === 'clause' && c.kind === 'clause')
  assert.equal(cut(text, b.fieldSpan), 'b')
  assert.equal(cut(text, b.value.span), "'x'")
  assert.equal(cut(text, c.value.span), '[2, 3]')
})

test('bounds hold to the last one allowed and not beyond', () => {
  const { depth, fields, clauses, values, stars, length } = filterLimits
  const nested = (count: number) => `${'('.repeat(count)}a:1${')'.repeat(count)}`
  const named = (count: number) => Array.from({ length: count }, (_, index) => `f${index}:1`).join('+')
  const repeated = (count: number) => Array.from({ length: count }, () => 'a:1').join(',')
  const listed = (count: number) => `a:[${Array.from({ length: count }, (_, index) => index).join(',')}]`
  const starred = (count: number) => `a:'${'*x'.repeat(count)}'`
  const long = (count: number) => `a:'${'x'.repeat(count - 4)}'`
  for (const [write, bound] of [
    [nested, depth],
    [named, fields],
    [repeated, clauses],
    [listed, values],
    [starred, stars],
    [long, length],
  ] as const) {
    parseFilter(write(bound))
    assert.equal(faultOf(write(bound + 1)).code, 'too-complex', write.name)
  }
})

test('a field that occurs again counts once', () => {
  parseFilter(Array.from({ length: 100 }, (_, index) => `F${index % 20}:1,f${index % 20}:2`).join('+'))
})

test('hostile text is refused at once', () => {
  const million = 1_000_000
  const hostile = [
    '('.repeat(million),
    '('.repeat(16_000),
    `a:${'['.repeat(16_000)}`,
    'a'.repeat(million),
    `a:'${'*'.repeat(million)}'`,
    `a:'${'\\'.repeat(16_001)}`,
    `a:${'!'.repeat(16_000)}`,
    `a:${'1'.repeat(16_000)}x`,
    `${'a.'.repeat(8_000)}:1`,
    ' '.repeat(16_000).concat(')'),
    'a%3A'.repeat(million),
    '%3A%'.repeat(3_000),
    'a:1,'.repeat(4_000),
  ]
  const started = performance.now()
  for (const text of hostile) assert.ok(faultOf(text) instanceof FqlFault)
  assert.ok(performance.now() - started < 2_000)
})

test('text that no database takes is refused', () => {
  assert.equal(faultOf("a:'x\0y'").position, 5)
  assert.equal(faultOf("a:'x\uD800y'").code, 'malformed')
  assert.equal(faultOf('a\0:1').code, 'malformed')
})

test('messages hold no control characters and stay short', () => {
  for (const text of [`a:'x' '${'y'.repeat(5_000)}\n\u001b[31m'`, `a:${'z'.repeat(5_000)}`]) {
    const { message } = faultOf(text)
    assert.ok(message.length < 300)
    assert.doesNotMatch(message, /[\u0000-\u001f]/)
  }
})

function cut(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  return text.slice(start, end)
}

function faultOf(text: string): FqlFault {
  try {
    parseFilter(text)
  } catch (error) {
    assert.ok(error instanceof FqlFault, String(error))
    return error
  }
  return assert.fail(`read without a fault: ${text.slice(0, 100)}`)
}
