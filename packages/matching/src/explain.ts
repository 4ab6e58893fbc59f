import { type AdvisoryEvidence, distributionTypes, type Package } from '@lanner/model'
import type { AdvisoryReader, AdvisoryRecord } from './advisory.ts'
import { distributionIdsOf, isCve, vulnerabilitiesOf } from './aliases.ts'
import { distributionNames } from './candidates.ts'
import { type DistributionCoverage, distributionCoverage, type NoCoverage } from './distributions.ts'
import { evidenceOf, isPositive, type Judged, judged, overruling } from './evidence.ts'
import { listed } from './explanation-lines.ts'
import { lookupName } from './lookup-name.ts'
import { type MatchInput, type Matching, matchingOf, suppression } from './match.ts'

/** Why a vulnerability is, or is not, among an image's findings. */
export interface Explanation {
  /** As asked for. */
  readonly vulnerability: string
  readonly conclusion:
    | 'affected'
    | 'unknown'
    | 'suppressed'
    | 'not-affected'
    | 'not-named'
    | 'no-record'
    | 'no-advisories'
  /** The records about it, whether or not they name a package of the image. */
  readonly records: readonly ExplainedRecord[]
  /** One for each record and package of the image that the record names, the ones that count first. */
  readonly packages: readonly ExplainedPackage[]
  /** Packages that were looked at. */
  readonly considered: number
  /** Why packages of the distribution could not be judged at all. */
  readonly coverage?: string
}

/** A record that was asked. */
export interface ExplainedRecord {
  readonly id: string
  readonly summary?: string
  readonly withdrawn?: string
  /** The CVEs (or own id) that it is about. */
  readonly about: readonly string[]
}

/** What became of one package that a record concerns, and why. */
export interface ExplainedPackage {
  /** purl. */
  readonly package: string
  readonly name: string
  readonly version: string
  readonly outcome:
    | 'affected'
    | 'unknown'
    | 'suppressed'
    | 'fixed'
    | 'unaffected'
    | 'other-package'
    | 'overruled'
    | 'withdrawn'
    | 'other-release'
  readonly evidence: AdvisoryEvidence
  /** What keeps an affected package from counting. */
  readonly because?: string
}

/** Kernel CVEs have hundreds of errata; what is beyond this is neither read nor listed. */
const recordsExplained = 500

/** Explains one vulnerability, given by any of its ids (CVE, GHSA, DSA, RHSA, …). */
export function explain(
  vulnerability: string,
  input: MatchInput,
  advisories: AdvisoryReader | undefined,
): Explanation {
  const id = vulnerability.trim()
  const base = { vulnerability: id, considered: input.packages.length }
  if (!advisories) return { ...base, conclusion: 'no-advisories', records: [], packages: [] }
  const coverage = input.distribution && distributionCoverage(input.distribution, input.repositoryCpes)
  const uncovered = coverage && coverage.state !== 'covered' ? { coverage: coverage.explanation } : undefined
  const records = recordsNamed(id, advisories)
  if (records.size === 0) return { ...base, conclusion: 'no-record', records: [], packages: [], ...uncovered }
  const matching = matchingOf(advisories, coverage)
  const packages = input.packages
    .flatMap((pack) => explainedPackages(pack, records, coverage, matching))
    .sort((a, b) => outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome))
  return {
    ...base,
    conclusion: conclusionOf(packages),
    records: [...records.values()].map(({ record, about }) => ({
      id: record.id,
      ...(record.summary ? { summary: record.summary } : {}),
      ...(record.withdrawn ? { withdrawn: record.withdrawn } : {}),
      about,
    })),
    packages,
    ...uncovered,
  }
}

const outcomes: readonly ExplainedPackage['outcome'][] = [
  'affected',
  'unknown',
  'suppressed',
  'overruled',
  'fixed',
  'unaffected',
  'other-package',
  'withdrawn',
  'other-release',
]

function conclusionOf(packages: readonly ExplainedPackage[]): Explanation['conclusion'] {
  const [first] = packages
  if (!first) return 'not-named'
  const { outcome } = first
  return outcome === 'affected' || outcome === 'unknown' || outcome === 'suppressed'
    ? outcome
    : 'not-affected'
}

interface Named {
  readonly record: AdvisoryRecord
  readonly about: readonly string[]
  /** Those of them that were asked for: an erratum may be right about one of its CVEs and overruled about another. */
  readonly asked: readonly string[]
}

/** The record of that id, and all that are about the same vulnerability; not those that merely refer to it. */
function recordsNamed(id: string, advisories: AdvisoryReader): Map<string, Named> {
  const found = new Map<string, Named>()
  const own = advisories.record(id)
  const about = own ? vulnerabilitiesOf(own, advisories) : []
  // A GHSA stands for its CVE; an erratum of ten CVEs stands for itself.
  const sought = new Set([id, ...(about.length === 1 ? about : [])])
  const ids = new Set([
    ...(own ? [id] : []),
    ...[...sought].flatMap((one) => [...advisories.recordsOf(one), ...distributionIdsOf(one)]),
  ])
  for (const one of [...ids].slice(0, recordsExplained)) {
    const record = advisories.record(one)
    if (!record) continue
    const subjects = vulnerabilitiesOf(record, advisories)
    const isAbout =
      one === id ||
      subjects.some((subject) => sought.has(subject)) ||
      record.aliases.some((alias) => !isCve(alias) && sought.has(alias))
    if (!isAbout) continue
    const asked = subjects.filter((subject) => sought.has(subject))
    found.set(one, { record, about: subjects, asked: asked.length > 0 ? asked : subjects })
  }
  return found
}

function explainedPackages(
  pack: Package,
  records: ReadonlyMap<string, Named>,
  coverage: DistributionCoverage | NoCoverage | undefined,
  matching: Matching,
): ExplainedPackage[] {
  const covered = coverage?.state === 'covered' ? coverage : undefined
  const all = judged(pack, covered, matching).filter(({ entry }) => records.has(entry.advisory))
  const standing = all.filter(({ entry }) => !records.get(entry.advisory)?.record.withdrawn)
  const explained = all.map((entry): ExplainedPackage => {
    const evidence = evidenceOf(entry, records.get(entry.entry.advisory)?.record)
    const shown = { package: pack.purl, name: pack.name, version: pack.version, evidence }
    return { ...shown, ...outcomeOf(pack, entry, standing, records, matching) }
  })
  if (explained.length > 0 || !covered || pack.type !== covered.type) return explained
  return otherReleases(pack, covered, records, matching)
}

function outcomeOf(
  pack: Package,
  entry: Judged,
  standing: readonly Judged[],
  records: ReadonlyMap<string, Named>,
  matching: Matching,
): Pick<ExplainedPackage, 'outcome' | 'because'> {
  const named = records.get(entry.entry.advisory)
  if (named?.record.withdrawn) {
    return {
      outcome: 'withdrawn',
      because: `the record was withdrawn on ${named.record.withdrawn.slice(0, 10)}`,
    }
  }
  if (!entry.judgement.applies) return { outcome: 'other-package' }
  const { verdict } = entry.judgement
  if (verdict !== 'affected' && verdict !== 'unknown') return { outcome: verdict }
  if (distributionTypes.has(pack.type)) {
    const asked = named?.asked ?? []
    const aboutWhat = (advisory: string) => records.get(advisory)?.about ?? []
    const same = (cve: string) =>
      standing.filter((other) => isPositive(other) && records.get(other.entry.advisory)?.about.includes(cve))
    const isOverruled = overruling(standing, aboutWhat, matching.standing)
    if (asked.length > 0 && asked.every((cve) => isOverruled(cve, same(cve)))) {
      return { outcome: 'overruled', because: 'the distribution’s own record of this CVE says otherwise' }
    }
  }
  const suppressed = suppression(pack, matching.coverage)
  return suppressed ? { outcome: 'suppressed', because: suppressed.explanation } : { outcome: verdict }
}

/** Where a record names the package, but for other releases of the distribution only: one line for each record. */
function otherReleases(
  pack: Package,
  coverage: DistributionCoverage,
  records: ReadonlyMap<string, Named>,
  { advisories }: Matching,
): ExplainedPackage[] {
  const families = new Set(coverage.ecosystems.map(familyOf))
  const asked = new Set([...coverage.ecosystems, ...coverage.subscription])
  const found = new Map<string, { evidence: AdvisoryEvidence; releases: Set<string> }>()
  for (const ecosystem of advisories.ecosystems()) {
    if (asked.has(ecosystem) || !families.has(familyOf(ecosystem))) continue
    for (const { name, version, matchedBy } of distributionNames(pack, coverage)) {
      for (const entry of advisories.affected(ecosystem, lookupName(ecosystem, name))) {
        if (!records.has(entry.advisory)) continue
        const known = found.get(entry.advisory)
        if (known) {
          known.releases.add(ecosystem)
          continue
        }
        const evidence: AdvisoryEvidence = {
          advisory: entry.advisory,
          feed: entry.feed,
          ecosystem,
          name: entry.name,
          matchedBy,
          version,
          verdict: 'unaffected',
          fixedVersions: [],
          fixState: 'unknown',
        }
        found.set(entry.advisory, { evidence, releases: new Set([ecosystem]) })
      }
    }
  }
  return [...found.values()].map(({ evidence, releases }) => ({
    package: pack.purl,
    name: pack.name,
    version: pack.version,
    outcome: 'other-release',
    evidence,
    because: `the record names it for ${listed([...releases].sort())}, and the image is ${coverage.label}`,
  }))
}

function familyOf(ecosystem: string): string {
  return ecosystem.split(':', 1)[0]
}
