import type { AdvisoryEvidence, Package } from '@lanner/model'
import type { AdvisoryReader, AdvisoryRecord, AffectedPackage } from './advisory.ts'
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

/** How much an entry weighs, and the CVE that its record's id names; worked out once for each entry. */
export interface Standing {
  readonly authority: ReturnType<typeof authority>
  readonly cve: string | undefined
}
export type StandingReader = (entry: AffectedPackage) => Standing

/** A reader that works out the standing of each entry once. */
export function standingReader(): StandingReader {
  const known = new Map<AffectedPackage, Standing>()
  return (entry) => {
    let standing = known.get(entry)
    if (!standing) {
      standing = { authority: authority(entry.advisory, entry.feed), cve: cveOfId(entry.advisory) }
      known.set(entry, standing)
    }
    return standing
  }
}

/** The vulnerabilities that a record is about, none for a withdrawn one. */
export type AboutReader = (advisory: string) => readonly string[]

/**
 * Whether a record of higher standing says that a CVE does not concern the package, though others (`positives`) do: for a
 * distribution's package its record of the very CVE outranks its errata, and both outrank general records. `all` are the
 * judgements of one package.
 */
export function overruling(
  all: readonly Judged[],
  about: AboutReader,
  standing: StandingReader,
): (vulnerability: string, positives: readonly Judged[]) => boolean {
  const byCve = new Map<string, Judged[]>()
  const errata: Judged[] = []
  for (const word of all) {
    if (isPositive(word) || !word.judgement.applies) continue
    const { cve } = standing(word.entry)
    if (cve === undefined) errata.push(word)
    else {
      const same = byCve.get(cve)
      if (same) same.push(word)
      else byCve.set(cve, [word])
    }
  }
  return (vulnerability, positives) => {
    const best = Math.min(...positives.map(({ entry }) => standing(entry).authority))
    const overrules = ({ entry }: Judged) =>
      standing(entry).authority < best && about(entry.advisory).includes(vulnerability)
    return (byCve.get(vulnerability)?.some(overrules) ?? false) || errata.some(overrules)
  }
}

/** The record of higher standing first; of equals the one that is surer. */
export function byStanding(a: Judged, b: Judged, standing: StandingReader): number {
  return (
    standing(a.entry).authority - standing(b.entry).authority ||
    (a.judgement.verdict === b.judgement.verdict ? 0 : a.judgement.verdict === 'affected' ? -1 : 1) ||
    (a.entry.advisory < b.entry.advisory ? -1 : a.entry.advisory > b.entry.advisory ? 1 : 0)
  )
}

/** The judgement with everything that led to it, as it is kept. */
export function evidenceOf(
  { entry, subject, judgement, subscription, note }: Judged,
  record: AdvisoryRecord | undefined,
): AdvisoryEvidence {
  const remarks = [judgement.note, note, subscription ? subscriptionNote(judgement) : undefined].filter(
    Boolean,
  )
  const state = subscription && judgement.fixState === 'fixed' ? 'not-fixed' : judgement.fixState
  const fixedVersions = subscription ? [] : judgement.fixedVersions
  // An erratum comes out with its fix. A record of a CVE has the date of the CVE, which may lie years before.
  const since = cveOfId(entry.advisory) === undefined ? record?.published : undefined
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
    fixedVersions,
    fixState: state,
    ...(since && fixedVersions.length > 0 ? { fixedSince: since } : {}),
    ...(entry.fixReason ? { fixReason: entry.fixReason } : {}),
    ...(remarks.length > 0 ? { note: remarks.join(' ') } : {}),
  }
}

function subscriptionNote(judgement: Judgement): string {
  return judgement.fixedVersions.length > 0
    ? `Fixed in ${judgement.fixedVersions[0]}, which needs an Ubuntu Pro subscription.`
    : 'Stated for Ubuntu Pro only.'
}
