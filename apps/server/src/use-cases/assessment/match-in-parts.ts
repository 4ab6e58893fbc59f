import type { NewVulnerability } from '../../db/finding.ts'
import type { FoundRow, Matched, MatchGroup } from './matcher.ts'

/** Packages that are handed over at once: what is found in them comes back as one text. */
const atOnce = 1_000

/**
 * Matches many packages a part at a time, so that neither handing them over nor reading what was found keeps others waiting.
 * `match` answers by one revision of the advisories.
 */
export async function matchInParts(
  groups: readonly MatchGroup[],
  match: (groups: readonly MatchGroup[]) => Promise<Matched>,
): Promise<Matched> {
  const count = groups.reduce((sum, { packages }) => sum + packages.length, 0)
  if (count <= atOnce) return match(groups)
  const vulnerabilities = new Map<string, NewVulnerability>()
  const findings: (readonly FoundRow[])[][] = []
  let revision = ''
  for (const { packages, ...context } of groups) {
    const ofGroup: (readonly FoundRow[])[] = []
    findings.push(ofGroup)
    for (let at = 0; at < packages.length; at += atOnce) {
      const matched = await match([{ ...context, packages: packages.slice(at, at + atOnce) }])
      revision = matched.revision
      for (const rows of matched.findings[0] ?? []) ofGroup.push(rows)
      for (const one of matched.vulnerabilities)
        if (!vulnerabilities.has(one.id)) vulnerabilities.set(one.id, one)
    }
  }
  return { revision, findings, vulnerabilities: [...vulnerabilities.values()] }
}
