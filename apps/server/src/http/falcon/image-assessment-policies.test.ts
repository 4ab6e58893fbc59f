import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { imageAssessmentPolicies } from '@lanner/contract/falcon'
import { testServer } from '../../testing/server.ts'
import type { IdentityServices } from '../../use-cases/identity.ts'
import { type PolicyServices, policyServices } from '../../use-cases/policy-services.ts'
import { room } from '../dialect.ts'
import { imageAssessmentPolicyHandlers } from './image-assessment-policies.ts'

type Services = IdentityServices & PolicyServices

const start = '/container-security/entities/image-assessment-policy'
const policiesPath = '/container-security/entities/image-assessment-policies/v1'
const paths = {
  policies: policiesPath,
  groups: `${start}-groups/v1`,
  exclusions: `${start}-exclusions/v1`,
  precedence: `${start}-precedence/v1`,
}
const nowhere = '00000000-0000-4000-8000-000000000000'

async function serve(t: TestContext) {
  const server = await testServer<Services>(t, {
    rooms: [room(imageAssessmentPolicies, imageAssessmentPolicyHandlers)],
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
  const { call } = server
  return {
    ...server,
    async good(method: string, path: string, options: Parameters<typeof call>[2] = {}) {
      const { status, body } = await call(method, path, options)
      assert.equal(status, 200, JSON.stringify(body))
      assert.deepEqual(body.errors, [])
      return body.resources
    },
    async bad(status: number, method: string, path: string, options: Parameters<typeof call>[2] = {}) {
      const reply = await call(method, path, options)
      assert.equal(reply.status, status, reply.text)
      assert.equal(reply.body.errors[0].code, status)
      return reply.body.errors[0].message as string
    },
  }
}

test('policies are created, changed, listed with the default last, ordered and deleted', async (t) => {
  const { good, bad } = await serve(t)
  const [made] = await good('POST', paths.policies, {
    body: { name: 'Production', description: 'what runs' },
  })
  assert.deepEqual(Object.keys(made).sort(), [
    'created_at',
    'description',
    'is_enabled',
    'name',
    'policy_data',
    'policy_id',
    'precedence',
    'updated_at',
  ])
  assert.deepEqual(made.policy_data, { rules: [], groups: [] })
  assert.equal(made.is_enabled, false)

  const rules = [
    { action: 'prevent', policy_rules_data: { conditions: [{ prop: 'severity', value: 'high' }] } },
    { action: 'alert' },
  ]
  const id = made.policy_id
  const [changed] = await good('PATCH', paths.policies, {
    query: { id },
    body: { is_enabled: true, policy_data: { rules } },
  })
  assert.deepEqual(changed.policy_data.rules, [
    { action: 'block', policy_rules_data: { conditions: [{ prop: 'severity', value: 'high' }] } },
    { action: 'alert', policy_rules_data: { conditions: [] } },
  ])
  assert.deepEqual([changed.name, changed.description, changed.is_enabled], ['Production', 'what runs', true])

  const [second] = await good('POST', paths.policies, { body: { name: 'Watch' } })
  const ordered = await good('POST', paths.precedence, { body: { precedence: `${second.policy_id},${id}` } })
  assert.deepEqual(
    ordered.map(({ name, precedence }: { name: string; precedence: number }) => [name, precedence]),
    [
      ['Watch', 1],
      ['Production', 2],
      ['Default', 3],
    ],
  )
  assert.match(await bad(400, 'POST', paths.precedence, { body: { precedence: [id] } }), /missing/)

  assert.deepEqual(await good('DELETE', paths.policies, { query: { id } }), [id])
  await bad(404, 'DELETE', paths.policies, { query: { id } })
  const left = await good('GET', paths.policies)
  assert.deepEqual(
    left.map(({ name }: { name: string }) => name),
    ['Watch', 'Default'],
  )
  assert.match(await bad(400, 'DELETE', paths.policies, { query: { id: left[1].policy_id } }), /default/)
})

test('refusals: malformed ids, unknown ids, a name that is taken, conditions nobody knows', async (t) => {
  const { good, bad } = await serve(t)
  const [{ policy_id: id }] = await good('POST', paths.policies, { body: { name: 'Production' } })
  await bad(409, 'POST', paths.policies, { body: { name: 'Production' } })
  await bad(400, 'POST', paths.policies, { body: {} })
  await bad(400, 'PATCH', paths.policies, { body: { name: 'x' } })
  assert.match(await bad(400, 'PATCH', paths.policies, { query: { id: '12' }, body: {} }), /'12'/)
  await bad(404, 'PATCH', paths.policies, { query: { id: nowhere }, body: {} })
  const conditions = [{ prop: 'severity', op: 'worse', value: 'high' }]
  const rules = [{ action: 'block', policy_rules_data: { conditions } }]
  assert.match(
    await bad(400, 'PATCH', paths.policies, { query: { id }, body: { policy_data: { rules } } }),
    /condition 1 of rule 1.*'worse'.*gte/,
  )
  await bad(404, 'POST', paths.groups, { body: { name: 'x', policy_id: nowhere } })
  assert.match(
    await bad(400, 'POST', paths.groups, {
      body: { name: 'x', policy_group_data: { conditions: [{ prop: 'cve', value: 'CVE-2024-0001' }] } },
    }),
    /registry, repository, tag/,
  )
  await bad(404, 'DELETE', paths.groups, { query: { id: nowhere } })
  assert.match(
    await bad(400, 'POST', paths.exclusions, {
      body: { conditions: [{ prop: 'repository', value: ['x'] }] },
    }),
    /scope/,
  )
})

test('groups are bound to a policy and shown with it', async (t) => {
  const { good } = await serve(t)
  const [{ policy_id }] = await good('POST', paths.policies, { body: { name: 'Production' } })
  const conditions = [{ prop: 'repository', value: 'shop/*' }]
  const [group] = await good('POST', paths.groups, {
    body: { name: 'shop', description: '', policy_id, policy_group_data: { conditions } },
  })
  assert.equal(group.policy_uuid, policy_id)
  assert.deepEqual(group.policy_group_data, { conditions })
  assert.deepEqual((await good('GET', paths.policies))[0].policy_data.groups, [group])
  const [renamed] = await good('PATCH', paths.groups, { query: { id: group.uuid }, body: { name: 'shops' } })
  assert.deepEqual([renamed.name, renamed.policy_group_data], ['shops', { conditions }])
  assert.deepEqual(await good('GET', paths.groups), [renamed])
  assert.deepEqual(await good('DELETE', paths.groups, { query: { id: group.uuid } }), [group.uuid])
  assert.deepEqual(await good('GET', paths.groups), [])
})

test('exclusions: one entity, replaced by each POST, with op, dates and expiry', async (t) => {
  const { good } = await serve(t)
  const [empty] = await good('GET', paths.exclusions)
  assert.deepEqual(empty.conditions, [])
  const [written] = await good('POST', paths.exclusions, {
    body: {
      conditions: [
        { prop: 'cve', value: ['CVE-2024-45490'], description: 'not reachable', ttl: 3600 },
        { prop: 'package', value: ['openssl'], scope: { repository: 'shop/*' } },
      ],
    },
  })
  assert.equal(written.policy_type_uuid, empty.policy_type_uuid)
  const [first, second] = written.conditions
  assert.deepEqual(
    { ...first, created_at: '', updated_at: '', expires_at: '' },
    {
      prop: 'cve',
      op: 'in',
      value: ['CVE-2024-45490'],
      description: 'not reachable',
      ttl: 3600,
      created_at: '',
      updated_at: '',
      expires_at: '',
    },
  )
  assert.equal(Date.parse(first.expires_at) - Date.parse(first.updated_at), 3_600_000)
  assert.deepEqual(second.scope, { repository: 'shop/*' })
  assert.equal(second.expires_at, undefined)
  assert.deepEqual((await good('GET', paths.exclusions))[0], written)
  assert.deepEqual((await good('POST', paths.exclusions, { body: { conditions: [] } }))[0].conditions, [])
})

test("another tenant's policies are not there", async (t) => {
  const { good, bad, secondTenant } = await serve(t)
  const [{ policy_id: id }] = await good('POST', paths.policies, { body: { name: 'Production' } })
  const { token } = await secondTenant()
  assert.deepEqual(
    (await good('GET', paths.policies, { token })).map(({ name }: { name: string }) => name),
    ['Default'],
  )
  await bad(404, 'PATCH', paths.policies, { token, query: { id }, body: { is_enabled: true } })
  await bad(404, 'DELETE', paths.policies, { token, query: { id } })
})
