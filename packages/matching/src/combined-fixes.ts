import type { AdvisoryEvidence, FixState } from '@lanner/model'
import { affects } from './affects.ts'
import type { VersionReader } from './candidates.ts'
import type { Judged } from './evidence.ts'
import { ascending } from './version-order.ts'

/**
 * The fix state and versions of a finding. The record of highest standing decides the state; where several say that the
 * package is affected, only versions that none of them holds to be affected count as fixed.
 */
export function combinedFixes(
  entries: readonly Judged[],
  evidence: readonly AdvisoryEvidence[],
  installedVersion: VersionReader,
): { fixState: FixState; fixedVersions: readonly string[] } {
  const [decider] = evidence
  if (evidence.length === 1) return { fixState: decider.fixState, fixedVersions: decider.fixedVersions }
  const { scheme } = entries[0].judgement
  const proposed = ascending(
    scheme,
    evidence.flatMap((word) => word.fixedVersions),
  )
  const fixedVersions = proposed.filter((version) => {
    const installed = installedVersion(scheme, version)
    return entries.every(
      ({ entry, subject }) => affects(entry, { ...subject, installed }).verdict !== 'affected',
    )
  })
  if (fixedVersions.length > 0) return { fixState: 'fixed', fixedVersions }
  // Each proposes what another holds to be affected still: then the highest is the best that is known.
  if (proposed.length > 0) return { fixState: 'fixed', fixedVersions: proposed.slice(-1) }
  const stated = evidence.find((word) => word.fixState !== 'unknown')
  return { fixState: (stated ?? decider).fixState, fixedVersions: [] }
}
