import assert from 'node:assert/strict'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { anonymous } from '../credentials/credential.ts'
import { RegistryFault, type RegistryFaultCode } from './registry-fault.ts'
import { RegistryTransport } from './registry-transport.ts'

/** Answers every connection that does not speak TLS with the same bytes, and asks for a catalog. */
async function askRaw(bytes: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    // 0x16 is the first byte of a TLS handshake.
    socket.once('data', (first) => (first[0] === 0x16 ? socket.destroy() : socket.end(bytes)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const transport = new RegistryTransport(host, anonymous, { retry: { attempts: 1 } })
  try {
    const request = { method: 'GET', path: '/v2/_catalog', scope: '', purpose: 'listing' } as const
    return (await (await transport.request(request)).whole(100)).toString()
  } finally {
    await transport.close()
    await new Promise((resolve) => server.close(resolve))
  }
}

const ok = 'HTTP/1.1 200 OK\r\n'

// What no HTTP server of good faith sends.
const answers: readonly (readonly [string, string, RegistryFaultCode, RegExp])[] = [
  ['nothing', '', 'unreachable', /broken off/],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'malformed', /the answer is not HTTP/],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-', 'unreachable', /broken off/],
  ['a length that is no number', `${ok}Content-Length: seven\r\n\r\n`, 'malformed', /not HTTP/],
  [
    'two lengths',
    `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    'unreachable',
    /shorter or longer/,
  ],
  [
    'a head without end',
    `${ok}${'x-y: z\r\n'.repeat(20_000)}\r\n`,
    'malformed',
    /headers of the answer are too large/,
  ],
  ['a shorter body', `${ok}Content-Length: 10\r\n\r\nabc`, 'unreachable', /broken off|shorter/],
  ['a longer body', `${ok}Content-Length: 200\r\n\r\n${'x'.repeat(200)}`, 'too-large', /more than 100 bytes/],
  ['chunks that are none', `${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 'malformed', /not HTTP/],
]

for (const [name, bytes, code, message] of answers) {
  test(`an answer of ${name} is ${code}`, async () => {
    await assert.rejects(askRaw(bytes), (error) => {
      assert.ok(error instanceof RegistryFault, String(error))
      assert.match(error.message, message)
      assert.equal(error.code, code)
      return true
    })
  })
}

test('a plain answer without length ends with the connection', async () => {
  assert.equal(await askRaw(`${ok}\r\nhello`), 'hello')
})
