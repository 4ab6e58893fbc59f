import { metricsOf, weightsOf } from './vector.ts'

/**
 * Steps of each value below the worst one. https://www.first.org/cvss/v4-0/specification-document#CVSS-v4-0-Scoring
 * Subsequent-system metrics start at 1: 0 is Safety, which only an environment can set.
 */
const steps = {
  AV: { N: 0, A: 1, L: 2, P: 3 },
  AC: { L: 0, H: 1 },
  AT: { N: 0, P: 1 },
  PR: { N: 0, L: 1, H: 2 },
  UI: { N: 0, P: 1, A: 2 },
  VC: { H: 0, L: 1, N: 2 },
  VI: { H: 0, L: 1, N: 2 },
  VA: { H: 0, L: 1, N: 2 },
  SC: { H: 1, L: 2, N: 3 },
  SI: { H: 1, L: 2, N: 3 },
  SA: { H: 1, L: 2, N: 3 },
} as const
type Steps = Readonly<Record<keyof typeof steps, number>>

/**
 * Scores of the macrovectors that base metrics alone can reach, and of those next below them: by EQ1 and EQ2, then EQ3 and
 * EQ6, then EQ4 (1, 2); EQ5 is 0. Section 8.3 of the specification (the table is published with it).
 */
const scores: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  '00': { '00': [10, 9.3], '01': [9.6, 9], '10': [9.3, 8.8], '11': [9.2, 8], '21': [7.9, 6.9] },
  '01': { '00': [9.5, 9.2], '01': [9.1, 8.1], '10': [9.2, 8.4], '11': [8.2, 7], '21': [7.1, 6.3] },
  '10': { '00': [9.4, 8.7], '01': [8.9, 7.5], '10': [8.6, 7.2], '11': [7.6, 5.7], '21': [6.5, 5.3] },
  '11': { '00': [9, 7.7], '01': [7.7, 6.6], '10': [7.4, 6.1], '11': [5.9, 5.2], '21': [5.8, 2.3] },
  '20': { '00': [8.6, 7], '01': [7.4, 5.4], '10': [7.2, 5.3], '11': [5.7, 3.6], '21': [4.7, 2.4] },
  '21': { '00': [7.3, 5.4], '01': [5.5, 4.3], '10': [6.1, 4.6], '11': [5.1, 1.8], '21': [2.4, 1] },
}

/** The worst vectors of each level, in steps. Section 8.2, tables 24 to 30. */
const worst = {
  eq1: [
    [[0, 0, 0]],
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    [
      [3, 0, 0],
      [1, 1, 1],
    ],
  ],
  eq2: [
    [[0, 0]],
    [
      [1, 0],
      [0, 1],
    ],
  ],
  eq36: {
    '00': [[0, 0, 0]],
    '10': [
      [1, 0, 0],
      [0, 1, 0],
    ],
    '21': [[1, 1, 1]],
  },
  eq4: { 1: [[1, 1, 1]], 2: [[2, 2, 2]] },
} as const
/** How many steps each level is deep. */
const depths = {
  eq1: [1, 4, 5],
  eq2: [1, 2],
  eq36: { '00': 7, '10': 8, '21': 10 },
  eq4: { 1: 5, 2: 4 },
} as const

/**
 * The base score (CVSS-B) of a v4.0 vector: threat and environmental metrics are left out, as they are for v2 and v3.
 * The macrovector's score is lowered by how far the vector lies below the worst one of its macrovector.
 */
export function baseScoreV4(vector: string): number | undefined {
  const metrics = vector.startsWith('CVSS:4.0/') ? metricsOf(vector.slice(9)) : undefined
  const step = metrics && weightsOf(metrics, steps)
  if (!step) return undefined
  if (isHarmless(step)) return 0
  const level = levelsOf(step)
  const at = (eq1: number, eq2: number, eq36: string, eq4: 1 | 2) => scores[`${eq1}${eq2}`][eq36][eq4 - 1]
  const score = at(level.eq1, level.eq2, level.eq36, level.eq4)
  const drops = [
    level.eq1 < 2 &&
      share(
        score - at(level.eq1 + 1, level.eq2, level.eq36, level.eq4),
        below([step.AV, step.PR, step.UI], worst.eq1[level.eq1]),
        depths.eq1[level.eq1],
      ),
    level.eq2 < 1 &&
      share(
        score - at(level.eq1, 1, level.eq36, level.eq4),
        below([step.AC, step.AT], worst.eq2[level.eq2]),
        depths.eq2[level.eq2],
      ),
    level.eq36 !== '21' &&
      share(
        score - nextBelow36(level, at),
        below([step.VC, step.VI, step.VA], worst.eq36[level.eq36]),
        depths.eq36[level.eq36],
      ),
    level.eq4 < 2 &&
      share(
        score - at(level.eq1, level.eq2, level.eq36, 2),
        below([step.SC, step.SI, step.SA], worst.eq4[level.eq4]),
        depths.eq4[level.eq4],
      ),
    // Exploit maturity is at its worst, and a level below it always exists.
    0,
  ].filter((drop) => drop !== false)
  const mean = drops.reduce((sum, drop) => sum + drop, 0) / drops.length
  // A hair above the half, so that 8.65 does not depend on how a double holds it.
  return Math.round((Math.min(Math.max(score - mean, 0), 10) + 1e-6) * 10) / 10
}

interface Levels {
  readonly eq1: 0 | 1 | 2
  readonly eq2: 0 | 1
  readonly eq36: '00' | '10' | '21'
  readonly eq4: 1 | 2
}

/** Section 8.2: with no environment, EQ6 follows from EQ3. */
function levelsOf(step: Steps): Levels {
  const ease = step.AV + step.PR + step.UI
  const severe = step.VC === 0 && step.VI === 0
  return {
    eq1: ease === 0 ? 0 : (step.AV === 0 || step.PR === 0 || step.UI === 0) && step.AV < 3 ? 1 : 2,
    eq2: step.AC === 0 && step.AT === 0 ? 0 : 1,
    eq36: severe ? '00' : step.VC === 0 || step.VI === 0 || step.VA === 0 ? '10' : '21',
    eq4: step.SC === 1 || step.SI === 1 || step.SA === 1 ? 1 : 2,
  }
}

function isHarmless(step: Steps): boolean {
  return step.VC === 2 && step.VI === 2 && step.VA === 2 && step.SC === 3 && step.SI === 3 && step.SA === 3
}

type ScoreAt = (eq1: number, eq2: number, eq36: string, eq4: 1 | 2) => number

/** Two ways lead down from 00; the one with the higher score counts. */
function nextBelow36({ eq1, eq2, eq36, eq4 }: Levels, at: ScoreAt): number {
  if (eq36 === '00') return Math.max(at(eq1, eq2, '01', eq4), at(eq1, eq2, '10', eq4))
  return at(eq1, eq2, '11', eq4)
}

/** Steps below the first of the worst vectors that is nowhere better than this one. */
function below(step: readonly number[], candidates: readonly (readonly number[])[]): number {
  const reference = candidates.find((candidate) => candidate.every((value, index) => step[index] >= value))
  // Every level's worst vectors cover all of its vectors, so there is one.
  return (reference ?? step).reduce((sum, value, index) => sum + step[index] - value, 0)
}

function share(drop: number, distance: number, depth: number): number {
  return drop * (distance / depth)
}
