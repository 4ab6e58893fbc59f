import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import {
  answer,
  answeredWith,
  type FakeRegistry,
  type FakeRegistryOptions,
  makeFakeCertificate,
  redirectTo,
  startFakeRegistry,
} from '@lanner/testkit'
import { anonymous, type Credential } from '../credentials/credential.ts'
import { Secret } from '../credentials/secret.ts'
import { RegistryFault, type RegistryFaultCode } from './registry-fault.ts'
import { RegistryTransport, type TransportOptions } from './registry-transport.ts'

const certificate = makeFakeCertificate(['localhost', 'registry.example'])
const ci: Credential = { kind: 'basic', username: 'ci', password: new Secret('hunter2'), source: 'the test' }
const hello = { on: /^GET \/v2\/_catalog/, fault: answeredWith(answer(200, 'hello')) }
const request = {
  method: 'GET',
  path: '/v2/_catalog',
  scope: 'registry:catalog:*',
  purpose: 'greeting',
} as const

async function withServer(
  options: FakeRegistryOptions,
  run: (fake: FakeRegistry) => Promise<void>,
): Promise<void> {
  const fake = await startFakeRegistry(options)
  try {
    await run(fake)
  } finally {
    await fake.close()
  }
}

async function ask(registry: string, options: TransportOptions, credential = anonymous): Promise<string> {
  const transport = new RegistryTransport(registry, credential, options)
  try {
    return (await (await transport.request(request)).whole(1000)).toString()
  } finally {
    await transport.close()
  }
}

function fails(code: RegistryFaultCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof RegistryFault, String(error))
    assert.match(error.message, message)
    assert.equal(error.code, code)
    return true
  }
}

const trusted = { authorities: [certificate.certificate] }

test('TLS is spoken where the registry speaks it, and its certificate must be trusted', async () => {
  await withServer({ certificate, faults: [hello] }, async ({ host, port }) => {
    assert.equal(await ask(host, trusted), 'hello')
    assert.equal(await ask(`localhost:${port}`, trusted), 'hello')
    assert.equal(await ask(host, { insecure: true }), 'hello')
    await assert.rejects(
      ask(host, {}),
      fails('unreachable', /its certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/),
    )
    const other = { authorities: [makeFakeCertificate().certificate] }
    await assert.rejects(ask(host, other), fails('unreachable', /certificate is not trusted/))
  })
})

test('a certificate for another name is not trusted', async () => {
  const foreign = makeFakeCertificate(['elsewhere.example'])
  await withServer({ certificate: foreign, faults: [hello] }, async ({ port }) => {
    const attempt = ask(`localhost:${port}`, { authorities: [foreign.certificate] })
    await assert.rejects(attempt, fails('unreachable', /ERR_TLS_CERT_ALTNAME_INVALID/))
  })
})

test('plain HTTP is for this machine and for registries declared insecure', async () => {
  // A name that does not say where it leads, which is here.
  const lookup: TransportOptions['lookup'] = (_, __, callback) =>
    callback(null, [{ address: '127.0.0.1', family: 4 }])
  await withServer({ faults: [hello] }, async ({ host, port, requests }) => {
    const attempt = ask(`registry.example:${port}`, { lookup, retry: { attempts: 1 } })
    await assert.rejects(attempt, { code: 'unreachable' })
    assert.equal(requests.length, 0)
    assert.equal(await ask(host, {}), 'hello')
    assert.equal(await ask(`localhost:${port}`, { insecure: true, lookup }), 'hello')
  })
})

test('a redirect from https to http is refused', async () => {
  const faults = [{ on: /_catalog/, fault: redirectTo('http://127.0.0.1:1/x?signature=s3cret') }]
  await withServer({ certificate, faults }, async ({ host }) => {
    await assert.rejects(ask(host, trusted), (error) => {
      assert.doesNotMatch(String(error), /s3cret/)
      return fails('refused', /leads from https to http \(http:\/\/127\.0\.0\.1:1\/x\)/)(error)
    })
  })
})

test('a realm without TLS gets nothing from a registry with TLS', async () => {
  await withServer({}, async (realm) => {
    const authentication = { kind: 'bearer', realm: `http://${realm.host}/token` } as const
    await withServer({ certificate, authentication }, async ({ host }) => {
      for (const insecure of [false, true]) {
        await assert.rejects(
          ask(host, { ...trusted, insecure }, ci),
          fails('refused', /nothing is sent without TLS/),
        )
      }
      assert.equal(realm.requests.length, 0)
    })
  })
})

test('insecure is for the registry itself: what it redirects to is verified', async () => {
  await withServer({ certificate, faults: [hello] }, async (storage) => {
    const faults = [{ on: /_catalog/, fault: redirectTo(`https://localhost:${storage.port}/v2/_catalog`) }]
    await withServer({ certificate, faults }, async ({ host }) => {
      await assert.rejects(ask(host, { insecure: true }), fails('unreachable', /certificate is not trusted/))
      assert.equal(storage.requests.length, 0)
      assert.equal(await ask(host, { insecure: true, ...trusted }), 'hello')
    })
  })
})

/** A proxy that tunnels whatever it is asked for to one port of this machine. */
async function withProxy(
  port: number,
  run: (proxy: string, asked: string[]) => Promise<void>,
): Promise<void> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer()
  server.on('connect', (message, socket: Socket) => {
    asked.push(`${message.url} ${message.headers['proxy-authorization'] ?? ''}`.trim())
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    for (const each of [socket, upstream]) {
      sockets.add(each)
      each.on('error', () => {})
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await run(`http://me:too@127.0.0.1:${(server.address() as AddressInfo).port}`, asked)
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

test('a proxy is used for what NO_PROXY does not except', async () => {
  await withServer({ certificate, faults: [hello] }, async ({ port }) => {
    await withProxy(port, async (https, asked) => {
      assert.equal(await ask('registry.example', { ...trusted, proxy: { https } }), 'hello')
      assert.deepEqual(asked, [`registry.example:443 Basic ${Buffer.from('me:too').toString('base64')}`])
      assert.equal(await ask(`localhost:${port}`, { ...trusted, proxy: { https } }), 'hello')
      assert.equal(asked.length, 1)
    })
  })
})

// Behind a proxy a registry counts as public, and a public registry must not send us inside.
const realms: readonly (readonly [string, RegExp])[] = [
  ['https://10.0.0.1/token', /10\.0\.0\.1 is a private address, to which a public registry must not send us/],
  ['https://127.0.0.1/token', /127\.0\.0\.1 is a loopback address/],
  ['https://localhost/token', /localhost is a loopback address/],
  ['https://[::1]/token', /::1 is a loopback address/],
  ['https://[fd00::1]/token', /fd00::1 is a private address/],
]

for (const [realm, message] of realms) {
  test(`a public registry cannot declare the realm ${realm}`, async () => {
    await withServer({ certificate, authentication: { kind: 'bearer', realm } }, async ({ port }) => {
      await withProxy(port, async (https) => {
        const options = { ...trusted, proxy: { https } }
        await assert.rejects(ask('registry.example', options, ci), fails('refused', message))
      })
    })
  })
}

test('a public registry cannot redirect to this machine', async () => {
  const faults = [{ on: /_catalog/, fault: redirectTo('https://127.0.0.1:1/') }]
  await withServer({ certificate, faults }, async ({ port }) => {
    await withProxy(port, async (https) => {
      const options = { ...trusted, proxy: { https } }
      await assert.rejects(
        ask('registry.example', options),
        fails('refused', /127\.0\.0\.1 is a loopback address/),
      )
    })
  })
})

test('a realm that is allowed by name may lie inside', async () => {
  await withServer({ certificate }, async (realm) => {
    const authentication = { kind: 'bearer', realm: `https://localhost:${realm.port}/token` } as const
    await withServer({ certificate, authentication }, async ({ port }) => {
      await withProxy(port, async (https) => {
        const options = { ...trusted, proxy: { https }, allowedHosts: ['localhost'] }
        // It is asked by GET and then by POST, and knows neither.
        await assert.rejects(ask('registry.example', options, ci), fails('not-found', /signing in at/))
        assert.equal(realm.requests.length, 2)
      })
    })
  })
})

/** A server that answers with whether it was shown a certificate, or redirects. */
async function withIdentityServer(
  location: string | undefined,
  run: (port: number) => Promise<void>,
): Promise<void> {
  const server = createSecureServer(
    { cert: certificate.certificate, key: certificate.key, requestCert: true, rejectUnauthorized: false },
    (message, response) => {
      const shown = (message.socket as TLSSocket).getPeerX509Certificate()?.subject ?? 'nobody'
      if (location && message.url !== '/v2/') response.writeHead(307, { location }).end()
      else response.end(shown)
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await run((server.address() as AddressInfo).port)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

test('a client certificate is shown to the registry and to nobody else', async () => {
  const own = makeFakeCertificate()
  const clientCertificate = { certificate: own.certificate, key: new Secret(own.key) }
  const options = { ...trusted, clientCertificate }
  await withIdentityServer(undefined, async (port) => {
    assert.equal(await ask(`127.0.0.1:${port}`, options), 'CN=fake registry')
    assert.equal(await ask(`127.0.0.1:${port}`, trusted), 'nobody')
    await withIdentityServer(`https://localhost:${port}/v2/_catalog`, async (first) => {
      assert.equal(await ask(`127.0.0.1:${first}`, options), 'nobody')
    })
  })
})

const badSettings: readonly (readonly [string, TransportOptions, RegExp])[] = [
  ['an authority that is no PEM', { authorities: ['hello'] }, /not PEM|certificate is not trusted/],
  [
    'a key that is no PEM',
    { clientCertificate: { certificate: certificate.certificate, key: new Secret('hunter2') } },
    /failed at/,
  ],
]

for (const [name, options, message] of badSettings) {
  test(`${name} is told, and not shown`, async () => {
    await withServer({ certificate, faults: [hello] }, async ({ host }) => {
      await assert.rejects(ask(host, options), (error) => {
        assert.doesNotMatch(String(error), /hunter2/)
        return fails('unreachable', message)(error)
      })
    })
  })
}

test('a proxy that refuses is told', async () => {
  const server = createServer()
  server.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const https = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    await assert.rejects(
      ask('registry.example', { proxy: { https } }),
      fails('unreachable', /the proxy did not let it through \(.*407/),
    )
    await assert.rejects(
      ask('registry.example', { proxy: { https: 'http://' } }),
      fails('unreachable', /address of the proxy is no URL/),
    )
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
