import type { FixState } from '@lanner/model'
import type { AdvisoryRecord, AffectedPackage, RangeEvent, VersionRange } from './advisory.ts'

/** What one OSV record says: the part that holds for all packages, and one entry for each package of an ecosystem. */
export interface OsvReading {
  readonly record: AdvisoryRecord
  /** Empty for records that only name commits. */
  readonly affected: readonly AffectedPackage[]
}

/** Far above anything published (856 packages, 1,583 versions were the most seen), far below what hurts. */
const caps = {
  affected: 50_000,
  rangesPerPackage: 10_000,
  eventsPerRange: 10_000,
  versionsPerPackage: 100_000,
  list: 10_000,
  references: 100,
  identifier: 256,
  name: 1_024,
  version: 512,
  summary: 1_000,
  details: 4_000,
  address: 2_048,
} as const

/** Ecosystems whose own word on severity (`database_specific.severity`) is a distribution's rating. */
const ratingDistributions: ReadonlySet<string> = new Set([
  'AlmaLinux',
  'Azure Linux',
  'Debian',
  'Mageia',
  'Photon OS',
  'Red Hat',
  'Rocky Linux',
  'SUSE',
  'Ubuntu',
  'openEuler',
  'openSUSE',
])

/** Thrown inside this file only; becomes `problem`. */
class Malformed extends Error {}

/**
 * Reads one record in OSV form (https://ossf.github.io/osv-schema/), which may come from anywhere: fields that are not used
 * are not looked at, optional ones may be null as RustSec writes them, and whatever would make a package look safe by being
 * left out (a range that cannot be read, an event that is no text) refuses the whole record with the reason.
 */
export function readOsv(json: unknown): OsvReading | { readonly problem: string } {
  try {
    const source = objectOf(json, 'the record')
    const id = identifierOf(source['id'], 'id')
    const rating = ratingOf(source)
    const record = recordOf(source, id, rating)
    return { record, affected: affectedOf(source, record, rating) }
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message }
    throw error
  }
}

type Fields = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objectOf(value: unknown, where: string): Fields {
  if (!isObject(value)) throw new Malformed(`${where} is not an object`)
  return value
}

function listOf(value: unknown, where: string, cap: number): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Malformed(`${where} is not a list`)
  if (value.length > cap) throw new Malformed(`${where} has ${value.length} entries, more than ${cap}`)
  return value
}

function textOf(value: unknown, where: string, cap: number): string {
  if (typeof value !== 'string') throw new Malformed(`${where} is not a text`)
  if (value.length === 0) throw new Malformed(`${where} is empty`)
  if (value.length > cap) throw new Malformed(`${where} is longer than ${cap} characters`)
  return value
}

/** Control characters in an identifier would end up in terminals, file names and keys. */
function identifierOf(value: unknown, where: string, cap: number = caps.identifier): string {
  const text = textOf(value, where, cap)
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new Malformed(`${where} contains control characters`)
  return text
}

/** The texts of a list that is for people or for look-up only: what is not a short text is left out. */
function texts(value: unknown, cap: number, length: number = caps.identifier): string[] {
  if (!Array.isArray(value)) return []
  const found = new Set<string>()
  for (const item of value) {
    if (found.size >= cap) break
    if (typeof item === 'string' && item.length > 0 && item.length <= length) found.add(item)
  }
  return [...found]
}

function optionalText(value: unknown, cap: number): string | undefined {
  if (typeof value !== 'string' || value.length === 0) return undefined
  return value.length > cap ? value.slice(0, cap) : value
}

/** RFC 3339 with a zone; seconds may carry a fraction. */
const instant = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,12})?(?:[Zz]|[+-]\d{2}:?\d{2})$/

function optionalInstant(value: unknown): string | undefined {
  return typeof value === 'string' && instant.test(value) ? value : undefined
}

function ratingOf(source: Fields): string | undefined {
  const specific = source['database_specific']
  if (!isObject(specific)) return undefined
  const word = optionalText(specific['severity'], 64)
  return word === undefined || word.toLowerCase() === 'none' ? undefined : word
}

function recordOf(source: Fields, id: string, rating: string | undefined): AdvisoryRecord {
  const modified = optionalInstant(source['modified'])
  if (modified === undefined) throw new Malformed('modified is not a time in RFC 3339')
  const withdrawn = source['withdrawn']
  if (withdrawn !== undefined && withdrawn !== null && optionalInstant(withdrawn) === undefined) {
    throw new Malformed('withdrawn is not a time in RFC 3339')
  }
  const published = optionalInstant(source['published'])
  const summary = optionalText(source['summary'], caps.summary)
  const details = optionalText(source['details'], caps.details)
  return {
    id,
    feed: 'osv',
    aliases: texts(source['aliases'], caps.list),
    upstream: texts(source['upstream'], caps.list),
    related: texts(source['related'], caps.list),
    ...(published ? { published } : {}),
    modified,
    ...(typeof withdrawn === 'string' ? { withdrawn } : {}),
    ...(summary ? { summary } : {}),
    ...(details ? { details } : {}),
    severity: severitiesOf(source),
    ...(rating ? { rating } : {}),
    references: referencesOf(source['references']),
    cwes: cwesOf(source['database_specific']),
    ...(id.startsWith('MAL-') ? { malicious: true } : {}),
  }
}

function severitiesOf(source: Fields): { type: string; score: string }[] {
  const found = new Map<string, { type: string; score: string }>()
  const take = (list: unknown) => {
    if (!Array.isArray(list)) return
    for (const item of list) {
      if (found.size >= 64) return
      if (!isObject(item)) continue
      const score = optionalText(item['score'], 512)
      // One Ubuntu record carries a priority without its type.
      const type = optionalText(item['type'], 64) ?? 'unspecified'
      if (score) found.set(`${type} ${score}`, { type, score })
    }
  }
  take(source['severity'])
  // The schema forbids severities at both levels at once, so those of the packages are taken where the record has none.
  if (found.size === 0 && Array.isArray(source['affected'])) {
    for (const entry of source['affected'].slice(0, 64)) if (isObject(entry)) take(entry['severity'])
  }
  return [...found.values()]
}

function referencesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  const addresses = value
    .slice(0, caps.references * 4)
    .map((item) => (isObject(item) ? item['url'] : undefined))
  return texts(addresses, caps.references, caps.address).filter((address) => /^https?:\/\//i.test(address))
}

function cwesOf(specific: unknown): string[] {
  if (!isObject(specific)) return []
  return texts(specific['cwe_ids'] ?? specific['cwe'], 64, 32).filter((cwe) => /^CWE-\d+$/.test(cwe))
}

function affectedOf(source: Fields, record: AdvisoryRecord, rating: string | undefined): AffectedPackage[] {
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

/** Fix states beyond the range, as Canonical, the Debian tracker and Red Hat's converted documents put them beside it. */
function stateOf(specific: Fields): { fixState?: FixState; fixReason?: string; notAffected?: boolean } {
  const status = optionalText(specific['status'], 64)?.toLowerCase()
  const note = optionalText(specific['remediation_details'] ?? specific['status_note'], 256)
  const noAdvisory = optionalText(specific['nodsa'], 256)
  if (specific['urgency'] === 'end-of-life') return { fixState: 'end-of-life', fixReason: 'end-of-life' }
  const remediation = specific['remediation']
  if (remediation === 'no_fix_planned') {
    const outOfScope = note?.toLowerCase() === 'out of support scope'
    return { fixState: outOfScope ? 'end-of-life' : 'will-not-fix', ...(note ? { fixReason: note } : {}) }
  }
  if (remediation === 'none_available') {
    const deferred = note?.toLowerCase() === 'fix deferred'
    return { fixState: deferred ? 'deferred' : 'not-fixed', ...(note ? { fixReason: note } : {}) }
  }
  switch (status) {
    case 'not-affected':
    case 'not_affected':
    case 'known_not_affected':
      return { notAffected: true, ...(note ? { fixReason: note } : {}) }
    case 'undetermined':
    case 'needs-triage':
    case 'under_investigation':
      return { fixState: 'under-investigation', fixReason: note ?? status }
    case 'deferred':
      return { fixState: 'deferred', fixReason: note ?? status }
    case 'ignored':
      return { fixState: 'will-not-fix', fixReason: note ?? status }
    case 'needed':
    case 'pending':
      return { fixState: 'not-fixed', fixReason: note ?? status }
    case 'open':
      return noAdvisory === undefined ? { fixState: 'not-fixed' } : withoutAdvisory(specific, noAdvisory)
    default:
      return {}
  }
}

function withoutAdvisory(specific: Fields, words: string): { fixState: FixState; fixReason: string } {
  const reason = specific['nodsa_reason']
  const fixState = reason === 'ignored' ? 'will-not-fix' : reason === 'postponed' ? 'deferred' : 'not-fixed'
  return { fixState, fixReason: `no-dsa: ${words}` }
}

function ratedBy(
  ecosystem: string,
  entry: Fields,
  specific: Fields,
  record: AdvisoryRecord,
  rating: string | undefined,
): { rating?: string } {
  const distribution = ecosystem.split(':', 1)[0]
  const own =
    debianUrgency(specific['urgency']) ??
    optionalText(specific['ubuntu_priority'], 64) ??
    (distribution === 'Ubuntu' ? ubuntuPriority(entry, record) : undefined) ??
    (ratingDistributions.has(distribution) ? rating : undefined)
  return own ? { rating: own } : {}
}

/** The stars mark an urgency taken from NVD; `not yet assigned` is none. */
function debianUrgency(value: unknown): string | undefined {
  const word = optionalText(value, 64)?.replace(/\*{1,2}$/, '')
  return word === 'not yet assigned' ? undefined : word
}

/** Canonical writes its priority as a severity of type `Ubuntu`, on the record or on the package. */
function ubuntuPriority(entry: Fields, record: AdvisoryRecord): string | undefined {
  if (Array.isArray(entry['severity'])) {
    for (const item of entry['severity'].slice(0, 64)) {
      if (isObject(item) && item['type'] === 'Ubuntu') return optionalText(item['score'], 64)
    }
  }
  return record.severity.find((severity) => severity.type === 'Ubuntu')?.score
}

function limitsOf(specific: Fields): {
  module?: string
  binaries?: readonly string[]
  imports?: readonly string[]
} {
  const module = optionalText(specific['rpm_module'], caps.identifier)
  const binaries = binariesOf(specific['binaries'])
  const imports = importsOf(specific['imports'])
  return {
    ...(module ? { module } : {}),
    ...(binaries.length > 0 ? { binaries } : {}),
    ...(imports.length > 0 ? { imports } : {}),
  }
}

/** Canonical's `{ binary_name, binary_version }`, and the older form whose keys are the names. */
function binariesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  const names = value
    .slice(0, caps.list)
    .flatMap((item) =>
      isObject(item) ? ('binary_name' in item ? [item['binary_name']] : Object.keys(item)) : [],
    )
  return texts(names, caps.list)
}

/** `path` or `path: Symbol, Other.Method`. */
function importsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  const lines = value.slice(0, 1_000).map((item) => {
    if (!isObject(item)) return undefined
    const path = optionalText(item['path'], caps.identifier)
    const symbols = texts(item['symbols'], 50, 128)
    return path && symbols.length > 0 ? `${path}: ${symbols.join(', ')}` : path
  })
  return texts(lines, 1_000, 8_192)
}
