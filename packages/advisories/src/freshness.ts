import type { SourceFreshness } from '@lanner/matching'

/** How long a source may go unasked before it counts as stale, in hours. */
export interface FreshnessLimits {
  readonly hours: number
  /** For single sources: `epss`, `osv/Debian`. */
  readonly sources?: Readonly<Record<string, number>>
}

/** How long ago a source was asked, and whether that is too long. */
export interface SourceAge {
  readonly source: string
  /** Since we last asked it, in hours; undefined when its date cannot be read or lies in the future. */
  readonly hours?: number
  readonly stale: boolean
  /** For people, with what to do when it is stale. */
  readonly message: string
}

/** A clock may be some minutes off. */
const tolerance = 0.25

/**
 * The age of every source, stalest first. What counts is when we asked, not how new its newest record is: a small ecosystem may
 * have none for a year, and some records are dated in the future. A source without a readable date is stale.
 */
export function assessFreshness(
  sources: readonly SourceFreshness[],
  limits: FreshnessLimits,
  now: Date,
): SourceAge[] {
  return sources
    .map((source) => ageOf(source, limits, now))
    .sort((a, b) => (b.hours ?? Number.POSITIVE_INFINITY) - (a.hours ?? Number.POSITIVE_INFINITY))
}

function ageOf({ source, checked, newest }: SourceFreshness, limits: FreshnessLimits, now: Date): SourceAge {
  const hours = (now.getTime() - Date.parse(checked)) / 3_600_000
  if (!(hours >= -tolerance)) {
    return {
      source,
      stale: true,
      message: `${source}: when it was last asked is not known (${checked}); update the advisories`,
    }
  }
  const limit = limits.sources?.[source] ?? limits.hours
  const age = Math.max(0, hours)
  const stale = age > limit
  const dated = newest ? `, its newest entry is of ${newest}` : ''
  const message = `${source}: last asked ${describe(age)} ago${dated}`
  return { source, hours: age, stale, message: stale ? `${message}; update the advisories` : message }
}

function describe(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} minutes`
  return hours < 48 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`
}
