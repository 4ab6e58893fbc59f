import type { CheckedCondition } from './condition.ts'
import { asDetectionConditions, type CheckedExclusion, checkExclusion, type Exclusion } from './exclusions.ts'
import type { Leaning } from './meet.ts'
import { inGroup, inRule } from './places.ts'
import type { Subject } from './prop.ts'
import { checkConditions, type Policy, type PolicyAction, type PolicyGroup } from './rule.ts'

/** A condition with the number under which its answer is remembered while an image is judged. */
export interface CompiledCondition {
  readonly id: number
  readonly leaning: Leaning
  readonly checked: CheckedCondition
}

/** Conditions by what they speak of, the dearest last; after them those on days, which are asked of the fewest rows. */
export type ConditionsBySubject = Readonly<Record<Subject, readonly CompiledCondition[]>>

/** A rule ready to be asked. */
export interface CompiledRule {
  /** Its place in the policy's rules. */
  readonly index: number
  readonly action: PolicyAction
  readonly conditions: ConditionsBySubject
}

/** A group ready to be asked: each list holds when one of it does, and all lists must hold. */
export interface CompiledGroup {
  readonly group: PolicyGroup
  readonly alternatives: readonly (readonly CompiledCondition[])[]
}

/** A policy ready to be asked. */
export interface CompiledPolicy<P extends Policy = Policy> {
  readonly policy: P
  readonly groups: readonly CompiledGroup[]
  readonly rules: readonly CompiledRule[]
}

/** An exclusion ready to be asked; `detection` holds its path conditions as detections have them. */
export interface CompiledExclusion<E extends Exclusion = Exclusion> {
  readonly exclusion: E
  readonly checked: CheckedExclusion
  readonly conditions: ConditionsBySubject
}

/** Policies in their order and exclusions, compiled once and used for any number of images. */
export interface CompiledPolicies<P extends Policy = Policy, E extends Exclusion = Exclusion> {
  readonly policies: readonly CompiledPolicy<P>[]
  readonly exclusions: readonly CompiledExclusion<E>[]
  /** How many distinct conditions there are. */
  readonly conditions: number
}

/** The numbers that conditions were given, by what they ask. */
export type ConditionNumbers = Map<string, number>

/**
 * Compiles policies, highest precedence first, and exclusions. A PolicyFault says what cannot be understood.
 * Equal conditions of any rules are one, and are asked once for each image; with the same `ids` so are those of several
 * compilations, where the last one's count of conditions holds for all.
 */
export function compilePolicies<P extends Policy, E extends Exclusion>(
  policies: readonly P[],
  exclusions: readonly E[] = [],
  ids: ConditionNumbers = new Map(),
): CompiledPolicies<P, E> {
  const numbered = (leaning: Leaning) => (checked: CheckedCondition) => {
    const key = JSON.stringify([leaning, checked.prop.subject, checked.prop.name, checked.op, checked.value])
    const id = ids.get(key) ?? ids.size
    ids.set(key, id)
    return { id, leaning, checked }
  }
  const compiled = policies.map((policy) => ({
    policy,
    groups: policy.groups.map((group) => compileGroup(group, numbered('judge'))),
    rules: policy.rules.map(({ action, conditions }, index) => ({
      index,
      action,
      conditions: bySubject(
        checkConditions(conditions, `rule ${index + 1} of policy ${policy.name}`, inRule)
          .map(({ checked }) => checked)
          .map(numbered(action === 'allow' ? 'spare' : 'judge')),
      ),
    })),
  }))
  return {
    policies: compiled,
    exclusions: exclusions.map((exclusion, index) =>
      compileExclusion(exclusion, `exclusion ${index + 1}`, numbered('spare')),
    ),
    conditions: ids.size,
  }
}

type Numbered = (checked: CheckedCondition) => CompiledCondition

/**
 * Conditions on the same prop that ask for something are alternatives: no repository is two at once, and a group that can
 * never hold would leave its policy without effect. Those that rule something out hold each by itself.
 */
function compileGroup(group: PolicyGroup, numbered: Numbered): CompiledGroup {
  const alternatives = new Map<string, CompiledCondition[]>()
  const conditions = checkConditions(group.conditions, `group ${group.name}`, inGroup)
  for (const [index, { checked }] of conditions.entries()) {
    const negated = checked.op === 'neq' || checked.op === 'not_in'
    const key = negated ? `${index}` : checked.prop.name
    alternatives.set(key, [...(alternatives.get(key) ?? []), numbered(checked)])
  }
  return { group, alternatives: [...alternatives.values()] }
}

function compileExclusion<E extends Exclusion>(
  exclusion: E,
  name: string,
  numbered: Numbered,
): CompiledExclusion<E> {
  const checked = checkExclusion(exclusion, name)
  const own =
    checked.target === 'detections'
      ? asDetectionConditions(checked.conditions)
      : checked.target === 'places'
        ? [...checked.conditions, ...asDetectionConditions(checked.conditions)]
        : checked.conditions
  return { exclusion, checked, conditions: bySubject([...own, ...checked.image].map(numbered)) }
}

function bySubject(conditions: readonly CompiledCondition[]): ConditionsBySubject {
  const of = (subject: Subject) =>
    conditions.filter(({ checked }) => checked.prop.subject === subject).sort((a, b) => cost(a) - cost(b))
  return {
    vulnerability: of('vulnerability'),
    package: of('package'),
    detection: of('detection'),
    image: of('image'),
  }
}

function cost(condition: CompiledCondition): number {
  if (isTimed(condition)) return 4
  const { operand, prop } = condition.checked
  // Places are dear to come by where they have to be read first.
  if (prop.name === 'layer' || prop.name === 'path') return 3
  return operand.kind === 'text' ? (operand.patterns.length > 0 ? 2 : 0) : 1
}

/** Whether the answer to a condition changes by the passing of time alone. */
export function isTimed({ checked }: CompiledCondition): boolean {
  return checked.prop.kind === 'days'
}
