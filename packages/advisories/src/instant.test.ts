import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareInstants, laterInstant } from './instant.ts'

test('order of instants: zones, fractions beyond milliseconds, what is none', () => {
  const ascending = [
    undefined,
    '2026-01-01T00:00:00+01:00',
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.000000001Z',
    '2026-01-01T00:00:00.1Z',
    '2026-01-01T00:00:01Z',
  ]
  for (const [a, left] of ascending.entries()) {
    for (const [b, right] of ascending.entries())
      assert.equal(Math.sign(compareInstants(left, right)), Math.sign(a - b), `${left} ${right}`)
  }
  assert.equal(compareInstants('2026-01-01T00:00:00.10Z', '2026-01-01T00:00:00.100000Z'), 0)
  assert.equal(compareInstants('yesterday', undefined), 0)
  assert.equal(laterInstant(undefined, '2026-01-01T00:00:00Z'), '2026-01-01T00:00:00Z')
})
