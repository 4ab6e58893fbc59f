import type { ReportSet } from '@lanner/model'
import { contentUuid } from './content-id.ts'

/**
 * A UUID for the document that says this of this set: the same assessment gives the same id, any other gives another.
 * What identifies an assessment is hashed, not the megabytes that follow from it.
 */
export function documentUuid(format: string, set: ReportSet): string {
  const parts = set.reports.map((report) => [
    report.reference,
    report.image?.manifestDigest ?? '',
    report.state,
    report.assessedAt,
    report.advisories?.revision ?? '',
    report.packages.map((pack) => pack.purl),
    report.findings.map((finding) => [finding.vulnerability.id, finding.package]),
  ])
  return contentUuid(JSON.stringify([format, set.tool.version, set.reference, parts, set.others]))
}
