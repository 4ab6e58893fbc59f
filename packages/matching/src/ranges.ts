import type { Verdict } from '@lanner/model'
import { order, schemes } from '@lanner/versions'
import type { RangeEvent, VersionRange } from './advisory.ts'
import type { InstalledVersion } from './version-order.ts'

/** What one range says of one version. */
export interface RangeJudgement {
  readonly verdict: Verdict
  /** The events that decided: `introduced 1.0, fixed 1.2`. */
  readonly text: string
  /** For `fixed`: the event that closed the range. */
  readonly fixedBy?: string
  /** For `unknown`: the bound that could not be compared. */
  readonly bound?: string
}

/**
 * The evaluation algorithm of the OSV schema for one range, without sorting first: the greatest event at or below the
 * version decides. Of two events at the same version the one that the record writes later decides, as a stable sort would.
 * https://ossf.github.io/osv-schema/#evaluation
 */
export function judgeRange(range: VersionRange, installed: InstalledVersion): RangeJudgement {
  const { events } = range
  const limit = withinLimits(events, installed)
  let decider = -1
  let unknownBound: string | undefined
  let mayBeIntroduced = false
  for (let index = 0; index < events.length; index++) {
    const event = events[index]
    if ('limit' in event) continue
    const passed = hasPassed(event, installed)
    if (passed === undefined) {
      unknownBound ??= boundOf(event)
      if ('introduced' in event) mayBeIntroduced = true
      continue
    }
    if (!passed) continue
    if ('introduced' in event) mayBeIntroduced = true
    if (decider < 0) decider = index
    else {
      const place = orderOfEvents(events[decider], event, installed)
      if (place === undefined) unknownBound ??= boundOf(event)
      else if (place <= 0) decider = index
    }
  }
  // Below every start nothing else matters, not even a bound that cannot be read.
  if (!mayBeIntroduced) return { verdict: 'unaffected', text: textOf(events, 0) }
  if (unknownBound !== undefined) return { verdict: 'unknown', text: textOf(events, 0), bound: unknownBound }
  if (limit === 'outside') return { verdict: 'unaffected', text: textOf(events, 0) }
  if (decider < 0) return { verdict: 'unaffected', text: textOf(events, 0) }
  const event = events[decider]
  const text = textOf(events, decider)
  if ('introduced' in event) {
    if (limit === 'unknown') return { verdict: 'unknown', text, bound: 'limit' }
    return { verdict: 'affected', text }
  }
  return 'fixed' in event ? { verdict: 'fixed', text, fixedBy: event.fixed } : { verdict: 'unaffected', text }
}

/** Whether the version is at or past the event; undefined when the scheme cannot tell. */
function hasPassed(event: RangeEvent, installed: InstalledVersion): boolean | undefined {
  if ('introduced' in event && event.introduced === '0') return true
  const place = installed.against(boundOf(event))
  if (place === 'unknown') return undefined
  return 'lastAffected' in event ? place === 'greater' : place !== 'less'
}

/** A version must lie below one of the limits; `*` is none. https://ossf.github.io/osv-schema/#affectedrangesevents-fields */
function withinLimits(
  events: readonly RangeEvent[],
  installed: InstalledVersion,
): 'inside' | 'outside' | 'unknown' {
  let answer: 'outside' | 'unknown' | undefined
  for (const event of events) {
    if (!('limit' in event)) continue
    if (event.limit === '*') return 'inside'
    const place = installed.against(event.limit)
    if (place === 'less') return 'inside'
    answer = place === 'unknown' || answer === 'unknown' ? 'unknown' : 'outside'
  }
  return answer ?? 'inside'
}

/** Below 0: `a` comes first; 0: same version; undefined: the scheme cannot tell. */
function orderOfEvents(a: RangeEvent, b: RangeEvent, installed: InstalledVersion): number | undefined {
  if ('introduced' in a && a.introduced === '0') return -1
  if ('introduced' in b && b.introduced === '0') return 1
  const place = order(schemes[installed.scheme], boundOf(a), boundOf(b))
  return place === 'unknown' ? undefined : place === 'less' ? -1 : place === 'equal' ? 0 : 1
}

function boundOf(event: RangeEvent): string {
  if ('introduced' in event) return event.introduced
  if ('fixed' in event) return event.fixed
  return 'limit' in event ? event.limit : event.lastAffected
}

/** The pair of events around one of them, as written: a range of twenty branches is not evidence that anyone can read. */
function textOf(events: readonly RangeEvent[], index: number): string {
  const start = 'introduced' in events[index] ? index : startBefore(events, index)
  const end = 'introduced' in events[index] ? index + 1 : index
  const parts = start >= 0 ? [wordsOf(events[start])] : []
  if (end < events.length && end !== start) parts.push(wordsOf(events[end]))
  return parts.join(', ')
}

function startBefore(events: readonly RangeEvent[], index: number): number {
  for (let at = index - 1; at >= 0; at--) if ('introduced' in events[at]) return at
  return -1
}

function wordsOf(event: RangeEvent): string {
  if ('introduced' in event) return `introduced ${event.introduced}`
  if ('fixed' in event) return `fixed ${event.fixed}`
  return 'limit' in event ? `limit ${event.limit}` : `last_affected ${event.lastAffected}`
}
