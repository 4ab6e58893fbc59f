import type { PackageFacts } from '@lanner/model'
import { MiB } from './extractor.ts'

/** Bounds on what one layer may yield; what is beyond is a problem that makes the image partially assessed. */
export interface ExtractionLimits {
  readonly maxPackages: number
  readonly maxWhiteouts: number
  /** Problems told one by one; the rest are counted. */
  readonly maxProblems: number
  /** Paths that lead out of the image, told by name; the rest are counted. */
  readonly maxRefused: number
  /** Characters of a package's name, version and the like. */
  readonly maxText: number
  /** Characters of all packages. */
  readonly maxLayerText: number
}

export const extractionLimits: ExtractionLimits = {
  maxPackages: 300_000,
  maxWhiteouts: 1_000_000,
  maxProblems: 1000,
  maxRefused: 20,
  maxText: 4096,
  maxLayerText: 200 * MiB,
}

/** Characters that a package takes; Infinity where one of its texts is longer than any real one. */
export function textLength(facts: PackageFacts): number {
  const { inner = '', licenses = [], source, qualifiers = {}, ...rest } = facts
  const texts = [
    ...Object.values(rest),
    ...licenses,
    source?.name,
    source?.version,
    ...Object.values(qualifiers),
  ]
  let length = inner.length
  for (const text of texts) {
    if (typeof text !== 'string') continue
    if (text.length > extractionLimits.maxText) return Number.POSITIVE_INFINITY
    length += text.length
  }
  return length
}
