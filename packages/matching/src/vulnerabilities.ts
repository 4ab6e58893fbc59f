import type { Cvss, RatedSeverity, Vulnerability } from '@lanner/model'
import type { AdvisoryReader, AdvisoryRecord } from './advisory.ts'
import { cveOfId, isCve, isDistributionRecord, prefixOf, vulnerabilitiesOf } from './aliases.ts'
import { compareCvss, cvssScore } from './cps-rating.ts'
import { type CvssReader, ratingsBeside } from './severity.ts'

/** What is known of one vulnerability from all records, and which those are. */
export interface KnownVulnerability {
  readonly vulnerability: Vulnerability
  /** What rates it whatever the package, in the order in which it is believed. */
  readonly ratings: readonly RatedSeverity[]
  /** As `cvssScore` gives it. */
  readonly score: number | undefined
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
  const specific = [...described, ...byCve]
  // An erratum's text is about everything it fixes: better than none, worse than any other.
  const texts = [...specific, ...matched]
  const facts = advisories.cve(id)
  const rated = distinctCvss(specific.flatMap(readCvss))
  const cvss = rated.length > 0 ? rated : distinctCvss(matched.flatMap(readCvss))
  const title = first(texts, (record) => record.summary)
  const description = first(texts, (record) => record.details)
  const published = earliest(texts.map((record) => record.published))
  const modified = latest(texts.map((record) => record.modified))
  const vulnerability: Vulnerability = {
    id,
    aliases: aliasesOf(id, described),
    ...(title ? { title } : {}),
    ...(description ? { description } : {}),
    ...(published ? { published } : {}),
    ...(modified ? { modified } : {}),
    cvss,
    ...(facts?.epss ? { epss: facts.epss } : {}),
    ...(facts?.exploited ? { exploited: facts.exploited } : {}),
    cwes: collect(texts, (record) => record.cwes, listed.cwes),
    references: collect(texts, (record) => record.references, listed.references),
    ...(about.some((record) => record.malicious) ? { malicious: true } : {}),
  }
  return { vulnerability, ratings: ratingsBeside(cvss, specific), score: cvssScore(cvss) }
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
  for (const other of inPrecedence(others).slice(0, recordsRead)) {
    const record = advisories.record(other)
    // `related` brings records of other vulnerabilities in; only what names this one as its own is about it.
    if (record && !record.withdrawn && vulnerabilitiesOf(record, advisories).includes(id))
      found.set(other, record)
  }
  return inPrecedence(found.keys()).flatMap((one) => found.get(one) ?? [])
}

function inPrecedence(ids: Iterable<string>): string[] {
  return [...ids]
    .map((id) => ({ id, place: precedence(id) }))
    .sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id)
}

function mayDescribe(record: string, id: string): boolean {
  return !isDistributionRecord(record) || cveOfId(record) === id
}

const precedences: ReadonlyMap<string, number> = new Map(
  ['GHSA', 'CVE', 'GO', 'RUSTSEC', 'PYSEC', 'EEF', 'HSEC', 'OSEC', 'RSEC', 'DRUPAL', 'MAL'].map(
    (prefix, place) => [prefix, place],
  ),
)

function precedence(id: string): number {
  const place = precedences.get(prefixOf(id))
  if (place !== undefined) return place
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

/** Of equal instants the one that comes first. */
function earliest(instants: readonly (string | undefined)[]): string | undefined {
  return outermost(instants, (time, best) => time < best)
}

/** Of equal instants the one that comes last. */
function latest(instants: readonly (string | undefined)[]): string | undefined {
  return outermost(instants, (time, best) => time >= best)
}

function outermost(
  instants: readonly (string | undefined)[],
  isFurther: (time: number, best: number) => boolean,
): string | undefined {
  let found: string | undefined
  let best = 0
  for (const instant of instants) {
    const time = instant === undefined ? Number.NaN : Date.parse(instant)
    if (Number.isNaN(time) || (found !== undefined && !isFurther(time, best))) continue
    found = instant
    best = time
  }
  return found
}
