import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../telemetry/log.ts'
import { createApp } from './app.ts'
import { serveOpenApi } from './openapi.ts'

test('the document is had without a sign-in, the same at every call, also by HEAD', async (t) => {
  const app = createApp({ log: createLog({ level: 'silent' }), clock: () => 0 })
  t.after(() => app.close())
  serveOpenApi(app, { version: '4.5.6' })
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/openapi.json`
  const [first, second, head] = [await fetch(url), await fetch(url), await fetch(url, { method: 'HEAD' })]
  const text = await first.text()
  assert.equal(first.status, 200)
  assert.equal(first.headers.get('content-type'), 'application/json')
  const { openapi, info, paths } = JSON.parse(text)
  assert.equal(openapi, '3.1.0')
  assert.equal(info.version, '4.5.6')
  assert.ok(paths['/reports'].get)
  assert.equal(await second.text(), text)
  assert.equal(head.status, 200)
  assert.equal(Number(head.headers.get('content-length')), Buffer.byteLength(text))
})
