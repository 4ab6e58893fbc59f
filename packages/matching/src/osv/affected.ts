import type { AdvisoryRecord, AffectedPackage, RangeEvent, VersionRange } from '../advisory.ts'
import { caps, type Fields, identifierOf, isObject, listOf, Malformed, objectOf, textOf } from './fields.ts'
import { limitsOf, ratedBy, stateOf } from './statements.ts'

/** One entry for each package of an ecosystem that the record names. Throws Malformed. */
export function affectedOf(
  source: Fields,
  record: AdvisoryRecord,
  rating: string | undefined,
): AffectedPackage[] {
  const entries: AffectedPackage[] = []
  for (const [index, item] of listOf(source['affected'], 'affected', caps.affected).entries()) {
    const where = `affected[${index}]`
    const entry = objectOf(item, where)
    // Records about commits only (GIT ranges) name no package.
    if (entry['package'] === undefined || entry['package'] === null) continue
    const named = objectOf(entry['package'], `${where}.package`)
    const ecosystem = identifierOf(named['ecosystem'], `${where}.package.ecosystem`)
    const name = identifierOf(named['name'], `${where}.package.name`, caps.name)
    const specific = isObject(entry['ecosystem_specific']) ? entry['ecosystem_specific'] : {}
    entries.push({
      advisory: record.id,
      feed: record.feed,
      ecosystem,
      name,
      ranges: rangesOf(entry['ranges'], where),
      versions: versionsOf(entry['versions'], where),
      ...stateOf(specific),
      ...ratedBy(ecosystem, entry, specific, record, rating),
      ...limitsOf(specific),
    })
  }
  return entries
}

function rangesOf(value: unknown, where: string): VersionRange[] {
  const ranges: VersionRange[] = []
  for (const [index, item] of listOf(value, `${where}.ranges`, caps.rangesPerPackage).entries()) {
    const place = `${where}.ranges[${index}]`
    const range = objectOf(item, place)
    const type = range['type']
    if (type === 'GIT') continue
    if (type !== 'ECOSYSTEM' && type !== 'SEMVER') throw new Malformed(`${place}.type is unknown`)
    const events: RangeEvent[] = []
    for (const event of listOf(range['events'], `${place}.events`, caps.eventsPerRange)) {
      const fields = objectOf(event, `${place}.events`)
      const before = events.length
      // The schema wants one key each; old records put two in one event, in this order.
      if (fields['introduced'] !== undefined)
        events.push({ introduced: eventText(fields['introduced'], place) })
      if (fields['fixed'] !== undefined) events.push({ fixed: eventText(fields['fixed'], place) })
      if (fields['last_affected'] !== undefined) {
        events.push({ lastAffected: eventText(fields['last_affected'], place) })
      }
      if (fields['limit'] !== undefined) events.push({ limit: eventText(fields['limit'], place) })
      if (events.length === before) throw new Malformed(`${place} has an event of no known kind`)
    }
    if (events.length === 0) throw new Malformed(`${place} has no events`)
    ranges.push({ type, events })
  }
  return ranges
}

function eventText(value: unknown, place: string): string {
  return textOf(value, `${place}.events`, caps.version)
}

function versionsOf(value: unknown, where: string): string[] {
  return listOf(value, `${where}.versions`, caps.versionsPerPackage).map((version) =>
    textOf(version, `${where}.versions`, caps.version),
  )
}
