import { formatPlatform, type Report } from '@lanner/model'

/** `linux/amd64`; a number where a report has no image. */
function reportLabel(report: Report, index: number): string {
  return report.image ? formatPlatform(report.image.platform) : `report ${index + 1}`
}

/** A label of its own for each report of a set: platforms may repeat. */
export function reportLabels(reports: readonly Report[]): readonly string[] {
  const seen = new Map<string, number>()
  return reports.map((report, index) => {
    const label = reportLabel(report, index)
    const times = (seen.get(label) ?? 0) + 1
    seen.set(label, times)
    return times === 1 ? label : `${label} (${times})`
  })
}
