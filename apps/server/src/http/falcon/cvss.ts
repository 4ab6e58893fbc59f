import type { Cvss } from '@lanner/model'

/** A CVSS v3 vector in words and sub-scores, as Falcon's records have it. */
export interface CvssV3Words {
  readonly base_score: number
  readonly severity: string
  readonly vector: string
  readonly attack_vector: string
  readonly attack_complexity: string
  readonly privileges_required: string
  readonly user_interaction: string
  readonly scope: string
  readonly confidentiality_impact: string
  readonly integrity_impact: string
  readonly availability_impact: string
  readonly exploitability_score: number
  readonly impact_score: number
}

const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AV: { N: 'NETWORK', A: 'ADJACENT_NETWORK', L: 'LOCAL', P: 'PHYSICAL' },
  AC: { L: 'LOW', H: 'HIGH' },
  PR: { N: 'NONE', L: 'LOW', H: 'HIGH' },
  UI: { N: 'NONE', R: 'REQUIRED' },
  S: { U: 'UNCHANGED', C: 'CHANGED' },
  C: { N: 'NONE', L: 'LOW', H: 'HIGH' },
  I: { N: 'NONE', L: 'LOW', H: 'HIGH' },
  A: { N: 'NONE', L: 'LOW', H: 'HIGH' },
}

// https://www.first.org/cvss/v3-1/specification-document#7-4-Metric-Values
const attackVector: Readonly<Record<string, number>> = { N: 0.85, A: 0.62, L: 0.55, P: 0.2 }
const attackComplexity: Readonly<Record<string, number>> = { L: 0.77, H: 0.44 }
const privileges: Readonly<Record<string, readonly [unchanged: number, changed: number]>> = {
  N: [0.85, 0.85],
  L: [0.62, 0.68],
  H: [0.27, 0.5],
}
const interaction: Readonly<Record<string, number>> = { N: 0.85, R: 0.62 }
const impact: Readonly<Record<string, number>> = { N: 0, L: 0.22, H: 0.56 }

/** Undefined for other versions, and for a vector that lacks a base metric. */
export function cvssV3Words(cvss: Cvss, severity: string): CvssV3Words | undefined {
  if (!cvss.version.startsWith('3.')) return undefined
  const { vector, score } = cvss
  let spelled = known.get(vector)
  if (spelled === undefined) {
    spelled = vectorWords(vector)
    if (known.size >= maxKnown) known.clear()
    known.set(vector, spelled)
  }
  return spelled === null ? undefined : { base_score: score, severity, vector, ...spelled }
}

type VectorWords = Omit<CvssV3Words, 'base_score' | 'severity' | 'vector'>

/** A report has a thousand vectors, most of them the same few. */
const known = new Map<string, VectorWords | null>()
const maxKnown = 4096

function vectorWords(vector: string): VectorWords | null {
  const metrics = new Map(vector.split('/').map((part) => part.split(':', 2) as [string, string]))
  const letter = (metric: string): string => metrics.get(metric) ?? ''
  const word = (metric: string): string | undefined => words[metric]?.[letter(metric)]
  if (Object.keys(words).some((metric) => word(metric) === undefined)) return null
  const changed = letter('S') === 'C'
  const exploitability =
    8.22 *
    attackVector[letter('AV')] *
    attackComplexity[letter('AC')] *
    privileges[letter('PR')][changed ? 1 : 0] *
    interaction[letter('UI')]
  const base = 1 - (1 - impact[letter('C')]) * (1 - impact[letter('I')]) * (1 - impact[letter('A')])
  const harm = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base
  return {
    attack_vector: word('AV') ?? '',
    attack_complexity: word('AC') ?? '',
    privileges_required: word('PR') ?? '',
    user_interaction: word('UI') ?? '',
    scope: word('S') ?? '',
    confidentiality_impact: word('C') ?? '',
    integrity_impact: word('I') ?? '',
    availability_impact: word('A') ?? '',
    exploitability_score: oneDecimal(exploitability),
    impact_score: oneDecimal(Math.max(0, harm)),
  }
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10
}
