import type { Cvss, Vulnerability } from '@lanner/model'
import type { AdvisoryReader, AdvisoryRecord } from './advisory.ts'
import { cveOfId, isCve, isDistributionRecord, vulnerabilitiesOf } from './aliases.ts'
import { compareCvss } from './cps-rating.ts'
import { type CvssReader, cvssOf } from './severity.ts'

/** What is known of one vulnerability from all records, and which those are. */
export interface KnownVulnerability {
  readonly vulnerability: Vulnerability
  /** Standing records about this one vulnerability (errata of distributions left out). */
  readonly records: readonly AdvisoryRecord[]
}

/** Records beyond those that matched: the best described ones. What comes after them repeats the same CVSS and text. */
const recordsRead = 8
const listed = { aliases: 50, references: 100, cwes: 20, cvss: 20 } as const

/** Gathers what all records say of a vulnerability. `matched` are those that matched: they count even if no other is found. */
export function knownVulnerability(
  id: string,
  matched: readonly AdvisoryRecord[],
  advisories: AdvisoryReader,
  readCvss: CvssReader,
): KnownVulnerability {
  const about = recordsAbout(id, matched, advisories)
  const described = about.filter((record) => !isDistributionRecord(record.id))
  const byCve = about.filter((record) => isDistributionRecord(record.id) && cveOfId(record.id) === id)
  // An erratum's text is about everything it fixes: better than none, worse than any other.
  const texts = [...described, ...byCve, ...matched]
  const facts = advisories.cve(id)
  const cvss = distinctCvss([...described, ...byCve].flatMap((record) => cvssOf(record, readCvss)))
  const title = first(texts, (record) => record.summary)
  const description = first(texts, (record) => record.details)
  const published = earliest(texts.map((record) => record.published))
  const modified = latest([...described, ...byCve, ...matched].map((record) => record.modified))
  const vulnerability: Vulnerability = {
    id,
    aliases: aliasesOf(id, described),
    ...(title ? { title } : {}),
    ...(description ? { description } : {}),
    ...(published ? { published } : {}),
    ...(modified ? { modified } : {}),
    cvss: cvss.length > 0 ? cvss : distinctCvss(matched.flatMap((record) => cvssOf(record, readCvss))),
    ...(facts?.epss ? { epss: facts.epss } : {}),
    ...(facts?.exploited ? { exploited: facts.exploited } : {}),
    cwes: collect(texts, (record) => record.cwes, listed.cwes),
    references: collect(texts, (record) => record.references, listed.references),
    ...(about.some((record) => record.malicious) ? { malicious: true } : {}),
  }
  return { vulnerability, records: [...described, ...byCve] }
}

/** The records about this vulnerability alone, those that describe it best first. */
function recordsAbout(
  id: string,
  matched: readonly AdvisoryRecord[],
  advisories: AdvisoryReader,
): AdvisoryRecord[] {
  const found = new Map<string, AdvisoryRecord>()
  for (const record of matched) found.set(record.id, record)
  const others = advisories.recordsOf(id).filter((other) => !found.has(other) && mayDescribe(other, id))
  others.sort(byPrecedence)
  for (const other of others.slice(0, recordsRead)) {
    const record = advisories.record(other)
    // `related` brings records of other vulnerabilities in; only what names this one as its own is about it.
    if (record && !record.withdrawn && vulnerabilitiesOf(record, advisories).includes(id))
      found.set(other, record)
  }
  return [...found.values()].sort((a, b) => byPrecedence(a.id, b.id))
}

function byPrecedence(a: string, b: string): number {
  return precedence(a) - precedence(b) || (a < b ? -1 : 1)
}

function mayDescribe(record: string, id: string): boolean {
  return !isDistributionRecord(record) || cveOfId(record) === id
}

const precedences = [
  'GHSA-',
  'CVE-',
  'GO-',
  'RUSTSEC-',
  'PYSEC-',
  'EEF-',
  'HSEC-',
  'OSEC-',
  'RSEC-',
  'DRUPAL-',
  'MAL-',
]

function precedence(id: string): number {
  const place = precedences.findIndex((prefix) => id.startsWith(prefix))
  if (place >= 0) return place
  if (isDistributionRecord(id)) return cveOfId(id) ? 60 : 70
  return id.startsWith('x_') ? 50 : 40
}

/** Other names of the same vulnerability. A record of several CVEs says of none of its other ids which CVE they belong to. */
function aliasesOf(id: string, records: readonly AdvisoryRecord[]): string[] {
  const aliases = new Set<string>()
  for (const record of records) {
    aliases.add(record.id)
    const cves = record.aliases.filter(isCve)
    if (cves.length > 1) continue
    for (const alias of record.aliases) aliases.add(alias)
  }
  aliases.delete(id)
  return [...aliases].sort().slice(0, listed.aliases)
}

function distinctCvss(all: readonly Cvss[]): Cvss[] {
  const byVector = new Map<string, Cvss>()
  for (const cvss of all) if (!byVector.has(cvss.vector)) byVector.set(cvss.vector, cvss)
  return [...byVector.values()].sort(compareCvss).slice(0, listed.cvss)
}

function first(
  records: readonly AdvisoryRecord[],
  read: (record: AdvisoryRecord) => string | undefined,
): string | undefined {
  for (const record of records) {
    const text = read(record)
    if (text) return text
  }
  return undefined
}

function collect(
  records: readonly AdvisoryRecord[],
  read: (record: AdvisoryRecord) => readonly string[],
  cap: number,
): string[] {
  const found = new Set<string>()
  for (const record of records) {
    for (const item of read(record)) {
      if (found.size >= cap) return [...found]
      found.add(item)
    }
  }
  return [...found]
}

function earliest(instants: readonly (string | undefined)[]): string | undefined {
  return inTime(instants)[0]
}

function latest(instants: readonly (string | undefined)[]): string | undefined {
  return inTime(instants).at(-1)
}

function inTime(instants: readonly (string | undefined)[]): string[] {
  return instants
    .filter((instant) => instant !== undefined && !Number.isNaN(Date.parse(instant)))
    .sort((a, b) => Date.parse(a as string) - Date.parse(b as string)) as string[]
}
