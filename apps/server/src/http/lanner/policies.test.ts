import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { policies } from '@lanner/contract/lanner'
import { testServer } from '../../testing/server.ts'
import type { IdentityServices } from '../../use-cases/identity.ts'
import { type PolicyServices, policyServices } from '../../use-cases/policy-services.ts'
import { room } from '../dialect.ts'
import { policyHandlers } from './policies.ts'

const path = '/lanner/v1/policies/document'
const document = {
  version: 1,
  policies: [{ name: 'Production', enabled: true, rules: [{ action: 'block', conditions: [] }] }],
  groups: [],
  exclusions: [],
}

async function serve(t: TestContext) {
  return testServer<IdentityServices & PolicyServices>(t, {
    rooms: [room<typeof policies, IdentityServices & PolicyServices>(policies, policyHandlers)],
    services: ({ database, clock }) =>
      policyServices({
        database,
        clock,
        reader: {
          find: async () => ({ state: 'unknown', reason: 'nothing is there' }),
          facts: async () => assert.fail('no facts are asked for'),
        },
      }),
  })
}

test('a document is tried, applied, read back, and its changes are listed', async (t) => {
  const { call, tenant } = await serve(t)
  const tried = await call('PUT', path, { body: { document, dry_run: true } })
  assert.equal(tried.status, 200, tried.text)
  assert.deepEqual(tried.body.resources, [
    {
      revision: 0,
      changes: [
        {
          action: 'create',
          kind: 'policy',
          name: 'Production',
          before: null,
          after: {
            name: 'Production',
            description: '',
            enabled: true,
            rules: [{ action: 'block', conditions: [] }],
          },
        },
      ],
    },
  ])
  assert.deepEqual(tried.body.meta.writes, { resources_affected: 0 })
  const applied = await call('PUT', path, { body: { document, if_revision: 0 } })
  assert.equal(applied.body.resources[0].revision, 1)
  assert.deepEqual(applied.body.meta.writes, { resources_affected: 1 })
  const read = await call('GET', path)
  assert.deepEqual(read.body.resources, [{ revision: 1, document }])
  const stale = await call('PUT', path, { body: { document, if_revision: 0 } })
  assert.equal(stale.status, 409)
  assert.match(stale.body.errors[0].message, /at revision 1, not at 0/)

  const changes = await call('GET', '/lanner/v1/policies/changes', { query: { limit: 1 } })
  assert.equal(changes.status, 200, changes.text)
  assert.deepEqual(changes.body.meta.pagination, { limit: 1, offset: 0, total: 1 })
  const [{ id, at, subject, ...rest }] = changes.body.resources
  assert.match(id, /^[0-9a-f-]{36}$/)
  assert.match(subject, /^[0-9a-f-]{36}$/)
  assert.ok(Date.parse(at))
  assert.deepEqual(rest, {
    actor: tenant.clientId,
    action: 'policy_create',
    before: null,
    after: {
      name: 'Production',
      description: '',
      enabled: true,
      precedence: 1,
      rules: [{ action: 'block', conditions: [] }],
      groups: [],
    },
  })
})

test('what is wrong is said with its place, by the shape and by the rules of policies alike', async (t) => {
  const { call } = await serve(t)
  for (const [wrong, says] of [
    [{ policies: {} }, /^document\.policies: /],
    [{ policies: [{ name: 'x', rules: [{ action: 1 }] }] }, /^document\.policies\[0\]\.rules\[0\]\.action: /],
    [{ policies: [{ name: 'x', rule: [] }] }, /^policies\[0\]\.rule: this member is not known/],
    [{ exclusions: [{ prop: 'x', value: 'y' }] }, /^exclusions\[0\]: .*'x'; known are/],
  ] as const) {
    const { status, body } = await call('PUT', path, { body: { document: wrong } })
    assert.equal(status, 400)
    assert.match(body.errors[0].message, says)
  }
  assert.equal((await call('PUT', path, { body: {} })).status, 400)
})

test('another tenant has a document of its own', async (t) => {
  const { call, secondTenant } = await serve(t)
  await call('PUT', path, { body: { document } })
  const { token } = await secondTenant()
  const read = await call('GET', path, { token })
  assert.deepEqual(read.body.resources[0].document.policies, [])
  const changes = await call('GET', '/lanner/v1/policies/changes', { token })
  assert.deepEqual(changes.body.resources, [])
})
