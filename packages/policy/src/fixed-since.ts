import type { Finding } from '@lanner/model'

/**
 * Since when one of the fixes of a finding is there, RFC 3339: the earliest day on which an advisory that brought one was
 * published. Undefined where none of them dates its fix.
 */
export function fixedSince({
  fixedVersions,
  evidence,
}: Pick<Finding, 'fixedVersions' | 'evidence'>): string | undefined {
  let earliest: string | undefined
  for (const { fixedSince: since, fixedVersions: brought } of evidence) {
    if (since === undefined || !brought.some((version) => fixedVersions.includes(version))) continue
    if (earliest === undefined || Date.parse(since) < Date.parse(earliest)) earliest = since
  }
  return earliest
}
