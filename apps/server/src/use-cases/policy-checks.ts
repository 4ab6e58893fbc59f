import {
  type Explanation,
  evaluate,
  evaluateUnassessed,
  explain,
  explainUnassessed,
  type ImagePolicyFacts,
  type PolicyPackage,
  type PolicyVerdict,
  type UnassessedReference,
} from '@lanner/policy'
import type { ExclusionUse } from './exclusion-use.ts'
import type { PolicyEntity, PolicySet, PolicySets, StoredExclusion } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'
import { VerdictCache, type VerdictCacheLimits } from './verdict-cache.ts'

/** How an image is asked for. */
export interface CheckedReference {
  /** Absent: any; '' for images that were pushed to the platform itself. */
  readonly registry?: string
  readonly repository: string
  /** '' with a digest: under whatever name it has. */
  readonly tag: string
  /** Of a manifest or an index. It says which image, and the tag beside it only by which of its names. */
  readonly digest?: string
  readonly architecture?: string
}

/** An image under one of its names. */
export interface CheckedImage {
  readonly registry: string
  readonly repository: string
  /** '' when it is only known by its digest. */
  readonly tag: string
  /** Of its manifest. */
  readonly digest: string
  /** What its content is kept under. */
  readonly contentDigest: string
  /** Of the index that it came with; '' where there is none. */
  readonly indexDigest: string
  /** Image id: the digest of its config, without the algorithm; '' where that was not read. */
  readonly imageId: string
  readonly architecture: string
  readonly state: 'pending' | 'assessed' | 'partially' | 'not_assessable'
  /** Why it is not wholly assessed; '' when it is. */
  readonly reason: string
  /** Another text whenever anything that policies can ask of the image may have changed. */
  readonly revision: string
}

/** What is known of a reference. An index gives every platform, the one that is answered for first. */
export type CheckedState =
  | { readonly state: 'assessed'; readonly images: readonly [CheckedImage, ...CheckedImage[]] }
  | UnassessedState

/** Why there is nothing to judge by yet, or ever. */
interface UnassessedState {
  readonly state: 'unknown' | 'pending' | 'not_assessable'
  readonly reason: string
  /** Where there is one of that name. */
  readonly image?: CheckedImage
}

/** Reads what the assessment store knows; no bytes of images. */
export interface ImageFactsReader {
  /** Which images a reference names now. Asked for every check that comes after `resolvedFor`, so it must be quick. */
  find(cid: string, reference: CheckedReference): Promise<CheckedState>
  /** All that policies can ask of one of them; undefined where it went meanwhile. Asked when no verdict is remembered. */
  facts(cid: string, image: CheckedImage): Promise<ImagePolicyFacts | undefined>
}

/** A verdict on an image. */
export interface CheckedVerdict {
  /** Wholly or in part: the image says. */
  readonly state: 'assessed'
  readonly image: CheckedImage
  readonly verdict: PolicyVerdict<PolicyEntity, StoredExclusion>
  /** The policy that decided: the default one where no other did. */
  readonly policy: PolicyEntity
  /** The package of every finding that matched or is excluded, by the index that the finding has it under. */
  readonly packages: ReadonlyMap<number, PolicyPackage>
}

/** What can be said of an image that there is nothing to judge by. */
export interface UnassessedVerdict extends UnassessedState {
  /** By rules on its name and state alone, where such a rule holds. */
  readonly decided?: Omit<CheckedVerdict, 'state' | 'image'>
  /** Milliseconds since 1970. */
  readonly evaluatedAt: number
}

/** A verdict, or why there is none. */
export type ImageVerdict = CheckedVerdict | UnassessedVerdict

export interface PolicyChecks {
  /**
   * Whether an image may pass; for an index the worst of its platforms. Throws `not-found` with state and reason for an
   * image that is unknown, pending or not assessable: there is no verdict then, and never a pass.
   */
  ofImage(cid: string, reference: CheckedReference): Promise<CheckedVerdict>
  /** The same, and of an image that is unknown, pending or not assessable whatever can be said. */
  verdict(cid: string, reference: CheckedReference): Promise<ImageVerdict>
  /** Why it is so, for the platform that is answered for. */
  explain(cid: string, reference: CheckedReference): Promise<Explanation>
  /** Told when a tenant's names or assessments changed: references are looked up anew. */
  changed(cid: string): void
}

/**
 * How long a reference may stand for what it was found to stand for, in milliseconds. A tag may be moved at any moment; a
 * digest is the same image for ever, and only what is known of it may be overtaken.
 */
const resolvedFor = { tag: 200, digest: 1000 }
/** Verdicts and references that are remembered; the rows of verdicts are some 600 bytes each with how they are written. */
const verdictCacheLimits: VerdictCacheLimits = { most: 20_000, rows: 500_000 }

export function policyChecks(ports: {
  readonly reader: ImageFactsReader
  readonly sets: PolicySets
  /** Told of the exclusions that a verdict rests on, whenever it is given. */
  readonly use?: Pick<ExclusionUse, 'noted'>
  /** Milliseconds since 1970. */
  readonly clock: () => number
}): PolicyChecks {
  const { reader, sets, use, clock } = ports
  const cache = new VerdictCache(verdictCacheLimits)
  const resolving = new Map<string, Promise<CheckedState>>()

  async function judge(
    cid: string,
    image: CheckedImage,
    set: PolicySet,
  ): Promise<CheckedVerdict | undefined> {
    const key = [cid, image.contentDigest, image.registry, image.repository, image.tag].join('\n')
    const known = cache.verdict(key, image.revision, set.revision, clock())
    if (known) return noted(cid, known, set)
    const facts = await reader.facts(cid, image)
    if (!facts) return undefined
    const verdict = evaluate(facts, set.compiled, clock())
    const policy = policyOf(verdict)
    const packages = packagesOf(verdict, facts)
    const checked = { state: 'assessed', image, verdict, policy, packages } as const
    cache.keepVerdict(key, image.revision, set.revision, checked)
    return noted(cid, checked, set)
  }

  function noted(cid: string, checked: CheckedVerdict, { compiled }: PolicySet): CheckedVerdict {
    const { exclusionsMatched } = checked.verdict
    if (exclusionsMatched.length > 0)
      use?.noted(cid, checked, () =>
        exclusionsMatched.flatMap((index) => compiled.exclusions[index]?.exclusion.id ?? []),
      )
    return checked
  }

  async function resolve(cid: string, reference: CheckedReference): Promise<CheckedState> {
    const { registry, repository, tag, digest, architecture } = reference
    const key = JSON.stringify([cid, registry ?? null, repository, tag, digest ?? '', architecture ?? ''])
    const known = cache.resolved(key, cid, clock() - resolvedFor[digest === undefined ? 'tag' : 'digest'])
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

  async function verdictOn(cid: string, reference: CheckedReference): Promise<ImageVerdict> {
    const found = await resolve(cid, reference)
    const set = sets.known(cid) ?? (await sets.of(cid))
    if (found.state !== 'assessed') return unassessed(found, reference, set)
    let worst: CheckedVerdict | undefined
    for (const image of found.images) {
      const verdict = await judge(cid, image, set)
      if (!verdict) return unassessed({ ...beingRead, image }, reference, set)
      if (!worst || rank(verdict) > rank(worst)) worst = verdict
    }
    return worst as CheckedVerdict
  }

  function unassessed(found: UnassessedState, reference: CheckedReference, set: PolicySet): ImageVerdict {
    const now = clock()
    const verdict = evaluateUnassessed(referenceOf(found, reference), set.compiled, now)
    return {
      ...found,
      evaluatedAt: now,
      ...(verdict ? { decided: { verdict, policy: policyOf(verdict), packages: new Map() } } : {}),
    }
  }

  return {
    async ofImage(cid, reference) {
      const verdict = await verdictOn(cid, reference)
      if (verdict.state === 'assessed') return verdict
      const { registry, repository, tag } = reference
      const name = `${registry ? `${registry}/` : ''}${repository}:${tag}`
      throw new RequestFault('not-found', `image ${name}: ${verdict.state}; ${verdict.reason}`)
    },
    verdict: verdictOn,
    async explain(cid, reference) {
      const verdict = await verdictOn(cid, reference)
      const { compiled } = await sets.of(cid)
      if (verdict.state !== 'assessed')
        return explainUnassessed(referenceOf(verdict, reference), compiled, clock())
      const facts = await reader.facts(cid, verdict.image)
      return facts
        ? explain(facts, compiled, clock())
        : explainUnassessed(referenceOf({ ...beingRead, image: verdict.image }, reference), compiled, clock())
    },
    changed(cid) {
      cache.forget(cid)
      for (const key of resolving.keys()) if (key.startsWith(`["${cid}"`)) resolving.delete(key)
    },
  }
}

/** An image that is there and of which nothing is: it is being read anew, or on its way out. */
const beingRead = { state: 'pending', reason: 'its layers are being read' } as const

function policyOf({ policy }: PolicyVerdict<PolicyEntity, StoredExclusion>): PolicyEntity {
  if (!policy) throw new Error('a tenant always has the default policy')
  return policy
}

function packagesOf(
  { matched, excluded }: PolicyVerdict,
  { packages }: ImagePolicyFacts,
): ReadonlyMap<number, PolicyPackage> {
  const found = new Map<number, PolicyPackage>()
  for (const finding of [...matched.findings, ...excluded.findings.map(({ thing }) => thing)]) {
    const pack = packages[finding.package]
    if (pack) found.set(finding.package, pack)
  }
  return found
}

/** What rules on names see: the image's own where there is one, else what was asked for. */
function referenceOf(
  { state, image }: UnassessedState,
  { registry = '', repository, tag, digest = '' }: CheckedReference,
): UnassessedReference {
  const name = image ?? { registry, repository, tag, digest }
  return {
    registry: name.registry,
    repository: name.repository,
    tag: name.tag,
    digest: name.digest,
    state,
  }
}

function rank({ verdict }: CheckedVerdict): number {
  return ['allow', 'alert', 'block'].indexOf(verdict.action)
}
