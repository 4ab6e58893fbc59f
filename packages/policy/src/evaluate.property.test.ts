import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compilePolicies } from './compile.ts'
import { evaluate, type PolicyVerdict } from './evaluate.ts'
import type { Exclusion } from './exclusions.ts'
import type { ImagePolicyFacts } from './facts.ts'
import type { Policy, PolicyGroup, PolicyRule } from './rule.ts'
import { detectionOf, factsOf, findingOf, packageOf } from './testing/facts.ts'

const now = Date.parse('2026-03-02T09:15:00Z')
const severity = fc.constantFrom('critical', 'high', 'medium', 'low', 'unknown')
const published = fc.option(
  fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-25T00:00:00Z', '2026-03-01T00:00:00Z'),
  {
    nil: undefined,
  },
)

const facts: fc.Arbitrary<ImagePolicyFacts> = fc
  .record({
    repository: fc.constantFrom('shop/checkout', 'shop/basket', 'lab/x'),
    findings: fc.array(
      fc.record({
        vulnerability: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'),
        package: fc.integer({ min: 0, max: 2 }),
        severity,
        exploited: fc.boolean(),
        published,
      }),
      { maxLength: 6 },
    ),
    detections: fc.array(fc.record({ type: fc.constantFrom('secret', 'malware'), severity }), {
      maxLength: 2,
    }),
  })
  .map(({ repository, findings, detections }) =>
    factsOf({
      repository,
      packages: ['openssl', 'zlib', 'bash'].map((name) =>
        packageOf({ name, ...(name === 'bash' ? { licenses: ['GPL-3.0-only'] } : {}) }),
      ),
      findings: findings.map((finding) => findingOf(finding as Partial<ReturnType<typeof findingOf>>)),
      detections: detections.map((detection) =>
        detectionOf(detection as Partial<ReturnType<typeof detectionOf>>),
      ),
    }),
  )

const condition = fc.oneof(
  fc.record({
    prop: fc.constant('severity'),
    op: fc.constantFrom('gte', 'lt', 'eq', 'neq'),
    value: fc.constantFrom('high', 'medium'),
  }),
  fc.record({ prop: fc.constant('cve'), value: fc.constantFrom('CVE-1', 'CVE-2') }),
  fc.record({ prop: fc.constant('exploited'), value: fc.boolean() }),
  fc.record({
    prop: fc.constant('published_days'),
    op: fc.constantFrom('gt', 'lte'),
    value: fc.constantFrom(2, 10),
  }),
  fc.record({
    prop: fc.constant('package'),
    op: fc.constantFrom('eq', 'neq'),
    value: fc.constantFrom('openssl', 'z*'),
  }),
  fc.record({
    prop: fc.constant('license'),
    op: fc.constantFrom('eq', 'not_in'),
    value: fc.constant('GPL-3.0-only'),
  }),
  fc.record({ prop: fc.constant('detection_type'), value: fc.constantFrom('secret', 'malware') }),
  fc.record({ prop: fc.constant('repository'), value: fc.constantFrom('shop/*', 'lab/*') }),
)
const rule = (action: fc.Arbitrary<PolicyRule['action']>): fc.Arbitrary<PolicyRule> =>
  fc.record({ action, conditions: fc.array(condition, { maxLength: 3 }) })
const anyRule = rule(fc.constantFrom('block', 'alert', 'allow'))
const group: fc.Arbitrary<PolicyGroup> = fc.record({
  id: fc.constant('g'),
  name: fc.constant('g'),
  conditions: fc.array(
    fc.record({ prop: fc.constant('repository'), value: fc.constantFrom('shop/*', 'shop/basket') }),
    {
      minLength: 1,
      maxLength: 2,
    },
  ),
})
const policies: fc.Arbitrary<Policy[]> = fc
  .array(
    fc.record({
      enabled: fc.boolean(),
      rules: fc.array(anyRule, { maxLength: 3 }),
      groups: fc.array(group, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  )
  .map((list) => list.map((policy, index) => ({ ...policy, id: `p${index}`, name: `p${index}` })))
const exclusion: fc.Arbitrary<Exclusion> = fc.oneof(
  fc.record({ prop: fc.constant('cve'), value: fc.constantFrom(['CVE-1'], ['CVE-2', 'CVE-3']) }),
  fc.record({ prop: fc.constant('package'), value: fc.constantFrom(['openssl'], ['z*']) }),
  fc.record({ prop: fc.constant('detection_type'), value: fc.constant(['secret']) }),
  fc.record({ prop: fc.constant('severity'), op: fc.constant('lte'), value: fc.constant(['medium']) }),
)

const judge = (image: ImagePolicyFacts, list: readonly Policy[], exclusions: readonly Exclusion[] = []) =>
  evaluate(image, compilePolicies(list, exclusions), now)
const told = ({ deny, action, policy, matched, excluded, validUntil }: PolicyVerdict) => ({
  deny,
  action,
  policy: policy?.id,
  matched,
  excluded,
  validUntil,
})

test('another blocking rule never turns a denial into a pass', () => {
  fc.assert(
    fc.property(
      facts,
      policies,
      fc.array(exclusion, { maxLength: 2 }),
      rule(fc.constant('block')),
      fc.nat(),
      (image, list, exclusions, stricter, at) => {
        fc.pre(list.length > 0)
        const changed = list.map((policy, index) =>
          index === at % list.length ? { ...policy, rules: [...policy.rules, stricter] } : policy,
        )
        if (judge(image, list, exclusions).deny) assert.ok(judge(image, changed, exclusions).deny)
      },
    ),
    { numRuns: 1000 },
  )
})

test('the order of rules makes no difference', () => {
  fc.assert(
    fc.property(facts, policies, fc.array(exclusion, { maxLength: 2 }), (image, list, exclusions) => {
      const turned = list.map((policy) => ({ ...policy, rules: policy.rules.toReversed() }))
      assert.deepEqual(told(judge(image, turned, exclusions)), told(judge(image, list, exclusions)))
    }),
    { numRuns: 500 },
  )
})

test('an exclusion never adds a finding to what one policy holds against an image, and never denies it', () => {
  fc.assert(
    fc.property(
      facts,
      policies,
      fc.array(exclusion, { maxLength: 2 }),
      exclusion,
      (image, list, exclusions, more) => {
        const [policy] = list
        fc.pre(policy !== undefined)
        // Blocking rules alone: an alert that takes a block's place tells of other findings.
        const alone = [{ ...policy, rules: policy.rules.filter(({ action }) => action === 'block') }]
        const before = judge(image, alone, exclusions)
        const after = judge(image, alone, [...exclusions, more])
        for (const finding of after.matched.findings) assert.ok(before.matched.findings.includes(finding))
        for (const pkg of after.matched.packages) assert.ok(before.matched.packages.includes(pkg))
        if (judge(image, [policy], [...exclusions, more]).deny)
          assert.ok(judge(image, [policy], exclusions).deny)
      },
    ),
    { numRuns: 1000 },
  )
})

test('nothing that counts against an image is excluded', () => {
  fc.assert(
    fc.property(facts, policies, fc.array(exclusion, { maxLength: 3 }), (image, list, exclusions) => {
      const { action, matched, excluded } = judge(image, list, exclusions)
      if (action === 'allow') return
      const spared = new Set<unknown>([
        ...excluded.findings.map(({ thing }) => thing),
        ...excluded.detections.map(({ thing }) => thing),
      ])
      for (const thing of [...matched.findings, ...matched.detections]) assert.ok(!spared.has(thing))
    }),
    { numRuns: 500 },
  )
})

test('groups only narrow: what a policy with groups decides, it decides without them too', () => {
  fc.assert(
    fc.property(facts, policies, (image, list) => {
      const [policy] = list
      fc.pre(policy !== undefined)
      const narrow = judge(image, [policy])
      if (narrow.rules.length === 0) return
      const wide = judge(image, [{ ...policy, groups: [] }])
      assert.deepEqual({ ...told(wide), policy: undefined }, { ...told(narrow), policy: undefined })
    }),
    { numRuns: 500 },
  )
})

test('until the instant that a verdict names it stays the same', () => {
  fc.assert(
    fc.property(
      facts,
      policies,
      fc.array(exclusion, { maxLength: 2 }),
      fc.nat(40 * 24),
      (image, list, exclusions, hours) => {
        const timed = exclusions.map((one) => ({
          ...one,
          ttl: 3 * 86_400,
          updatedAt: '2026-03-02T00:00:00Z',
        }))
        const compiled = compilePolicies(list, timed)
        const first = evaluate(image, compiled, now)
        const later = now + hours * 3_600_000
        if (first.validUntil !== undefined && later >= first.validUntil) return
        const then = evaluate(image, compiled, later)
        assert.deepEqual({ ...told(then), validUntil: undefined }, { ...told(first), validUntil: undefined })
      },
    ),
    { numRuns: 1000 },
  )
})
