import {
  type AssessmentReason,
  compareSeverity,
  type Distribution,
  distributionTypes,
  type Finding,
  type Package,
} from '@lanner/model'
import type { AdvisoryReader, AdvisoryRecord } from './advisory.ts'
import { vulnerabilitiesOf } from './aliases.ts'
import type { VersionReader } from './candidates.ts'
import { combinedFixes } from './combined-fixes.ts'
import { cpsRating, cvssScore } from './cps-rating.ts'
import { type DistributionCoverage, distributionCoverage, type NoCoverage } from './distributions.ts'
import {
  byStanding,
  evidenceOf,
  isOverruled,
  isPositive,
  type Judged,
  type Judgements,
  judged,
} from './evidence.ts'
import { memoised } from './memoised.ts'
import { assessmentReasons } from './reasons.ts'
import { type CvssReader, cvssReader, type DistributionWord, ratingsOf, severityOf } from './severity.ts'
import { installedVersion } from './version-order.ts'
import { type KnownVulnerability, knownVulnerability } from './vulnerabilities.ts'

/** What of an image is matched. */
export interface MatchInput {
  readonly packages: readonly Package[]
  readonly distribution?: Distribution
  /** CPEs of the repositories that a Red Hat image's content came from (its content manifests). */
  readonly repositoryCpes?: readonly string[]
  readonly now: Date
}

export interface MatchResult {
  /** Worst first; what does not count (`suppressed`) after what does. */
  readonly findings: Finding[]
  /** What was not judged, and why. */
  readonly reasons: AssessmentReason[]
}

/** Everything that is memoised over the packages of one image. */
export interface Matching {
  readonly advisories: AdvisoryReader
  readonly coverage: DistributionCoverage | NoCoverage | undefined
  readonly installedVersion: VersionReader
  readonly judgements: Judgements
  readonly readCvss: CvssReader
  readonly known: Map<string, KnownVulnerability>
  /** What each record is about; empty for withdrawn ones. */
  readonly subjects: Map<string, readonly string[]>
}

/** The vulnerabilities of an image's packages. Pure: all it knows of the world comes in through `advisories` and `now`. */
export function matchPackages(input: MatchInput, advisories: AdvisoryReader | undefined): MatchResult {
  const coverage = input.distribution && distributionCoverage(input.distribution, input.repositoryCpes)
  if (!advisories) return { findings: [], reasons: assessmentReasons(input, coverage, undefined, []) }
  const matching = matchingOf(advisories, coverage)
  const findings = input.packages.flatMap((pack) => findingsOf(pack, matching))
  findings.sort(worstFirst)
  return { findings, reasons: assessmentReasons(input, coverage, advisories, findings) }
}

export function matchingOf(
  advisories: AdvisoryReader,
  coverage: DistributionCoverage | NoCoverage | undefined,
): Matching {
  const versions = new Map<string, ReturnType<typeof installedVersion>>()
  return {
    advisories: memoised(advisories),
    coverage,
    judgements: new Map(),
    // The sub-packages of one source share its version: many packages, few versions.
    installedVersion: (scheme, version) => {
      const key = `${scheme} ${version}`
      let parsed = versions.get(key)
      if (!parsed) versions.set(key, (parsed = installedVersion(scheme, version)))
      return parsed
    },
    readCvss: cvssReader(),
    known: new Map(),
    subjects: new Map(),
  }
}

function findingsOf(pack: Package, matching: Matching): Finding[] {
  const covered = matching.coverage?.state === 'covered' ? matching.coverage : undefined
  const all = judged(pack, covered, matching)
  const groups = new Map<string, Judged[]>()
  for (const entry of all) {
    if (!isPositive(entry)) continue
    for (const vulnerability of aboutWhat(entry.entry.advisory, matching)) {
      const group = groups.get(vulnerability)
      if (group) group.push(entry)
      else groups.set(vulnerability, [entry])
    }
  }
  const about = (advisory: string) => aboutWhat(advisory, matching)
  const findings: Finding[] = []
  for (const [vulnerability, entries] of groups) {
    if (distributionTypes.has(pack.type) && isOverruled(vulnerability, entries, all, about)) continue
    findings.push(findingOf(pack, vulnerability, entries.sort(byStanding), matching))
  }
  return findings
}

function aboutWhat(advisory: string, { advisories, subjects }: Matching): readonly string[] {
  let about = subjects.get(advisory)
  if (!about) {
    const record = advisories.record(advisory)
    // An entry whose record the store has lost still counts, under the record's name.
    about = !record ? [advisory] : record.withdrawn ? [] : vulnerabilitiesOf(record, advisories)
    subjects.set(advisory, about)
  }
  return about
}

function findingOf(pack: Package, id: string, entries: readonly Judged[], matching: Matching): Finding {
  const { advisories, readCvss } = matching
  const records = entries.flatMap(({ entry }) => advisories.record(entry.advisory) ?? [])
  let known = matching.known.get(id)
  if (!known) matching.known.set(id, (known = knownVulnerability(id, records, advisories, readCvss)))
  const { vulnerability } = known
  const malicious = vulnerability.malicious === true || records.some((record) => record.malicious)
  const ratings = ratingsOf(
    {
      malicious,
      words: distributionTypes.has(pack.type) ? wordsOf(entries, records) : [],
      records,
      cvss: vulnerability.cvss,
      others: known.records,
    },
    readCvss,
  )
  const evidence = entries.map(evidenceOf)
  const fixes = combinedFixes(entries, evidence)
  const suppressed = suppression(pack, matching.coverage)
  return {
    vulnerability: malicious && !vulnerability.malicious ? { ...vulnerability, malicious } : vulnerability,
    package: pack.purl,
    verdict: entries.some(({ judgement }) => judgement.verdict === 'affected') ? 'affected' : 'unknown',
    severity: severityOf(ratings),
    ratings,
    ...fixes,
    cpsRating: cpsRating({ ...vulnerability, ...(malicious ? { malicious } : {}) }),
    evidence,
    ...(suppressed ? { suppressed } : {}),
  }
}

function wordsOf(entries: readonly Judged[], records: readonly AdvisoryRecord[]): DistributionWord[] {
  return entries.map(({ entry }) => ({
    distribution: entry.ecosystem.split(':', 1)[0],
    word: entry.rating,
    record: records.find((record) => record.id === entry.advisory),
  }))
}

/**
 * A language package that came inside a distribution's package gets its fixes from the distribution, whose records decide.
 * Where no records hold for the distribution there is nobody to decide, and the finding counts.
 */
export function suppression(
  pack: Package,
  coverage: DistributionCoverage | NoCoverage | undefined,
): Finding['suppressed'] | undefined {
  if (!pack.owner || distributionTypes.has(pack.type) || coverage?.state !== 'covered') return undefined
  return {
    reason: 'owned-by-os-package',
    by: pack.owner,
    explanation: `${pack.name} is part of ${pack.owner}; the advisories of ${coverage.label} decide about it, and backported fixes keep the version.`,
  }
}

function worstFirst(a: Finding, b: Finding): number {
  return (
    Number(a.suppressed !== undefined) - Number(b.suppressed !== undefined) ||
    compareSeverity(a.severity, b.severity) ||
    Number(a.verdict === 'unknown') - Number(b.verdict === 'unknown') ||
    Number(b.vulnerability.exploited !== undefined) - Number(a.vulnerability.exploited !== undefined) ||
    (cvssScore(b.vulnerability.cvss) ?? 0) - (cvssScore(a.vulnerability.cvss) ?? 0) ||
    (b.vulnerability.epss?.score ?? 0) - (a.vulnerability.epss?.score ?? 0) ||
    compareText(a.vulnerability.id, b.vulnerability.id) ||
    compareText(a.package, b.package)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
