import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseFilter } from './parse.ts'
import { printFilter } from './print.ts'
import { cases } from './testing/cases.ts'
import type { Expression, Operator, Value } from './tree.ts'

const span = { start: 0, end: 0 }
const operators: readonly Operator[] = ['', '!', '>', '>=', '<', '<=', '~', '!~', '*', '!*']

// NUL is refused, and two stars in a row are one: between two stars there is always something.
const literal = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((part) => !part.includes('\0'))
const parts = fc
  .tuple(
    literal,
    fc.array(
      literal.filter((part) => part !== ''),
      { maxLength: 3 },
    ),
    fc.option(literal),
  )
  .map(([first, middle, end]) => (end === null ? [first] : [first, ...middle, end]))

const scalar: fc.Arbitrary<Value> = fc.oneof(
  parts.map((parts) => ({ kind: 'text', parts, span }) as const),
  fc
    .tuple(fc.boolean(), fc.nat(), fc.option(fc.nat()))
    .map(
      ([minus, whole, fraction]) => `${minus ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}`,
    )
    .map((text) => ({ kind: 'number', number: Number(text), text, span }) as const),
  fc.boolean().map((boolean) => ({ kind: 'boolean', boolean, span }) as const),
  fc.constant({ kind: 'null', span } as const),
)

const clause: fc.Arbitrary<Expression> = fc
  .record({
    field: fc.constantFrom('registry', 'first_seen', 'cloud_info.cluster_name', 'true', 'null', 'x9'),
    operator: fc.constantFrom(...operators),
    value: fc.oneof(
      scalar,
      fc
        .array(scalar, { minLength: 1, maxLength: 4 })
        .map((values) => ({ kind: 'list', values, span }) as const),
    ),
  })
  .map((clause) => ({ kind: 'clause', fieldSpan: span, span, ...clause }))

const { expression } = fc.letrec<{ expression: Expression; group: Expression; clause: Expression }>(
  (tie) => ({
    expression: fc.oneof({ maxDepth: 4, depthSize: 'small' }, tie('clause'), tie('group')),
    group: fc.record({
      kind: fc.constantFrom('and', 'or'),
      operands: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
      span: fc.constant(span),
    }),
    clause,
  }),
)

test('what is printed reads back as the same tree', () => {
  fc.assert(
    fc.property(expression, (tree) => {
      assert.deepEqual(withoutSpans(parseFilter(printFilter(tree))), withoutSpans(tree))
    }),
    { numRuns: 500 },
  )
})

test('printing settles: what was printed prints as itself', () => {
  for (const { input } of cases('parse.txt')) {
    const printed = printFilter(parseFilter(input))
    assert.equal(printFilter(parseFilter(printed)), printed)
  }
})

test('canonical text', () => {
  for (const [written, canonical] of [
    ['Severity: "High" , a:=>1 (b:TRUE)', "severity:'High',a:>=1+b:true"],
    ['(a:1,b:2) ((c:3))', '(a:1,b:2)+c:3'],
    ["(a:1+b:2)+c:[1, 'x\\\\y\\*z*']", "(a:1+b:2)+c:[1,'x\\\\y\\*z*']"],
    ['a:"it\'s"', "a:'it\\'s'"],
    ['  ', ''],
  ])
    assert.equal(printFilter(parseFilter(written)), canonical)
})

function withoutSpans(expression: Expression): unknown {
  return JSON.parse(JSON.stringify(expression, (key, value) => (/span$/i.test(key) ? undefined : value)))
}
