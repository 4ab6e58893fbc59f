import type { NewVulnerability } from '../../db/finding.ts'
import { RequestFault } from '../request-fault.ts'
import type { FoundRow, Matched, Matcher, MatchGroup } from './matcher.ts'

const firstBatch = 16
const largestBatch = 1_024
/** Findings of a batch from which on the next ones are smaller. */
const richBatch = 2_000
const maxRounds = 3

/**
 * Matches what somebody sent a few packages at a time, as few as their findings ask for, so that twenty thousand spellings of
 * the kernel do not fill the memory. Throws RequestFault `too-large` beyond `maxFindings`.
 */
export function batchedMatcher(matcher: Matcher, maxFindings: number): Matcher {
  return {
    async match(groups) {
      for (let round = 1; ; round++) {
        const matched = await matchAll(matcher, groups, maxFindings)
        if (matched !== 'moved') return matched
        if (round === maxRounds)
          throw new RequestFault(
            'unavailable',
            'the advisories change faster than packages are looked up; try again',
          )
      }
    },
  }
}

/** `moved`: other advisories were taken over on the way. */
async function matchAll(
  matcher: Matcher,
  groups: readonly MatchGroup[],
  maxFindings: number,
): Promise<Matched | undefined | 'moved'> {
  const vulnerabilities = new Map<string, NewVulnerability>()
  let revision: string | undefined
  let count = 0
  const all: (readonly FoundRow[])[][] = []
  for (const { packages, ...context } of groups) {
    const findings: (readonly FoundRow[])[] = []
    let size = firstBatch
    // Also asked where there is no package: the answer says by which advisories.
    for (let start = 0; start === 0 || start < packages.length; ) {
      const matched = await matcher.match([{ ...context, packages: packages.slice(start, start + size) }])
      if (!matched) return undefined
      if (revision !== undefined && matched.revision !== revision) return 'moved'
      revision = matched.revision
      findings.push(...matched.findings[0])
      for (const vulnerability of matched.vulnerabilities)
        vulnerabilities.set(vulnerability.id, vulnerability)
      const found = matched.findings[0].reduce((sum, rows) => sum + rows.length, 0)
      count += found
      if (count > maxFindings)
        throw new RequestFault(
          'too-large',
          `more than ${maxFindings} vulnerabilities were found in the first ${start + size} of ${packages.length} packages; send them in parts`,
        )
      start += size
      size = found > richBatch ? Math.max(1, size >> 1) : Math.min(largestBatch, size * 2)
    }
    all.push(findings)
  }
  return revision === undefined
    ? undefined
    : { revision, findings: all, vulnerabilities: [...vulnerabilities.values()] }
}
