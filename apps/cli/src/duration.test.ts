import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durationOf } from './duration.ts'

test('durations as people write them', () => {
  for (const [text, milliseconds] of [
    ['8s', 8000],
    ['500ms', 500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['30', 30_000],
    ['0', 0],
    ['1.5s', 1500],
  ] as const)
    assert.equal(durationOf(text), milliseconds, text)
  for (const text of ['', 's', '-1s', '1d', '1 s', '1e3', '.5s', '8S', 'Infinity', '9999999999'])
    assert.equal(durationOf(text), undefined, text)
})
