import { type Finding, type Report, type ReportSet, type Severity, severityRank } from '@lanner/model'
import { type ExitCode, exitCodes } from './exit.ts'

/** What may be given to --fail-on, worst first. */
export const thresholds = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const

/** What decides over the exit code of a scan. */
export interface VerdictOptions {
  /** Nothing is judged; what counts is whether the content could be read. */
  readonly inventory: boolean
  /** Empty: findings fail nothing. */
  readonly failOn: readonly Severity[]
  readonly onlyFixable: boolean
  readonly allowPartial: boolean
}

/**
 * The worst over all platforms: what could not be assessed at all outranks findings, and findings outrank what was assessed
 * only in part, which counts under --fail-on alone.
 */
export function exitCode(set: ReportSet, options: VerdictOptions): ExitCode {
  const { reports, others } = set
  // An attestation or a chart in an index is nothing that could have been assessed.
  if (others.some(({ code }) => code !== 'not-an-image')) return exitCodes.notAssessed
  if (options.inventory) return reports.some(wasUnread) ? exitCodes.notAssessed : exitCodes.pass
  if (reports.some(({ state }) => state === 'not_assessable')) return exitCodes.notAssessed
  if (options.failOn.length === 0) return exitCodes.pass
  const counting = reports.flatMap((report) => shownFindings(report, options))
  if (counting.some((finding) => options.failOn.some((limit) => reaches(finding, limit))))
    return exitCodes.findings
  const partial = reports.some(({ state }) => state === 'partially')
  return partial && !options.allowPartial ? exitCodes.notAssessed : exitCodes.pass
}

/** The findings that are shown and counted. */
export function shownFindings(
  report: Report,
  { onlyFixable }: Pick<VerdictOptions, 'onlyFixable'>,
): readonly Finding[] {
  return onlyFixable ? report.findings.filter((finding) => finding.fixState === 'fixed') : report.findings
}

/** Whether the layers themselves could not be read, so that nothing is known of what is in the image. */
export function wasUnread(report: Report): boolean {
  return report.reasons.some(
    ({ code, path }) =>
      code === 'unreadable-layer' ||
      code === 'unsupported-media-type' ||
      // A bound that one file exceeds names that file.
      (code === 'limit-exceeded' && path === undefined),
  )
}

function reaches(finding: Finding, limit: Severity): boolean {
  if (finding.suppressed) return false
  if (limit === 'unknown') return finding.severity === 'unknown' || finding.verdict === 'unknown'
  return (
    finding.verdict === 'affected' &&
    finding.severity !== 'unknown' &&
    severityRank(finding.severity) >= severityRank(limit)
  )
}
