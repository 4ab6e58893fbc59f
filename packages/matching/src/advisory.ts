import type { FixState } from '@lanner/model'

/** One range of an OSV record. https://ossf.github.io/osv-schema/#affectedranges-field (git ranges are left out) */
export interface VersionRange {
  readonly type: 'ECOSYSTEM' | 'SEMVER'
  /** In the record's order; exactly one key each. */
  readonly events: readonly RangeEvent[]
}

/**
 * Where a range begins or ends, as OSV has it: `fixed` and `limit` lie outside it, `lastAffected` inside.
 * https://ossf.github.io/osv-schema/#affectedrangesevents-fields
 */
export type RangeEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly lastAffected: string }
  | { readonly limit: string }

/**
 * What one advisory says of one package in one ecosystem: all that `affects` needs, pre-parsed, and nothing else.
 * The matcher's read model: one of these per (ecosystem, name, record), whatever the feed.
 */
export interface AffectedPackage {
  /** Record id; `record(id)` of the reader has the rest. */
  readonly advisory: string
  /** `osv`, `debian-tracker`, `redhat-vex`, … */
  readonly feed: string
  /** OSV ecosystem with its release suffix: `Debian:10`, `Alpine:v3.11`, `npm`, `Red Hat:enterprise_linux:8::appstream`. */
  readonly ecosystem: string
  /** Name as in the record (source package for Debian, Ubuntu, Alpine; binary package for rpm distributions). */
  readonly name: string
  readonly ranges: readonly VersionRange[]
  /** The enumeration of affected versions, as written. */
  readonly versions: readonly string[]
  /** What the native feed says beyond a range; absent where the range alone decides. */
  readonly fixState?: FixState
  /** The feed's words: `no-dsa: Minor issue`, `Will not fix`. */
  readonly fixReason?: string
  /** `known-not-affected` of a VEX statement or tracker entry: the package is unaffected, with `fixReason` as the why. */
  readonly notAffected?: boolean
  /** The distribution's own rating in its own words (`unimportant`, `Important`, Ubuntu priority), per package or record. */
  readonly rating?: string
  /** rpm module stream (`nodejs:18`) that the entry is limited to. */
  readonly module?: string
  /** Binary packages of the source package that are affected, where the record lists them. */
  readonly binaries?: readonly string[]
  /** Go import paths and symbols, kept for explanation. */
  readonly imports?: readonly string[]
}

/** The part of an advisory that does not depend on the package. */
export interface AdvisoryRecord {
  readonly id: string
  readonly feed: string
  readonly aliases: readonly string[]
  /** CVEs (and other ids) that a distribution's record is about: OSV `upstream`. */
  readonly upstream: readonly string[]
  readonly related: readonly string[]
  readonly published?: string
  readonly modified: string
  /** When set, the record no longer stands: it must make an earlier match go away. */
  readonly withdrawn?: string
  readonly summary?: string
  /** Cut at 4,000 characters. */
  readonly details?: string
  /** CVSS vectors and vendor words: OSV `severity`. */
  readonly severity: readonly { readonly type: string; readonly score: string }[]
  /** The record's own rating in words (`database_specific.severity`), GHSA-like. */
  readonly rating?: string
  readonly references: readonly string[]
  readonly cwes: readonly string[]
  /** MAL-… records: the package is malicious as a whole. */
  readonly malicious?: boolean
}

/** What is known of a CVE beside any advisory. */
export interface CveFacts {
  readonly epss?: { readonly score: number; readonly percentile: number; readonly date?: string }
  readonly exploited?: { readonly dateAdded: string; readonly dueDate?: string; readonly ransomware: boolean }
}

/** How old one source is, as the store knows it. */
export interface SourceFreshness {
  /** `osv/Debian`, `epss`, `kev`, `debian-tracker`, `redhat-vex`. */
  readonly source: string
  readonly records: number
  /** Greatest `modified` seen in the source, RFC 3339. */
  readonly newest?: string
  /** When we last asked the source, RFC 3339. */
  readonly checked: string
}

/**
 * The port through which matching asks for advisories. Synchronous: the store answers with `pread` from the page cache
 * in microseconds. Names are looked up as `candidates` normalises them (see `lookupName`).
 */
export interface AdvisoryReader {
  /** Every entry for this exact ecosystem (with release) and normalised name; withdrawn records included. */
  affected(ecosystem: string, name: string): readonly AffectedPackage[]
  record(id: string): AdvisoryRecord | undefined
  /** Ids of all records that name this CVE (or other id) as their id, alias, upstream or related. */
  recordsOf(vulnerability: string): readonly string[]
  cve(id: string): CveFacts | undefined
  /** Every ecosystem with at least one entry, with release suffix. */
  ecosystems(): ReadonlySet<string>
  freshness(): readonly SourceFreshness[]
  /** Changes with every change of content. */
  readonly revision: string
}
