import { assessFreshness, type FreshnessLimits } from '@lanner/advisories'
import type { ImageInventory } from '@lanner/extractors'
import {
  type AdvisoryReader,
  assessmentReasons,
  distributionCoverage,
  type MatchResult,
  matchPackages,
} from '@lanner/matching'
import type { AssessmentReason, Finding } from '@lanner/model'

/** A week: feeds publish daily, and a pipeline that updates nightly survives a few missed nights. */
export const freshnessLimits: FreshnessLimits = { hours: 7 * 24 }

/** What the advisories say of an inventory, and whether they are fresh enough to say it. */
export function matchInventory(
  inventory: ImageInventory,
  advisories: AdvisoryReader,
  now: Date,
): MatchResult {
  const { packages, distribution, repositoryCpes } = inventory
  const input = { packages, repositoryCpes, now, ...(distribution ? { distribution } : {}) }
  const { findings, reasons } = matchPackages(input, advisories)
  return { findings, reasons: [...reasons, ...staleReasons(advisories, now)] }
}

/** What is to be said beside findings that were made before, by the same rules. */
export function inventoryReasons(
  inventory: ImageInventory,
  advisories: AdvisoryReader,
  findings: readonly Finding[],
  now: Date,
): AssessmentReason[] {
  const { packages, distribution, repositoryCpes } = inventory
  const coverage = distribution && distributionCoverage(distribution, repositoryCpes)
  const input = { packages, now, ...(distribution ? { distribution } : {}) }
  return [...assessmentReasons(input, coverage, advisories, findings), ...staleReasons(advisories, now)]
}

/** Advisories that nobody asked for lately may lack what was published since: told once, and the assessment is partial. */
function staleReasons(advisories: AdvisoryReader, now: Date): AssessmentReason[] {
  const stale = assessFreshness(advisories.freshness(), freshnessLimits, now).filter((source) => source.stale)
  const [oldest] = stale
  if (oldest === undefined) return []
  const others = stale.length > 1 ? ` (and ${stale.length - 1} more)` : ''
  return [{ code: 'stale-feed', message: `The advisories are out of date: ${oldest.message}${others}.` }]
}
