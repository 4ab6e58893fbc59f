import { type Finding, severityRank } from '@lanner/model'
import type { FindingChange } from '../../db/change-event.ts'
import type { FindingState } from '../../db/finding.ts'
import { cpsRank, factsDigest, severityOfRank } from './finding-rows.ts'

/** What became of one package's findings. */
export interface PackageChange {
  readonly packageId: number
  /** Those that are new or different in anything, to be written. */
  readonly put: readonly Finding[]
  /** Those that are no more. */
  readonly gone: readonly string[]
  /** What of it people are told. */
  readonly events: readonly FindingChange[]
}

/** Compares what stood with what the advisories say now. Undefined where nothing changed at all. */
export function compareFindings(
  packageId: number,
  before: readonly FindingState[],
  after: readonly Finding[],
): PackageChange | undefined {
  const stood = new Map(before.map((state) => [state.vulnerability_id, state]))
  const put: Finding[] = []
  const events: FindingChange[] = []
  for (const finding of after) {
    const { id } = finding.vulnerability
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

function tellings(packageId: number, old: FindingState, finding: Finding): FindingChange[] {
  const kinds: string[] = []
  if (old.severity !== severityRank(finding.severity)) kinds.push('severity_changed')
  if (old.fixed_versions.length === 0 && finding.fixedVersions.length > 0) kinds.push('fix_available')
  if (!old.exploited && finding.vulnerability.exploited) kinds.push('exploited')
  const vulnerabilityId = finding.vulnerability.id
  return kinds.map((kind) => ({
    packageId,
    vulnerabilityId,
    kind,
    before: beforeJson(old),
    after: afterJson(finding),
  }))
}

/** Whether a row has to be written although nobody is told. */
function differs(old: FindingState, finding: Finding): boolean {
  return (
    old.verdict !== finding.verdict ||
    old.fix_state !== finding.fixState ||
    old.cps_rating !== cpsRank(finding.cpsRating) ||
    old.fixed_versions.join('\n') !== finding.fixedVersions.join('\n') ||
    old.facts_digest !== factsDigest(finding)
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

function afterJson(finding: Finding): string {
  return JSON.stringify({
    severity: finding.severity,
    fix_state: finding.fixState,
    fixed_versions: finding.fixedVersions,
    exploited: finding.vulnerability.exploited !== undefined,
  })
}
