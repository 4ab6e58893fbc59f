import type { CompiledPolicies, CompiledRule } from './compile.ts'
import { evaluate, type PolicyVerdict, policyReach } from './evaluate.ts'
import type { Exclusion } from './exclusions.ts'
import { type Explanation, explain } from './explain.ts'
import type { ImagePolicyFacts } from './facts.ts'
import { Judgement } from './judgement.ts'
import type { Policy } from './rule.ts'

/** An image of which only its name and how far it is are known. */
export interface UnassessedReference {
  /** Host; '' for an image that was pushed to the platform itself, or that nobody knows. */
  readonly registry: string
  readonly repository: string
  /** '' for one that was asked for by its digest alone. */
  readonly tag: string
  /** '' where it is not known. */
  readonly digest: string
  readonly state: 'unknown' | 'pending' | 'not_assessable'
}

/** What is known of an image before anything in it was read. */
const ofNameAndState: ReadonlySet<string> = new Set(['registry', 'repository', 'tag', 'assessment'])

/**
 * What policies say of an image that is not assessed: only by rules of which every condition is on its registry, repository,
 * tag or `assessment`. Undefined where no such rule holds, or where one that cannot be asked might have blocked before it: what
 * is in the image would decide, and that is not known.
 */
export function evaluateUnassessed<P extends Policy, E extends Exclusion>(
  image: UnassessedReference,
  compiled: CompiledPolicies<P, E>,
  now: number,
): PolicyVerdict<P, E> | undefined {
  const facts = factsOf(image)
  const verdict = evaluate(facts, byNameAndState(facts, compiled, now), now)
  return verdict.rules.length > 0 ? verdict : undefined
}

/** Why an image that is not assessed may pass or not, or why no policy says. Other rules than those that can hold are left out. */
export function explainUnassessed<P extends Policy, E extends Exclusion>(
  image: UnassessedReference,
  compiled: CompiledPolicies<P, E>,
  now: number,
): Explanation {
  const facts = factsOf(image)
  const explanation = explain(facts, byNameAndState(facts, compiled, now), now)
  if (explanation.parts.some(({ outcome }) => outcome === 'decides')) return explanation
  const because = `it is ${image.state}, and no rule decides by name and state alone`
  return { ...explanation, outcome: 'fails', because }
}

function factsOf({ state, ...name }: UnassessedReference): ImagePolicyFacts {
  return { ...name, assessment: state, packages: [], findings: [], detections: [] }
}

/**
 * The rules that can be asked. One that lets pass by the name alone must not overtake a rule that might have blocked, had the
 * image been read; one that asks for `assessment` speaks of just that case, and may.
 */
function byNameAndState<P extends Policy, E extends Exclusion>(
  image: ImagePolicyFacts,
  compiled: CompiledPolicies<P, E>,
  now: number,
): CompiledPolicies<P, E> {
  const judgement = new Judgement(image, now, compiled.conditions)
  let open = false
  const policies = compiled.policies.map((policy) => {
    if (!policyReach(judgement, policy).applies) return { ...policy, rules: [] }
    const above = open
    open ||= policy.rules.some((rule) => rule.action === 'block' && !isAnswerable(rule))
    const rules = policy.rules.filter((rule) => {
      if (!isAnswerable(rule)) return false
      if (rule.action === 'block' || asksForState(rule)) return true
      // Within a policy what allows comes before what blocks.
      return rule.action === 'allow' ? !above : !open
    })
    return { ...policy, rules }
  })
  return { ...compiled, exclusions: [], policies }
}

function asksForState({ conditions }: CompiledRule): boolean {
  return conditions.image.some(({ checked }) => checked.prop.name === 'assessment')
}

/** A rule without conditions blocks what is not known either, but what it lets pass it does not know. */
function isAnswerable({ action, conditions }: CompiledRule): boolean {
  const { vulnerability, package: ofPackage, detection, image } = conditions
  if (vulnerability.length + ofPackage.length + detection.length > 0) return false
  if (image.length === 0) return action === 'block'
  return image.every(({ checked }) => ofNameAndState.has(checked.prop.name))
}
