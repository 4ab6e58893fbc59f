import { type Cvss, type RatedSeverity, type Severity, severityOfScore, severityOfWord } from '@lanner/model'
import type { AdvisoryRecord } from './advisory.ts'
import { compareCvss } from './cps-rating.ts'
import { readCvss } from './cvss/index.ts'

/** The CVSS ratings of a record, best version first; texts that are no CVSS vector are left out. */
export type CvssReader = (record: AdvisoryRecord) => readonly Cvss[]

/** A reader that reads each record once and, for they are few and repeat, scores each distinct vector once. */
export function cvssReader(): CvssReader {
  const records = new Map<AdvisoryRecord, readonly Cvss[]>()
  const vectors = new Map<string, ReturnType<typeof readCvss>>()
  const scored = (vector: string) => {
    if (vectors.has(vector)) return vectors.get(vector)
    const read = readCvss(vector)
    vectors.set(vector, read)
    return read
  }
  return (record) => {
    let found = records.get(record)
    if (!found) records.set(record, (found = cvssOf(record, scored)))
    return found
  }
}

function cvssOf(record: AdvisoryRecord, score: typeof readCvss): Cvss[] {
  const found: Cvss[] = []
  for (const { type, score: vector } of record.severity) {
    if (!type.startsWith('CVSS')) continue
    const scored = score(vector)
    if (scored) found.push({ ...scored, source: record.id })
  }
  return found.length > 1 ? found.sort(compareCvss) : found
}

export function ratedByCvss(cvss: Cvss): RatedSeverity {
  return {
    severity: severityOfScore(cvss.score, cvss.version),
    source: `cvss ${cvss.version} (${cvss.source})`,
    given: String(cvss.score),
  }
}

/** Debian's urgencies are a maintainer's priorities; only these two say how severe the issue is there. */
const debianWords: ReadonlySet<string> = new Set(['unimportant', 'end-of-life'])

/** A distribution's own word on one of its packages. Its rating of the erratum counts where it rated no package. */
export interface DistributionWord {
  /** OSV ecosystem without release. */
  readonly distribution: string
  readonly word: string | undefined
  readonly record: AdvisoryRecord | undefined
}

/** The distribution's own rating; undefined when it gave none that says how severe the issue is. */
export function ratedByDistribution({
  distribution,
  word,
  record,
}: DistributionWord): RatedSeverity | undefined {
  const source = distribution.toLowerCase()
  if (word !== undefined) {
    if (distribution === 'Debian' && !debianWords.has(word)) return undefined
    const severity = severityOfWord(word)
    if (severity !== 'unknown') return { severity, source, given: word }
  }
  const titled = record && wordOfSummary(record.summary)
  const severity = severityOfWord(titled)
  return titled && severity !== 'unknown' ? { severity, source, given: titled } : undefined
}

/** `Important: kernel security update` (AlmaLinux, Rocky), `… security update (Important)` (Red Hat). */
function wordOfSummary(summary: string | undefined): string | undefined {
  if (!summary) return undefined
  const text = summary.slice(0, 300)
  return (
    text.match(/^(Critical|Important|Moderate|Low):/)?.[1] ??
    text.match(/\((Critical|Important|Moderate|Low)\)$/)?.[1]
  )
}

/** A record's word on itself, as GitHub gives one (`HIGH`). */
export function ratedByWord(record: AdvisoryRecord): RatedSeverity | undefined {
  const severity = severityOfWord(record.rating)
  if (!record.rating || severity === 'unknown') return undefined
  return { severity, source: record.id, given: record.rating }
}

/** Everything that rates one vulnerability in one package, in the order in which it is believed. */
export interface RatingSources {
  readonly malicious: boolean
  readonly words: readonly DistributionWord[]
  /** The records that matched. */
  readonly records: readonly AdvisoryRecord[]
  /** What other records of the same vulnerability rate it, as `ratingsBeside` gives it. */
  readonly others: readonly RatedSeverity[]
}

/** What rates a vulnerability whatever the package: CVSS first, then the words of the records about it. */
export function ratingsBeside(cvss: readonly Cvss[], records: readonly AdvisoryRecord[]): RatedSeverity[] {
  return [
    ...[...cvss].sort(compareCvss).map(ratedByCvss),
    ...records.flatMap((record) => ratedByWord(record) ?? []),
  ]
}

/**
 * All ratings, the one that counts first: the distribution's own, then the CVSS of the records that matched (v4, v3, v2) and
 * their words, then those of other records of the same vulnerability.
 */
export function ratingsOf(sources: RatingSources, read: CvssReader): RatedSeverity[] {
  const ratings: RatedSeverity[] = []
  if (sources.malicious)
    ratings.push({ severity: 'critical', source: 'malicious package', given: 'malicious' })
  for (const word of sources.words) {
    const rated = ratedByDistribution(word)
    if (rated) ratings.push(rated)
  }
  const own = sources.records.flatMap(read)
  if (own.length > 1) own.sort(compareCvss)
  for (const cvss of own) ratings.push(ratedByCvss(cvss))
  for (const record of sources.records) {
    const rated = ratedByWordOnly(record, sources.words)
    if (rated) ratings.push(rated)
  }
  ratings.push(...sources.others)
  return ratings.length > 1 ? distinct(ratings) : ratings
}

/** A distribution's word is already among the first where it was given for the package. */
function ratedByWordOnly(
  record: AdvisoryRecord,
  words: readonly DistributionWord[],
): RatedSeverity | undefined {
  return words.some((word) => word.word !== undefined && word.record === record)
    ? undefined
    : ratedByWord(record)
}

function distinct(ratings: readonly RatedSeverity[]): RatedSeverity[] {
  const seen = new Set<string>()
  return ratings.filter(({ source, given }) => {
    const key = `${source} ${given}`
    return seen.has(key) ? false : seen.add(key)
  })
}

export function severityOf(ratings: readonly RatedSeverity[]): Severity {
  return ratings.find((rating) => rating.severity !== 'unknown')?.severity ?? 'unknown'
}
