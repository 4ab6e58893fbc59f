import type { CpsRating, Cvss, Vulnerability } from '@lanner/model'

/** The score that stands for a vulnerability: of the newest CVSS version it was rated with, the highest. */
export function cvssScore(cvss: readonly Cvss[]): number | undefined {
  let best = cvss[0]
  for (const other of cvss) if (compareCvss(other, best) < 0) best = other
  return best?.score
}

/** Newest version first, then the higher score. */
export function compareCvss(a: Cvss, b: Cvss): number {
  if (a.version !== b.version) return a.version < b.version ? 1 : -1
  return b.score - a.score
}

/**
 * Our rating of how soon a vulnerability deserves attention: what attackers do, weighed with the damage. The inputs stand
 * beside it in the vulnerability, and a missing one never raises it.
 *
 * - critical: known exploited and CVSS 7 or more, or EPSS 0.5 or more and CVSS 9 or more
 * - high: known exploited, or EPSS 0.1 or more and CVSS 7 or more
 * - medium: EPSS 0.01 or more, or CVSS 7 or more
 * - low: otherwise
 *
 * A package that is malicious as a whole is critical: neither EPSS nor CVSS rates those.
 */
export function cpsRating(
  vulnerability: Pick<Vulnerability, 'cvss' | 'epss' | 'exploited' | 'malicious'>,
): CpsRating {
  if (vulnerability.malicious) return 'critical'
  const exploited = vulnerability.exploited !== undefined
  const damage = cvssScore(vulnerability.cvss) ?? 0
  const likelihood = vulnerability.epss?.score ?? 0
  if ((exploited && damage >= 7) || (likelihood >= 0.5 && damage >= 9)) return 'critical'
  if (exploited || (likelihood >= 0.1 && damage >= 7)) return 'high'
  return likelihood >= 0.01 || damage >= 7 ? 'medium' : 'low'
}
