import type { Cvss } from '@lanner/model'
import { baseScoreV2 } from './v2.ts'
import { baseScoreV3 } from './v3.ts'
import { baseScoreV4 } from './v4.ts'

/** The version and base score of a CVSS vector of any version; undefined when it is none. */
export function readCvss(vector: string): Pick<Cvss, 'version' | 'vector' | 'score'> | undefined {
  const text = vector.trim()
  if (text.startsWith('CVSS:4.0/')) {
    const score = baseScoreV4(text)
    return score === undefined ? undefined : { version: '4.0', vector: text, score }
  }
  if (text.startsWith('CVSS:3.')) {
    const scored = baseScoreV3(text)
    return scored && { version: scored.version, vector: text, score: scored.score }
  }
  const score = baseScoreV2(text)
  return score === undefined ? undefined : { version: '2.0', vector: text, score }
}
