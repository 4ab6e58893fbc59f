import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columns, counted, formatBytes, formatDuration, paint, printable, shorten, wrap } from './text.ts'

const sizes: readonly (readonly [bytes: number, text: string])[] = [
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [9949, '9.9 kB'],
  [9950, '10 kB'],
  [63_000_000, '63 MB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [5e15, '5000 TB'],
]

for (const [bytes, text] of sizes)
  test(`${bytes} bytes are ${text}`, () => assert.equal(formatBytes(bytes), text))

test('durations and counts', () => {
  assert.deepEqual(
    [formatDuration(0.4), formatDuration(999), formatDuration(1540)],
    ['0 ms', '999 ms', '1.5 s'],
  )
  assert.deepEqual(
    [counted(0, 'layer'), counted(1, 'layer'), counted(12_345, 'layer'), counted(2, 'binary', 'binaries')],
    ['0 layers', '1 layer', '12,345 layers', '2 binaries'],
  )
})

const hostile: readonly (readonly [what: string, text: string])[] = [
  ['an escape sequence', '\u001b[2J'],
  ['a title that is set', '\u001b]0;x\u0007'],
  ['a single-byte escape', '\u009b31m'],
  ['a new line', 'a\nb'],
  ['a carriage return', 'a\rb'],
  ['a right-to-left override', 'a\u202eb'],
  ['an isolate', 'a\u2066b'],
  ['a direction mark', 'a\u200fb'],
  ['a line separator', 'a\u2028b'],
  ['delete', '\u007f'],
]

for (const [what, text] of hostile) {
  test(`${what} does not reach a terminal`, () => {
    const shown = printable(text)
    assert.doesNotMatch(shown, /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/)
    assert.ok(shown.includes('\ufffd'))
  })
}

test('ordinary text of any language stays', () => {
  assert.equal(printable('naïve 日本語 🙂 עברית'), 'naïve 日本語 🙂 עברית')
})

test('both ends of a long text stay', () => {
  assert.equal(shorten('abcdefghij', 10), 'abcdefghij')
  assert.equal(shorten('abcdefghijk', 10), 'abcde…hijk')
})

test('columns are as wide as their widest cell, and no wider than allowed', () => {
  assert.deepEqual(
    columns(
      [
        ['A', 'B', 'C'],
        ['1', 'long', ''],
        ['22', 'muchtoolong', 'x'],
      ],
      [10, 6],
    ),
    ['A   B       C', '1   long', '22  muc…ng  x'],
  )
  assert.deepEqual(columns([]), [])
})

test('a table of half a million rows is written', () => {
  const rows = Array.from({ length: 500_000 }, () => ['a', 'b'])
  assert.equal(columns(rows).length, 500_000)
})

test('lines break at spaces; a word too long keeps its own line', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
  assert.deepEqual(wrap('abcdefgh i', 3), ['abcdefgh', 'i'])
  assert.deepEqual(wrap('', 5), [''])
})

test('nothing is coloured where nobody wants it', () => {
  assert.equal(paint({ colour: false }, 'critical', 'x'), 'x')
  assert.equal(paint({ colour: true }, 'critical', 'x'), '\u001b[1;31mx\u001b[0m')
})
