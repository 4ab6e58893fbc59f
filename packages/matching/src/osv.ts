import type { AdvisoryRecord, AffectedPackage } from './advisory.ts'
import { affectedOf } from './osv/affected.ts'
import {
  caps,
  type Fields,
  identifierOf,
  isObject,
  Malformed,
  objectOf,
  optionalInstant,
  optionalText,
  texts,
} from './osv/fields.ts'

/** What one OSV record says: the part that holds for all packages, and one entry for each package of an ecosystem. */
export interface OsvReading {
  readonly record: AdvisoryRecord
  /** Empty for records that only name commits. */
  readonly affected: readonly AffectedPackage[]
}

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
