import type { Finding } from '@lanner/model'

/**
 * Since when one of the fixes of a finding is there, RFC 3339: the earliest instant at which an advisory that brought one was
 * published; where none of them dates its fix, since when one is known at all (`knownSince`). Undefined where there is none.
 */
export function fixedSince(
  { fixedVersions, evidence }: Pick<Finding, 'fixedVersions' | 'evidence'>,
  knownSince?: Date | null,
): string | undefined {
  if (fixedVersions.length === 0) return undefined
  let earliest: string | undefined
  for (const { fixedSince: since, fixedVersions: brought } of evidence) {
    if (since === undefined || !brought.some((version) => fixedVersions.includes(version))) continue
    if (earliest === undefined || Date.parse(since) < Date.parse(earliest)) earliest = since
  }
  return earliest ?? knownSince?.toISOString()
}
