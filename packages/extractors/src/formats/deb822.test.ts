import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deb822Stanzas } from './deb822.ts'

function read(text: string, ...wanted: string[]): object[] {
  return [...deb822Stanzas(text, new Set(wanted))].map((stanza) => Object.fromEntries(stanza))
}

test('fields, continuation lines and stanzas', () => {
  const text = 'Package: a\nConffiles:\n /etc/a 1\n\t/etc/b 2\nOther: x\n\nPackage:b\n'
  assert.deepEqual(read(text, 'package', 'conffiles'), [
    { package: 'a', conffiles: '/etc/a 1\n/etc/b 2' },
    { package: 'b' },
  ])
})

test('continuation lines of an unwanted field are not taken for the wanted one before it', () => {
  assert.deepEqual(read('A: 1\nB: 2\n more\n', 'a'), [{ a: '1' }])
})

test('the first field of a name wins', () => {
  assert.deepEqual(read('A: 1\na: 2\n 3\n', 'a'), [{ a: '1' }])
})

test('text without a wanted field is a stanza without fields; blank text is none', () => {
  assert.deepEqual(read('prose\n\n\n', 'a'), [{}])
  assert.deepEqual(read(' \n\t\n\r\n', 'a'), [])
})

test('values are cut at 64 Ki characters', () => {
  const [stanza] = deb822Stanzas(`A: ${'x'.repeat(100_000)}\n ${'y'.repeat(100_000)}\n`, new Set(['a']))
  assert.ok((stanza.get('a')?.length ?? 0) <= 64 * 1024)
})
