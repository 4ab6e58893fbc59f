import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Frame, FrameReader, framed } from './frames.ts'
import { Output } from './output.ts'

const limits = { text: 100, bytes: 10 }

function whole(...frames: Frame[]): Buffer {
  return Buffer.concat(frames.flatMap((frame) => framed(frame)))
}

test('messages and their bytes arrive as they were sent, however the pipe divides them', () => {
  const frames: Frame[] = [
    { message: { kind: 'ready' } },
    { message: ['ä', null, 1.5], bytes: new Uint8Array([1, 2, 3]) },
    { message: 'none', bytes: new Uint8Array(0) },
    { message: {} },
  ]
  const sent = whole(...frames)
  for (let size = 1; size <= sent.length; size++) {
    const heard: Frame[] = []
    const reader = new FrameReader(limits, (frame) => heard.push(frame))
    for (let at = 0; at < sent.length; at += size) reader.push(sent.subarray(at, at + size))
    assert.deepEqual(heard, frames, `in pieces of ${size}`)
  }
})

test('what is larger than allowed is refused by what its head says', () => {
  const heard: Frame[] = []
  const reader = () => new FrameReader(limits, (frame) => heard.push(frame))
  reader().push(whole({ message: 'x'.repeat(98), bytes: new Uint8Array(10) }))
  assert.equal(heard.length, 1)
  assert.throws(() => reader().push(whole({ message: 'x'.repeat(99) })), /101 characters and 0 bytes/)
  assert.throws(
    () => reader().push(whole({ message: 1, bytes: new Uint8Array(11) })),
    /1 characters and 11 bytes/,
  )
  assert.throws(() => reader().push(Buffer.alloc(8, 255)), /4294967295 characters/)
  assert.equal(heard.length, 1)
})

test('what is no message is refused', () => {
  const reader = () => new FrameReader(limits, () => assert.fail('it is none'))
  assert.throws(() => reader().push(Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22])), /no JSON/)
  assert.throws(() => reader().push(Buffer.alloc(8)), /is empty/)
})

test('what is printed is passed on within bounds, and its end is kept', () => {
  const lines: string[] = []
  const output = new Output((line) => lines.push(line))
  output.push(Buffer.from('one\ntw'))
  output.push(Buffer.from(`o\n\n${'x'.repeat(600)}`))
  output.end()
  assert.deepEqual(lines, ['one', 'two', 'x'.repeat(500)])
  for (let line = 0; line < 10_000; line++) output.push(Buffer.from(`${line}\n`))
  assert.equal(lines.length, 200)
  assert.match(lines[199], /not passed on/)
  assert.equal(output.last.length, 8_000)
  assert.ok(output.last.endsWith('9998\n9999\n'))
})
