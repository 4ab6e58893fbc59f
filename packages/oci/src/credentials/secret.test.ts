import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { Secret } from './secret.ts'

const secret = new Secret('hunter2')

const prints: readonly (readonly [string, () => string])[] = [
  ['String()', () => String(secret)],
  ['a template', () => `${secret}`],
  ['concatenation', () => ['', secret].join('x')],
  ['JSON', () => JSON.stringify({ password: secret })],
  ['inspect', () => inspect({ a: { password: secret } }, { showHidden: true, depth: 9 })],
  ['console.log', () => format('%s %o %j %O', secret, secret, secret, secret)],
  ['its keys', () => JSON.stringify(Object.entries(secret)) + JSON.stringify({ ...secret })],
  ['a clone', () => inspect(structuredClone({ ...secret }))],
  ['an error', () => inspect(new Error('x', { cause: secret }))],
]

for (const [name, print] of prints) {
  test(`a secret does not show in ${name}`, () => {
    assert.doesNotMatch(print(), /hunter2/)
  })
}

test('a secret is revealed on request only', () => {
  assert.equal(secret.reveal(), 'hunter2')
  assert.equal(`${secret}`, '[secret]')
})
