import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ExtractFault, MiB } from './extractor.ts'
import { retainWhole, retainWindows } from './retained-body.ts'

/** Feeds a body in parts of the given size, as an inflater would. */
function feed(body: ReturnType<typeof retainWhole>, content: Buffer, step: number): void {
  for (let offset = 0; offset < content.length; offset += step)
    body.write(content.subarray(offset, offset + step), offset)
}

for (const step of [1, 3, 7, 4096]) {
  test(`a body fed in parts of ${step} reads as one`, () => {
    const content = Buffer.from('The quick brown fox jumps over the lazy dog')
    const body = retainWhole(content.length)
    feed(body, content, step)
    const bytes = body.bytes()
    assert.equal(bytes.complete, true)
    assert.equal(bytes.text(), content.toString())
    assert.equal(bytes.slice(4, 9).toString(), 'quick')
    assert.equal(bytes.slice(40, 400).toString(), 'dog')
    assert.equal(bytes.indexOf(Buffer.from('brown')), 10)
    assert.equal(bytes.indexOf(Buffer.from('o'), 13), 17)
    assert.equal(bytes.indexOf(Buffer.from('fox'), 0, 18), -1)
    assert.equal(bytes.indexOf(Buffer.from('cat')), -1)
  })
}

test('sparse holes are not retained, and asking for one is refused', () => {
  const body = retainWhole(100)
  body.write(Buffer.alloc(10, 1), 0)
  body.write(Buffer.alloc(10, 2), 90)
  const bytes = body.bytes()
  assert.equal(bytes.complete, false)
  assert.equal(bytes.has(0, 10), true)
  assert.equal(bytes.has(5, 95), false)
  assert.equal(bytes.slice(90).length, 10)
  assert.throws(() => bytes.slice(5, 95), ExtractFault)
})

const anchor = Buffer.from('ANCHOR')
const windowCases: readonly (readonly [name: string, at: number, step: number])[] = [
  ['inside a part', 5 * MiB + 100, MiB],
  ['at the start of a part', 5 * MiB, MiB],
  ['across two parts', 5 * MiB - 3, MiB],
  ['across many small parts', 5 * MiB - 3, 64 * 1024 + 1],
]

for (const [name, at, step] of windowCases) {
  test(`a large body keeps its ends and what follows an anchor ${name}`, () => {
    const content = Buffer.alloc(9 * MiB, 0x2e)
    anchor.copy(content, at)
    content.write('HEAD', 0)
    content.write('TAIL', content.length - 4)
    content.write('FAR', at + MiB - 3)
    const body = retainWindows(content.length, [anchor])
    feed(body, content, step)
    const bytes = body.bytes()
    assert.equal(bytes.complete, false)
    assert.equal(bytes.slice(0, 4).toString(), 'HEAD')
    assert.equal(bytes.slice(content.length - 4).toString(), 'TAIL')
    assert.equal(bytes.indexOf(anchor), at)
    assert.equal(bytes.slice(at + MiB - 3, at + MiB).toString(), 'FAR')
    assert.equal(bytes.has(3 * MiB, 3 * MiB + 1), false)
  })
}

test('a body made of anchors keeps a bounded number of windows', () => {
  const content = Buffer.alloc(64 * MiB)
  for (let at = 2 * MiB; at < content.length - 2 * MiB; at += 3 * MiB) anchor.copy(content, at)
  const body = retainWindows(content.length, [anchor])
  feed(body, content, MiB)
  const bytes = body.bytes()
  let kept = 0
  for (let at = 0; at < content.length; at += MiB) if (bytes.has(at, at + 1)) kept++
  assert.ok(kept <= 20, `${kept} mebibytes kept`)
})
