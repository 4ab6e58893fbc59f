import { type AdvisoryReader, type Explanation, explain, explanationLines } from '@lanner/matching'
import type { Report } from '@lanner/model'

/** Why one vulnerability is, or is not, a finding of an inventory: as data, and as plain sentences. */
export function explainFinding(
  vulnerability: string,
  report: Report,
  advisories: AdvisoryReader,
): { readonly explanation: Explanation; readonly lines: readonly string[] } {
  const explanation = explain(
    vulnerability,
    {
      packages: report.packages,
      ...(report.distribution ? { distribution: report.distribution } : {}),
      repositoryCpes: report.repositoryCpes,
      now: new Date(report.assessedAt),
    },
    advisories,
  )
  return { explanation, lines: explanationLines(explanation) }
}
