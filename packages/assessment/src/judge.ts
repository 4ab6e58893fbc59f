import type { ImageInventory } from '@lanner/extractors'
import type { AdvisoryReader, MatchResult } from '@lanner/matching'
import type { AssessmentReason, ImageFacts, Report } from '@lanner/model'
import type { AssessmentEvent } from './events.ts'
import { assessmentState } from './state.ts'

/** What is to be judged: an inventory, and whose it is. */
export interface Subject {
  readonly reference: string
  readonly image?: ImageFacts
  readonly source: Report['source']
  readonly inventory: ImageInventory
  /** An image without a single file has nothing to assess, and nothing to hide. */
  readonly empty?: boolean
}

/** What an inventory is judged by. */
export interface JudgeOptions {
  /** Absent: nothing is matched, and the subject is `not_assessable`. */
  readonly advisories?: AdvisoryReader
  readonly onEvent?: (event: AssessmentEvent) => void
  readonly now?: () => Date
}

/** Matches an inventory against the advisories and states how far that is an answer. */
export async function judge(subject: Subject, options: JudgeOptions): Promise<Report> {
  const { inventory } = subject
  const { advisories } = options
  // Node would load all of its `performance` for these two readings.
  const started = process.hrtime.bigint()
  const now = options.now?.() ?? new Date()
  const result = advisories ? await match(inventory, advisories, now) : unmatched(inventory)
  options.onEvent?.({
    kind: 'matched',
    packages: inventory.packages.length,
    findings: result.findings.length,
    took: Number(process.hrtime.bigint() - started) / 1e6,
  })
  return reportOf(subject, result, advisories, now)
}

/** The report of a subject whose findings are known: states how far they are an answer. */
export function reportOf(
  subject: Subject,
  result: MatchResult,
  advisories: AdvisoryReader | undefined,
  now: Date,
): Report {
  const { inventory, reference, image, source } = subject
  const reasons: AssessmentReason[] = [...inventory.reasons, ...result.reasons]
  if (nothingKnown(subject, reasons)) {
    reasons.push({
      code: 'no-distribution',
      message:
        'no package database and no software that is known to us was found: nothing can be said of what is in it',
    })
  }
  return {
    reference,
    ...(image ? { image } : {}),
    source,
    ...(inventory.distribution ? { distribution: inventory.distribution } : {}),
    repositoryCpes: inventory.repositoryCpes,
    state: assessmentState(reasons, inventory.packages),
    reasons,
    packages: inventory.packages,
    findings: result.findings,
    ...(advisories ? { advisories: { revision: advisories.revision, sources: advisories.freshness() } } : {}),
    assessedAt: now.toISOString(),
  }
}

/** Matching and every version scheme are loaded only when there is something to match with. */
async function match(inventory: ImageInventory, advisories: AdvisoryReader, now: Date): Promise<MatchResult> {
  const { matchInventory } = await import('./match-inventory.ts')
  return matchInventory(inventory, advisories, now)
}

/** What stands in for findings where there is nothing to match with. */
export function unmatched({ packages }: ImageInventory): MatchResult {
  const message = `There are no advisories to ask, so no package (of ${packages.length}) was judged.`
  return { findings: [], reasons: [{ code: 'no-advisories', message }] }
}

function nothingKnown({ inventory, empty }: Subject, reasons: readonly AssessmentReason[]): boolean {
  return inventory.packages.length === 0 && !empty && !reasons.some(({ code }) => code === 'no-distribution')
}
