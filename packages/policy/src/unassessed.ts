import type { CompiledPolicies, CompiledRule } from './compile.ts'
import { evaluate, type PolicyVerdict } from './evaluate.ts'
import type { Exclusion } from './exclusions.ts'
import { type Explanation, explain } from './explain.ts'
import type { ImagePolicyFacts } from './facts.ts'
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
 * tag or `assessment`. Undefined where no such rule holds: what is in the image would decide, and that is not known.
 */
export function evaluateUnassessed<P extends Policy, E extends Exclusion>(
  image: UnassessedReference,
  compiled: CompiledPolicies<P, E>,
  now: number,
): PolicyVerdict<P, E> | undefined {
  const verdict = evaluate(factsOf(image), byNameAndState(compiled), now)
  return verdict.rules.length > 0 ? verdict : undefined
}

/** Why an image that is not assessed may pass or not, or why no policy says. Other rules than those that can hold are left out. */
export function explainUnassessed<P extends Policy, E extends Exclusion>(
  image: UnassessedReference,
  compiled: CompiledPolicies<P, E>,
  now: number,
): Explanation {
  const explanation = explain(factsOf(image), byNameAndState(compiled), now)
  if (explanation.parts.some(({ outcome }) => outcome === 'decides')) return explanation
  const because = `it is ${image.state}, and no rule decides by name and state alone`
  return { ...explanation, outcome: 'fails', because }
}

function factsOf({ state, ...name }: UnassessedReference): ImagePolicyFacts {
  return { ...name, assessment: state, packages: [], findings: [], detections: [] }
}

function byNameAndState<P extends Policy, E extends Exclusion>(
  compiled: CompiledPolicies<P, E>,
): CompiledPolicies<P, E> {
  return {
    ...compiled,
    exclusions: [],
    policies: compiled.policies.map((policy) => ({ ...policy, rules: policy.rules.filter(isAnswerable) })),
  }
}

/** A rule without conditions blocks what is not known either, but what it lets pass it does not know. */
function isAnswerable({ action, conditions }: CompiledRule): boolean {
  const { vulnerability, package: ofPackage, detection, image } = conditions
  if (vulnerability.length + ofPackage.length + detection.length > 0) return false
  if (image.length === 0) return action === 'block'
  return image.every(({ checked }) => ofNameAndState.has(checked.prop.name))
}
