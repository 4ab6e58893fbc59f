/** Ratings from worst to best; `unknown` is no rating at all and never sorts as low. */
export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const
/** One of `severities`. */
export type Severity = (typeof severities)[number]

const rank: Readonly<Record<Severity, number>> = {
  critical: 5,
  high: 4,
  medium: 3,
  low: 2,
  negligible: 1,
  unknown: 0,
}

/** 5 for critical down to 1 for negligible; 0 for unknown. */
export function severityRank(severity: Severity): number {
  return rank[severity]
}

/** Worst first; unknown last. */
export function compareSeverity(a: Severity, b: Severity): number {
  return rank[b] - rank[a]
}

/**
 * The qualitative rating of a CVSS base score, v3 and v4 alike; v2 has no critical.
 * https://www.first.org/cvss/v3-1/specification-document#Qualitative-Severity-Rating-Scale
 */
export function severityOfScore(score: number, version: '2.0' | '3.0' | '3.1' | '4.0'): Severity {
  if (!Number.isFinite(score) || score < 0 || score > 10) return 'unknown'
  if (score >= 9 && version !== '2.0') return 'critical'
  if (score >= 7) return 'high'
  if (score >= 4) return 'medium'
  if (score > 0) return 'low'
  return 'negligible'
}

const words: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['important', 'high'],
  ['high', 'high'],
  ['moderate', 'medium'],
  ['medium', 'medium'],
  ['low', 'low'],
  ['minor', 'low'],
  ['negligible', 'negligible'],
  ['unimportant', 'negligible'],
  ['none', 'negligible'],
])

/** The rating that a distribution's word stands for (`Important`, `unimportant`, `medium`); unknown for any other word. */
export function severityOfWord(word: string | undefined): Severity {
  return words.get(word?.trim().toLowerCase() ?? '') ?? 'unknown'
}
