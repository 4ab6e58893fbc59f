import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicies } from './compile.ts'
import { explanationLines } from './explain.ts'
import type { Policy, PolicyAction } from './rule.ts'
import { evaluateUnassessed, explainUnassessed, type UnassessedReference } from './unassessed.ts'

const now = Date.parse('2026-03-02T09:15:00Z')

const image = (known: Partial<UnassessedReference> = {}): UnassessedReference => ({
  registry: '',
  repository: 'shop/checkout',
  tag: '1.8.2',
  digest: '',
  state: 'pending',
  ...known,
})

type Conditions = readonly { prop: string; op?: string; value: unknown }[]

const policy = (name: string, action: PolicyAction, conditions: Conditions, more: Partial<Policy> = {}) => ({
  id: name,
  name,
  enabled: true,
  rules: [{ action, conditions }],
  groups: [],
  ...more,
})

/** `block Production`, or nothing where no policy decides. */
function decision(policies: readonly Policy[], known?: Partial<UnassessedReference>): string {
  const verdict = evaluateUnassessed(image(known), compilePolicies(policies), now)
  return verdict ? `${verdict.action} ${verdict.policy?.name}` : ''
}

const high = policy('High', 'block', [{ prop: 'severity', value: 'high' }])
const closed = policy('Closed', 'block', [{ prop: 'assessment', value: ['unknown', 'pending'] }])

for (const [what, policies, known, expected] of [
  ['a rule on the state', [closed], {}, 'block Closed'],
  ['a rule on another state', [closed], { state: 'not_assessable' }, ''],
  [
    'all but what is assessed',
    [policy('P', 'block', [{ prop: 'assessment', op: 'neq', value: 'assessed' }])],
    { state: 'unknown' },
    'block P',
  ],
  [
    'a rule on the name lets pass',
    [policy('P', 'allow', [{ prop: 'repository', value: 'shop/*' }])],
    {},
    'allow P',
  ],
  [
    'a rule on a severity cannot be asked',
    [policy('P', 'block', [{ prop: 'severity', value: 'low' }])],
    {},
    '',
  ],
  [
    'nor can one that asks for it beside the state',
    [
      policy('P', 'block', [
        { prop: 'assessment', value: 'pending' },
        { prop: 'severity', value: 'low' },
      ]),
    ],
    {},
    '',
  ],
  [
    'nor one on another fact of the image, ruled out or not',
    [
      policy('P', 'block', [{ prop: 'runs_as_root', op: 'neq', value: false }]),
      policy('Q', 'block', [{ prop: 'base_os', op: 'neq', value: 'alpine' }]),
      policy('R', 'block', [{ prop: 'image_age_days', op: 'not_in', value: [1] }]),
    ],
    {},
    '',
  ],
  ['a rule without conditions blocks', [policy('P', 'block', [])], {}, 'block P'],
  ['but lets nothing pass', [policy('P', 'allow', []), policy('Q', 'alert', [])], {}, ''],
  [
    'precedence holds',
    [policy('First', 'alert', [{ prop: 'assessment', value: 'pending' }]), closed],
    {},
    'alert First',
  ],
  [
    'groups hold',
    [
      policy('Lab', 'allow', [{ prop: 'assessment', value: 'pending' }], {
        groups: [{ id: 'g', name: 'lab', conditions: [{ prop: 'repository', value: 'lab/*' }] }],
      }),
      closed,
    ],
    {},
    'block Closed',
  ],
  [
    'a name lets nothing pass that a rule above might have blocked',
    [high, policy('Lax', 'allow', [{ prop: 'repository', value: 'shop/*' }])],
    {},
    '',
  ],
  [
    'nor that one of the same policy might have, were it only an alert',
    [
      policy('P', 'block', [], {
        rules: [
          { action: 'block', conditions: [{ prop: 'severity', value: 'high' }] },
          { action: 'alert', conditions: [{ prop: 'repository', value: 'shop/*' }] },
        ],
      }),
    ],
    {},
    '',
  ],
  [
    'but a rule that asks for the state may: it means what is not assessed',
    [high, policy('Lax', 'alert', [{ prop: 'assessment', value: 'pending' }])],
    {},
    'alert Lax',
  ],
  [
    'and a rule above that is for other images is in nobody’s way',
    [
      { ...high, groups: [{ id: 'g', name: 'lab', conditions: [{ prop: 'repository', value: 'lab/*' }] }] },
      policy('Lax', 'allow', [{ prop: 'repository', value: 'shop/*' }]),
    ],
    {},
    'allow Lax',
  ],
  [
    'a rule below still blocks by the name',
    [high, policy('Shut', 'block', [{ prop: 'repository', value: 'shop/*' }])],
    {},
    'block Shut',
  ],
  ['what is not enabled has no word', [{ ...closed, enabled: false }], {}, ''],
] as const)
  test(`unassessed: ${what}`, () => {
    assert.equal(decision(policies, known as Partial<UnassessedReference>), expected)
  })

test('within a policy a rule that lets pass wins, and its place is that in the policy', () => {
  const rules = [
    { action: 'block', conditions: [{ prop: 'severity', value: 'low' }] },
    { action: 'block', conditions: [{ prop: 'assessment', value: 'pending' }] },
    { action: 'allow', conditions: [{ prop: 'repository', value: 'shop/checkout' }] },
  ] as const
  const compiled = compilePolicies([policy('P', 'block', [], { rules })])
  const verdict = evaluateUnassessed(image(), compiled, now)
  assert.deepEqual(
    [verdict?.action, verdict?.rules.map(({ index }) => index), verdict?.validUntil],
    ['allow', [2], undefined],
  )
})

test('an explanation says what decides, or that nothing does', () => {
  const lines = (...policies: Policy[]) =>
    explanationLines(explainUnassessed(image(), compilePolicies(policies), now))
  assert.deepEqual(lines(high, closed), [
    'shop/checkout:1.8.2: decides: denied by policy Closed (block)',
    '  policy High: fails: it is for all images, and no rule of it goes by name and state alone',
    '  policy Closed: decides: it is for all images',
    '    rule 1: block: holds: met by the image',
    '      assessment in ["unknown","pending"]: holds: the image meets it',
  ])
  assert.deepEqual(lines(high), [
    'shop/checkout:1.8.2: fails: it is pending, and no rule decides by name and state alone',
    '  policy High: fails: it is for all images, and no rule of it goes by name and state alone',
  ])
})
