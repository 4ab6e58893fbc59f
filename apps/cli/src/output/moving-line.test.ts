import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeTerminal } from '../testing/terminal.ts'
import { movingLine } from './moving-line.ts'

test('on a terminal the line is written again and again, and is gone at the end', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const terminal = new FakeTerminal({ interactive: true })
  let bytes = 0
  const line = movingLine(terminal, () => `${++bytes} B`)
  t.mock.timers.tick(400)
  line.end()
  line.end()
  t.mock.timers.tick(400)
  assert.equal(terminal.talk, '\r\u001b[K1 B\r\u001b[K2 B\r\u001b[K')
})

test('where nobody watches nothing is written', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const terminal = new FakeTerminal()
  const line = movingLine(terminal, () => 'x')
  t.mock.timers.tick(400)
  line.end()
  assert.equal(terminal.talk, '')
})
