import type { Severity } from './severity.ts'

/** Whether an advisory concerns a package. `unknown` is an answer: a version that does not parse, a range without order. */
export type Verdict = 'affected' | 'fixed' | 'unaffected' | 'unknown'

/** What the package's maintainers say of a fix. */
export type FixState =
  | 'fixed'
  | 'not-fixed'
  | 'will-not-fix'
  | 'deferred'
  | 'end-of-life'
  | 'under-investigation'
  | 'unknown'

/** A CVSS vector with its score. https://www.first.org/cvss/ */
export interface Cvss {
  readonly version: '2.0' | '3.0' | '3.1' | '4.0'
  readonly vector: string
  /** Base score, 0 to 10, computed from the vector. */
  readonly score: number
  /** The record that carries it. */
  readonly source: string
}

/** A rating with who gave it: `debian`, `ubuntu`, `cvss 3.1 (GHSA-…)`. */
export interface RatedSeverity {
  readonly severity: Severity
  readonly source: string
  /** The word or score as given. */
  readonly given: string
}

/** What is known of one vulnerability, whichever packages it concerns. */
export interface Vulnerability {
  /** The CVE where there is one, else the record's own id (GHSA-…, RUSTSEC-…, MAL-…). */
  readonly id: string
  readonly aliases: readonly string[]
  readonly title?: string
  readonly description?: string
  /** RFC 3339. */
  readonly published?: string
  readonly modified?: string
  readonly cvss: readonly Cvss[]
  /** Probability of exploitation within 30 days and its percentile, both 0 to 1. https://www.first.org/epss/ */
  readonly epss?: { readonly score: number; readonly percentile: number; readonly date?: string }
  /** Set when CISA lists it as exploited. */
  readonly exploited?: { readonly dateAdded: string; readonly dueDate?: string; readonly ransomware: boolean }
  readonly cwes: readonly string[]
  readonly references: readonly string[]
  /** A record of a package that is malicious as a whole (MAL-…). */
  readonly malicious?: boolean
}

/** One advisory's word on one package, with what led to it. */
export interface AdvisoryEvidence {
  /** Record id (`DSA-4539-1`, `GHSA-…`). */
  readonly advisory: string
  /** Where the record comes from: `osv`, `debian-tracker`, `redhat-vex`. */
  readonly feed: string
  /** OSV ecosystem with its release: `Debian:10`, `npm`. */
  readonly ecosystem: string
  /** The name that matched, and whether it is the package's own or its source package's. */
  readonly name: string
  readonly matchedBy: 'name' | 'source'
  /** The version that was compared (the source's where the source matched). */
  readonly version: string
  readonly verdict: Verdict
  /** The version scheme that ordered it. */
  readonly scheme?: string
  /** `introduced`/`fixed`/`last_affected` that decided, as written; `versions` when the enumeration did. */
  readonly range?: string
  readonly fixedVersions: readonly string[]
  readonly fixState: FixState
  /** Since when the fix is there, RFC 3339: when the erratum that brought it was published; absent where the record does not date it. */
  readonly fixedSince?: string
  /** The feed's own words for the state. */
  readonly fixReason?: string
  /** Why a verdict is unknown, or any other remark in a sentence. */
  readonly note?: string
}

/** How pressing a finding is: from CVSS, EPSS and the catalogue of exploited vulnerabilities. */
export type CpsRating = 'critical' | 'high' | 'medium' | 'low'

/** One vulnerability in one package of an image. */
export interface Finding {
  readonly vulnerability: Vulnerability
  /** purl of the package. */
  readonly package: string
  readonly verdict: 'affected' | 'unknown'
  readonly severity: Severity
  /** Which rating won; all of them in `ratings`, best source first. */
  readonly ratings: readonly RatedSeverity[]
  readonly fixState: FixState
  /** The versions that fix it, lowest first. */
  readonly fixedVersions: readonly string[]
  readonly cpsRating: CpsRating
  /** The distribution's own record first. */
  readonly evidence: readonly AdvisoryEvidence[]
  /** Set when the finding is kept but does not count, with the reason. */
  readonly suppressed?: {
    readonly reason: 'owned-by-os-package'
    readonly by: string
    readonly explanation: string
  }
}
