import type { Report, ReportSet } from '@lanner/model'
import { reportLabels } from '../platform-label.ts'
import { type Fingerprints, resultOf } from './result.ts'
import { ruleOf } from './rule.ts'
import { messageText } from './text.ts'

/**
 * One SARIF 2.1.0 run: a rule for each vulnerability, a result for each finding, and as notifications whatever could not
 * be assessed. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function writeSarif(set: ReportSet): object {
  const findings = Map.groupBy(
    set.reports.flatMap((report) => report.findings),
    (finding) => finding.vulnerability.id,
  )
  const ruleIndexes = new Map([...findings.keys()].map((id, index) => [id, index]))
  const labels = reportLabels(set.reports)
  const fingerprints: Fingerprints = new Map()
  const results = set.reports.flatMap((report, index) => {
    const packages = new Map(report.packages.map((pack) => [pack.purl, pack]))
    return report.findings.map((finding) =>
      resultOf(
        {
          finding,
          package: packages.get(finding.package),
          ruleIndex: ruleIndexes.get(finding.vulnerability.id) ?? -1,
          label: labels[index],
          reference: report.reference,
        },
        fingerprints,
      ),
    )
  })
  const notifications = [
    ...set.reports.flatMap((report, index) => notificationsOf(report, labels[index])),
    ...set.others.map((other) => ({
      level: other.code === 'not-an-image' ? 'note' : 'error',
      message: {
        text: messageText(
          [`Not assessed: ${other.reference}`, other.digest, other.platform, other.message]
            .filter(Boolean)
            .join(' '),
        ),
      },
      descriptor: { id: other.code },
    })),
  ]
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: set.tool.name,
            version: set.tool.version,
            rules: [...findings.values()].map(ruleOf),
            notifications: [...new Set(notifications.map(({ descriptor }) => descriptor.id))].map((id) => ({
              id,
            })),
          },
        },
        invocations: [
          {
            executionSuccessful:
              set.reports.length > 0 &&
              set.reports.every((report) => report.state === 'assessed') &&
              set.others.every((other) => other.code === 'not-an-image'),
            toolExecutionNotifications: notifications,
          },
        ],
        originalUriBaseIds: { IMAGE: { description: { text: 'The root of the image’s file system.' } } },
        results,
        properties: {
          reference: set.reference,
          reports: set.reports.map((report, index) => ({
            reference: report.reference,
            platform: labels[index],
            ...(report.image ? { manifestDigest: report.image.manifestDigest } : {}),
            state: report.state,
            packages: report.packages.length,
            assessedAt: report.assessedAt,
          })),
        },
      },
    ],
  }
}

function notificationsOf(report: Report, label: string) {
  const level = report.state === 'not_assessable' ? 'error' : 'warning'
  const reasons = report.reasons.map((reason) => ({
    level: reason.informational ? 'note' : level,
    message: {
      text: messageText(`${label}: ${reason.message}${reason.path ? ` (${reason.path})` : ''}`),
    },
    descriptor: { id: reason.code as string },
  }))
  if (report.state === 'assessed' || report.reasons.some((reason) => !reason.informational)) return reasons
  return [
    { level, message: { text: `${label}: ${report.state}` }, descriptor: { id: report.state as string } },
    ...reasons,
  ]
}
