import type { AffectedPackage, RangeEvent, VersionRange } from '@lanner/matching'

/**
 * How one entry lies in the store: a JSON array, because V8 reads such arrays faster than JavaScript reads a binary form
 * (strings dominate). Ecosystem and, mostly, the name are in the key already and are not repeated.
 * `[advisory, feed, name or 0, ranges, versions, rest?]`; a range is `[type, event, …]` with `S` or `E` for its type and
 * `i`, `f`, `l`, `x` (introduced, fixed, last affected, limit) before an event's version.
 */
type StoredEntry = readonly [
  advisory: string,
  feed: string,
  name: string | 0,
  ranges: readonly (readonly string[])[],
  versions: readonly string[],
  rest?: Rest,
]

type Rest = Pick<
  AffectedPackage,
  'fixState' | 'fixReason' | 'notAffected' | 'rating' | 'module' | 'binaries' | 'imports'
>

/** The entry as JSON text without line breaks or tabs. `lookedUpAs` is the name part of its key. */
export function encodeEntry(entry: AffectedPackage, lookedUpAs: string): string {
  const { advisory, feed, ecosystem: _, name, ranges, versions, ...rest } = entry
  const stored: unknown[] = [
    advisory,
    feed,
    name === lookedUpAs ? 0 : name,
    ranges.map((range) => [range.type === 'SEMVER' ? 'S' : 'E', ...range.events.map(encodeEvent)]),
    versions,
  ]
  if (Object.keys(rest).length > 0) stored.push(rest)
  return JSON.stringify(stored)
}

function encodeEvent(event: RangeEvent): string {
  if ('introduced' in event) return `i${event.introduced}`
  if ('fixed' in event) return `f${event.fixed}`
  return 'lastAffected' in event ? `l${event.lastAffected}` : `x${event.limit}`
}

/** Reverses `encodeEntry`; undefined for what it never made, which only damage explains. */
export function decodeEntry(
  stored: unknown,
  ecosystem: string,
  lookedUpAs: string,
): AffectedPackage | undefined {
  if (!isStoredEntry(stored)) return undefined
  const [advisory, feed, name, ranges, versions, rest] = stored
  return {
    advisory,
    feed,
    ecosystem,
    name: name === 0 ? lookedUpAs : name,
    ranges: ranges.map(decodeRange),
    versions,
    ...rest,
  }
}

function isStoredEntry(stored: unknown): stored is StoredEntry {
  if (!Array.isArray(stored) || typeof stored[0] !== 'string' || !Array.isArray(stored[4])) return false
  return Array.isArray(stored[3]) && stored[3].every((range) => Array.isArray(range) && range.every(isText))
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

/** The advisory that a stored entry belongs to. */
export function advisoryOf(stored: unknown): string {
  return Array.isArray(stored) ? String(stored[0]) : ''
}

function decodeRange(stored: readonly string[]): VersionRange {
  const events: RangeEvent[] = []
  for (let index = 1; index < stored.length; index++) {
    const version = stored[index].slice(1)
    switch (stored[index][0]) {
      case 'i':
        events.push({ introduced: version })
        break
      case 'f':
        events.push({ fixed: version })
        break
      case 'l':
        events.push({ lastAffected: version })
        break
      default:
        events.push({ limit: version })
    }
  }
  return { type: stored[0] === 'S' ? 'SEMVER' : 'ECOSYSTEM', events }
}
