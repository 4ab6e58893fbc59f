import type { Distribution } from './distribution.ts'
import type { Finding } from './finding.ts'
import type { AssessmentReason, AssessmentState, ImageFacts } from './image.ts'
import type { Package } from './package.ts'

/** How fresh one source of advisories was when an assessment used it. */
export interface AdvisorySource {
  /** `osv/Debian`, `epss`, `kev`, `debian-tracker`, `redhat-vex`. */
  readonly source: string
  readonly records: number
  /** Greatest `modified` among its records, RFC 3339. */
  readonly newest?: string
  /** When the source was last asked, RFC 3339. */
  readonly checked: string
}

/** Everything an assessment says of one image, or of one bill of materials. */
export interface Report {
  /** As asked for; with the platform's own digest in `image`. */
  readonly reference: string
  /** Absent for a bill of materials that does not say which image it describes. */
  readonly image?: ImageFacts
  readonly source: 'image' | 'sbom'
  readonly distribution?: Distribution
  /** CPEs of the repositories that the image was built from, where it says so. */
  readonly repositoryCpes: readonly string[]
  readonly state: AssessmentState
  /** Why the state is what it is, and remarks (`informational`). */
  readonly reasons: readonly AssessmentReason[]
  /** Operating-system packages first, by type and name. */
  readonly packages: readonly Package[]
  /** Worst first; suppressed ones included and marked. */
  readonly findings: readonly Finding[]
  /** What was asked; absent when there was no advisory store. */
  readonly advisories?: { readonly revision: string; readonly sources: readonly AdvisorySource[] }
  /** RFC 3339. */
  readonly assessedAt: string
}

/** What an index or archive held beside images, or an image that could not be read. */
export interface UnassessedImage {
  readonly reference: string
  readonly digest?: string
  readonly platform?: string
  readonly code: string
  readonly message: string
}

/** One call's answer: a report per platform of an index, and whatever could not be assessed. */
export interface ReportSet {
  readonly reference: string
  readonly tool: { readonly name: 'lanner'; readonly version: string }
  readonly reports: readonly Report[]
  readonly others: readonly UnassessedImage[]
}
