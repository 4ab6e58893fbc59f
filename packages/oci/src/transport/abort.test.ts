import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orAborted } from './abort.ts'

test('work that ends first is the answer, without a signal or with one', async () => {
  assert.equal(await orAborted(Promise.resolve(1), undefined), 1)
  assert.equal(await orAborted(Promise.resolve(2), new AbortController().signal), 2)
  await assert.rejects(orAborted(Promise.reject(new Error('broken')), new AbortController().signal), /broken/)
})

test('an abort is told at once, and work that fails afterwards is nobody’s concern', async () => {
  const { promise, reject } = Promise.withResolvers<never>()
  const controller = new AbortController()
  const waiting = orAborted(promise, controller.signal)
  controller.abort(new Error('stop'))
  await assert.rejects(waiting, /stop/)
  await assert.rejects(orAborted(promise, controller.signal), /stop/)
  await assert.rejects(orAborted(Promise.reject(new Error('too late')), controller.signal), /stop/)
  // Without somebody to take it, this would end the test process.
  reject(new Error('later still'))
  await new Promise((resolve) => setImmediate(resolve))
})
