import { randomBytes } from 'node:crypto'
import { request as send } from 'node:http'
import type { TestContext } from 'node:test'
import { Secret } from '@lanner/oci'
import type { Database } from '../db/database.ts'
import type { App } from '../http/app.ts'
import type { Room } from '../http/dialect.ts'
import { createServer } from '../http/server.ts'
import { type Keyring, openKeyring } from '../secrets/keyring.ts'
import { createLog, type Log } from '../telemetry/log.ts'
import { createMetrics, type Metrics } from '../telemetry/metrics.ts'
import { bootstrap } from '../use-cases/bootstrap.ts'
import { newClientId, newClientSecret } from '../use-cases/clients.ts'
import { type IdentityServices, identityServices } from '../use-cases/identity.ts'
import { rateLimits } from '../use-cases/rate-limits.ts'
import { testDatabase } from './database.ts'

/** What services under test are made of. */
export interface TestGround {
  readonly database: Database
  readonly keyring: Keyring
  /** Milliseconds since 1970, and as far ahead as `pass` moved it. */
  readonly clock: () => number
  readonly identity: IdentityServices
  readonly log: Log
  readonly metrics: Metrics
}

/** A tenant with a client that has every scope, and a token of it. */
export interface TestTenant {
  readonly cid: string
  readonly clientId: string
  readonly clientSecret: string
  readonly token: string
}

export interface TestCall {
  /** The first tenant's, unless said; empty: none. */
  readonly token?: string
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>>
  /** An object goes as JSON, text as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestReply {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** As they came over the wire: name, value, name, value … */
  readonly rawHeaders: readonly string[]
  readonly text: string
  /** The text as JSON, where it is. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects in there
  readonly body: any
}

export interface TestServer extends TestGround {
  readonly url: string
  readonly tenant: TestTenant
  secondTenant(): Promise<TestTenant>
  call(method: string, path: string, call?: TestCall): Promise<TestReply>
  /** Lets time pass for the server. */
  pass(milliseconds: number): void
}

export interface TestServerOptions<Services> {
  readonly rooms: readonly Room<Services>[]
  /** Services beside those of identity. */
  readonly services?: (ground: TestGround) => Omit<Services, keyof IdentityServices>
  readonly protocols?: (ground: TestGround) => readonly ((app: App) => void)[]
  /** Calls a minute; 0, the default here: no bound. */
  readonly perMinute?: number
  readonly log?: Log
}

/** The password of every first tenant's administrator in tests. */
const testPassword = 'correct horse battery'

/** Quick to compute, and worth as much. */
const passwordCost = { logN: 4, r: 8, p: 1 }

/**
 * A server on a free port of the loopback with a migrated database, one tenant and its client. Every reply is held against
 * its declared schema.
 */
export async function testServer<Services>(
  t: TestContext,
  options: TestServerOptions<Services>,
): Promise<TestServer> {
  const { database } = await testDatabase(t)
  let ahead = 0
  const clock = () => Date.now() + ahead
  const keyring = openKeyring([new Secret(randomBytes(32).toString('hex'))])
  const knownScopes = new Set(
    options.rooms.flatMap(({ collection }) =>
      Object.values(collection.operations).flatMap(({ scope }) => (scope === 'none' ? [] : scope)),
    ),
  )
  const identity = identityServices({ database, keyring, clock, knownScopes, passwordCost })
  const log = options.log ?? createLog({ level: 'silent' })
  const metrics = createMetrics({ process: false })
  const ground: TestGround = { database, keyring, clock, identity, log, metrics }

  const preset = { clientId: newClientId(), clientSecret: newClientSecret() }
  const { cid } = await bootstrap(
    { database, keyring, clock, knownScopes, passwordCost },
    {
      preset,
      kept: {
        cid: randomBytes(16).toString('hex'),
        client_id: '',
        client_secret: '',
        username: 'admin',
        password: testPassword,
      },
      keep: async () => {},
    },
  )
  const services = { ...identity, ...options.services?.(ground) } as unknown as Services
  const server = createServer<Services>({
    rooms: options.rooms,
    services,
    bearer: identity.tokens.find,
    rates: rateLimits({ perMinute: options.perMinute ?? 0 }),
    log,
    metrics,
    clock,
    checkReplies: true,
    checks: [],
    protocols: options.protocols?.(ground) ?? [],
  })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => server.close(1000))

  async function tenantOf(owner: string, clientId: string, clientSecret: Secret): Promise<TestTenant> {
    const { token } = await identity.tokens.issue({ cid: owner, clientId }, '127.0.0.1')
    return { cid: owner, clientId, clientSecret: clientSecret.reveal(), token }
  }

  const tenant = await tenantOf(cid, preset.clientId, preset.clientSecret)
  return {
    ...ground,
    url,
    tenant,
    async secondTenant() {
      const { cid: other } = await identity.tenants.create('Second tenant', 'test')
      const by = { cid: other, actor: 'test', scopes: knownScopes }
      const { client, secret } = await identity.clients.create(by, { name: 'second' })
      return tenantOf(other, client.clientId, secret)
    },
    call: (method, path, call = {}) => exchange(url, method, path, { token: tenant.token, ...call }),
    pass(milliseconds) {
      ahead += milliseconds
    },
  }
}

/** One request, sent as it is given: a GET may have a body. */
export function exchange(url: string, method: string, path: string, call: TestCall): Promise<TestReply> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(call.query ?? {}))
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each))
  const address = `${url}${path}${query.size > 0 ? `${path.includes('?') ? '&' : '?'}${query}` : ''}`
  const json = call.body !== undefined && typeof call.body !== 'string'
  const body = json ? JSON.stringify(call.body) : (call.body as string | undefined)
  const headers: Record<string, string> = {
    ...(call.token ? { Authorization: `Bearer ${call.token}` } : {}),
    ...(json ? { 'Content-Type': 'application/json' } : {}),
    ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...call.headers,
  }
  return new Promise((resolve, reject) => {
    const request = send(address, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          rawHeaders: response.rawHeaders,
          text,
          body: parsed(text),
        })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
