import type { CompiledPolicies } from './compile.ts'
import { evaluate, type PolicyVerdict } from './evaluate.ts'
import type { Exclusion } from './exclusions.ts'
import type { ImagePolicyFacts } from './facts.ts'
import type { Policy, PolicyAction } from './rule.ts'

/** An image whose verdict a change would turn. */
export interface Flip {
  readonly image: Pick<ImagePolicyFacts, 'registry' | 'repository' | 'tag' | 'digest'>
  readonly before: PolicyVerdict
  readonly after: PolicyVerdict
}

/** What a change of policies, exclusions or order would do to many images. */
export interface Preview {
  readonly images: number
  readonly denied: { readonly before: number; readonly after: number }
  /** Images whose action would be another, up to the bound that was asked for. */
  readonly flips: readonly Flip[]
  /** All of them. */
  readonly flipped: number
  /** How many images each policy would turn from one action to another, by the policy that would decide then. */
  readonly byPolicy: readonly {
    readonly policy: string
    readonly from: PolicyAction
    readonly to: PolicyAction
    readonly images: number
  }[]
}

/** Judges images under the policies as they are and as they would be. At most `most` flips are listed; all are counted. */
export function previewPolicy(
  images: Iterable<ImagePolicyFacts>,
  before: CompiledPolicies<Policy, Exclusion>,
  after: CompiledPolicies<Policy, Exclusion>,
  now: number,
  most = 1000,
): Preview {
  const flips: Flip[] = []
  const counts = new Map<string, { policy: string; from: PolicyAction; to: PolicyAction; images: number }>()
  const denied = { before: 0, after: 0 }
  let judged = 0
  let flipped = 0
  for (const facts of images) {
    judged++
    const was = evaluate(facts, before, now)
    const would = evaluate(facts, after, now)
    if (was.deny) denied.before++
    if (would.deny) denied.after++
    if (was.action === would.action) continue
    flipped++
    const { registry, repository, tag, digest } = facts
    if (flips.length < most)
      flips.push({ image: { registry, repository, tag, digest }, before: was, after: would })
    const policy = would.policy?.name ?? ''
    const key = JSON.stringify([would.policy?.id, was.action, would.action])
    const known = counts.get(key)
    if (known) known.images++
    else counts.set(key, { policy, from: was.action, to: would.action, images: 1 })
  }
  return { images: judged, denied, flips, flipped, byPolicy: [...counts.values()] }
}
