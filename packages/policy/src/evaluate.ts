import type { CompiledPolicies, CompiledPolicy, CompiledRule } from './compile.ts'
import type { Exclusion } from './exclusions.ts'
import type { ImagePolicyFacts, PolicyDetection, PolicyFinding, PolicyPackage } from './facts.ts'
import { type Covered, type CoveredRows, Judgement, type RuleMatch } from './judgement.ts'

import { eachRow, hasRow, type Rows } from './rows.ts'
import type { Policy, PolicyAction, PolicyGroup, PolicyRule } from './rule.ts'

/** A matching rule of the policy that decided. */
export interface DecidingRule {
  /** Its place in the policy's rules, from 0. */
  readonly index: number
  readonly rule: PolicyRule
}

/** What made a rule match: only of what the rules ask about. */
export interface PolicyMatches {
  readonly findings: readonly PolicyFinding[]
  readonly packages: readonly PolicyPackage[]
  readonly detections: readonly PolicyDetection[]
  /** The image's base OS, where a rule asks for it. */
  readonly baseOs: readonly string[]
}

/** Something that an exclusion takes away, with that exclusion. */
export interface Excluded<Thing, E extends Exclusion = Exclusion> {
  readonly thing: Thing
  readonly exclusion: E
}

/** Whether an image may pass, and everything that made it so. */
export interface PolicyVerdict<P extends Policy = Policy, E extends Exclusion = Exclusion> {
  readonly deny: boolean
  readonly action: PolicyAction
  /** The policy that decided; the default one when no rule matched; undefined when there is none at all. */
  readonly policy?: P
  /** Through which the policy applies, where it has groups. */
  readonly group?: PolicyGroup
  /** Every rule of the policy that matched with the deciding action, in their order; none when the default passed it. */
  readonly rules: readonly DecidingRule[]
  readonly matched: PolicyMatches
  /** All that exclusions take away from this image, whether or not a rule would have asked for it. */
  readonly excluded: {
    readonly findings: readonly Excluded<PolicyFinding, E>[]
    readonly packages: readonly Excluded<PolicyPackage, E>[]
    readonly detections: readonly Excluded<PolicyDetection, E>[]
  }
  /** Indexes of the exclusions in effect that covered something of this image. */
  readonly exclusionsMatched: readonly number[]
  /** Milliseconds since 1970. */
  readonly evaluatedAt: number
  /** The instant from which the verdict may be another although nothing changed; absent when time alone cannot change it. */
  readonly validUntil?: number
}

/**
 * Judges one image. The first enabled policy that applies and has a matching rule decides; in it a matching `allow` passes
 * the image, else the strictest matching rule counts. `now` in milliseconds since 1970.
 */
export function evaluate<P extends Policy, E extends Exclusion>(
  facts: ImagePolicyFacts,
  compiled: CompiledPolicies<P, E>,
  now: number,
): PolicyVerdict<P, E> {
  const judgement = new Judgement(facts, now, compiled.conditions)
  const covered = judgement.cover(compiled.exclusions)
  const decision = decide(judgement, compiled.policies, covered)
  const decided = decision && compiled.policies[decision.place]?.policy
  const policy = decided ?? compiled.policies.find(({ policy }) => policy.isDefault)?.policy
  const action = decision?.action ?? 'allow'
  return {
    deny: action === 'block',
    action,
    ...(policy ? { policy } : {}),
    ...(decision?.group ? { group: decision.group } : {}),
    rules: decision?.rules.map(({ index, rule }) => ({ index, rule })) ?? [],
    matched: matches(facts, decision?.rules ?? []),
    excluded: {
      findings: excludedOf(facts.findings, covered?.findings, compiled),
      packages: excludedOf(facts.packages, covered?.packages, compiled),
      detections: excludedOf(facts.detections, covered?.detections, compiled),
    },
    exclusionsMatched: covered ? [...covered.matched] : [],
    evaluatedAt: now,
    ...(Number.isFinite(judgement.nextChange) ? { validUntil: judgement.nextChange } : {}),
  }
}

/** A rule that matched, with what met it. */
export interface MatchedRule extends DecidingRule {
  readonly compiled: CompiledRule
  readonly match: RuleMatch
}

/** What one policy decided by its rules. */
export interface Decision {
  /** The policy's place among all, from 0. */
  readonly place: number
  readonly group?: PolicyGroup
  readonly action: PolicyAction
  readonly rules: readonly MatchedRule[]
}

/** The first decision of the policies in their order; undefined where none has a rule that matches. */
export function decide(
  judgement: Judgement,
  policies: readonly CompiledPolicy[],
  covered: Covered | undefined,
): Decision | undefined {
  for (let place = 0; place < policies.length; place++) {
    const compiled = policies[place] as CompiledPolicy
    const reach = policyReach(judgement, compiled)
    if (!reach.applies) continue
    for (const action of ['allow', 'block', 'alert'] as const) {
      const rules = matchingRules(judgement, compiled, action, covered)
      if (rules.length > 0) return { place, action, rules, ...(reach.group ? { group: reach.group } : {}) }
    }
  }
  return undefined
}

/** Whether a policy is for this image, and through which of its groups. */
export function policyReach(
  judgement: Judgement,
  { policy, groups }: CompiledPolicy,
): { readonly applies: boolean; readonly group?: PolicyGroup } {
  if (!policy.enabled) return { applies: false }
  if (groups.length === 0) return { applies: true }
  const found = groups.find((group) => judgement.group(group))
  return found ? { applies: true, group: found.group } : { applies: false }
}

function matchingRules(
  judgement: Judgement,
  { policy, rules }: CompiledPolicy,
  action: PolicyAction,
  covered: Covered | undefined,
): readonly MatchedRule[] {
  const found: MatchedRule[] = []
  for (const compiled of rules) {
    if (compiled.action !== action) continue
    const match = judgement.rule(compiled, covered)
    const rule = policy.rules[compiled.index]
    if (match && rule) found.push({ index: compiled.index, rule, compiled, match })
  }
  return found
}

function matches(facts: ImagePolicyFacts, rules: readonly MatchedRule[]): PolicyMatches {
  const asksBaseOs = rules.some(({ compiled }) =>
    compiled.conditions.image.some(({ checked }) => checked.prop.name === 'base_os'),
  )
  const baseOs = facts.baseOs ?? facts.distribution?.id
  return {
    findings: chosen(
      facts.findings,
      rules.map(({ match }) => match.findings),
    ),
    packages: chosen(
      facts.packages,
      rules.map(({ match }) => match.packages),
    ),
    detections: chosen(
      facts.detections,
      rules.map(({ match }) => match.detections),
    ),
    baseOs: asksBaseOs && baseOs ? [baseOs] : [],
  }
}

function chosen<Row>(rows: readonly Row[], sets: readonly (Rows | undefined)[]): readonly Row[] {
  const given = sets.filter((set) => set !== undefined)
  if (given.length === 0) return []
  return rows.filter((_, index) => given.some((set) => hasRow(set, index)))
}

function excludedOf<Thing, E extends Exclusion>(
  things: readonly Thing[],
  covered: CoveredRows | undefined,
  { exclusions }: CompiledPolicies<Policy, E>,
): readonly Excluded<Thing, E>[] {
  if (!covered) return []
  const found: Excluded<Thing, E>[] = []
  for (const row of eachRow(covered.rows)) {
    const [thing, exclusion] = [things[row], exclusions[covered.by[row] ?? -1]?.exclusion]
    if (thing !== undefined && exclusion) found.push({ thing, exclusion })
  }
  return found
}
