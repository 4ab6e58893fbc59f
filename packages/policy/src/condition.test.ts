import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readExclusions } from './exclusions.ts'
import { PolicyFault } from './fault.ts'
import { readGroupConditions, readRules } from './rule.ts'

const rule = (...conditions: readonly unknown[]) =>
  readRules([{ action: 'block', policy_rules_data: { conditions } }])

const refused: readonly (readonly [
  what: string,
  read: () => unknown,
  code: string,
  says: readonly (string | RegExp)[],
])[] = [
  [
    'an unknown prop',
    () => rule({ prop: 'severty', value: 'high' }),
    'unknown-prop',
    ["'severty'", 'severity, cvss_score'],
  ],
  ['a prop of the prototype', () => rule({ prop: '__proto__', value: 1 }), 'unknown-prop', ["'__proto__'"]],
  ['no prop', () => rule({ value: 'high' }), 'invalid-value', ['names no prop']],
  [
    'an unknown op',
    () => rule({ prop: 'severity', op: 'atleast', value: 'high' }),
    'unknown-op',
    ["'atleast'", 'eq, neq, gt, gte'],
  ],
  [
    'an op that does not suit',
    () => rule({ prop: 'exploited', op: 'gt', value: true }),
    'unknown-op',
    ['exploited', 'eq, neq'],
  ],
  [
    'an unknown word',
    () => rule({ prop: 'severity', value: 'dire' }),
    'invalid-value',
    ["'dire'", 'critical, high'],
  ],
  [
    'an order without a place',
    () => rule({ prop: 'severity', op: 'gt', value: 'unknown' }),
    'invalid-value',
    ['negligible < low'],
  ],
  [
    'a number that is none',
    () => rule({ prop: 'cvss_score', op: 'gt', value: 'seven' }),
    'invalid-value',
    ['no number'],
  ],
  [
    'an infinite number',
    () => rule({ prop: 'epss', value: Number.POSITIVE_INFINITY }),
    'invalid-value',
    ['no number'],
  ],
  [
    'neither true nor false',
    () => rule({ prop: 'exploited', value: 'yes' }),
    'invalid-value',
    ['neither true nor false'],
  ],
  ['no value', () => rule({ prop: 'cve' }), 'invalid-value', ['no value']],
  ['an empty list', () => rule({ prop: 'cve', value: [] }), 'invalid-value', ['empty']],
  [
    'two values where one is taken',
    () => rule({ prop: 'cve', op: 'eq', value: ['CVE-2024-0001', 'CVE-2024-0002'] }),
    'invalid-value',
    ['use in'],
  ],
  [
    'an object for a value',
    () => rule({ prop: 'cve', value: { not: 'text' } }),
    'invalid-value',
    ['no text'],
  ],
  [
    'a mistyped member',
    () => rule({ prop: 'severity', operator: 'eq', value: 'high' }),
    'unknown-member',
    ["'operator'"],
  ],
  [
    'a path outside exclusions',
    () => rule({ prop: 'path', value: 'etc/*' }),
    'misplaced-prop',
    ["'path'", 'a rule'],
  ],
  [
    'the second of two conditions',
    () => rule({ prop: 'cve', value: 'x' }, { prop: 'y', value: 1 }),
    'unknown-prop',
    ['condition 2 of rule 1'],
  ],
  ['text for a condition', () => rule('severity'), 'invalid-value', ['no object']],
  [
    'conditions that are no list',
    () => readRules([{ action: 'block', policy_rules_data: { conditions: {} } }]),
    'invalid-value',
    ['no list'],
  ],
  [
    'an unknown action',
    () => readRules([{ action: 'deny', policy_rules_data: { conditions: [] } }]),
    'unknown-action',
    ["'deny'", 'block, prevent, alert, allow'],
  ],
  ['rules that are no list', () => readRules('block'), 'invalid-value', ['no list']],
  [
    'too many rules',
    () => readRules(Array.from({ length: 1001 }, () => ({ action: 'block' }))),
    'too-many',
    ['1001', '1000'],
  ],
  ['a very long value', () => rule({ prop: 'package', value: 'a'.repeat(1025) }), 'too-many', ['1025']],
  [
    'a vulnerability in a group',
    () => readGroupConditions([{ prop: 'severity', value: 'high' }]),
    'misplaced-prop',
    ['a group', 'registry, repository, tag'],
  ],
  [
    'an image in an exclusion',
    () => readExclusions([{ prop: 'repository', value: ['x'] }]),
    'misplaced-prop',
    ['scope'],
  ],
  [
    'a finding and a detection at once',
    () => readExclusions([{ prop: 'cve', value: ['x'], and: [{ prop: 'detection_type', value: 'secret' }] }]),
    'misplaced-prop',
    ['detections', 'vulnerabilities'],
  ],
  [
    'an unknown prop in and',
    () => readExclusions([{ prop: 'cve', value: ['x'], and: [{ prop: 'pkg', value: 'y' }] }]),
    'unknown-prop',
    ["'pkg'"],
  ],
  [
    'an unknown member of a scope',
    () => readExclusions([{ prop: 'cve', value: ['x'], scope: { image: 'y' } }]),
    'unknown-member',
    ["'image'", 'registry, repository'],
  ],
  [
    'a negative ttl',
    () => readExclusions([{ prop: 'cve', value: ['x'], ttl: -1 }]),
    'invalid-value',
    ['-1', 'seconds'],
  ],
  [
    'a ttl of text',
    () => readExclusions([{ prop: 'cve', value: ['x'], ttl: '60' }]),
    'invalid-value',
    ['seconds'],
  ],
]

for (const [what, read, code, says] of refused) {
  test(`${what} is refused with ${code}`, () => {
    assert.throws(read, (fault) => {
      assert.ok(fault instanceof PolicyFault)
      assert.equal(fault.code, code)
      for (const text of says) assert.ok(fault.message.includes(String(text)), fault.message)
      return true
    })
  })
}

test('what is kept is what was written', () => {
  assert.deepEqual(rule({ prop: 'severity', value: 'High' }), [
    { action: 'block', conditions: [{ prop: 'severity', value: 'High' }] },
  ])
})

test('an exclusion is kept with its operator spelled out and its values in a list', () => {
  assert.deepEqual(
    readExclusions([
      { prop: 'cve', value: ['x'], ttl: 60, description: 'why', created_at: '2026-01-01T00:00:00Z' },
      { prop: 'severity', value: 'low' },
      { prop: 'fix_available', value: [false], ttl: 0 },
    ]),
    [
      { prop: 'cve', op: 'in', value: ['x'], ttl: 60, description: 'why' },
      { prop: 'severity', op: 'gte', value: ['low'] },
      { prop: 'fix_available', op: 'eq', value: ['false'] },
    ],
  )
})

test('a rule may leave its conditions out', () => {
  assert.deepEqual(readRules([{ action: 'Alert' }]), [{ action: 'alert', conditions: [] }])
})
