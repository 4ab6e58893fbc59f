import assert from 'node:assert/strict'
import { test } from 'node:test'
import { order } from '../../order.ts'
import { maven } from './index.ts'

test("Maven's own order runs in a circle where a qualifier stands between dots", () => {
  assert.equal(order(maven, '1.sp.1', '1-rc'), 'less')
  assert.equal(order(maven, '1-rc', '1'), 'less')
  assert.equal(order(maven, '1', '1.sp.1'), 'less')
})
