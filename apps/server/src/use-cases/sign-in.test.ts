import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Secret } from '@lanner/oci'
import { openKeyring } from '../secrets/keyring.ts'
import { testDatabase } from '../testing/database.ts'
import { bootstrap, type FirstCredentials } from './bootstrap.ts'
import { identityServices } from './identity.ts'
import type { RequestFault } from './request-fault.ts'
import { signInThrottle, throttleLimits } from './sign-in-throttle.ts'

const knownScopes = new Set(['images:read', 'images:write', 'tokens:read'])
const passwordCost = { logN: 4, r: 8, p: 1 }
const keyring = openKeyring([new Secret('ab'.repeat(32))])

async function ground(t: TestContext) {
  const { database } = await testDatabase(t)
  let now = Date.parse('2026-03-02T09:14:05Z')
  const clock = () => now
  const ports = { database, keyring, clock, knownScopes, passwordCost }
  let kept: FirstCredentials | undefined
  const start = () =>
    bootstrap(ports, {
      ...(kept ? { kept } : {}),
      keep: async (credentials) => {
        kept = credentials
      },
    })
  return {
    ports,
    start,
    kept: () => kept!,
    identity: identityServices(ports),
    /** The same database as another process sees it. */
    elsewhere: identityServices(ports),
    pass: (milliseconds: number) => {
      now += milliseconds
    },
  }
}

const fault = (code: string) => (error: unknown) => (error as RequestFault).code === code

test('the first start makes a tenant, an administrator and a client that can do everything', async (t) => {
  const { start, kept, identity } = await ground(t)
  const { cid, first } = await start()
  assert.ok(first)
  const { client_id, client_secret, username, password } = kept()
  assert.match(cid, /^[0-9a-f]{32}$/)
  assert.match(client_id, /^[0-9a-f]{32}$/)
  assert.match(client_secret, /^\w{40}$/)
  const client = await identity.signIn.basic(client_id, new Secret(client_secret))
  assert.deepEqual(client, { cid, actor: client_id, scopes: knownScopes })
  const person = await identity.signIn.basic(username, new Secret(password))
  assert.deepEqual(person, { cid, actor: username, scopes: knownScopes })
  assert.equal(await identity.signIn.basic(username, new Secret(`${password}x`)), undefined)
  assert.equal(await identity.signIn.basic('nobody', new Secret(password)), undefined)

  const before = kept()
  assert.deepEqual(await start(), { cid, first: false, lockedOut: 0 })
  assert.deepEqual(kept(), before)
})

test('a first start that was interrupted goes on with the credentials that were kept', async (t) => {
  const { ports, start, kept, identity } = await ground(t)
  const died = new Error('power')
  let written: FirstCredentials | undefined
  await assert.rejects(
    bootstrap(ports, {
      keep: async (credentials) => {
        written = credentials
        throw died
      },
    }),
    died,
  )
  const { first } = await bootstrap(ports, { kept: written!, keep: async () => {} })
  assert.ok(first)
  assert.ok(await identity.signIn.basic(written!.client_id, new Secret(written!.client_secret)))
  assert.ok(await identity.signIn.basic(written!.username, new Secret(written!.password)))
  assert.equal((await start()).first, false)
  assert.equal(kept(), undefined)
})

test('a preset client gets the preset secret, at a later start too', async (t) => {
  const { ports, start, identity, pass } = await ground(t)
  await start()
  const preset = { clientId: 'C'.repeat(32), clientSecret: new Secret('s'.repeat(40)) }
  await bootstrap(ports, { preset, keep: async () => {} })
  assert.ok(await identity.signIn.basic('c'.repeat(32), preset.clientSecret))
  const changed = { ...preset, clientSecret: new Secret('t'.repeat(40)) }
  await bootstrap(ports, { preset: changed, keep: async () => {} })
  pass(1000)
  assert.equal(await identity.signIn.basic(preset.clientId, preset.clientSecret), undefined)
  assert.ok(await identity.signIn.basic(preset.clientId, changed.clientSecret))
})

test('a master key that is not the one of the database is no way to start, unless a client is preset', async (t) => {
  const { ports, start, identity } = await ground(t)
  const { cid, lockedOut } = await start()
  assert.equal(lockedOut, 0)
  const second = new Secret('cd'.repeat(32))
  const strange = { ...ports, keyring: openKeyring([second]) }
  const keep = async () => {}
  await assert.rejects(bootstrap(strange, { keep }), fault('unknown-key'))
  const rotated = { ...ports, keyring: openKeyring([second, new Secret('ab'.repeat(32))]) }
  assert.equal((await bootstrap(rotated, { keep })).lockedOut, 0)

  // The key is lost: the first client comes back, and the others are counted.
  const preset = { clientId: 'C'.repeat(32), clientSecret: new Secret('s'.repeat(40)) }
  assert.equal((await bootstrap(strange, { preset, keep })).lockedOut, 1)
  assert.equal((await bootstrap(strange, { keep })).lockedOut, 1)
  const anew = identityServices(strange)
  assert.ok(await anew.signIn.basic(preset.clientId, preset.clientSecret))

  // Those that were revoked do not count.
  for (const { clientId } of (await identity.clients.list(cid, { limit: 9, offset: 0 })).clients)
    await identity.clients.revoke({ cid, actor: 'admin' }, clientId)
  assert.equal((await bootstrap(strange, { keep })).lockedOut, 0)
})

test('the first client has every scope, those of a newer version too, until it is revoked', async (t) => {
  const { ports, start, kept, identity, pass } = await ground(t)
  const { cid } = await start()
  const newer = { ...ports, knownScopes: new Set([...knownScopes, 'birds:read']) }
  await bootstrap(newer, { kept: kept(), keep: async () => {} })
  const { client_id: id, client_secret: secret } = kept()
  assert.ok((await identity.signIn.basic(id, new Secret(secret)))?.scopes.has('birds:read'))
  await identity.clients.revoke({ cid, actor: 'admin' }, id)
  await bootstrap(ports, { kept: kept(), keep: async () => {} })
  pass(1000)
  assert.equal(await identity.signIn.basic(id, new Secret(secret)), undefined)
})

test('only hashes of secrets and tokens are stored', async (t) => {
  const { ports, start, kept, identity } = await ground(t)
  const { cid } = await start()
  const { token } = await identity.tokens.issue({ cid, clientId: kept().client_id }, '')
  const rows = await Promise.all(
    (['api_client', 'access_token', 'account', 'audit_event'] as const).map((table) =>
      ports.database.selectFrom(table).selectAll().where('cid', '=', cid).execute(),
    ),
  )
  // Bytes as text too: a token's hash is stored as they are.
  const all = JSON.stringify(rows, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  )
  assert.ok(all.includes(kept().client_id))
  for (const secret of [kept().client_secret, kept().password, token]) assert.ok(!all.includes(secret))
})

test('a token ends when it is revoked, when its client is, and after half an hour', async (t) => {
  const { start, kept, identity, elsewhere, pass } = await ground(t)
  const { cid } = await start()
  const clientId = kept().client_id
  const holds = async (where: typeof identity, token: string) =>
    (await where.tokens.find(token))?.actor === clientId

  const { token, expiresIn } = await identity.tokens.issue({ cid, clientId }, '')
  assert.equal(expiresIn, 1799)
  assert.ok(await holds(identity, token))
  assert.ok(!(identity.tokens.find(token) instanceof Promise), 'known at once the second time')
  assert.ok(await holds(elsewhere, token))
  await identity.tokens.revoke(token, '')
  assert.ok(!(await holds(identity, token)), 'at once here')
  pass(1000)
  assert.ok(!(await holds(elsewhere, token)), 'within a second elsewhere')

  const another = await identity.tokens.issue({ cid, clientId }, '')
  assert.ok(await holds(identity, another.token))
  assert.ok(await holds(elsewhere, another.token))
  pass(1_799_000)
  assert.ok(await holds(identity, another.token))
  pass(2000)
  assert.ok(!(await holds(identity, another.token)))
  assert.ok(!(await holds(elsewhere, another.token)))

  const last = await identity.tokens.issue({ cid, clientId }, '')
  assert.ok(await holds(identity, last.token))
  assert.ok(await holds(elsewhere, last.token))
  await identity.clients.revoke({ cid, actor: 'admin' }, clientId)
  assert.ok(!(await holds(identity, last.token)))
  assert.equal(await identity.signIn.client(clientId, new Secret(kept().client_secret), ''), undefined)
  pass(1000)
  assert.ok(!(await holds(elsewhere, last.token)))
  assert.equal(await elsewhere.signIn.client(clientId, new Secret(kept().client_secret), ''), undefined)
  assert.equal(identity.tokens.find('x'.repeat(5000)), undefined)
})

test('a revocation overtakes a look-up that is under way', async (t) => {
  const { start, kept, identity } = await ground(t)
  const { cid } = await start()
  const { token } = await identity.tokens.issue({ cid, clientId: kept().client_id }, '')
  await Promise.all([identity.tokens.find(token), identity.tokens.revoke(token, '')])
  assert.equal(await identity.tokens.find(token), undefined)
})

test('clients get scopes that exist and that their maker has', async (t) => {
  const { start, identity } = await ground(t)
  const { cid } = await start()
  const by = { cid, actor: 'admin', scopes: new Set(['images:read']) }
  const { client, secret } = await identity.clients.create(by, { name: ' ci ' })
  assert.deepEqual([client.name, client.scopes], ['ci', ['images:read']])
  assert.match(secret.reveal(), /^\w{40}$/)
  assert.ok(
    !JSON.stringify(await identity.clients.list(cid, { limit: 10, offset: 0 })).includes('secretHash'),
  )
  await assert.rejects(
    identity.clients.create(by, { name: 'x', scopes: ['images:write'] }),
    fault('forbidden'),
  )
  await assert.rejects(identity.clients.create(by, { name: 'x', scopes: ['all'] }), fault('invalid'))
  await assert.rejects(identity.clients.create(by, { name: 'x', scopes: [] }), fault('invalid'))
  await assert.rejects(identity.clients.create(by, { name: '\u0007' }), fault('invalid'))

  const { cid: other } = await identity.tenants.create('Other', 'test')
  await assert.rejects(
    identity.clients.revoke({ cid: other, actor: 'x' }, client.clientId),
    fault('not-found'),
  )
  assert.ok(await identity.signIn.basic(client.clientId, secret))
  assert.deepEqual((await identity.clients.list(other, { limit: 10, offset: 0 })).clients, [])
})

test('users: readers read, the last administrator stays, a new password counts at once', async (t) => {
  const { start, identity } = await ground(t)
  const { cid } = await start()
  const by = { cid, actor: 'admin' }
  const { user, password } = await identity.users.create(by, { username: 'Ada', role: 'reader' })
  assert.equal(user.username, 'ada')
  const caller = await identity.signIn.basic('ADA', password)
  assert.deepEqual(caller?.scopes, new Set(['images:read', 'tokens:read']))
  await assert.rejects(identity.users.create(by, { username: 'ada', role: 'reader' }), fault('conflict'))
  await assert.rejects(
    identity.users.create(by, { username: 'bob', role: 'reader', password: new Secret('short') }),
    fault('invalid'),
  )
  await identity.users.update(by, 'ada', { password: new Secret('another password') })
  assert.equal(await identity.signIn.basic('ada', password), undefined)
  assert.ok(await identity.signIn.basic('ada', new Secret('another password')))
  await identity.users.update(by, 'ada', { disabled: true })
  assert.equal(await identity.signIn.basic('ada', new Secret('another password')), undefined)
  await assert.rejects(identity.users.update(by, 'admin', { role: 'reader' }), fault('conflict'))
  await assert.rejects(identity.users.remove(by, 'admin'), fault('conflict'))
  await identity.users.remove(by, 'ada')
  await assert.rejects(identity.users.remove(by, 'ada'), fault('not-found'))
})

test('the trail tells of sign-ins and acts, newest first, tenant by tenant', async (t) => {
  const { start, kept, identity, pass } = await ground(t)
  const { cid } = await start()
  const wrong = new Secret('x'.repeat(40))
  pass(1)
  await identity.signIn.client(kept().client_id, wrong, '192.0.2.7')
  pass(1)
  await identity.tokens.issue({ cid, clientId: kept().client_id }, '192.0.2.7')
  pass(1)
  await identity.users.create({ cid, actor: 'admin' }, { username: 'ada', role: 'reader' })
  const {
    records: [created, issued, refused],
  } = await identity.audit.list(cid, { limit: 3, offset: 0 })
  assert.deepEqual(
    [created?.action, created?.actor, created?.subject, created?.outcome],
    ['user_create', 'admin', 'ada', 'success'],
  )
  assert.deepEqual([issued?.action, issued?.address], ['token_issue', '192.0.2.7'])
  assert.deepEqual([refused?.action, refused?.outcome], ['sign_in', 'refused'])
  const { cid: other } = await identity.tenants.create('Other', 'test')
  const { records: trail, total } = await identity.audit.list(other, { limit: 9, offset: 0 })
  assert.equal(total, 1)
  assert.deepEqual(
    trail.map(({ action }) => action),
    ['tenant_create'],
  )
})

test('ten and more sign-ins in a second are fine; guesses wait longer and longer', async (t) => {
  const { start, kept, identity, pass } = await ground(t)
  await start()
  const { client_id: id, client_secret } = kept()
  const secret = new Secret(client_secret)
  const wrong = new Secret('x'.repeat(40))
  const many = await Promise.all(
    Array.from({ length: 30 }, () => identity.signIn.client(id, secret, '192.0.2.1')),
  )
  assert.ok(many.every((client) => client?.clientId === id))

  const guesses = await Promise.allSettled(
    Array.from({ length: 20 }, () => identity.signIn.client(id, wrong, '192.0.2.2')),
  )
  const refused = guesses.filter(({ status }) => status === 'rejected')
  assert.equal(refused.length, 20 - throttleLimits.freeFailures - 1)
  await assert.rejects(identity.signIn.client(id, secret, '192.0.2.2'), fault('too-many'))
  assert.ok(await identity.signIn.client(id, secret, '192.0.2.1'), 'from elsewhere it is let in')
  pass(1001)
  assert.ok(await identity.signIn.client(id, secret, '192.0.2.2'), 'and after the wait')
})

test('waits double up to a bound, and a success clears them', () => {
  const throttle = signInThrottle()
  const now = 1_000_000
  const waits: number[] = []
  for (let failure = 1; failure <= 20; failure++) {
    throttle.failed('ada', '192.0.2.1', now)
    waits.push((throttle.blockedUntil('ada', '192.0.2.1', now) ?? now) - now)
  }
  assert.deepEqual(waits.slice(0, 9), [0, 0, 0, 0, 0, 1000, 2000, 4000, 8000])
  assert.equal(waits.at(-1), throttleLimits.longestWait)
  assert.equal(throttle.blockedUntil('bob', '192.0.2.1', now), undefined)
  throttle.succeeded('ada', '192.0.2.1')
  assert.equal(throttle.blockedUntil('ada', '192.0.2.1', now), undefined)

  for (let failure = 1; failure <= 20; failure++) throttle.failed('eve', '192.0.2.7', now + 86_400_000)
  assert.equal(throttle.blockedUntil('eve', '192.0.2.7', now), undefined, 'the clock was set back by a day')
})
