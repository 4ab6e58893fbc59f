import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '@lanner/model'
import { failureText } from './failure-text.ts'

test('what a message quotes moves no cursor and paints nothing', () => {
  const fault = new Fault('not-an-image', 'an artifact of type application/x\u001b[31mEVIL\u0007\nand more')
  assert.equal(failureText(fault), 'an artifact of type application/x\ufffd[31mEVIL\ufffd\nand more')
})

test('where a registry wants a sign-in, how to sign in is told', () => {
  const refused = (code: string) =>
    Object.assign(new Fault(code, 'no'), { registry: 'registry.example:5000' })
  assert.match(
    failureText(refused('unauthorized')),
    /^no\nSign in with `docker login registry\.example:5000`/,
  )
  assert.equal(failureText(refused('not-found')), 'no')
})

test('what nobody foresaw comes with its trace', () => {
  assert.match(
    failureText(new TypeError('x is null')),
    /^unexpected error, please report it: TypeError: x is null\n +at /,
  )
  assert.match(failureText('thrown text'), /please report it: thrown text$/)
})
