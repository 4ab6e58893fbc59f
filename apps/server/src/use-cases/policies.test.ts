import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { policyRevision } from '../db/policy-revision.ts'
import { insertTenant } from '../db/tenant.ts'
import { testDatabase } from '../testing/database.ts'
import type { ImageFactsReader } from './policy-checks.ts'
import { policyServices } from './policy-services.ts'
import { RequestFault } from './request-fault.ts'

const by = { cid: 'a'.repeat(32), actor: 'ci' }
const other = { cid: 'b'.repeat(32), actor: 'other' }
const nowhere = '00000000-0000-4000-8000-000000000000'
const nobody: ImageFactsReader = {
  find: async () => ({ state: 'unknown', reason: 'nothing is there' }),
  facts: async () => assert.fail('no facts are asked for'),
}

async function open(t: TestContext) {
  const { database } = await testDatabase(t)
  for (const { cid } of [by, other]) await insertTenant(database, cid, cid)
  let now = Date.parse('2026-03-02T09:15:00Z')
  const services = policyServices({ database, clock: () => now, reader: nobody })
  return { database, ...services, pass: (milliseconds: number) => void (now += milliseconds) }
}

const refusedAs =
  (code: string, ...says: readonly string[]) =>
  (fault: unknown) => {
    assert.ok(fault instanceof RequestFault, String(fault))
    assert.equal(fault.code, code)
    for (const text of says) assert.ok(fault.message.includes(text), fault.message)
    return true
  }

const block = (severity: string) => [
  { action: 'prevent', policy_rules_data: { conditions: [{ prop: 'severity', value: severity }] } },
]

test('a tenant begins with the default policy, which cannot be changed or deleted', async (t) => {
  const { policies } = await open(t)
  const [first, ...rest] = await policies.list(by.cid)
  assert.ok(first)
  assert.deepEqual(rest, [])
  assert.equal(first.isDefault, true)
  assert.equal(first.enabled, true)
  assert.equal(first.precedence, 1)
  assert.match(first.id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  await assert.rejects(policies.remove(by, first.id), refusedAs('invalid', 'default'))
  await assert.rejects(policies.update(by, first.id, { enabled: false }), refusedAs('invalid', 'default'))
  assert.notEqual((await policies.list(other.cid))[0]?.id, first.id)
})

test('a policy is created disabled and last, then enabled, named and given rules', async (t) => {
  const { policies, pass } = await open(t)
  const made = await policies.create(by, { name: ' Production ', description: 'for what runs' })
  assert.equal(made.name, 'Production')
  assert.equal(made.enabled, false)
  assert.deepEqual(made.rules, [])
  assert.equal(made.precedence, 1)
  pass(1000)
  const changed = await policies.update(by, made.id.toUpperCase(), { enabled: true, rules: block('high') })
  assert.deepEqual(changed.rules, [{ action: 'block', conditions: [{ prop: 'severity', value: 'high' }] }])
  assert.equal(changed.description, 'for what runs')
  assert.equal(changed.createdAt.toISOString(), '2026-03-02T09:15:00.000Z')
  assert.equal(changed.updatedAt.toISOString(), '2026-03-02T09:15:01.000Z')
  assert.deepEqual(
    (await policies.list(by.cid)).map(({ name, enabled, rules }) => [name, enabled, rules.length]),
    [
      ['Production', true, 1],
      ['Default', true, 0],
    ],
  )
})

test('what is wrong with a policy is refused and leaves nothing behind', async (t) => {
  const { database, policies } = await open(t)
  const { id } = await policies.create(by, { name: 'Production' })
  const before = await policyRevision(database, by.cid)
  await assert.rejects(policies.create(by, { name: 'Production' }), refusedAs('conflict', 'Production'))
  await assert.rejects(policies.create(by, { name: '  ' }), refusedAs('invalid', 'name'))
  await assert.rejects(policies.create(by, { name: 'a\u0000b' }), refusedAs('invalid', 'name'))
  await assert.rejects(policies.update(by, 'no-id', {}), refusedAs('invalid', 'no-id'))
  await assert.rejects(policies.update(by, nowhere, {}), refusedAs('not-found', nowhere))
  await assert.rejects(policies.remove(by, nowhere), refusedAs('not-found'))
  await assert.rejects(
    policies.update(by, id, {
      enabled: true,
      rules: [{ action: 'block', policy_rules_data: { conditions: [{ prop: 'svrty', value: 1 }] } }],
    }),
    refusedAs('invalid', "'svrty'", 'severity'),
  )
  assert.equal((await policies.list(by.cid))[0]?.enabled, false)
  assert.equal(await policyRevision(database, by.cid), before)
})

test('another tenant neither sees nor reaches a policy or a group', async (t) => {
  const { policies, policyGroups } = await open(t)
  const policy = await policies.create(by, { name: 'Production' })
  const group = await policyGroups.create(by, { name: 'shop', policyId: policy.id })
  assert.equal((await policies.list(other.cid)).length, 1)
  assert.deepEqual(await policyGroups.list(other.cid), [])
  await assert.rejects(policies.update(other, policy.id, { enabled: true }), refusedAs('not-found'))
  await assert.rejects(policies.remove(other, policy.id), refusedAs('not-found'))
  await assert.rejects(policyGroups.remove(other, group.id), refusedAs('not-found'))
  await assert.rejects(
    policyGroups.create(other, { name: 'theirs', policyId: policy.id }),
    refusedAs('not-found'),
  )
  await policies.create(other, { name: 'Production' })
})

test('the order takes every id exactly once, as a list or joined, the default left out or last', async (t) => {
  const { policies } = await open(t)
  const ids: string[] = []
  for (const name of ['one', 'two', 'three']) ids.push((await policies.create(by, { name })).id)
  const [one = '', two = '', three = ''] = ids
  const byDefault = (await policies.list(by.cid)).at(-1)?.id ?? ''
  const names = async (precedence: string | readonly string[]) =>
    (await policies.reorder(by, precedence)).map(({ name, precedence }) => `${precedence} ${name}`)

  assert.deepEqual(await names([three, one, two]), ['1 three', '2 one', '3 two', '4 Default'])
  assert.deepEqual(await names(`${two}, ${one},${three}`), ['1 two', '2 one', '3 three', '4 Default'])
  assert.deepEqual(await names([`${one},${two}`, three, byDefault]), [
    '1 one',
    '2 two',
    '3 three',
    '4 Default',
  ])
  assert.deepEqual(await names([one.toUpperCase(), two, three]), ['1 one', '2 two', '3 three', '4 Default'])

  await assert.rejects(policies.reorder(by, [one, two]), refusedAs('invalid', `missing: ${three}`))
  await assert.rejects(
    policies.reorder(by, [one, two, three, nowhere]),
    refusedAs('invalid', `unknown: ${nowhere}`),
  )
  await assert.rejects(
    policies.reorder(by, [one, two, three, one]),
    refusedAs('invalid', `given twice: ${one}`),
  )
  await assert.rejects(
    policies.reorder(by, [byDefault, one, two, three]),
    refusedAs('invalid', 'default', byDefault),
  )
  await assert.rejects(policies.reorder(by, []), refusedAs('invalid', 'missing'))
  await assert.rejects(policies.reorder(by, [one, two, 'three']), refusedAs('invalid', "'three'"))
  assert.deepEqual(
    (await policies.list(by.cid)).map(({ name }) => name),
    ['one', 'two', 'three', 'Default'],
  )
})

test('a deleted policy leaves its groups without one, and the others move up', async (t) => {
  const { policies, policyGroups } = await open(t)
  const one = await policies.create(by, { name: 'one' })
  const two = await policies.create(by, { name: 'two' })
  const group = await policyGroups.create(by, { name: 'shop', policyId: one.id })
  assert.deepEqual(
    (await policies.list(by.cid))[0]?.groups.map(({ name }) => name),
    ['shop'],
  )
  assert.equal(await policies.remove(by, one.id), one.id)
  assert.deepEqual(
    (await policies.list(by.cid)).map(({ name, precedence }) => [name, precedence]),
    [
      ['two', 1],
      ['Default', 2],
    ],
  )
  assert.equal((await policyGroups.list(by.cid)).find(({ id }) => id === group.id)?.policyId, null)
  await policies.reorder(by, [two.id])
  await assert.rejects(policies.remove(by, one.id), refusedAs('not-found'))
})

test('groups: conditions on registry, repository and tag, changed one by one', async (t) => {
  const { policies, policyGroups } = await open(t)
  const policy = await policies.create(by, { name: 'Production' })
  const group = await policyGroups.create(by, {
    name: 'shop',
    description: 'the shop',
    policyId: policy.id,
    conditions: [{ prop: 'repository', value: 'shop/*' }],
  })
  assert.equal(group.policyId, policy.id)
  const changed = await policyGroups.update(by, group.id, { name: 'shops' })
  assert.deepEqual(changed.conditions, [{ prop: 'repository', value: 'shop/*' }])
  assert.equal(changed.description, 'the shop')
  const loose = await policyGroups.create(by, { name: 'loose' })
  assert.equal(loose.policyId, null)
  await assert.rejects(policyGroups.create(by, { name: 'loose' }), refusedAs('conflict'))
  await assert.rejects(
    policyGroups.update(by, group.id, { conditions: [{ prop: 'severity', value: 'high' }] }),
    refusedAs('invalid', 'a group', 'registry, repository, tag'),
  )
  const byDefault = (await policies.list(by.cid)).at(-1)
  await assert.rejects(
    policyGroups.create(by, { name: 'x', policyId: byDefault?.id ?? '' }),
    refusedAs('invalid', 'default'),
  )
  await policyGroups.remove(by, group.id)
  assert.deepEqual(
    (await policyGroups.list(by.cid)).map(({ name }) => name),
    ['loose'],
  )
  assert.deepEqual((await policies.list(by.cid))[0]?.groups, [])
})

test('exclusions are replaced as a whole; one that comes back as it was answered goes on', async (t) => {
  const { policyExclusions, pass } = await open(t)
  assert.deepEqual((await policyExclusions.read(by.cid)).exclusions, [])
  const [first] = (
    await policyExclusions.replace(by, [
      { prop: 'cve', value: ['CVE-2024-0001'], ttl: 60, description: 'no fix' },
    ])
  ).exclusions
  assert.ok(first)
  assert.equal(first.op, 'in')
  assert.equal(first.author, 'ci')
  assert.equal(first.updatedAt, '2026-03-02T09:15:00.000Z')
  pass(30_000)
  const { prop, op, value, ttl, description, createdAt, updatedAt } = first
  const kept = await policyExclusions.replace(by, [
    { prop, op, value, ttl, description, created_at: createdAt, updated_at: updatedAt },
    {
      prop: 'severity',
      value: ['low'],
      scope: { repository: ['shop/*', 'lab/*'] },
      and: [{ prop: 'fix_available', value: false }],
    },
  ])
  assert.deepEqual(
    kept.exclusions.map(({ id, updatedAt }) => [id === first.id, updatedAt]),
    [
      [true, '2026-03-02T09:15:00.000Z'],
      [false, '2026-03-02T09:15:30.000Z'],
    ],
  )
  pass(30_000)
  // Written anew, its ttl begins anew.
  const [renewed, ...none] = (await policyExclusions.replace(by, [{ prop, value, ttl, description }]))
    .exclusions
  assert.deepEqual(none, [])
  assert.equal(renewed?.updatedAt, '2026-03-02T09:16:00.000Z')
  assert.equal(renewed?.createdAt, '2026-03-02T09:15:00.000Z')
  assert.equal(renewed?.id, first.id)
  await assert.rejects(
    policyExclusions.replace(by, [{ prop: 'cvee', value: ['x'] }]),
    refusedAs('invalid', "'cvee'"),
  )
  assert.equal((await policyExclusions.read(by.cid)).exclusions.length, 1)
  assert.deepEqual((await policyExclusions.read(other.cid)).exclusions, [])
  assert.deepEqual((await policyExclusions.replace(by, [])).exclusions, [])
})

test('every change raises the revision and is told of, with before and after', async (t) => {
  const { database, policies, policyGroups, policyExclusions, pass } = await open(t)
  assert.equal(await policyRevision(database, by.cid), 0)
  const tick = () => pass(1000)
  const policy = await policies.create(by, { name: 'Production' })
  tick()
  await policies.update(by, policy.id, { enabled: true })
  tick()
  const group = await policyGroups.create(by, { name: 'shop', policyId: policy.id })
  tick()
  await policyExclusions.replace(by, [{ prop: 'cve', value: ['CVE-2024-0001'] }])
  tick()
  await policies.reorder(by, [policy.id])
  tick()
  await policyGroups.remove(by, group.id)
  tick()
  await policies.remove(by, policy.id)
  assert.equal(await policyRevision(database, by.cid), 7)
  const { records: trail, total } = await policies.changes(by.cid, { limit: 100, offset: 0 })
  assert.equal(total, 7)
  assert.deepEqual(
    trail.map(({ action, actor }) => [action, actor]),
    [
      ['policy_delete', 'ci'],
      ['group_delete', 'ci'],
      ['precedence_update', 'ci'],
      ['exclusions_update', 'ci'],
      ['group_create', 'ci'],
      ['policy_update', 'ci'],
      ['policy_create', 'ci'],
    ],
  )
  const update = trail.find(({ action }) => action === 'policy_update')
  const production = { name: 'Production', description: '', precedence: 1, rules: [], groups: [] }
  assert.deepEqual(update?.before, { ...production, enabled: false })
  assert.deepEqual(update?.after, { ...production, enabled: true })
  assert.equal(update?.subject, policy.id)
  assert.deepEqual(await policies.changes(other.cid, { limit: 100, offset: 0 }), { records: [], total: 0 })
})

test('changes at the same time follow each other: no place in the order is given twice', async (t) => {
  const { policies } = await open(t)
  await Promise.all(Array.from({ length: 6 }, (_, index) => policies.create(by, { name: `policy ${index}` })))
  assert.deepEqual(
    (await policies.list(by.cid)).map(({ precedence }) => precedence),
    [1, 2, 3, 4, 5, 6, 7],
  )
})
