import type { Row } from '@lanner/contract'
import { verdictLists, type verdicts } from '@lanner/contract/lanner'
import { compareSeverity } from '@lanner/model'
import {
  exclusionExpiry,
  type PolicyDetection,
  type PolicyFinding,
  type PolicyPackage,
  type PolicyPlace,
  type PolicyVerdict,
  spelledOut,
} from '@lanner/policy'
import type { CheckedImage, CheckedVerdict, ImageVerdict } from '../../use-cases/policy-checks.ts'
import type { PolicyEntity, StoredExclusion } from '../../use-cases/policy-set.ts'

/** A verdict as it goes over the wire. */
export type WireVerdict = Row<typeof verdicts, 'GetVerdict'>

/** Places of one thing that are told. */
const mostPaths = 10

// Verdicts are remembered and asked for thousands of times a second: so is how they go over the wire.
const known = new WeakMap<CheckedVerdict, Uint8Array>()

/** The JSON of the one resource, without an explanation and with lists of the usual length. */
export function writtenVerdict(verdict: ImageVerdict): Uint8Array {
  const kept = verdict.state === 'assessed' ? known.get(verdict) : undefined
  if (kept) return kept
  const bytes = Buffer.from(JSON.stringify([toVerdict(verdict, verdictLists.usual)]))
  if (verdict.state === 'assessed') known.set(verdict, bytes)
  return bytes
}

/** A verdict with at most `most` entries in each of its lists; its explanation is left empty. */
export function toVerdict(judged: ImageVerdict, most: number): WireVerdict {
  const decided = judged.state === 'assessed' ? judged : judged.decided
  const { image } = judged
  const state = judged.state === 'assessed' ? judged.image.state : judged.state
  const reason = judged.state === 'assessed' ? judged.image.reason : judged.reason
  const evaluatedAt = judged.state === 'assessed' ? judged.verdict.evaluatedAt : judged.evaluatedAt
  const { validUntil } = decided?.verdict ?? {}
  return {
    state,
    reason: state === 'assessed' ? '' : reason,
    image: image ? toImage(image) : null,
    ...(decided ? toDecision(decided, most) : undecided),
    evaluated_at: new Date(evaluatedAt).toISOString(),
    valid_until: validUntil === undefined ? null : new Date(validUntil).toISOString(),
    explanation: [],
  }
}

const none = { vulnerabilities: 0, packages: 0, detections: 0 }
const nothing = { vulnerabilities: [], packages: [], detections: [], totals: none }
const undecided = {
  action: null,
  deny: null,
  policy: null,
  group: null,
  rules: [],
  matched: { ...nothing, base_os: [] },
  excluded: nothing,
}

function toImage(image: CheckedImage): NonNullable<WireVerdict['image']> {
  const { registry, repository, tag, digest, indexDigest, imageId, architecture } = image
  return {
    registry,
    repository,
    tag,
    image_digest: digest,
    index_digest: indexDigest,
    image_id: imageId,
    architecture,
  }
}

type Decided = Pick<CheckedVerdict, 'verdict' | 'policy' | 'packages'>

function toDecision({ verdict, policy, packages }: Decided, most: number) {
  const { action, deny, group, rules } = verdict
  return {
    action,
    deny,
    policy: { id: policy.id, name: policy.name, is_default: policy.isDefault },
    group: group ? { id: group.id, name: group.name } : null,
    rules: rules.map(({ index, rule }) => ({
      index,
      action: rule.action,
      conditions: rule.conditions.map(spelledOut),
    })),
    matched: toMatched(verdict, packages, most),
    excluded: toExcluded(verdict, packages, most),
  } satisfies Partial<WireVerdict>
}

type Verdict = PolicyVerdict<PolicyEntity, StoredExclusion>

function toMatched({ matched }: Verdict, packages: Decided['packages'], most: number) {
  return {
    vulnerabilities: matched.findings
      .toSorted(worstFirst)
      .slice(0, most)
      .map((finding) => toVulnerability(finding, packages)),
    packages: matched.packages.slice(0, most).map(toPackage),
    detections: matched.detections.slice(0, most).map(toDetection),
    base_os: [...matched.baseOs],
    totals: {
      vulnerabilities: matched.findings.length,
      packages: matched.packages.length,
      detections: matched.detections.length,
    },
  }
}

function toExcluded({ excluded }: Verdict, packages: Decided['packages'], most: number) {
  return {
    vulnerabilities: excluded.findings
      .toSorted((a, b) => worstFirst(a.thing, b.thing))
      .slice(0, most)
      .map(({ thing, exclusion }) => ({ ...toVulnerability(thing, packages), ...by(exclusion) })),
    packages: excluded.packages
      .slice(0, most)
      .map(({ thing, exclusion }) => ({ ...toPackage(thing), ...by(exclusion) })),
    detections: excluded.detections
      .slice(0, most)
      .map(({ thing, exclusion }) => ({ ...toDetection(thing), ...by(exclusion) })),
    totals: {
      vulnerabilities: excluded.findings.length,
      packages: excluded.packages.length,
      detections: excluded.detections.length,
    },
  }
}

function by(exclusion: StoredExclusion) {
  const { id, description = '', author } = exclusion
  return { exclusion: { id, description, author, expires_at: exclusionExpiry(exclusion) ?? null } }
}

function toVulnerability(finding: PolicyFinding, packages: Decided['packages']) {
  const pack = packages.get(finding.package)
  return {
    vulnerability: finding.vulnerability,
    aliases: [...finding.aliases],
    severity: finding.severity,
    verdict: finding.verdict,
    cvss_score: finding.cvssScore ?? null,
    cps_rating: finding.cpsRating,
    epss: finding.epss ?? null,
    exploited: finding.exploited,
    fix_available: finding.fixAvailable,
    fixed_versions: [...(finding.fixedVersions ?? [])],
    package_type: pack?.type ?? '',
    package: pack ? nameOf(pack) : '',
    version: pack?.version ?? '',
    paths: pack ? pathsOf(pack.places) : [],
  }
}

function toPackage(pack: PolicyPackage) {
  return {
    package_type: pack.type,
    package: nameOf(pack),
    version: pack.version,
    licenses: [...pack.licenses],
    paths: pathsOf(pack.places),
  }
}

function toDetection({ id, type, name, severity, places }: PolicyDetection) {
  return { id, type, name, severity, paths: pathsOf(places) }
}

function nameOf({ namespace, name }: PolicyPackage): string {
  return namespace ? `${namespace}/${name}` : name
}

function pathsOf(places: readonly PolicyPlace[]): string[] {
  return [...new Set(places.slice(0, mostPaths).map(({ path }) => path))]
}

function worstFirst(a: PolicyFinding, b: PolicyFinding): number {
  return (
    compareSeverity(a.severity, b.severity) ||
    Number(b.exploited) - Number(a.exploited) ||
    (b.cvssScore ?? 0) - (a.cvssScore ?? 0) ||
    Number(b.fixAvailable) - Number(a.fixAvailable) ||
    (a.vulnerability < b.vulnerability ? -1 : Number(a.vulnerability > b.vulnerability))
  )
}
