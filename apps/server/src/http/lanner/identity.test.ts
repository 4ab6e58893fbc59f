import assert from 'node:assert/strict'
import { test } from 'node:test'
import { audit, clients, users } from '@lanner/contract/lanner'
import { testServer } from '../../testing/server.ts'
import type { IdentityServices } from '../../use-cases/identity.ts'
import { type Room, room } from '../dialect.ts'
import { auditHandlers } from './audit.ts'
import { clientHandlers } from './clients.ts'
import { userHandlers } from './users.ts'

const rooms: readonly Room<IdentityServices>[] = [
  room(clients, clientHandlers),
  room(users, userHandlers),
  room(audit, auditHandlers),
]

test('clients are made, listed, and revoked at once, each tenant its own', async (t) => {
  const server = await testServer<IdentityServices>(t, { rooms })
  const at = '/lanner/v1/clients'
  const created = await server.call('POST', at, { body: { name: 'ci', scopes: ['lanner-clients:read'] } })
  assert.equal(created.status, 201)
  const [client] = created.body.resources
  assert.match(client.client_id, /^[0-9a-f]{32}$/)
  assert.match(client.client_secret, /^\w{40}$/)
  assert.equal(client.created_by, server.tenant.clientId)

  const { token } = await server.identity.tokens.issue(
    { cid: server.tenant.cid, clientId: client.client_id },
    '',
  )
  const list = await server.call('GET', at, { token, query: { limit: 1 } })
  assert.deepEqual(list.body.meta.pagination, { limit: 1, offset: 0, total: 2 })
  assert.ok(!list.text.includes('secret'))
  assert.equal((await server.call('POST', at, { token, body: { name: 'more' } })).status, 403)

  const other = await server.secondTenant()
  const theirs = await server.call('GET', at, { token: other.token })
  assert.deepEqual(
    theirs.body.resources.map((row: { client_id: string }) => row.client_id),
    [other.clientId],
  )
  assert.equal((await server.call('DELETE', `${at}/${client.client_id}`, { token: other.token })).status, 404)

  const revoked = await server.call('DELETE', `${at}/${client.client_id}`)
  assert.equal(revoked.status, 200)
  assert.notEqual(revoked.body.resources[0].revoked_at, null)
  assert.equal((await server.call('GET', at, { token })).status, 401)

  const beyond = await server.call('POST', at, { body: { name: 'x', scopes: ['everything'] } })
  assert.equal(beyond.status, 400)
  assert.match(beyond.body.errors[0].message, /^scopes: "everything" is not one of/)
  assert.equal(beyond.body.meta.powered_by, 'lanner')
})

test('users are made, changed and removed', async (t) => {
  const server = await testServer<IdentityServices>(t, { rooms })
  const at = '/lanner/v1/users'
  const made = await server.call('POST', at, { body: { username: 'Ada', role: 'reader' } })
  assert.equal(made.status, 201)
  const [{ username, password }] = made.body.resources
  assert.equal(username, 'ada')
  assert.ok(password.length >= 12)
  const given = { username: 'bob', role: 'administrator', password: 'correct horse battery' }
  const chosen = await server.call('POST', at, { body: given })
  assert.ok(!chosen.text.includes(given.password))
  assert.equal((await server.call('POST', at, { body: given })).status, 409)
  const weak = await server.call('POST', at, { body: { ...given, username: 'eve', password: 'short' } })
  assert.equal(weak.status, 400)
  assert.match(weak.body.errors[0].message, /^password: /)
  assert.ok(!weak.text.includes('"short"'))

  assert.equal((await server.call('PATCH', `${at}/ada`, { body: { disabled: true } })).status, 200)
  assert.equal(
    (await server.call('PUT', `${at}/ada/password`, { body: { password: 'x'.repeat(12) } })).status,
    200,
  )
  const list = await server.call('GET', at)
  assert.deepEqual(
    list.body.resources.map((row: { username: string; disabled_at: string | null }) => [
      row.username,
      row.disabled_at !== null,
    ]),
    [
      ['ada', true],
      ['admin', false],
      ['bob', false],
    ],
  )
  assert.equal((await server.call('DELETE', `${at}/ada`)).status, 200)
  assert.equal((await server.call('DELETE', `${at}/ada`)).status, 404)
  const other = await server.secondTenant()
  assert.equal((await server.call('DELETE', `${at}/bob`, { token: other.token })).status, 404)

  const trail = await server.call('GET', '/lanner/v1/audit', { query: { action: 'user_create', limit: 1 } })
  assert.equal(trail.body.meta.pagination.total, 2)
  assert.deepEqual(
    [trail.body.resources[0].subject, trail.body.resources[0].actor, trail.body.resources[0].address],
    ['bob', server.tenant.clientId, '127.0.0.1'],
  )
  const [theirs] = (
    await server.call('GET', '/lanner/v1/audit', { token: other.token })
  ).body.resources.slice(-1)
  assert.equal(theirs.action, 'tenant_create')
})
