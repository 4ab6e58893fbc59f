import type { AdvisoryEvidence, Package } from '@lanner/model'
import type { AdvisoryReader, AffectedPackage } from './advisory.ts'
import { affects, type Judgement } from './affects.ts'
import { authority, cveOfId } from './aliases.ts'
import { type Candidate, candidates, type VersionReader } from './candidates.ts'
import type { DistributionCoverage } from './distributions.ts'
import { buildOf, moduleOfSummary } from './modules.ts'
import type { InstalledVersion } from './version-order.ts'

/** A candidate with its judgement. */
export interface Judged extends Candidate {
  readonly judgement: Judgement
}

/** Judgements that hold for every package of one source in one version, by entry and version. */
export type Judgements = Map<AffectedPackage, Map<InstalledVersion, Judgement>>

/** What judging needs to know besides the package, and where it remembers. */
export interface Judging {
  readonly advisories: AdvisoryReader
  readonly installedVersion: VersionReader
  readonly judgements: Judgements
}

/** Every entry that names the package, judged. */
export function judged(
  pack: Package,
  coverage: DistributionCoverage | undefined,
  judging: Judging,
): Judged[] {
  const found = candidates(pack, coverage, judging.advisories, judging.installedVersion)
  if (found.length === 0) return []
  const all = found.map((candidate) => ({ ...candidate, judgement: judgementOf(candidate, judging) }))
  return pack.type === 'rpm' ? withoutSiblingBuilds(all) : all
}

/** The package itself matters only to entries that list binary packages and to module streams. */
function judgementOf(candidate: Candidate, { advisories, judgements }: Judging): Judgement {
  const { entry, subject } = candidate
  if (entry.binaries || subject.module) return judge(candidate, advisories)
  let byVersion = judgements.get(entry)
  if (!byVersion) judgements.set(entry, (byVersion = new Map()))
  let judgement = byVersion.get(subject.installed)
  if (!judgement) byVersion.set(subject.installed, (judgement = judge(candidate, advisories)))
  return judgement
}

/** AlmaLinux and Rocky name the module stream in the title only, so that it must be looked up where it would matter. */
function judge({ entry, subject }: Candidate, advisories: AdvisoryReader): Judgement {
  const judgement = affects(entry, subject)
  if (judgement.verdict !== 'affected' || subject.installed.scheme !== 'rpm' || entry.module) return judgement
  if (buildOf(entry) !== 'module') return judgement
  const module = moduleOfSummary(advisories.record(entry.advisory)?.summary)
  return module ? affects({ ...entry, module }, subject) : judgement
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
