import {
  type AssessmentReason,
  type Distribution,
  distributionTypes,
  type Finding,
  type Package,
} from '@lanner/model'
import type { AdvisoryReader, AdvisoryRecord } from './advisory.ts'
import { vulnerabilitiesOf } from './aliases.ts'
import { distributionNames, type VersionReader } from './candidates.ts'
import { combinedFixes } from './combined-fixes.ts'
import { cpsRating } from './cps-rating.ts'
import { type DistributionCoverage, distributionCoverage, type NoCoverage } from './distributions.ts'
import {
  byStanding,
  evidenceOf,
  isPositive,
  type Judged,
  type Judgements,
  judged,
  overruling,
  type StandingReader,
  standingReader,
} from './evidence.ts'
import { memoised } from './memoised.ts'
import { type Ranked, worstFirst } from './ranking.ts'
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

/** What the advisories say of an inventory, and what they leave open. */
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
  readonly standing: StandingReader
  readonly readCvss: CvssReader
  readonly known: Map<string, KnownVulnerability>
  /** What each record is about; empty for withdrawn ones. */
  readonly subjects: Map<string, readonly string[]>
  /** What was found under a name and version for which nothing else of a package matters. */
  readonly bySource: Map<string, readonly Found[]>
}

/** A finding but for the package. */
interface Found extends Omit<Finding, 'package' | 'suppressed'> {
  readonly score: number | undefined
}

/** The vulnerabilities of an image's packages. Pure: all it knows of the world comes in through `advisories` and `now`. */
export function matchPackages(input: MatchInput, advisories: AdvisoryReader | undefined): MatchResult {
  const coverage = input.distribution && distributionCoverage(input.distribution, input.repositoryCpes)
  if (!advisories) return { findings: [], reasons: assessmentReasons(input, coverage, undefined, []) }
  const matching = matchingOf(advisories, coverage)
  const findings = worstFirst(input.packages.flatMap((pack) => findingsOf(pack, matching)))
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
    standing: standingReader(),
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
    bySource: new Map(),
  }
}

function findingsOf(pack: Package, matching: Matching): Ranked[] {
  const found = foundFor(pack, matching)
  if (found.length === 0) return []
  const suppressed = suppression(pack, matching.coverage)
  return found.map(({ score, vulnerability, ...rest }) => ({
    finding: { vulnerability, package: pack.purl, ...rest, ...(suppressed ? { suppressed } : {}) },
    score,
  }))
}

/** The sub-packages of one source share what is found, unless an entry tells them apart. */
function foundFor(pack: Package, matching: Matching): readonly Found[] {
  const covered = matching.coverage?.state === 'covered' ? matching.coverage : undefined
  const key = covered && sharedKey(pack, covered)
  const known = key && matching.bySource.get(key)
  if (known) return known
  const all = judged(pack, covered, matching)
  const found = foundAmong(pack, all, matching)
  if (key && !all.some(({ entry }) => entry.binaries)) matching.bySource.set(key, found)
  return found
}

/** Undefined where a package is asked for by a name of its own as well. */
function sharedKey(pack: Package, coverage: DistributionCoverage): string | undefined {
  if (pack.type !== coverage.type || coverage.names !== 'source' || pack.module) return undefined
  return distributionNames(pack, coverage)
    .map(({ name, version, matchedBy }) => `${matchedBy}\n${name}\n${version}`)
    .join('\n')
}

function foundAmong(pack: Package, all: readonly Judged[], matching: Matching): Found[] {
  const about = (advisory: string) => aboutWhat(advisory, matching)
  const groups = new Map<string, Judged[]>()
  for (const entry of all) {
    if (!isPositive(entry)) continue
    for (const vulnerability of about(entry.entry.advisory)) {
      const group = groups.get(vulnerability)
      if (group) group.push(entry)
      else groups.set(vulnerability, [entry])
    }
  }
  if (groups.size === 0) return []
  const fromDistribution = distributionTypes.has(pack.type)
  const isOverruled = fromDistribution ? overruling(all, about, matching.standing) : () => false
  const found: Found[] = []
  for (const [vulnerability, entries] of groups) {
    if (isOverruled(vulnerability, entries)) continue
    if (entries.length > 1) entries.sort((a, b) => byStanding(a, b, matching.standing))
    found.push(foundOf(vulnerability, entries, fromDistribution, matching))
  }
  return found
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

function foundOf(
  id: string,
  entries: readonly Judged[],
  fromDistribution: boolean,
  matching: Matching,
): Found {
  const { advisories, readCvss } = matching
  const records = entries.flatMap(({ entry }) => advisories.record(entry.advisory) ?? [])
  let known = matching.known.get(id)
  if (!known) matching.known.set(id, (known = knownVulnerability(id, records, advisories, readCvss)))
  const malicious = known.vulnerability.malicious === true || records.some((record) => record.malicious)
  const words = fromDistribution ? wordsOf(entries, records) : []
  const ratings = ratingsOf({ malicious, words, records, others: known.ratings }, readCvss)
  const vulnerability =
    malicious && !known.vulnerability.malicious ? { ...known.vulnerability, malicious } : known.vulnerability
  const evidence = entries.map((word) => evidenceOf(word, advisories.record(word.entry.advisory)))
  const { fixState, fixedVersions } = combinedFixes(entries, evidence, matching.installedVersion)
  return {
    vulnerability,
    verdict: entries.some(({ judgement }) => judgement.verdict === 'affected') ? 'affected' : 'unknown',
    severity: severityOf(ratings),
    ratings,
    fixState,
    fixedVersions,
    cpsRating: cpsRating(vulnerability),
    evidence,
    score: known.score,
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
