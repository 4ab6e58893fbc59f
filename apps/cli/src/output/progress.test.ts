import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AssessmentEvent } from '@lanner/assessment'
import type { Digest } from '@lanner/model'
import { FakeTerminal } from '../testing/terminal.ts'
import { progressReporter } from './progress.ts'

const digest = `sha256:${'ab'.repeat(32)}` as Digest
const layer = { index: 0, of: 2, digest, size: 2_000_000 }
const events: readonly AssessmentEvent[] = [
  { kind: 'resolved', reference: 'x', images: 1 },
  {
    kind: 'image',
    reference: 'x',
    platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
    manifestDigest: digest,
    layers: 2,
    size: 3_000_000,
  },
  { kind: 'layer', ...layer },
  { kind: 'layer-progress', ...layer, read: 1_000_000 },
  // A blob may give more than its descriptor says, before that is refused.
  { kind: 'layer-progress', ...layer, read: 9_000_000 },
  { kind: 'layer-progress', ...layer, size: 0, read: 0 },
  { kind: 'layer-done', ...layer, inflatedSize: 5_000_000, packages: 1, cached: false, took: 1234 },
  { kind: 'layer-done', ...layer, index: 1, inflatedSize: 5_000_000, packages: 2, cached: true, took: 1 },
  { kind: 'warning', message: 'one\u001b[2Jtwo' },
  { kind: 'matched', packages: 3, findings: 0, took: 5 },
]

function talkOf(terminal: FakeTerminal, quiet = false): string {
  const progress = progressReporter(terminal, quiet)
  for (const event of events) progress.onEvent(event)
  progress.finish()
  return terminal.talk
}

const lines = [
  'image abababababab linux/arm64/v8: 2 layers, 3.0 MB',
  'layer 1/2 abababababab 2.0 MB -> 5.0 MB, 1 package, 1.2 s',
  'layer 2/2 abababababab 2.0 MB -> 5.0 MB, 2 packages, known',
  'warning: one\ufffd[2Jtwo',
  'matched 3 packages in 5 ms',
]

test('a line for each thing that was done, where nobody watches', () => {
  assert.equal(talkOf(new FakeTerminal()), `${lines.join('\n')}\n`)
})

test('on a terminal one line moves, and is gone in the end', () => {
  const talk = talkOf(new FakeTerminal({ interactive: true }))
  const moving = ['50 % of 2.0 MB', '100 % of 2.0 MB', '0 % of 0 B'].map(
    (text) => `layer 1/2 abababababab ${text}`,
  )
  for (const text of moving) assert.ok(talk.includes(`${text}\r\u001b[K`), text)
  const left = moving.reduce((text, gone) => text.replace(`${gone}\r\u001b[K`, ''), talk)
  assert.equal(left, `${lines.join('\n')}\n`)
})

test('nothing is told when quiet', () => {
  assert.equal(talkOf(new FakeTerminal({ interactive: true }), true), '')
})
