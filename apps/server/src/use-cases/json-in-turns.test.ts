import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonInTurns } from './json-in-turns.ts'

const many = Array.from({ length: 5000 }, (_, at) => ({
  at,
  name: `ä${at}`,
  none: undefined,
  when: new Date(at),
}))

const values: Readonly<Record<string, object>> = {
  'an empty object': {},
  'an empty list': [],
  'a short list': [1, undefined, null, 'a', [], {}],
  'a list of 33 with gaps': Array.from({ length: 33 }, (_, at) => (at % 2 ? undefined : at)),
  'members without a word in JSON': { a: undefined, b: () => 1, c: Symbol('c'), d: null, 'e"': '\u2028"\\' },
  'a day': new Date(0),
  'long lists within each other': {
    resources: [{ all: many, groups: [{ members: many }, { members: [] }] }],
  },
  'deep lists': [[[[[[[[[many.slice(0, 70)]]]]]]]]],
}

for (const [name, value] of Object.entries(values))
  test(`${name} is written as JSON.stringify writes it`, async () => {
    assert.equal((await jsonInTurns(value)).toString(), JSON.stringify(value))
  })

test('others get their turn while much is written', async () => {
  const slow = {
    toJSON() {
      for (const until = performance.now() + 0.25; performance.now() < until; );
      return 'slow'
    },
  }
  const much = Array.from({ length: 200 }, () => slow)
  let turns = 0
  const count = () => {
    turns++
    next = setImmediate(count)
  }
  let next = setImmediate(count)
  await jsonInTurns({ much })
  clearImmediate(next)
  assert.ok(turns >= 2, String(turns))
})
