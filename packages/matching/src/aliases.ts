import type { AdvisoryReader, AdvisoryRecord } from './advisory.ts'

const cveShape = /CVE-\d{4}-\d{4,12}/
const cveExactly = /^CVE-\d{4}-\d{4,12}$/

/** Whether an id is that of a CVE and nothing more. */
export function isCve(id: string): boolean {
  return cveExactly.test(id)
}

/** The CVE that stands in a record's id: `CVE-…`, `DEBIAN-CVE-…`, `ALPINE-CVE-…`, `UBUNTU-CVE-…`, `BELL-CVE-…`. */
export function cveOfId(id: string): string | undefined {
  if (cveExactly.test(id)) return id
  return id.length > 256 || !id.includes('CVE-') ? undefined : id.match(cveShape)?.[0]
}

const cvePrefixes = ['DEBIAN', 'UBUNTU', 'ALPINE', 'BELL', 'x_RHVEX']

/** The ids under which distributions write of a CVE; a record that names it nowhere else is found by these. */
export function distributionIdsOf(cve: string): readonly string[] {
  return isCve(cve) ? cvePrefixes.map((prefix) => `${prefix}-${cve}`) : []
}

/** Prefixes of the records that distributions write about their own packages: one of them may cover many CVEs. */
const distributionPrefixes: ReadonlySet<string> = new Set(
  (
    'x_RHVEX DSA DLA DTSA DEBIAN USN LSN UBUNTU ALPINE RHSA RHBA RHEA ALSA ALBA ALEA RLSA RLBA RLEA RXSA SUSE openSUSE ' +
    'OESA MGASA MGAA PHSA AZL CGA MINI ECHO BELL CLEANSTART ELSA ALAS'
  ).split(' '),
)

/** Whether a record is a distribution's own, by the prefix of its id. */
export function isDistributionRecord(id: string): boolean {
  return distributionPrefixes.has(prefixOf(id))
}

/** What stands before the first `-` or `:` of a record's id, the name of its database; empty where there is neither. */
export function prefixOf(id: string): string {
  for (let at = 0; at < id.length; at++) {
    const unit = id[at]
    if (unit === '-' || unit === ':') return id.slice(0, at)
  }
  return ''
}

/** Bug-fix and enhancement errata, published in the same feeds; no vulnerability unless they name a CVE. */
const maintenancePrefix = /^(?:(?:RH|AL|RL)[BE]A|(?:open)?SUSE-[RFO]U|MGAA)-/

/**
 * The vulnerabilities that a record is about: its CVEs, else what it is called itself. A distribution's erratum covers
 * several, and each becomes a finding of its own. Older distribution records put their CVEs under `related`, which means no
 * more than "see also" anywhere else. Empty for an erratum that fixes no vulnerability.
 */
export function vulnerabilitiesOf(record: AdvisoryRecord, advisories: AdvisoryReader): readonly string[] {
  const inId = cveOfId(record.id)
  if (inId) return [inId]
  const named = new Set([...record.aliases, ...record.upstream].flatMap((id) => cveOfId(id) ?? []))
  if (named.size > 0) return [...named]
  if (isDistributionRecord(record.id)) {
    const related = new Set(record.related.flatMap((id) => cveOfId(id) ?? []))
    if (related.size > 0) return [...related]
    return maintenancePrefix.test(record.id) ? [] : [record.id]
  }
  const byAlias = cvesByAlias(record, advisories)
  return byAlias.length > 0 ? byAlias : [canonicalId(record)]
}

/** A PYSEC or GO record may know only its GHSA, which knows the CVE. */
function cvesByAlias(record: AdvisoryRecord, advisories: AdvisoryReader): string[] {
  const cves = new Set<string>()
  for (const alias of record.aliases.slice(0, 20)) {
    const other = advisories.record(alias)
    if (!other || other.withdrawn) continue
    for (const id of other.aliases) if (isCve(id)) cves.add(id)
  }
  return [...cves]
}

/** Two records without a CVE that name each other must come out under one id: GHSA's where there is one. */
function canonicalId(record: AdvisoryRecord): string {
  const ids = [record.id, ...record.aliases]
  const reviewed = ids.filter((id) => id.startsWith('GHSA-')).sort()
  return record.malicious ? record.id : (reviewed[0] ?? record.id)
}

/**
 * How much a record's word weighs for a distribution's package: a native feed, then the distribution's record of the very
 * CVE, then its errata, then records that are about the software in general.
 * https://github.com/google/osv.dev/issues/5616
 */
export function authority(advisory: string, feed: string): 0 | 1 | 2 | 3 {
  if (feed !== 'osv') return 0
  if (!isDistributionRecord(advisory)) return 3
  return cveOfId(advisory) ? 1 : 2
}
