import {
  type AssessmentReason,
  type Distribution,
  distributionTypes,
  type Finding,
  type Package,
} from '@lanner/model'
import type { AdvisoryReader } from './advisory.ts'
import type { DistributionCoverage, NoCoverage } from './distributions.ts'
import { endOfLife } from './end-of-life.ts'
import { languageEcosystem, languageNames } from './languages.ts'
import { lookupName } from './lookup-name.ts'

/** What was not judged and why, and what a reader of the findings should know; only the former lowers the state. */
export function assessmentReasons(
  input: { readonly packages: readonly Package[]; readonly distribution?: Distribution; readonly now: Date },
  coverage: DistributionCoverage | NoCoverage | undefined,
  advisories: AdvisoryReader | undefined,
  findings: readonly Finding[],
): AssessmentReason[] {
  const ecosystems = advisories?.ecosystems()
  if (!advisories || !ecosystems || ecosystems.size === 0) {
    return [
      {
        code: 'no-advisories',
        message: `No advisories are installed, so none of the ${counted(input.packages.length, 'package')} was judged.`,
      },
    ]
  }
  return [
    ...distributionReasons(input.packages, coverage, ecosystems),
    ...languageReasons(input.packages, advisories, ecosystems),
    ...lifecycleReasons(input.distribution, input.now),
    ...verdictReasons(findings),
  ]
}

function distributionReasons(
  packages: readonly Package[],
  coverage: DistributionCoverage | NoCoverage | undefined,
  ecosystems: ReadonlySet<string>,
): AssessmentReason[] {
  const own = packages.filter((pack) => distributionTypes.has(pack.type))
  if (own.length === 0) return []
  if (!coverage) {
    return [
      {
        code: 'no-distribution',
        message: `The image names no distribution, so its ${counted(own.length, 'operating-system package')} were not judged.`,
      },
    ]
  }
  if (coverage.state !== 'covered') return [{ code: coverage.state, message: coverage.explanation }]
  const reasons: AssessmentReason[] = []
  const [main] = coverage.ecosystems
  if (!coverage.ecosystems.some((ecosystem) => ecosystems.has(ecosystem))) {
    reasons.push({
      code: 'no-feed',
      message: `The installed advisories hold nothing for ${main}, so the packages of ${coverage.label} were not judged.`,
    })
  } else if (coverage.fixedOnly) {
    reasons.push({
      code: 'no-feed',
      message: `The advisories of ${main} list what was fixed; an open vulnerability without a fix does not appear in them.`,
      informational: true,
    })
  }
  const foreign = own.filter((pack) => pack.type !== coverage.type)
  if (foreign.length > 0) {
    reasons.push({
      code: 'no-feed',
      message: `${counted(foreign.length, 'package')} of another package manager (${named(foreign.map((pack) => pack.type))}) were not judged: the advisories of ${coverage.label} do not hold for them.`,
    })
  }
  return reasons
}

function languageReasons(
  packages: readonly Package[],
  advisories: AdvisoryReader,
  ecosystems: ReadonlySet<string>,
): AssessmentReason[] {
  const missing = new Map<string, number>()
  const unmapped = new Map<string, number>()
  const binaries: string[] = []
  const nameless: string[] = []
  for (const pack of packages) {
    if (distributionTypes.has(pack.type)) continue
    const ecosystem = languageEcosystem(pack.type)
    const [first] = languageNames(pack)
    if (!ecosystem) count(unmapped, pack.type)
    else if (pack.type === 'generic') {
      // A classifier's find is extra evidence beside the package databases; not being able to judge it is a remark.
      const found = first && advisories.affected(first.ecosystem, lookupName(first.ecosystem, first.name))
      if (!found || found.length === 0) binaries.push(pack.name)
    } else if (!ecosystems.has(ecosystem)) count(missing, ecosystem)
    else if (!first) nameless.push(pack.name)
  }
  const reasons: AssessmentReason[] = []
  for (const [ecosystem, number] of missing) {
    reasons.push({
      code: 'no-feed',
      message: `The installed advisories hold nothing for ${ecosystem}, so ${counted(number, 'package')} were not judged.`,
    })
  }
  for (const [type, number] of unmapped) {
    reasons.push({
      code: 'no-feed',
      message: `No advisory feed covers packages of type ${type}; ${counted(number, 'package')} were not judged.`,
    })
  }
  if (nameless.length > 0) {
    reasons.push({
      code: 'no-feed',
      message: `${counted(nameless.length, 'package')} do not say which group they belong to, so no advisory can be looked up: ${named(nameless)}.`,
      informational: true,
    })
  }
  if (binaries.length > 0) {
    reasons.push({
      code: 'no-feed',
      message: `No advisories are known under the names of ${counted(binaries.length, 'binary', 'binaries')}: ${named(binaries)}.`,
      informational: true,
    })
  }
  return reasons
}

function lifecycleReasons(distribution: Distribution | undefined, now: Date): AssessmentReason[] {
  const ended = distribution && endOfLife(distribution, now)
  if (!ended) return []
  return [
    {
      code: 'end-of-life',
      message: `${distribution.name ?? distribution.id} gets no security updates since ${ended.date} (${ended.address}); later vulnerabilities may not be recorded for it.`,
    },
  ]
}

function verdictReasons(findings: readonly Finding[]): AssessmentReason[] {
  const unknown = findings.filter((finding) => finding.verdict === 'unknown')
  if (unknown.length === 0) return []
  const packages = new Set(unknown.map((finding) => finding.package)).size
  return [
    {
      code: 'unknown-versions',
      message: `Whether ${counted(unknown.length, 'vulnerability', 'vulnerabilities')} concern ${counted(packages, 'package')} could not be decided; each finding says why.`,
      informational: true,
    },
  ]
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** The first five, without repetition, and how many more there are. */
function named(names: readonly string[]): string {
  const distinct = [...new Set(names)].sort()
  const rest = distinct.length - 5
  return rest > 0 ? `${distinct.slice(0, 5).join(', ')} and ${rest} more` : distinct.join(', ')
}
