import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { contentUuid, sha256 } from './content-id.ts'

const reference = (text: string) => createHash('sha256').update(text).digest('hex')

test('sha256 is SHA-256', () => {
  // FIPS 180-4, example "abc".
  assert.equal(sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  for (let length = 50; length < 130; length++)
    assert.equal(sha256('x'.repeat(length)), reference('x'.repeat(length)))
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => sha256(text) === reference(text)),
  )
})

test('uuids are of version 8 and variant 10, and differ', () => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  const seen = new Set<string>()
  for (let number = 0; number < 200; number++) {
    const uuid = contentUuid(String(number))
    assert.match(uuid, shape)
    seen.add(uuid)
  }
  assert.equal(seen.size, 200)
})
