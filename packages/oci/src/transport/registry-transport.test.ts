import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answer,
  answeredWith,
  emptyRepository,
  type FakeAuthentication,
  FakeClock,
  type FakeRegistryOptions,
  hangUp,
  pushManifest,
  redirectLoop,
  redirectTo,
  serverError,
  startFakeRegistry,
  tooManyRequests,
} from '@lanner/testkit'
import { anonymous, type Credential } from '../credentials/credential.ts'
import { Secret } from '../credentials/secret.ts'
import type { Lookup } from './outbound.ts'
import { RegistryFault, type RegistryFaultCode } from './registry-fault.ts'
import { RegistryTransport, type TransportOptions } from './registry-transport.ts'

const ci: Credential = {
  kind: 'basic',
  username: 'ci',
  password: new Secret('pass:word'),
  source: 'the test',
}
const wrong: Credential = { ...ci, password: new Secret('hunter2') }
const identity: Credential = { kind: 'identity-token', token: new Secret('refresh-me'), source: 'the test' }
const given: Credential = { kind: 'bearer', token: new Secret('token-0'), source: 'the test' }

const manifestPath = '/v2/team/app/manifests/1'
const app = emptyRepository()
pushManifest(app, { schemaVersion: 2 }, { tags: ['1'] })
const repositories = new Map([['team/app', app]])

const request = {
  method: 'GET',
  path: manifestPath,
  scope: 'repository:team/app:pull',
  purpose: 'reading manifest 1 of team/app',
} as const

interface Setting {
  readonly registry?: FakeRegistryOptions
  readonly credential?: Credential
  readonly transport?: TransportOptions
  /** Name under which the registry is asked, instead of 127.0.0.1. */
  readonly name?: string
}

/** A fake registry and a transport to it, both gone when `run` is over. */
async function withRegistry(
  { registry, credential = anonymous, transport: options, name = '127.0.0.1' }: Setting,
  run: (given: {
    transport: RegistryTransport
    ask: () => Promise<string>
    lines: () => string[]
    clock: FakeClock
    registry: Awaited<ReturnType<typeof startFakeRegistry>>
  }) => Promise<void>,
): Promise<void> {
  const fake = await startFakeRegistry({ repositories, ...registry })
  const clock = new FakeClock()
  const transport = new RegistryTransport(`${name}:${fake.port}`, credential, {
    clock,
    random: () => 0.5,
    ...options,
  })
  const ask = async () => {
    const reply = await transport.request(request)
    return (await reply.whole(1_000_000)).toString()
  }
  try {
    await run({ transport, ask, clock, registry: fake, lines: () => fake.requests.map(({ line }) => line) })
  } finally {
    await transport.close()
    await fake.close()
  }
}

function fails(code: RegistryFaultCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof RegistryFault, String(error))
    assert.match(error.message, message)
    assert.equal(error.code, code)
    assert.doesNotMatch(error.message, /hunter2|pass:word|refresh-me|token-0|Basic /)
    return true
  }
}

// Signing in: what the registry wants, what we have, and what comes of it.
const signIns: readonly {
  readonly name: string
  readonly authentication: FakeAuthentication
  readonly credential?: Credential
  readonly fails?: readonly [RegistryFaultCode, RegExp]
  /** Requests of all kinds. */
  readonly requests?: number
}[] = [
  {
    name: 'basic',
    authentication: { kind: 'basic', username: 'ci', password: 'pass:word' },
    credential: ci,
    requests: 2,
  },
  {
    name: 'basic, wrong password',
    authentication: { kind: 'basic', username: 'ci', password: 'pass:word' },
    credential: wrong,
    fails: ['unauthorized', /does not accept the credential of user "ci" from the test.*UNAUTHORIZED/],
    requests: 2,
  },
  {
    name: 'basic, no credential',
    authentication: { kind: 'basic', username: 'ci', password: 'pass:word' },
    fails: ['unauthorized', /needs a sign-in \(or does not exist\); give a credential for 127\.0\.0\.1/],
    requests: 1,
  },
  { name: 'bearer, no credential', authentication: { kind: 'bearer' }, requests: 3 },
  {
    name: 'bearer, user and password',
    authentication: { kind: 'bearer', username: 'ci', password: 'pass:word' },
    credential: ci,
    requests: 3,
  },
  {
    name: 'bearer, wrong password',
    authentication: { kind: 'bearer', username: 'ci', password: 'pass:word' },
    credential: wrong,
    fails: ['unauthorized', /signing in at .*\/token.* does not accept the credential of user "ci"/],
    requests: 2,
  },
  {
    name: 'bearer, user and password where the realm knows POST only',
    authentication: { kind: 'bearer', username: 'ci', password: 'pass:word', only: 'POST' },
    credential: ci,
    requests: 4,
  },
  {
    name: 'bearer, identity token',
    authentication: { kind: 'bearer', username: 'ci', password: 'x', identityToken: 'refresh-me' },
    credential: identity,
    requests: 3,
  },
  {
    name: 'bearer, identity token that the realm does not know',
    authentication: { kind: 'bearer', username: 'ci', password: 'x', identityToken: 'other' },
    credential: identity,
    fails: ['unauthorized', /does not accept the identity token from the test/],
  },
  {
    name: 'bearer, a token that the registry does not know',
    authentication: { kind: 'bearer' },
    credential: given,
    fails: ['unauthorized', /does not accept the token from the test/],
    requests: 2,
  },
  {
    name: 'several challenges in several headers',
    authentication: { kind: 'bearer', challenge: ['Negotiate', 'Basic realm="x"'] },
    credential: ci,
    fails: ['unauthorized', /does not accept/],
    requests: 2,
  },
  {
    name: 'no challenge that we know',
    authentication: { kind: 'bearer', challenge: 'Negotiate' },
    credential: ci,
    fails: ['unauthorized', /does not accept/],
    requests: 1,
  },
  {
    name: 'a realm that is no web address',
    authentication: { kind: 'bearer', realm: 'file:///etc/passwd' },
    credential: ci,
    fails: ['malformed', /token realm that is no web address/],
    requests: 1,
  },
  {
    name: 'a realm at a link-local address',
    authentication: { kind: 'bearer', realm: 'http://169.254.169.254/latest/api/token' },
    credential: ci,
    fails: ['refused', /169\.254\.169\.254 is a link-local or metadata address/],
    requests: 1,
  },
  {
    name: 'a realm at a metadata host',
    authentication: { kind: 'bearer', realm: 'http://metadata.google.internal/token' },
    credential: ci,
    fails: ['refused', /metadata\.google\.internal serves cloud metadata/],
    requests: 1,
  },
]

for (const { name, authentication, credential, fails: failure, requests } of signIns) {
  test(`signs in: ${name}`, async () => {
    await withRegistry({ registry: { authentication }, credential }, async ({ ask, lines }) => {
      if (failure) await assert.rejects(ask, fails(...failure))
      else assert.equal(await ask(), '{"schemaVersion":2}')
      if (requests !== undefined) assert.equal(lines().length, requests, lines().join('\n'))
    })
  })
}

test('a token is asked for once, however many requests start together, and kept', async () => {
  await withRegistry({ registry: { authentication: { kind: 'bearer' } } }, async ({ ask, lines }) => {
    await Promise.all([ask(), ask(), ask(), ask()])
    await ask()
    assert.equal(lines().filter((line) => line.startsWith('GET /token')).length, 1)
  })
})

test('a token that is about to expire is renewed before it is refused', async () => {
  const authentication: FakeAuthentication = { kind: 'bearer', expiresIn: 300 }
  await withRegistry({ registry: { authentication } }, async ({ ask, lines, clock }) => {
    const tokens = () => lines().filter((line) => line.startsWith('GET /token')).length
    await ask()
    clock.advance(280_000)
    await ask()
    assert.equal(tokens(), 1)
    clock.advance(15_000)
    await ask()
    assert.equal(tokens(), 2)
    assert.equal(lines().filter((line) => line.includes(manifestPath)).length, 4)
  })
})

test('a token that expires in between is replaced', async () => {
  const authentication: FakeAuthentication = { kind: 'bearer', usesPerToken: 2 }
  await withRegistry({ registry: { authentication } }, async ({ ask }) => {
    for (let count = 0; count < 7; count++) assert.equal(await ask(), '{"schemaVersion":2}')
  })
})

test('the token request names service, scope and account', async () => {
  const authentication: FakeAuthentication = { kind: 'bearer', username: 'ci', password: 'pass:word' }
  await withRegistry({ registry: { authentication }, credential: ci }, async ({ ask, lines }) => {
    await ask()
    const line = lines().find((each) => each.startsWith('GET /token')) ?? ''
    const query = new URL(line.slice(4), 'http://x').searchParams
    assert.deepEqual(Object.fromEntries(query), {
      service: 'fake.example',
      scope: 'repository:team/app:pull',
      account: 'ci',
    })
  })
})

const badTokens: readonly (readonly [string, object | string])[] = [
  ['no JSON', '<html>'],
  ['no token', {}],
  ['null', 'null'],
  ['a number', { token: 7 }],
  ['a header injection', { token: 'a\r\nx-evil: 1' }],
  ['an enormous token', { token: 'a'.repeat(40_000) }],
]

for (const [name, body] of badTokens) {
  test(`a realm that answers with ${name} is malformed`, async () => {
    const faults = [{ on: /^GET \/token/, fault: answeredWith(answer(200, body)) }]
    await withRegistry({ registry: { authentication: { kind: 'bearer' }, faults } }, async ({ ask }) => {
      await assert.rejects(ask, fails('malformed', /the answer holds no token/))
    })
  })
}

test('a realm that redirects does not get the credential there', async () => {
  const elsewhere = await startFakeRegistry()
  const faults = [{ on: /^GET \/token/, fault: redirectTo(`http://${elsewhere.host}/token`) }]
  const authentication: FakeAuthentication = { kind: 'bearer', username: 'ci', password: 'pass:word' }
  try {
    await withRegistry({ registry: { authentication, faults }, credential: ci }, async ({ ask }) => {
      await assert.rejects(ask, fails('refused', /the realm redirects/))
      assert.equal(elsewhere.requests.length, 0)
    })
  } finally {
    await elsewhere.close()
  }
})

// Retries: faults that pass, faults that stay, and how long we paused. Pauses follow from 300 ms doubled, half of it chance 0.5.
const retries: readonly {
  readonly name: string
  readonly fault: ReturnType<typeof serverError>
  readonly times?: number
  readonly waits: readonly number[]
  readonly fails?: readonly [RegistryFaultCode, RegExp]
}[] = [
  { name: '500 once', fault: serverError(500), times: 1, waits: [225] },
  { name: '503 three times', fault: serverError(503), times: 3, waits: [225, 450, 900] },
  {
    name: '500 for ever',
    fault: serverError(500),
    waits: [225, 450, 900],
    fails: ['server', /the server answered 500; try again later/],
  },
  { name: '501', fault: serverError(501), waits: [], fails: ['server', /answered 501/] },
  { name: '429 with seconds', fault: tooManyRequests('7'), times: 2, waits: [7_000, 7_000] },
  {
    name: '429 with a date',
    fault: tooManyRequests('Thu, 01 Jan 2026 00:00:09 GMT'),
    times: 1,
    waits: [9_000],
  },
  { name: '503 with seconds', fault: serverError(503, { 'retry-after': '3' }), times: 1, waits: [3_000] },
  { name: '429 without Retry-After', fault: tooManyRequests(), times: 1, waits: [225] },
  {
    name: '429 for ever',
    fault: tooManyRequests(),
    waits: [225, 450, 900],
    fails: [
      'rate-limited',
      /too many requests with no credential; try again later.*TOOMANYREQUESTS: slow down/,
    ],
  },
  {
    name: '429 with more patience than we have',
    fault: tooManyRequests('3600'),
    waits: [],
    fails: ['rate-limited', /try again in 3600 s/],
  },
  { name: '404', fault: answeredWith(answer(404)), waits: [], fails: ['not-found', /it is not there/] },
  {
    name: '403',
    fault: answeredWith(answer(403)),
    waits: [],
    fails: ['denied', /not allowed with no credential/],
  },
  { name: '418', fault: answeredWith(answer(418)), waits: [], fails: ['malformed', /unexpected status 418/] },
]

for (const { name, fault, times, waits, fails: failure } of retries) {
  test(`tries again: ${name}`, async () => {
    const faults = [{ on: /manifests/, fault, ...(times ? { times } : {}) }]
    await withRegistry({ registry: { faults } }, async ({ ask, clock }) => {
      if (failure) await assert.rejects(ask, fails(...failure))
      else assert.equal(await ask(), '{"schemaVersion":2}')
      assert.deepEqual(clock.waits, waits)
    })
  })
}

test('a fault of the rate limit says when to return, and what the registry said', async () => {
  const faults = [{ on: /manifests/, fault: tooManyRequests('3600') }]
  await withRegistry({ registry: { faults } }, async ({ ask }) => {
    await assert.rejects(ask, {
      code: 'rate-limited',
      status: 429,
      retryAfter: 3_600_000,
      retryable: true,
      details: [{ code: 'TOOMANYREQUESTS', message: 'slow down' }],
    })
  })
})

test('a connection that breaks before the answer is tried again', async () => {
  await withRegistry(
    { registry: { faults: [{ on: /manifests/, times: 2, fault: hangUp() }] } },
    async ({ ask, clock }) => {
      assert.equal(await ask(), '{"schemaVersion":2}')
      assert.deepEqual(clock.waits, [225, 450])
    },
  )
  await withRegistry(
    { registry: { faults: [{ on: /manifests/, fault: hangUp() }] } },
    async ({ ask, clock }) => {
      await assert.rejects(ask, fails('unreachable', /the connection was broken off/))
      assert.equal(clock.waits.length, 3)
    },
  )
})

test('a registry that does not listen is unreachable', async () => {
  const fake = await startFakeRegistry()
  await fake.close()
  const transport = new RegistryTransport(fake.host, anonymous)
  await assert.rejects(
    transport.request(request),
    fails('unreachable', /the connection was refused; check host and port/),
  )
  await transport.close()
})

test('no answer in time is unreachable', async () => {
  const faults = [{ on: /manifests/, fault: () => ({ ...answer(200, 'x'), stallAfter: 0 }) }]
  const options = { timeouts: { bodyIdle: 20 }, retry: { attempts: 1 } }
  await withRegistry({ registry: { faults }, transport: options }, async ({ ask }) => {
    await assert.rejects(ask, fails('unreachable', /the answer stopped in the middle/))
  })
})

// Redirects.
test('a redirect to another host is followed without the credential', async () => {
  const storage = await startFakeRegistry({
    faults: [{ on: /./, fault: answeredWith(answer(200, 'stored')) }],
  })
  const faults = [
    { on: /manifests/, fault: redirectTo(`http://x:y@${storage.host}/signed?signature=s3cret`) },
  ]
  const authentication: FakeAuthentication = { kind: 'bearer', username: 'ci', password: 'pass:word' }
  try {
    await withRegistry({ registry: { faults }, credential: ci }, async ({ ask }) =>
      assert.equal(await ask(), 'stored'),
    )
    const rules = [
      {
        on: /manifests/,
        fault: (usual: ReturnType<typeof answer>) =>
          usual.status === 401 ? usual : faults[0].fault(usual, never),
      },
    ]
    await withRegistry(
      { registry: { authentication, faults: rules }, credential: ci },
      async ({ ask, registry }) => {
        assert.equal(await ask(), 'stored')
        assert.ok(registry.requests.some(({ headers }) => headers['authorization']?.startsWith('Bearer ')))
      },
    )
    assert.equal(storage.requests.length, 2)
    for (const { line, headers } of storage.requests) {
      assert.equal(line, 'GET /signed?signature=s3cret')
      assert.equal(headers['authorization'], undefined)
      assert.equal(headers['user-agent'], 'lanner/0.1.0')
    }
  } finally {
    await storage.close()
  }
})

test('a 401 from a redirect target is not answered', async () => {
  const challenge = { 'www-authenticate': 'Basic realm="give me"' }
  const storage = await startFakeRegistry({
    faults: [{ on: /./, fault: answeredWith(answer(401, '', challenge)) }],
  })
  const faults = [{ on: /manifests/, fault: redirectTo(`http://${storage.host}/x?signature=s3cret`) }]
  try {
    await withRegistry({ registry: { faults }, credential: ci }, async ({ ask }) => {
      await assert.rejects(
        ask,
        fails('denied', /redirected to 127\.0\.0\.1:\d+\).*not sent along a redirect/),
      )
      assert.equal(storage.requests.length, 1)
    })
  } finally {
    await storage.close()
  }
})

test('a redirect to the own origin is signed in to where that asks for it', async () => {
  const moved = '/v2/team/app/manifests/1?moved'
  const authentication: FakeAuthentication = { kind: 'basic', username: 'ci', password: 'pass:word' }
  const rule = {
    on: /manifests\/1$/,
    fault: (usual: ReturnType<typeof answer>) =>
      usual.status === 401 ? usual : answer(307, '', { location: moved }),
  }
  await withRegistry(
    { registry: { authentication, faults: [rule] }, credential: ci },
    async ({ ask, registry }) => {
      assert.equal(await ask(), '{"schemaVersion":2}')
      const there = registry.requests.filter(({ path }) => path === moved)
      assert.deepEqual(
        there.map(({ headers }) => headers['authorization'] !== undefined),
        [false, true],
      )
    },
  )
})

const redirects: readonly (readonly [string, ReturnType<typeof redirectTo>, RegistryFaultCode, RegExp])[] = [
  ['in a loop', redirectLoop(), 'malformed', /more than 5 redirects/],
  ['to nowhere', redirectTo('http://'), 'malformed', /no URL/],
  ['to a file', redirectTo('file:///etc/passwd'), 'refused', /file: address/],
  [
    'to a metadata address',
    redirectTo('http://169.254.169.254/latest/'),
    'refused',
    /link-local or metadata/,
  ],
  [
    'to a metadata address in hex',
    redirectTo('http://0xa9fea9fe/latest/'),
    'refused',
    /169\.254\.169\.254 is a link-local/,
  ],
  ['to a metadata address in IPv6', redirectTo('http://[::ffff:169.254.169.254]/'), 'refused', /link-local/],
  ['to AWS by IPv6', redirectTo('http://[fd00:ec2::254]/'), 'refused', /link-local/],
  ['to a metadata name', redirectTo('http://metadata.google.internal./x'), 'refused', /cloud metadata/],
]

for (const [name, fault, code, message] of redirects) {
  test(`redirects ${name} are not followed`, async () => {
    await withRegistry({ registry: { faults: [{ on: /manifests/, fault }] } }, async ({ ask }) => {
      await assert.rejects(ask, fails(code, message))
    })
  })
}

// Names are judged by the address that is connected to.
const rebinding: Lookup = (hostname, _options, callback) => {
  const link = { address: '169.254.169.254', family: 4 }
  const local = { address: '127.0.0.1', family: 4 }
  callback(
    null,
    hostname === 'both.localhost' ? [local, link] : hostname === 'rebind.localhost' ? [link] : [local],
  )
}

for (const name of ['rebind.localhost', 'both.localhost']) {
  test(`a name that resolves to a link-local address is refused: ${name}`, async () => {
    await withRegistry({ name, transport: { lookup: rebinding } }, async ({ ask, lines }) => {
      await assert.rejects(
        ask,
        fails('refused', /resolves to 169\.254\.169\.254, which is a link-local or metadata address; allow/),
      )
      assert.equal(lines().length, 0)
    })
  })
}

test('a redirect to a name that resolves to a link-local address is refused', async () => {
  const faults = [{ on: /manifests/, fault: redirectTo('http://rebind.localhost:1/') }]
  await withRegistry({ registry: { faults }, transport: { lookup: rebinding } }, async ({ ask }) => {
    await assert.rejects(ask, fails('refused', /rebind\.localhost resolves to 169\.254\.169\.254/))
  })
})

test('other names are resolved and connected to', async () => {
  await withRegistry({ name: 'registry.localhost', transport: { lookup: rebinding } }, async ({ ask }) => {
    assert.equal(await ask(), '{"schemaVersion":2}')
  })
})

test('an aborted request says so, at any time', async () => {
  const faults = [{ on: /manifests/, fault: () => ({ ...answer(200, 'xyz'), stallAfter: 1 }) }]
  await withRegistry({ registry: { faults } }, async ({ transport }) => {
    const before = AbortSignal.abort()
    await assert.rejects(transport.request({ ...request, signal: before }), fails('aborted', /was aborted/))
    const controller = new AbortController()
    const reply = await transport.request({ ...request, signal: controller.signal })
    const parts = reply.parts()
    assert.equal(String((await parts.next()).value), 'x')
    controller.abort()
    await assert.rejects(parts.next(), fails('aborted', /was aborted/))
  })
})

test('a closed transport aborts what is under way and asks no more', async () => {
  const faults = [{ on: /manifests/, fault: () => ({ ...answer(200, 'xyz'), stallAfter: 1 }) }]
  await withRegistry({ registry: { faults } }, async ({ transport }) => {
    const reply = await transport.request(request)
    const parts = reply.parts()
    await parts.next()
    await transport.close()
    await assert.rejects(parts.next(), fails('aborted', /was aborted/))
    await assert.rejects(transport.request(request), fails('aborted', /was aborted/))
  })
})

test('a pause ends with its caller and with the transport', async () => {
  const faults = [{ on: /manifests/, fault: tooManyRequests('50') }]
  for (const end of ['caller', 'transport']) {
    const controller = new AbortController()
    let transport: RegistryTransport | undefined
    const clock = {
      now: () => 0,
      wait: (_milliseconds: number, signal?: AbortSignal) =>
        new Promise<void>((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
          if (end === 'caller') controller.abort()
          else transport?.close()
        }),
    }
    await withRegistry({ registry: { faults }, transport: { clock } }, async (given) => {
      transport = given.transport
      const attempt = transport.request({ ...request, signal: controller.signal })
      await assert.rejects(attempt, fails('aborted', /was aborted/))
    })
  }
})

const never = { method: '', path: '', headers: {}, body: '' }
