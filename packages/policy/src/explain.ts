import type { CompiledCondition, CompiledPolicies, CompiledPolicy, CompiledRule } from './compile.ts'
import { quoted } from './condition.ts'
import { evaluate, policyReach } from './evaluate.ts'
import type { Exclusion } from './exclusions.ts'
import type { ImagePolicyFacts } from './facts.ts'
import { type Covered, Judgement } from './judgement.ts'
import { countRows, type Rows } from './rows.ts'
import type { Policy } from './rule.ts'

/** A sentence of an explanation with what it rests on. */
export interface Explanation {
  /** What was asked: `policy Production`, `rule 2: block`, `severity gte 'high'`. */
  readonly subject: string
  /** `decides`, `holds`, `fails`, `passed over`, `not asked`. */
  readonly outcome: 'decides' | 'holds' | 'fails' | 'passed over' | 'not asked'
  /** Why, in a sentence. */
  readonly because: string
  readonly parts: readonly Explanation[]
}

/** Why the verdict on an image is what it is: policies in their order, their groups, rules and conditions, and the exclusions. */
export function explain<P extends Policy, E extends Exclusion>(
  facts: ImagePolicyFacts,
  compiled: CompiledPolicies<P, E>,
  now: number,
): Explanation {
  const verdict = evaluate(facts, compiled, now)
  const judgement = new Judgement(facts, now, compiled.conditions)
  const covered = judgement.cover(compiled.exclusions)
  const at =
    verdict.rules.length > 0 ? compiled.policies.findIndex(({ policy }) => policy === verdict.policy) : -1
  const name = verdict.policy ? `policy ${verdict.policy.name}` : 'no policy'
  return {
    subject: `${facts.repository}:${facts.tag}`,
    outcome: 'decides',
    because: `${verdict.deny ? 'denied' : 'passes'} by ${name}${verdict.rules.length > 0 ? ` (${verdict.action})` : ', as no rule matched'}`,
    parts: [
      ...compiled.policies.map((policy, index) =>
        explainPolicy(policy, judgement, covered, at >= 0 && index > at, index === at),
      ),
      ...explainExclusions(compiled, covered),
    ],
  }
}

/** An explanation as indented lines. */
export function explanationLines(
  { subject, outcome, because, parts }: Explanation,
  depth = 0,
): readonly string[] {
  return [
    `${'  '.repeat(depth)}${subject}: ${outcome}: ${because}`,
    ...parts.flatMap((part) => explanationLines(part, depth + 1)),
  ]
}

function explainPolicy(
  compiled: CompiledPolicy,
  judgement: Judgement,
  covered: Covered | undefined,
  after: boolean,
  decides: boolean,
): Explanation {
  const { policy } = compiled
  const subject = `policy ${policy.name}`
  if (after) return { subject, outcome: 'not asked', because: 'an earlier policy decided', parts: [] }
  if (!policy.enabled) return { subject, outcome: 'passed over', because: 'it is not enabled', parts: [] }
  const { applies, group } = policyReach(judgement, compiled)
  if (!applies) {
    const names = compiled.groups.map(({ group }) => group.name).join(', ')
    return {
      subject,
      outcome: 'passed over',
      because: `the image is in none of its groups (${names})`,
      parts: [],
    }
  }
  const parts = compiled.rules.map((rule) => explainRule(rule, judgement, covered))
  const reach = group ? `the image is in its group ${group.name}` : 'it is for all images'
  if (decides) return { subject, outcome: 'decides', because: reach, parts }
  const none =
    compiled.rules.length > 0
      ? `${reach}, and no rule of it matches`
      : policy.rules.length > 0
        ? `${reach}, and no rule of it goes by name and state alone`
        : 'it has no rules'
  return { subject, outcome: 'fails', because: none, parts }
}

function explainRule(rule: CompiledRule, judgement: Judgement, covered: Covered | undefined): Explanation {
  const { vulnerability, package: ofPackage, detection, image } = rule.conditions
  const conditions = [...image, ...vulnerability, ...ofPackage, ...detection]
  const match = judgement.rule(rule, covered)
  const counts = [
    counted(match?.findings, 'finding', 'findings'),
    counted(match?.packages, 'package', 'packages'),
    counted(match?.detections, 'detection', 'detections'),
  ].filter((text) => text !== '')
  const unexcluded = !match && covered && judgement.rule(rule, undefined)
  const because = match
    ? counts.length > 0
      ? `met by ${counts.join(', ')}`
      : 'met by the image'
    : unexcluded
      ? 'all that meets it is excluded'
      : 'nothing meets all its conditions'
  return {
    subject: `rule ${rule.index + 1}: ${rule.action}`,
    outcome: match ? 'holds' : 'fails',
    because,
    parts: conditions.map((condition) => explainCondition(condition, judgement)),
  }
}

const rowNames = {
  vulnerability: 'findings',
  package: 'packages',
  detection: 'detections',
  image: 'image',
} as const

function explainCondition(condition: CompiledCondition, judgement: Judgement): Explanation {
  const { prop, op, value } = condition.checked
  const met = countRows(judgement.meeting(condition))
  return {
    subject: `${prop.name} ${op} ${quoted(value)}`,
    outcome: met > 0 ? 'holds' : 'fails',
    because:
      prop.subject === 'image'
        ? `the image ${met > 0 ? 'meets it' : 'does not'}`
        : `${met} of ${judgement.facts[rowNames[prop.subject]].length} ${rowNames[prop.subject]}`,
    parts: [],
  }
}

function counted(rows: Rows | undefined, one: string, many: string): string {
  if (!rows) return ''
  const count = countRows(rows)
  return `${count} ${count === 1 ? one : many}`
}

function explainExclusions<E extends Exclusion>(
  { exclusions }: CompiledPolicies<Policy, E>,
  covered: Covered | undefined,
): readonly Explanation[] {
  return exclusions.flatMap(({ exclusion }, index) => {
    if (!covered?.matched.has(index)) return []
    const rows = [covered.findings, covered.packages, covered.detections].map((list) =>
      list.by.reduce((sum, by) => sum + Number(by === index), 0),
    )
    return [
      {
        subject: `exclusion ${exclusion.prop} ${quoted(exclusion.value)}`,
        outcome: 'holds' as const,
        because: `${exclusion.description ? `${exclusion.description}: ` : ''}takes away ${rows[0]} findings, ${rows[1]} packages, ${rows[2]} detections`,
        parts: [],
      },
    ]
  })
}
