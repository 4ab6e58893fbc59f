import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { insertTenant } from '../db/tenant.ts'
import { testDatabase } from '../testing/database.ts'
import type { PolicyDocument } from './policy-document.ts'
import { policyServices } from './policy-services.ts'
import { RequestFault } from './request-fault.ts'

const by = { cid: 'a'.repeat(32), actor: 'ci' }
const other = { cid: 'b'.repeat(32), actor: 'other' }

async function open(t: TestContext) {
  const { database } = await testDatabase(t)
  for (const { cid } of [by, other]) await insertTenant(database, cid, cid)
  let now = Date.parse('2026-03-02T09:15:00Z')
  const services = policyServices({
    database,
    clock: () => now,
    reader: {
      find: async () => ({ state: 'unknown', reason: 'nothing is there' }),
      facts: async () => assert.fail('no facts are asked for'),
    },
  })
  const revision = async () => (await services.policyDocuments.read(by.cid)).revision
  const names = async () =>
    (await services.policies.list(by.cid)).map(({ name, precedence }) => `${precedence} ${name}`)
  const actions = async () =>
    (await services.policies.changes(by.cid, { limit: 100, offset: 0 })).records
      .map(({ action }) => action)
      .sort()
  return { ...services, revision, names, actions, pass: (milliseconds: number) => void (now += milliseconds) }
}

const document = {
  version: 1,
  policies: [
    {
      name: 'Production',
      description: 'what runs',
      enabled: true,
      rules: [{ action: 'block', conditions: [{ prop: 'severity', value: 'high' }] }],
      groups: [{ name: 'shop', conditions: [{ prop: 'repository', value: 'shop/*' }] }],
    },
    { name: 'Watch', enabled: false, rules: [{ action: 'alert', conditions: [] }] },
  ],
  groups: [{ name: 'lab', conditions: [{ prop: 'repository', value: 'lab/*' }] }],
  exclusions: [{ prop: 'cve', op: 'in', value: ['CVE-2024-0001'], expires: '2026-04-01T00:00:00.000Z' }],
} satisfies PolicyDocument

const refusedAs =
  (code: string, ...says: readonly string[]) =>
  (fault: unknown) => {
    assert.ok(fault instanceof RequestFault, String(fault))
    assert.equal(fault.code, code)
    for (const text of says) assert.ok(fault.message.includes(text), fault.message)
    return true
  }

test('what is applied is read back, word for word; applied again it raises no revision and leaves no trail', async (t) => {
  const { policyDocuments, names, actions, pass } = await open(t)
  const { revision, changes } = await policyDocuments.apply(by, document)
  assert.equal(revision, 1)
  assert.equal(changes.length, 5)
  assert.deepEqual(await names(), ['1 Production', '2 Watch', '3 Default'])
  const read = await policyDocuments.read(by.cid)
  assert.deepEqual(read, { revision: 1, document })
  assert.deepEqual(await actions(), [
    'exclusions_update',
    'group_create',
    'group_create',
    'policy_create',
    'policy_create',
  ])
  pass(86_400_000)
  for (const again of [document, read.document])
    assert.deepEqual(await policyDocuments.apply(by, again), { revision: 1, changes: [] })
  assert.equal((await actions()).length, 5)
  assert.deepEqual((await policyDocuments.read(other.cid)).document.policies, [])
})

test('what calls made one by one is the same document; it can be turned round in one step', async (t) => {
  const { policies, policyGroups, policyExclusions, policyDocuments, names, revision, pass } = await open(t)
  const production = await policies.create(by, { name: 'Production', description: 'what runs' })
  const rules = [
    { action: 'prevent', policy_rules_data: { conditions: [{ prop: 'severity', op: '', value: 'high' }] } },
  ]
  await policies.update(by, production.id, { enabled: true, rules })
  await policies.create(by, { name: 'Old' })
  const group = await policyGroups.create(by, {
    name: 'shop',
    policyId: production.id,
    conditions: [{ prop: 'repository', value: 'shop/*' }],
  })
  const { exclusions } = await policyExclusions.replace(by, [
    { prop: 'cve', value: ['CVE-2024-0001'], ttl: 2_558_700 },
  ])
  const { document: present } = await policyDocuments.read(by.cid)
  assert.deepEqual(present.policies?.[0], document.policies[0])
  assert.deepEqual(present.exclusions, document.exclusions)
  const before = await revision()
  pass(1000)
  assert.deepEqual((await policyDocuments.apply(by, present)).changes, [])
  assert.equal(await revision(), before)

  const [first, watch] = document.policies
  const turned = { ...document, policies: [watch!, { ...first!, groups: [] }], groups: first!.groups }
  const applied = await policyDocuments.apply({ ...by, actor: 'ada' }, turned)
  assert.deepEqual(
    applied.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`),
    ['create policy Watch', 'delete policy Old', 'update order precedence', 'update group shop'],
  )
  assert.equal(applied.revision, before + 1)
  assert.deepEqual(await names(), ['1 Watch', '2 Production', '3 Default'])
  const [, kept] = await policies.list(by.cid)
  assert.equal(kept?.id, production.id)
  assert.deepEqual(
    (await policyGroups.list(by.cid)).map(({ id, name, policyId }) => [id, name, policyId]),
    [[group.id, 'shop', null]],
  )
  assert.deepEqual((await policyExclusions.read(by.cid)).exclusions, exclusions)
  const { records } = await policies.changes(by.cid, { limit: 4, offset: 0 })
  assert.deepEqual(records.map(({ action, actor }) => `${actor} ${action}`).sort(), [
    'ada group_update',
    'ada policy_create',
    'ada policy_delete',
    'ada precedence_update',
  ])
  assert.equal(records.find(({ action }) => action === 'group_update')?.subject, group.id)
})

test('a dry run tells the changes and makes none', async (t) => {
  const { policyDocuments, names, actions } = await open(t)
  const { revision, changes } = await policyDocuments.apply(by, document, { dryRun: true })
  assert.deepEqual([revision, changes.length], [0, 5])
  assert.deepEqual(await names(), ['1 Default'])
  assert.deepEqual(await actions(), [])
  await assert.rejects(
    policyDocuments.apply(by, document, { dryRun: true, ifRevision: 3 }),
    refusedAs('conflict', 'revision 0', 'not at 3'),
  )
})

test('whoever wrote for another revision is refused, and nothing is written', async (t) => {
  const { policies, policyDocuments, revision, names } = await open(t)
  const seen = await revision()
  await policies.create(by, { name: 'Meanwhile' })
  await assert.rejects(
    policyDocuments.apply(by, document, { ifRevision: seen }),
    refusedAs('conflict', 'revision 1', 'not at 0'),
  )
  assert.deepEqual(await names(), ['1 Meanwhile', '2 Default'])
  await policyDocuments.apply(by, document, { ifRevision: seen + 1 })
  assert.deepEqual(await names(), ['1 Production', '2 Watch', '3 Default'])
})

test('of two at once that saw the same revision, one is refused', async (t) => {
  const { policyDocuments, names } = await open(t)
  const results = await Promise.allSettled(
    ['one', 'two', 'three'].map((name) =>
      policyDocuments.apply(by, { policies: [{ name }] }, { ifRevision: 0 }),
    ),
  )
  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected'])
  assert.equal((await names()).length, 2)
})

test('what is wrong with a document is refused with its place, and nothing of it is there', async (t) => {
  const { policyDocuments, names, revision } = await open(t)
  const rules = [{ action: 'block', conditions: [{ prop: 'svrty', value: 'high' }] }]
  await assert.rejects(
    policyDocuments.apply(by, { ...document, policies: [...document.policies, { name: 'Bad', rules }] }),
    refusedAs('invalid', 'policies[2].rules[0].conditions[0]: ', "'svrty'", 'severity'),
  )
  assert.deepEqual(await names(), ['1 Default'])
  assert.equal(await revision(), 0)
})

test('names go from one thing to another in one step', async (t) => {
  const { policyDocuments } = await open(t)
  await policyDocuments.apply(by, document)
  const [production, watch] = document.policies
  const swapped: PolicyDocument = {
    policies: [
      { ...watch!, name: 'Production', groups: [{ name: 'lab', conditions: [] }] },
      { ...production!, name: 'Watch' },
    ],
    groups: [],
  }
  await policyDocuments.apply(by, swapped)
  const { document: after } = await policyDocuments.read(by.cid)
  assert.deepEqual(
    after.policies?.map(({ name, enabled, groups }) => [name, enabled, groups?.map((group) => group.name)]),
    [
      ['Production', false, ['lab']],
      ['Watch', true, ['shop']],
    ],
  )
  assert.deepEqual(after.groups, [])
})
