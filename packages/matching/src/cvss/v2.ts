import { metricsOf, weightsOf } from './vector.ts'

/** https://www.first.org/cvss/v2/guide#3-2-1-Base-Equation */
const weights = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
} as const

/** The base score of a CVSS v2 vector, with or without the brackets or prefix that some feeds put around it. */
export function baseScoreV2(vector: string): number | undefined {
  const metrics = metricsOf(vector.replace(/^\(|\)$/g, '').replace(/^CVSS:2\.0\//, ''))
  const weight = metrics && weightsOf(metrics, weights)
  if (!weight) return undefined
  const impact = 10.41 * (1 - (1 - weight.C) * (1 - weight.I) * (1 - weight.A))
  const exploitability = 20 * weight.AV * weight.AC * weight.Au
  const score = (0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176)
  return Math.round(score * 10) / 10 + 0
}
