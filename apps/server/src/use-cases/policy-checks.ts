import {
  type Explanation,
  evaluate,
  explain,
  type ImagePolicyFacts,
  type PolicyVerdict,
} from '@lanner/policy'
import type { PolicyEntity, PolicySet, PolicySets, StoredExclusion } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'
import { VerdictCache, type VerdictCacheLimits } from './verdict-cache.ts'

/** How an image is asked for. */
export interface CheckedReference {
  /** Absent: any; '' for images that were pushed to the platform itself. */
  readonly registry?: string
  readonly repository: string
  readonly tag: string
  readonly digest?: string
  readonly architecture?: string
}

/** An assessed image under one of its names. */
export interface CheckedImage {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  /** Of its manifest. */
  readonly digest: string
  /** What its content is kept under. */
  readonly contentDigest: string
  /** Image id: the digest of its config, without the algorithm. */
  readonly imageId: string
  /** Another text whenever anything that policies can ask of the image may have changed. */
  readonly revision: string
}

/** What is known of a reference. An index gives every platform, the one that is answered for first. */
export type CheckedState =
  | { readonly state: 'assessed'; readonly images: readonly [CheckedImage, ...CheckedImage[]] }
  | { readonly state: 'unknown' | 'pending' | 'not_assessable'; readonly reason: string }

/** Reads what the assessment store knows; no bytes of images. */
export interface ImageFactsReader {
  /** Which images a reference names now. Asked for every check that comes after `resolvedFor`, so it must be quick. */
  find(cid: string, reference: CheckedReference): Promise<CheckedState>
  /** All that policies can ask of one of them. Asked when no verdict is remembered. */
  facts(cid: string, image: CheckedImage): Promise<ImagePolicyFacts>
}

/** A verdict on an image. */
export interface CheckedVerdict {
  readonly image: CheckedImage
  readonly verdict: PolicyVerdict<PolicyEntity, StoredExclusion>
  /** The policy that decided: the default one where no other did. */
  readonly policy: PolicyEntity
}

export interface PolicyChecks {
  /**
   * Whether an image may pass; for an index the worst of its platforms. Throws `not-found` with state and reason for an
   * image that is unknown, pending or not assessable: there is no verdict then, and never a pass.
   */
  ofImage(cid: string, reference: CheckedReference): Promise<CheckedVerdict>
  /** Why it is so, for the platform that is answered for. */
  explain(cid: string, reference: CheckedReference): Promise<Explanation>
  /** Exclusions that covered nothing in any verdict of this process since it began. */
  exclusionsUnmatched(cid: string): Promise<readonly StoredExclusion[]>
  /** Told when a tenant's names or assessments changed: references are looked up anew. */
  changed(cid: string): void
}

/** How long a reference may stand for what it was found to stand for, in milliseconds. */
export const resolvedFor = 200
/** Verdicts and references that are remembered; the rows of verdicts are some 200 bytes each. */
export const verdictCacheLimits: VerdictCacheLimits = { most: 20_000, rows: 500_000 }

export function policyChecks(ports: {
  readonly reader: ImageFactsReader
  readonly sets: PolicySets
  /** Milliseconds since 1970. */
  readonly clock: () => number
}): PolicyChecks {
  const { reader, sets, clock } = ports
  const cache = new VerdictCache(verdictCacheLimits)
  const resolving = new Map<string, Promise<CheckedState>>()
  const covering = new Map<string, Set<string>>()

  async function judge(cid: string, image: CheckedImage, set: PolicySet): Promise<CheckedVerdict> {
    const key = [cid, image.contentDigest, image.registry, image.repository, image.tag].join('\n')
    const known = cache.verdict(key, image.revision, set.revision, clock())
    if (known) return known
    const facts = await reader.facts(cid, image)
    const verdict = evaluate(facts, set.compiled, clock())
    const policy = verdict.policy
    if (!policy) throw new Error('a tenant always has the default policy')
    const matched = covering.get(cid) ?? new Set<string>()
    covering.set(cid, matched)
    for (const index of verdict.exclusionsMatched) {
      const exclusion = set.compiled.exclusions[index]?.exclusion
      if (exclusion) matched.add(exclusion.id)
    }
    const checked = { image, verdict, policy }
    cache.keepVerdict(key, image.revision, set.revision, checked)
    return checked
  }

  async function resolve(cid: string, reference: CheckedReference): Promise<CheckedState> {
    const { registry, repository, tag, digest, architecture } = reference
    const key = JSON.stringify([cid, registry ?? null, repository, tag, digest ?? '', architecture ?? ''])
    const known = cache.resolved(key, cid, clock() - resolvedFor)
    if (known) return known
    const running = resolving.get(key)
    if (running) return running
    const begun = clock()
    const epoch = cache.epoch(cid)
    const found = reader.find(cid, reference).finally(() => resolving.delete(key))
    resolving.set(key, found)
    const state = await found
    // Only what is assessed: whoever waits for an assessment asks again until it is.
    if (state.state === 'assessed') cache.keepResolved(key, cid, epoch, begun, state)
    return state
  }

  async function assessed(cid: string, reference: CheckedReference) {
    const state = await resolve(cid, reference)
    if (state.state === 'assessed') return state.images
    const { registry, repository, tag } = reference
    const name = `${registry ? `${registry}/` : ''}${repository}:${tag}`
    throw new RequestFault('not-found', `image ${name}: ${state.state}; ${state.reason}`)
  }

  return {
    async ofImage(cid, reference) {
      const [first, ...others] = await assessed(cid, reference)
      const set = sets.known(cid) ?? (await sets.of(cid))
      let worst = await judge(cid, first, set)
      for (const image of others) {
        const verdict = await judge(cid, image, set)
        if (rank(verdict) > rank(worst)) worst = verdict
      }
      return worst
    },
    async explain(cid, reference) {
      const [image] = await assessed(cid, reference)
      const set = await sets.of(cid)
      return explain(await reader.facts(cid, image), set.compiled, clock())
    },
    async exclusionsUnmatched(cid) {
      const { compiled } = await sets.of(cid)
      const matched = covering.get(cid)
      return compiled.exclusions.map(({ exclusion }) => exclusion).filter(({ id }) => !matched?.has(id))
    },
    changed(cid) {
      cache.forget(cid)
      for (const key of resolving.keys()) if (key.startsWith(`["${cid}"`)) resolving.delete(key)
    },
  }
}

function rank({ verdict }: CheckedVerdict): number {
  return ['allow', 'alert', 'block'].indexOf(verdict.action)
}
