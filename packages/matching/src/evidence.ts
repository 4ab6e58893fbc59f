import type { AdvisoryEvidence, Package } from '@lanner/model'
import type { AdvisoryReader, AdvisoryRecord } from './advisory.ts'
import { affects, type Judgement } from './affects.ts'
import { authority, cveOfId } from './aliases.ts'
import { type Candidate, candidates, type VersionReader } from './candidates.ts'
import type { DistributionCoverage } from './distributions.ts'
import { buildOf, moduleOfSummary } from './modules.ts'

/** A candidate with its judgement. */
export interface Judged extends Candidate {
  readonly judgement: Judgement
}

/** Every entry that names the package, judged. */
export function judged(
  pack: Package,
  coverage: DistributionCoverage | undefined,
  advisories: AdvisoryReader,
  installedVersion: VersionReader,
): Judged[] {
  const found = candidates(pack, coverage, advisories, installedVersion)
  if (found.length === 0) return []
  const all = found.map((candidate) => judge(candidate, advisories))
  return pack.type === 'rpm' ? withoutSiblingBuilds(all) : all
}

/** AlmaLinux and Rocky name the module stream in the title only, so that it must be looked up where it would matter. */
function judge(candidate: Candidate, advisories: AdvisoryReader): Judged {
  const judgement = affects(candidate.entry, candidate.subject)
  const { entry, subject } = candidate
  if (judgement.verdict !== 'affected' || subject.installed.scheme !== 'rpm' || entry.module) {
    return { ...candidate, judgement }
  }
  if (buildOf(entry) !== 'module') return { ...candidate, judgement }
  const module = moduleOfSummary(advisories.record(entry.advisory)?.summary)
  return { ...candidate, judgement: module ? affects({ ...entry, module }, subject) : judgement }
}

/**
 * An erratum of a module lists one package several times, once for each minor release that it was rebuilt for. Every one of
 * those builds has the fix, so a package that is at or above one of them has it too.
 */
function withoutSiblingBuilds(all: readonly Judged[]): Judged[] {
  const fixed = new Set<string>()
  for (const { entry, judgement } of all) {
    if (judgement.verdict === 'fixed' && buildOf(entry) === 'module') fixed.add(keyOf(entry))
  }
  if (fixed.size === 0) return [...all]
  return all.filter(
    ({ entry, judgement }) =>
      judgement.verdict !== 'affected' || buildOf(entry) !== 'module' || !fixed.has(keyOf(entry)),
  )
}

function keyOf(entry: Judged['entry']): string {
  return `${entry.advisory} ${entry.name}`
}

/** Whether the entry could make a finding. */
export function isPositive({ judgement }: Judged): boolean {
  return judgement.verdict === 'affected' || judgement.verdict === 'unknown'
}

/**
 * Whether a record of higher standing says that this CVE does not concern the package, though others do: for a
 * distribution's package its record of the very CVE outranks its errata, and both outrank general records. `about` gives
 * the vulnerabilities of a record, none for a withdrawn one.
 */
export function isOverruled(
  vulnerability: string,
  positives: readonly Judged[],
  all: readonly Judged[],
  about: (advisory: string) => readonly string[],
): boolean {
  const best = Math.min(...positives.map(({ entry }) => authority(entry.advisory, entry.feed)))
  return all.some((other) => {
    const { advisory, feed } = other.entry
    if (isPositive(other) || !other.judgement.applies || authority(advisory, feed) >= best) return false
    const inId = cveOfId(advisory)
    return (inId === undefined || inId === vulnerability) && about(advisory).includes(vulnerability)
  })
}

/** The record of higher standing first; of equals the one that is surer. */
export function byStanding(a: Judged, b: Judged): number {
  return (
    authority(a.entry.advisory, a.entry.feed) - authority(b.entry.advisory, b.entry.feed) ||
    (a.judgement.verdict === b.judgement.verdict ? 0 : a.judgement.verdict === 'affected' ? -1 : 1) ||
    (a.entry.advisory < b.entry.advisory ? -1 : a.entry.advisory > b.entry.advisory ? 1 : 0)
  )
}

/** The judgement with everything that led to it, as it is kept. */
export function evidenceOf({ entry, subject, judgement, subscription, note }: Judged): AdvisoryEvidence {
  const remarks = [judgement.note, note, subscription ? subscriptionNote(judgement) : undefined].filter(
    Boolean,
  )
  const state = subscription && judgement.fixState === 'fixed' ? 'not-fixed' : judgement.fixState
  return {
    advisory: entry.advisory,
    feed: entry.feed,
    ecosystem: entry.ecosystem,
    name: entry.name,
    matchedBy: subject.matchedBy,
    version: subject.installed.text,
    verdict: judgement.verdict,
    scheme: judgement.scheme,
    ...(judgement.range ? { range: judgement.range } : {}),
    fixedVersions: subscription ? [] : judgement.fixedVersions,
    fixState: state,
    ...(entry.fixReason ? { fixReason: entry.fixReason } : {}),
    ...(remarks.length > 0 ? { note: remarks.join(' ') } : {}),
  }
}

function subscriptionNote(judgement: Judgement): string {
  return judgement.fixedVersions.length > 0
    ? `Fixed in ${judgement.fixedVersions[0]}, which needs an Ubuntu Pro subscription.`
    : 'Stated for Ubuntu Pro only.'
}

/** The records behind judged entries, without repetition; those that the store does not hold are left out. */
export function recordsBehind(entries: readonly Judged[], advisories: AdvisoryReader): AdvisoryRecord[] {
  const found = new Map<string, AdvisoryRecord>()
  for (const { entry } of entries) {
    const record = found.has(entry.advisory) ? undefined : advisories.record(entry.advisory)
    if (record) found.set(entry.advisory, record)
  }
  return [...found.values()]
}
