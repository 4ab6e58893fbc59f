import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { checkedAddress, httpsFetch } from './fetch.ts'

const refused = [
  'http://example.org/all.zip',
  'ftp://example.org/',
  'file:///etc/passwd',
  'https://user:secret@example.org/',
  'https://169.254.169.254/latest/meta-data',
  'https://[fe80::1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://metadata.google.internal/',
  'http://127.0.0.1.example.org/',
  'nonsense',
]
for (const address of refused) {
  test(`not asked: ${address}`, () => {
    assert.throws(() => checkedAddress(address), { name: 'AdvisoryFault', code: 'unreachable' })
    assert.throws(
      () => checkedAddress(address),
      (error: Error) => !error.message.includes('secret'),
    )
  })
}

test('asked: https anywhere, http on this machine', () => {
  for (const address of [
    'https://example.org/x',
    'http://127.0.0.1:8080/',
    'http://localhost/',
    'http://[::1]:1/',
  ]) {
    assert.equal(checkedAddress(address).href, new URL(address).href)
  }
})

test('redirects are followed, checked each time, and end', async () => {
  const server = createServer((request, response) => {
    const target = { '/moved': '/here', '/away': 'http://192.0.2.1/', '/loop': '/loop' }[request.url ?? '']
    if (target) response.writeHead(302, { location: target }).end('moved')
    else response.writeHead(200, { etag: '"1"' }).end(`asked with ${request.headers['range']}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const answer = await httpsFetch(`${base}/moved`, { headers: { range: 'bytes=1-' } })
    const parts: Uint8Array[] = []
    for await (const chunk of answer.body) parts.push(chunk)
    assert.deepEqual(
      [answer.status, answer.headers['etag'], Buffer.concat(parts).toString()],
      [200, '"1"', 'asked with bytes=1-'],
    )
    await assert.rejects(httpsFetch(`${base}/away`, { headers: {} }), {
      code: 'unreachable',
      message: /only https/,
    })
    await assert.rejects(httpsFetch(`${base}/loop`, { headers: {} }), {
      code: 'unreachable',
      message: /more than 5/,
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
