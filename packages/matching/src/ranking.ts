import { type Finding, severityRank } from '@lanner/model'

/** A finding with the score that stands for its vulnerability. */
export interface Ranked {
  readonly finding: Finding
  readonly score: number | undefined
}

/**
 * What counts before what is suppressed, then by severity, certainty, known exploitation, CVSS and EPSS; the ids make the
 * order the same in every run.
 */
export function worstFirst(findings: readonly Ranked[]): Finding[] {
  return findings
    .map(({ finding, score }) => ({
      finding,
      standing: standingOf(finding),
      score: score ?? 0,
      likelihood: finding.vulnerability.epss?.score ?? 0,
    }))
    .sort(
      (a, b) =>
        b.standing - a.standing ||
        b.score - a.score ||
        b.likelihood - a.likelihood ||
        compareText(a.finding.vulnerability.id, b.finding.vulnerability.id) ||
        compareText(a.finding.package, b.finding.package),
    )
    .map(({ finding }) => finding)
}

/** One number that orders as its parts do, the first above all others. */
function standingOf({ suppressed, severity, verdict, vulnerability }: Finding): number {
  const counts = suppressed === undefined ? 1 : 0
  const certain = verdict === 'affected' ? 1 : 0
  const exploited = vulnerability.exploited === undefined ? 0 : 1
  return counts * 100 + severityRank(severity) * 10 + certain * 2 + exploited
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
