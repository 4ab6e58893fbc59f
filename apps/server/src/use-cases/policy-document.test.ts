import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type PlannedSet, type PolicyDocument, plannedSet } from './policy-document.ts'
import { documentOf } from './policy-document-content.ts'
import type { PolicyHoldings } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'

const by = { actor: 'ci' }
const start = new Date('2026-03-02T09:15:00.000Z')
const later = new Date('2026-03-05T09:15:00.000Z')

const nothing: Omit<PolicyHoldings, 'revision'> = {
  policies: [
    {
      id: '00000000-0000-8000-8000-000000000000',
      name: 'Default',
      description: '',
      enabled: true,
      isDefault: true,
      precedence: 1,
      rules: [],
      groups: [],
      createdAt: start,
      updatedAt: start,
    },
  ],
  looseGroups: [],
  exclusions: [],
}

const block = { action: 'block', conditions: [{ prop: 'severity', op: 'gte', value: 'high' }] }
const shop = { name: 'shop', conditions: [{ prop: 'repository', value: 'shop/*' }] }
const document: PolicyDocument = {
  version: 1,
  policies: [
    { name: 'Production', description: 'what runs', rules: [block], groups: [shop] },
    { name: 'Watch', enabled: false, rules: [{ action: 'alert' }] },
  ],
  groups: [{ name: 'lab', conditions: [{ prop: 'registry', value: '' }] }],
  exclusions: [
    { prop: 'cve', value: 'CVE-2024-0001', description: 'not reachable', expires: '2026-04-01' },
    { prop: 'package', value: ['openssl'], ttl: 60, scope: { repository: 'shop/*' } },
  ],
}
const first = plannedSet(nothing, document, { actor: 'ada' }, start)

/** `+ policy Watch`, in the order in which they are told. */
function told({ changes }: PlannedSet): readonly string[] {
  const signs = { create: '+', update: '~', delete: '-' }
  return changes.map(({ action, kind, name }) => `${signs[action]} ${kind} ${name}`)
}

test('a document makes all that it lists: order, groups, loose groups, exclusions', () => {
  assert.deepEqual(told(first), [
    '+ policy Production',
    '+ policy Watch',
    '+ group shop',
    '+ group lab',
    '+ exclusion cve eq CVE-2024-0001',
    '+ exclusion package in openssl',
  ])
  assert.deepEqual(
    first.policies.map(({ name, enabled, precedence, groups }) => [
      name,
      enabled,
      precedence,
      groups.map((group) => group.name),
    ]),
    [
      ['Production', true, 1, ['shop']],
      ['Watch', false, 2, []],
      ['Default', true, 3, []],
    ],
  )
  assert.equal(first.policies[0]?.groups[0]?.policyId, first.policies[0]?.id)
  assert.deepEqual(
    first.looseGroups.map(({ name, policyId }) => [name, policyId]),
    [['lab', null]],
  )
  // From 09:15 on the second of March to the first instant of April: 29 days, 14 hours and 45 minutes.
  assert.deepEqual(
    first.exclusions.map(({ ttl, author, updatedAt }) => [ttl, author, updatedAt]),
    [
      [29 * 86_400 + 14 * 3600 + 45 * 60, 'ada', '2026-03-02T09:15:00.000Z'],
      [60, 'ada', '2026-03-02T09:15:00.000Z'],
    ],
  )
})

test('the same document again, and what was printed of it, change nothing and touch nothing', () => {
  for (const again of [document, documentOf(first)]) {
    const planned = plannedSet(first, again, by, later)
    assert.deepEqual(planned.changes, [])
    assert.deepEqual(planned.policies, first.policies)
    assert.deepEqual(planned.looseGroups, first.looseGroups)
    assert.deepEqual(planned.exclusions, first.exclusions)
  }
})

test('a section that is absent stays as it is; an empty one empties', () => {
  for (const empty of [{}, { version: 1 }] satisfies PolicyDocument[]) {
    const planned = plannedSet(first, empty, by, later)
    assert.deepEqual(planned.changes, [])
    assert.deepEqual(planned.policies, first.policies)
  }
  assert.deepEqual(told(plannedSet(first, { exclusions: [] }, by, later)), [
    '- exclusion cve eq CVE-2024-0001',
    '- exclusion package in openssl',
  ])
  assert.deepEqual(told(plannedSet(first, { groups: [] }, by, later)), ['- group lab'])
  const bare = plannedSet(first, { policies: [] }, by, later)
  assert.deepEqual(told(bare), ['- policy Production', '- policy Watch', '- group shop'])
  assert.deepEqual(
    bare.policies.map(({ name, precedence }) => [name, precedence]),
    [['Default', 1]],
  )
})

test('what is changed keeps its id, and what is beside it everything', () => {
  const production = { name: 'Production', description: 'what runs', rules: [block], groups: [shop] }
  const changed = plannedSet(
    first,
    {
      policies: [
        { ...production, rules: [block, { action: 'alert' }] },
        { name: 'Watch', enabled: false },
      ],
    },
    by,
    later,
  )
  assert.deepEqual(told(changed), ['~ policy Production', '~ policy Watch'])
  assert.deepEqual(changed.changes[0], {
    action: 'update',
    kind: 'policy',
    name: 'Production',
    before: { name: 'Production', description: 'what runs', enabled: true, rules: [block] },
    after: {
      name: 'Production',
      description: 'what runs',
      enabled: true,
      rules: [block, { action: 'alert', conditions: [] }],
    },
  })
  const [was, is] = [first.policies[0], changed.policies[0]]
  assert.deepEqual([is?.id, is?.createdAt, is?.updatedAt], [was?.id, start, later])
  assert.deepEqual(is?.groups, was?.groups)
})

test('another order is told of as one; a policy that is put in front of the others is, too', () => {
  const [production, watch] = documentOf(first).policies ?? []
  assert.ok(production && watch)
  const turned = plannedSet(first, { policies: [watch, production] }, by, later)
  assert.deepEqual(turned.changes, [
    {
      action: 'update',
      kind: 'order',
      name: 'precedence',
      before: ['Production', 'Watch'],
      after: ['Watch', 'Production'],
    },
  ])
  assert.deepEqual(
    turned.policies.map(({ name, precedence, updatedAt }) => [name, precedence, updatedAt]),
    [
      ['Watch', 1, start],
      ['Production', 2, start],
      ['Default', 3, start],
    ],
  )
  const behind = plannedSet(first, { policies: [production, watch, { name: 'New' }] }, by, later)
  assert.deepEqual(told(behind), ['+ policy New'])
  const before = plannedSet(first, { policies: [{ name: 'New' }, production, watch] }, by, later)
  assert.deepEqual(told(before), ['+ policy New', '~ order precedence'])
  assert.deepEqual(told(plannedSet(first, { policies: [watch] }, by, later)), [
    '- policy Production',
    '- group shop',
  ])
})

test('a group goes with its name to another policy, or to none', () => {
  const [production, watch] = documentOf(first).policies ?? []
  assert.ok(production && watch)
  const moved = plannedSet(
    first,
    {
      policies: [
        { ...production, groups: [] },
        { ...watch, groups: [shop] },
      ],
    },
    by,
    later,
  )
  assert.deepEqual(told(moved), ['~ group shop'])
  assert.deepEqual(moved.changes[0]?.before, {
    ...shop,
    description: '',
    policy: 'Production',
  })
  assert.deepEqual(moved.changes[0]?.after, { ...shop, description: '', policy: 'Watch' })
  assert.equal(moved.policies[1]?.groups[0]?.id, first.policies[0]?.groups[0]?.id)
  const loosened = plannedSet(
    first,
    { policies: [{ ...production, groups: [] }, watch], groups: [shop] },
    by,
    later,
  )
  assert.deepEqual(told(loosened), ['~ group shop', '- group lab'])
  const bound = plannedSet(
    first,
    { policies: [production, { ...watch, groups: [{ name: 'lab', conditions: [] }] }] },
    by,
    later,
  )
  assert.deepEqual(told(bound), ['~ group lab'])
  assert.deepEqual(bound.looseGroups, [])
})

test('an exclusion with another reason or end is written anew by whoever applies it', () => {
  const [cve, openssl] = first.exclusions
  const planned = plannedSet(
    first,
    {
      exclusions: [
        { prop: 'package', value: ['openssl'], ttl: 60, scope: { repository: 'shop/*' } },
        { prop: 'cve', value: 'CVE-2024-0001', description: 'mended', expires: '2026-04-01' },
        { prop: 'cve', value: ['CVE-2024-0001'], description: 'not reachable', expires: '2026-04-01' },
      ],
    },
    by,
    later,
  )
  // One value is not a list of one: eq and in are other exclusions.
  assert.deepEqual(told(planned), ['~ exclusion cve eq CVE-2024-0001', '+ exclusion cve in CVE-2024-0001'])
  assert.equal(planned.exclusions[0], openssl)
  const { id, author, createdAt, updatedAt } = planned.exclusions[1] ?? {}
  assert.deepEqual([id, author, createdAt, updatedAt], [cve?.id, 'ci', cve?.createdAt, later.toISOString()])
})

test('exclusions that a VEX document made are neither printed nor touched', () => {
  const [cve] = first.exclusions
  assert.ok(cve)
  const vex = {
    document: 'https://vex.example/1',
    version: '1',
    author: 'vendor',
    vulnerability: 'CVE-2024-0001',
    status: 'not_affected' as const,
    statedAt: '2026-03-01T00:00:00Z',
  }
  const made = { ...cve, id: '00000000-0000-4000-8000-000000000001', vex }
  const current = { ...first, exclusions: [made, ...first.exclusions] }
  assert.deepEqual(documentOf(current).exclusions, documentOf(first).exclusions)
  assert.deepEqual(plannedSet(current, documentOf(current), by, later).changes, [])
  const emptied = plannedSet(current, { exclusions: [] }, by, later)
  assert.deepEqual(emptied.exclusions, [made])
  assert.equal(emptied.changes.length, 2)
})

test('an end that is over is refused, unless it is the end of what is there already', () => {
  const over = new Date('2026-05-01T00:00:00Z')
  const known = { exclusions: documentOf(first).exclusions ?? [] }
  assert.deepEqual(plannedSet(first, known, by, over).changes, [])
  const [exclusion] = known.exclusions
  assert.ok(exclusion)
  assert.throws(
    () => plannedSet(first, { exclusions: [{ ...exclusion, description: 'still not' }] }, by, over),
    refusedWith('exclusions[0].expires: it ended at 2026-04-01T00:00:00.000Z'),
  )
  assert.throws(
    () => plannedSet(nothing, known, by, over),
    refusedWith('exclusions[0].expires: it ended at 2026-04-01T00:00:00.000Z'),
  )
})

test('an instant in any zone is the end to the millisecond; a ttl is whole seconds', () => {
  const ends = (expires: string) =>
    plannedSet(nothing, { exclusions: [{ prop: 'cve', value: 'CVE-1', expires }] }, by, start)
  for (const [expires, ttl, updatedAt] of [
    ['2026-03-02T10:15:30+01:00', 30, '2026-03-02T09:15:00.000Z'],
    ['2026-03-02 09:15:30z', 30, '2026-03-02T09:15:00.000Z'],
    ['2026-03-02t09:15:30.900z', 31, '2026-03-02T09:14:59.900Z'],
    ['2026-03-02T09:15:00.1Z', 1, '2026-03-02T09:14:59.100Z'],
  ] as const) {
    const planned = ends(expires)
    assert.deepEqual(
      planned.exclusions.map((exclusion) => [exclusion.ttl, exclusion.updatedAt]),
      [[ttl, updatedAt]],
    )
    assert.deepEqual(plannedSet(planned, documentOf(planned), by, later).changes, [])
  }
  assert.equal(
    documentOf(ends('2026-03-02t09:15:30.900z')).exclusions?.[0]?.expires,
    '2026-03-02T09:15:30.900Z',
  )
})

function refusedWith(start: string) {
  return (fault: unknown) => {
    assert.ok(fault instanceof RequestFault, String(fault))
    assert.equal(fault.code, 'invalid')
    assert.ok(fault.message.startsWith(start), fault.message)
    return true
  }
}

const named = (more: object) => ({ policies: [{ name: 'one' }, { name: 'two', ...more }] })
const withRule = (rule: unknown) => named({ rules: [{ action: 'alert' }, rule] })
const withExclusion = (exclusion: unknown) => ({
  exclusions: [{ prop: 'cve', value: 'CVE-1' }, exclusion],
})

const wrong: readonly (readonly [document: unknown, says: string])[] = [
  [[], 'the document: a list is no object'],
  ['version: 1', "the document: 'version: 1' is no object"],
  [{ version: 2 }, 'version: 2 is not known'],
  [{ version: '1' }, "version: '1' is not known"],
  [{ policy: [] }, 'policy: this member is not known; known are version, policies, groups, exclusions'],
  [{ 'poli cies': [] }, '["poli cies"]: this member is not known'],
  [{ policies: {} }, 'policies: an object is no list'],
  [{ policies: [null] }, 'policies[0]: null is no object'],
  [{ policies: [{}] }, 'policies[0]: name: a policy needs a name'],
  [{ policies: [{ name: 'a\u0000' }] }, 'policies[0]: name: a policy needs a name'],
  [{ policies: [{ name: ' Default ' }] }, "policies[0]: the policy 'Default' is built in"],
  [named({ enabled: 'yes' }), "policies[1].enabled: 'yes' is neither true nor false"],
  [named({ is_enabled: true }), 'policies[1].is_enabled: this member is not known; known are name'],
  [named({ name: 'one' }), "policies[1]: the policy 'one' stands at policies[0] already"],
  [named({ name: 'one ' }), "policies[1]: the policy 'one' stands at policies[0] already"],
  [named({ description: 7 }), 'policies[1]: description: '],
  [named({ rules: 'block' }), "policies[1].rules: 'block' is no list"],
  [withRule({ action: 'deny' }), "policies[1].rules[1]: rule 2 has the unknown action 'deny'; known are"],
  [withRule({ actoin: 'block' }), 'policies[1].rules[1].actoin: this member is not known'],
  [withRule({ action: 'block', conditions: 'all' }), 'policies[1].rules[1].conditions: the conditions of'],
  [
    withRule({
      action: 'block',
      conditions: [
        { prop: 'cve', value: 'x' },
        { prop: 'svrty', value: 'x' },
      ],
    }),
    "policies[1].rules[1].conditions[1]: condition 2 of rule 2 names the unknown prop 'svrty'; known are",
  ],
  [
    withRule({ action: 'block', conditions: [{ prop: 'severity', value: 'high', and: [] }] }),
    "policies[1].rules[1].conditions[0]: condition 1 of rule 2 has the unknown member 'and'",
  ],
  [
    named({ groups: [{ name: 'g', conditions: [{ prop: 'cve', value: 'x' }] }] }),
    'policies[1].groups[0].conditions[0]: condition 1 of the group: the prop',
  ],
  [
    { ...named({ groups: [{ name: 'g' }] }), groups: [{ name: 'g' }] },
    "groups[0]: the group 'g' stands at policies[1].groups[0] already",
  ],
  [withExclusion({ prop: 'repository', value: 'x' }), 'exclusions[1]: exclusion 2: the prop'],
  [withExclusion({ prop: 'cve', value: 'x', until: 'x' }), 'exclusions[1].until: this member is not known'],
  [withExclusion({ prop: 'cve', value: 'x', ttl: 1, expires: 'x' }), 'exclusions[1]: it has both ttl and'],
  [withExclusion({ prop: 'cve', value: 'x', ttl: '1d' }), "exclusions[1]: exclusion 2: the ttl '1d'"],
  [withExclusion({ prop: 'cve', value: 'x', expires: 20270101 }), 'exclusions[1].expires: 20270101 is no'],
  [withExclusion({ prop: 'cve', value: 'x', expires: '2027-02-29' }), 'exclusions[1].expires: '],
  [withExclusion({ prop: 'cve', value: 'x', expires: '2027-01-01T25:00:00Z' }), 'exclusions[1].expires: '],
  [withExclusion({ prop: 'cve', value: 'x', expires: '2027-01-01T00:00:00' }), 'exclusions[1].expires: '],
  [
    withExclusion({ prop: 'cve', value: 'x', scope: { repo: 'x' } }),
    "exclusions[1].scope: the scope of exclusion 2 has the unknown member 'repo'",
  ],
  [
    withExclusion({ prop: 'cve', value: 'x', and: [{ prop: 'package', value: 'y' }, { prop: 'none' }] }),
    "exclusions[1].and[1]: condition 2 of exclusion 2 names the unknown prop 'none'",
  ],
]

for (const [given, says] of wrong)
  test(`refused: ${says}`, () => {
    assert.throws(() => plannedSet(nothing, given as PolicyDocument, by, start), refusedWith(says))
  })

test('a group of a policy cannot be taken out of it by a document without policies', () => {
  assert.throws(
    () => plannedSet(first, { groups: [shop] }, by, later),
    refusedWith("groups[0]: the group 'shop' is for a policy"),
  )
})

const condition = fc.oneof(
  fc.record({ prop: fc.constant('severity'), value: fc.constantFrom('high', 'low', ['high', 'unknown']) }),
  fc.record({
    prop: fc.constant('cve'),
    op: fc.constantFrom('eq', 'neq', 'like'),
    value: fc.string({ minLength: 1 }),
  }),
  fc.record({
    prop: fc.constant('cvss_score'),
    op: fc.constant('gte'),
    value: fc.double({ min: 0, max: 10, noNaN: true }),
  }),
)
const groupCondition = fc.record({
  prop: fc.constantFrom('registry', 'repository', 'tag'),
  value: fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 3 })),
})
const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 6, maxLength: 6 })
const anyDocument = fc
  .record({
    names,
    rules: fc.array(
      fc.record({ action: fc.constantFrom('block', 'alert', 'allow'), conditions: fc.array(condition) }),
      { maxLength: 3 },
    ),
    groups: fc.array(fc.array(groupCondition, { maxLength: 3 }), { minLength: 3, maxLength: 3 }),
    policies: fc.integer({ min: 0, max: 3 }),
    exclusions: fc.array(
      fc.record(
        {
          prop: fc.constant('cve'),
          value: fc.constantFrom('CVE-1', 'CVE-2', ['CVE-1', 'CVE-2']),
          and: fc.constant([{ prop: 'package', value: 'openssl' }]),
          description: fc.string(),
          ttl: fc.integer({ min: 0, max: 1000 }),
        },
        { requiredKeys: ['prop', 'value'] },
      ),
      { maxLength: 4 },
    ),
  })
  .map(
    ({ names: [a = '', b = '', c = '', ...of], rules, groups, policies, exclusions }): PolicyDocument => ({
      policies: [a, b, c].slice(0, policies).map((name, index) => ({
        name,
        rules: rules.slice(index),
        groups: index === 1 ? [{ name: of[0] ?? '', conditions: groups[0] ?? [] }] : [],
      })),
      groups: [1, 2].map((index) => ({ name: of[index] ?? '', conditions: groups[index] ?? [] })),
      exclusions,
    }),
  )

test('whatever is there and whatever comes: applied once, it changes nothing again, and nor does what is printed', () => {
  fc.assert(
    fc.property(anyDocument, anyDocument, (one, other) => {
      const present = plannedSet(plannedSet(nothing, one, by, start), other, by, later)
      assert.deepEqual(plannedSet(present, other, by, later).changes, [])
      const printed = JSON.parse(JSON.stringify(documentOf(present))) as PolicyDocument
      assert.deepEqual(plannedSet(present, printed, by, later).changes, [])
      assert.deepEqual(
        documentOf(plannedSet(nothing, other, by, later)).policies,
        documentOf(present).policies,
      )
    }),
    { numRuns: 200 },
  )
})
