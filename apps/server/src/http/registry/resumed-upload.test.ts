import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { test } from 'node:test'
import { testDatabase } from '../../testing/database.ts'
import { digestOf } from '../../testing/push-content.ts'
import { basic, startPushRegistry, temporaryBlobs } from '../../testing/push-registry.ts'

const bytes = Buffer.alloc(1_000_000, 'resumed')
const digest = digestOf(bytes)

test('an upload goes on after the server was started again', async (t) => {
  const { database } = await testDatabase(t)
  const folder = await temporaryBlobs(t)
  const before = await startPushRegistry(t, { database, folder })
  const begun = await before.request('/v2/a/blobs/uploads/', { method: 'POST' })
  const location = begun.headers.get('location') ?? ''
  await before.request(location, { method: 'PATCH', body: bytes.subarray(0, 400_000) })

  // Another server over the same folder and database knows nothing but what lies there.
  const after = await startPushRegistry(t, { database, folder })
  const status = await after.request(location)
  assert.equal(status.headers.get('range'), '0-399999')
  const last = await after.request(`${location}?digest=${digest}`, {
    method: 'PUT',
    headers: { 'content-range': '400000-999999' },
    body: bytes.subarray(400_000),
  })
  assert.equal(last.status, 201)
  const pulled = await after.request(`/v2/a/blobs/${digest}`)
  assert.equal(digestOf(Buffer.from(await pulled.arrayBuffer())), digest)
})

test('a client that hangs up in the middle asks how far it came, and goes on from there', async (t) => {
  const registry = await startPushRegistry(t)
  const begun = await registry.request('/v2/a/blobs/uploads/', { method: 'POST' })
  const location = begun.headers.get('location') ?? ''
  await new Promise<void>((resolve) => {
    const headers = { authorization: basic('alice', 'alice'), 'content-length': bytes.length }
    const outgoing = httpRequest(new URL(location, registry.url), { method: 'PATCH', headers })
    outgoing.on('error', () => undefined)
    outgoing.on('close', resolve)
    outgoing.write(bytes.subarray(0, 300_000), () => outgoing.destroy())
  })
  // Cancelling and appending wait for their turn; so an empty chunk tells when the broken one has ended.
  const settled = await registry.request(location, { method: 'PATCH' })
  const [, end] = (settled.headers.get('range') ?? '').split('-').map(Number)
  const length = end === 0 ? 0 : end + 1
  assert.ok(length <= 300_000)
  const last = await registry.request(`${location}?digest=${digest}`, {
    method: 'PUT',
    headers: { 'content-range': `${length}-999999` },
    body: bytes.subarray(length),
  })
  assert.equal(last.status, 201, await last.text())
  assert.deepEqual(registry.failures, [])
})

test('two writers of one upload take turns, and only one fits', async (t) => {
  const registry = await startPushRegistry(t)
  const begun = await registry.request('/v2/a/blobs/uploads/', { method: 'POST' })
  const location = begun.headers.get('location') ?? ''
  const send = () =>
    registry.request(location, { method: 'PATCH', headers: { 'content-range': '0-999999' }, body: bytes })
  const statuses = (await Promise.all([send(), send(), send()])).map((answer) => answer.status)
  assert.deepEqual(statuses.sort(), [202, 416, 416])
  const last = await registry.request(`${location}?digest=${digest}`, { method: 'PUT' })
  assert.equal(last.status, 201)
})
