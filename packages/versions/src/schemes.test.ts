import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { longestVersion, order, type Scheme, type SchemeId, schemes } from './index.ts'

const folder = new URL('schemes/', import.meta.url)
const ids = Object.keys(schemes) as SchemeId[]
const words = { '<': 'less', '=': 'equal', '>': 'greater', '?': 'unknown' } as const
const reversed = { less: 'greater', equal: 'equal', greater: 'less', unknown: 'unknown' } as const

/** Schemes whose own tool orders in a circle outside of these texts; a test in their folders shows the circle. */
const totallyOrdered: Partial<Record<SchemeId, RegExp>> = {
  maven: /^\d+(?:\.\d+)*(?:-(?:[a-zA-Z]+-?)?\d+|-[a-zA-Z]+)*$/,
  pacman: /^(?:\d+:)?[A-Za-z0-9]+(?:[._+][A-Za-z0-9]+)*-\d+(?:\.\d+)*$/,
}

interface Line {
  readonly left: string
  readonly sign: keyof typeof words
  readonly right: string
}

function orderLines(id: SchemeId): readonly Line[] {
  const text = readFileSync(new URL(`${id}/order.txt`, folder), 'utf8')
  return text.split('\n').flatMap((line) => {
    if (line === '' || line.startsWith('#')) return []
    const match = /^(?<left>.+?) (?<sign>[<=>?]) (?<right>.+)$/.exec(line)
    assert.ok(match?.groups, `${id}/order.txt: no line of an order: ${line}`)
    const { left, sign, right } = match.groups
    return [{ left, sign: sign as Line['sign'], right }]
  })
}

/** Versions of the scheme, made by joining the beginning of one that its order.txt names to the end of another. */
function versions(scheme: Scheme): fc.Arbitrary<string> {
  const accepted = totallyOrdered[scheme.id] ?? /^/
  const known = orderLines(scheme.id)
    .flatMap(({ left, right }) => [left, right])
    .filter((text) => scheme.parse(text) !== undefined && accepted.test(text))
  const piece = fc.tuple(fc.constantFrom(...known), fc.nat(20))
  // Without bias: fast-check would prefer the first versions and the shortest pieces.
  return fc.noBias(fc.tuple(piece, piece)).map(([[first, end], [second, start]]) => {
    const joined = first.slice(0, end % (first.length + 1)) + second.slice(start % (second.length + 1))
    return scheme.parse(joined) !== undefined && accepted.test(joined) ? joined : first
  })
}

test('every folder of a scheme has its table of order, and every scheme its folder', () => {
  assert.deepEqual(readdirSync(folder).sort(), [...ids].sort())
  for (const id of ids) {
    assert.deepEqual(
      readdirSync(new URL(id, folder)).filter((name) => !name.endsWith('.test.ts')),
      ['index.ts', 'order.txt'],
    )
    assert.equal(schemes[id].id, id)
    assert.match(schemes[id].spec, /^https:\/\//)
    assert.notEqual(schemes[id].label, '')
  }
})

for (const id of ids) {
  const scheme = schemes[id]

  describe(scheme.label, () => {
    test('orders its table, both ways round', () => {
      const lines = orderLines(id)
      assert.ok(lines.length >= 10)
      for (const { left, sign, right } of lines) {
        assert.equal(order(scheme, left, right), words[sign], `${left} ${sign} ${right}`)
        assert.equal(order(scheme, right, left), reversed[words[sign]], `${right} against ${left}`)
      }
    })

    test('has an unknown for every kind of malformed text', () => {
      const unknown = orderLines(id).filter(({ sign }) => sign === '?')
      assert.ok(unknown.length >= 2)
      // Exactly one side of such a line is malformed, or the line would prove too little.
      for (const { left, right } of unknown) {
        assert.notEqual(scheme.parse(left), undefined, left)
        assert.equal(scheme.parse(right), undefined, right)
      }
      for (const text of [
        ' ',
        '\u0000',
        '1\u00000',
        '1.0\n1',
        '%',
        '1.0,2',
        '$' + '{version}',
        '<1.0>',
        '1.0|2',
      ]) {
        assert.equal(scheme.parse(text), undefined, JSON.stringify(text))
      }
    })

    test('orders totally: reflexive, antisymmetric, transitive', () => {
      const version = versions(scheme)
      fc.assert(
        fc.property(version, version, version, (a, b, c) => {
          assert.equal(order(scheme, a, a), 'equal')
          const ab = order(scheme, a, b)
          const bc = order(scheme, b, c)
          const ac = order(scheme, a, c)
          assert.notEqual(ab, 'unknown')
          assert.equal(order(scheme, b, a), reversed[ab])
          if (ab === 'equal') assert.equal(ac, bc)
          else if (ab === bc || bc === 'equal') assert.equal(ac, ab)
        }),
        { seed: 20260101, numRuns: 1500 },
      )
    })

    test('reads overlong and hostile text within bounds', () => {
      const started = performance.now()
      assert.equal(scheme.parse('1'.repeat(longestVersion + 1)), undefined)
      for (const piece of [
        '1',
        '0',
        '.',
        '-',
        '1.',
        '1-',
        '1a',
        'a1',
        '1.0-',
        '~',
        '^',
        '_p1',
        '+',
        '.0',
        '-rc.',
        '[',
        ' ',
      ]) {
        const filled = `1.${piece.repeat(longestVersion)}`.slice(0, longestVersion)
        for (const text of [filled, `${filled.slice(0, -1)}!`, `${filled.slice(0, -1)}1`]) {
          const parsed = scheme.parse(text)
          if (parsed !== undefined) assert.equal(scheme.compare(parsed, parsed), 0)
        }
      }
      // A few milliseconds of work; seconds would mean that some text is not read in linear time.
      assert.ok(performance.now() - started < 2000)
    })
  })
}
