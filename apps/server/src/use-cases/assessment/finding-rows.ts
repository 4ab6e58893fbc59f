import { createHash } from 'node:crypto'
import { compareCvss } from '@lanner/matching'
import {
  type Cvss,
  type Finding,
  type Severity,
  severities,
  severityOfScore,
  severityRank,
  type Vulnerability,
} from '@lanner/model'
import type { NewFinding, NewVulnerability } from '../../db/finding.ts'
import { storableJson, storableText } from '../../db/storable.ts'

const cpsRatings = ['none', 'low', 'medium', 'high', 'critical'] as const

/** 4 critical, 3 high, 2 medium, 1 low. */
export function cpsRank(rating: Finding['cpsRating']): number {
  return cpsRatings.indexOf(rating)
}

export function cpsRatingOf(rank: number): Finding['cpsRating'] {
  const rating = cpsRatings[rank]
  return rating === undefined || rating === 'none' ? 'low' : rating
}

const byRank = new Map<number, Severity>(severities.map((severity) => [severityRank(severity), severity]))

export function severityOfRank(rank: number): Severity {
  return byRank.get(rank) ?? 'unknown'
}

/** The vector that stands for a vulnerability: of the newest version of CVSS, the highest. */
export function leadingCvss(vulnerability: Vulnerability): Cvss | undefined {
  return [...vulnerability.cvss].sort(compareCvss)[0]
}

/** The row that a finding makes, but for its package. */
export function findingRow(finding: Finding): Omit<NewFinding, 'packageId'> {
  return {
    vulnerabilityId: finding.vulnerability.id,
    verdict: finding.verdict,
    severity: severityRank(finding.severity),
    cpsRating: cpsRank(finding.cpsRating),
    fixState: finding.fixState,
    fixedVersions: finding.fixedVersions,
    exploited: finding.vulnerability.exploited !== undefined,
    facts: storableJson({ ratings: finding.ratings, evidence: finding.evidence }),
    factsDigest: factsDigest(finding),
  }
}

/** A row for each vulnerability among findings; its severity is by its own CVSS, whatever a distribution says. */
export function vulnerabilityRows(findings: Iterable<Finding>): NewVulnerability[] {
  const rows = new Map<string, NewVulnerability>()
  for (const { vulnerability, severity, cpsRating } of findings) {
    if (rows.has(vulnerability.id)) continue
    const cvss = leadingCvss(vulnerability)
    const { title, description } = vulnerability
    rows.set(vulnerability.id, {
      id: vulnerability.id,
      severity: severityRank(cvss ? severityOfScore(cvss.score, cvss.version) : severity),
      cvssScore: cvss?.score ?? null,
      cvssVector: cvss?.vector ?? null,
      cpsRating: cpsRank(cpsRating),
      epss: vulnerability.epss?.score ?? null,
      exploited: vulnerability.exploited !== undefined,
      published: vulnerability.published ?? null,
      title: title === undefined ? null : storableText(title),
      description: description === undefined ? null : storableText(description),
      malicious: vulnerability.malicious === true,
      facts: storableJson(vulnerability),
    })
  }
  return [...rows.values()]
}

/** Tells findings apart by what no column holds: ratings, evidence, and what is known of the vulnerability. */
function factsDigest({ ratings, evidence, vulnerability }: Finding): string {
  return createHash('md5')
    .update(JSON.stringify([ratings, evidence, vulnerability]))
    .digest('hex')
}
