import type { EventKind, FindingChange } from '../../db/change-event.ts'
import type { FindingState } from '../../db/finding.ts'
import { severityOfRank } from './finding-rows.ts'
import type { FoundRow } from './matcher.ts'

/** What became of one package's findings. */
export interface PackageChange {
  readonly packageId: number
  /** Those that are new or different in anything, to be written. */
  readonly put: readonly FoundRow[]
  /** Those that are no more. */
  readonly gone: readonly string[]
  /** What of it people are told. */
  readonly events: readonly FindingChange[]
}

/** Compares what stood with what the advisories say now. Undefined where nothing changed at all. */
export function compareFindings(
  packageId: number,
  before: readonly FindingState[],
  after: readonly FoundRow[],
): PackageChange | undefined {
  const stood = new Map(before.map((state) => [state.vulnerability_id, state]))
  const put: FoundRow[] = []
  const events: FindingChange[] = []
  for (const finding of after) {
    const { vulnerabilityId: id } = finding
    const old = stood.get(id)
    stood.delete(id)
    if (old === undefined) {
      put.push(finding)
      events.push({ packageId, vulnerabilityId: id, kind: 'new', before: null, after: afterJson(finding) })
      continue
    }
    const told = tellings(packageId, old, finding)
    events.push(...told)
    if (told.length > 0 || differs(old, finding)) put.push(finding)
  }
  const gone = [...stood.keys()]
  for (const [id, old] of stood) {
    events.push({ packageId, vulnerabilityId: id, kind: 'gone', before: beforeJson(old), after: null })
  }
  return put.length > 0 || gone.length > 0 ? { packageId, put, gone, events } : undefined
}

function tellings(packageId: number, old: FindingState, finding: FoundRow): FindingChange[] {
  const kinds: EventKind[] = []
  if (old.severity !== finding.severity) kinds.push('severity_changed')
  if (old.fixed_versions.length === 0 && finding.fixedVersions.length > 0) kinds.push('fix_available')
  if (!old.exploited && finding.exploited) kinds.push('exploited')
  const { vulnerabilityId } = finding
  return kinds.map((kind) => ({
    packageId,
    vulnerabilityId,
    kind,
    before: beforeJson(old),
    after: afterJson(finding),
  }))
}

/** Whether a row has to be written although nobody is told. */
function differs(old: FindingState, finding: FoundRow): boolean {
  return (
    old.verdict !== finding.verdict ||
    old.fix_state !== finding.fixState ||
    old.cps_rating !== finding.cpsRating ||
    old.fixed_versions.join('\n') !== finding.fixedVersions.join('\n') ||
    old.facts_digest !== finding.factsDigest
  )
}

function beforeJson(old: FindingState): string {
  return JSON.stringify({
    severity: severityOfRank(old.severity),
    fix_state: old.fix_state,
    fixed_versions: old.fixed_versions,
    exploited: old.exploited,
  })
}

function afterJson(finding: FoundRow): string {
  return JSON.stringify({
    severity: severityOfRank(finding.severity),
    fix_state: finding.fixState,
    fixed_versions: finding.fixedVersions,
    exploited: finding.exploited,
  })
}
