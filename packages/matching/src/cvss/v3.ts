import { metricsOf, weightsOf } from './vector.ts'

/** https://www.first.org/cvss/v3-1/specification-document#7-4-Metric-Values */
const weights = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  S: { U: 0, C: 1 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
} as const
const privileges = {
  unchanged: { PR: { N: 0.85, L: 0.62, H: 0.27 } },
  changed: { PR: { N: 0.85, L: 0.68, H: 0.5 } },
} as const

/** The base score of a CVSS v3.0 or v3.1 vector. https://www.first.org/cvss/v3-1/specification-document#7-1-Base-Metrics-Equations */
export function baseScoreV3(vector: string): { version: '3.0' | '3.1'; score: number } | undefined {
  const version = vector.startsWith('CVSS:3.1/') ? '3.1' : vector.startsWith('CVSS:3.0/') ? '3.0' : undefined
  const metrics = version && metricsOf(vector.slice(9))
  const weight = metrics && weightsOf(metrics, weights)
  if (!weight) return undefined
  const changed = weight.S === 1
  const privilege = weightsOf(metrics, changed ? privileges.changed : privileges.unchanged)
  if (!privilege) return undefined
  const base = 1 - (1 - weight.C) * (1 - weight.I) * (1 - weight.A)
  const impact = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base
  if (impact <= 0) return { version, score: 0 }
  const exploitability = 8.22 * weight.AV * weight.AC * privilege.PR * weight.UI
  const sum = changed ? 1.08 * (impact + exploitability) : impact + exploitability
  return {
    version,
    score: version === '3.1' ? roundUp(Math.min(sum, 10)) : Math.ceil(Math.min(sum, 10) * 10) / 10,
  }
}

/**
 * The smallest number with one decimal that is not below the input, in integer arithmetic so that 4.02 and
 * 4.000000000000001 do not differ between machines. https://www.first.org/cvss/v3-1/specification-document#Appendix-A---Floating-Point-Rounding
 */
function roundUp(input: number): number {
  const integer = Math.round(input * 100_000)
  return integer % 10_000 === 0 ? integer / 100_000 : (Math.floor(integer / 10_000) + 1) / 10
}
