import { type AdvisoryReader, matchPackages } from '@lanner/matching'
import type { Distribution, Finding, PackageFacts } from '@lanner/model'
import type { NewFinding, NewVulnerability } from '../../db/finding.ts'
import { findingRow, vulnerabilityRows } from './finding-rows.ts'

/** Packages of one context, without place or owner. */
export interface MatchGroup {
  readonly distribution?: Distribution
  readonly repositoryCpes: readonly string[]
  readonly packages: readonly (PackageFacts & { readonly purl: string })[]
}

/** A finding as it is stored, but for its package. */
export type FoundRow = Omit<NewFinding, 'packageId'>

/**
 * The findings of each package, in the order given, and the revision of the advisories that made them: as rows, so that
 * they can be made in another thread and only be handed on in this one.
 */
export interface Matched {
  readonly revision: string
  /** For each group, for each of its packages. */
  readonly findings: readonly (readonly (readonly FoundRow[])[])[]
  /** Everything that the findings are about, once each. */
  readonly vulnerabilities: readonly NewVulnerability[]
}

/** Where packages are matched: in this thread, or in one of its own. `undefined`: there are no advisories. */
export interface Matcher {
  match(groups: readonly MatchGroup[]): Promise<Matched | undefined>
}

/** Matches each package by itself, as if it were alone in an image of its context. */
export function matchGroups(groups: readonly MatchGroup[], advisories: AdvisoryReader, now: Date): Matched {
  const found = groups.map((group) => matchGroup(group, advisories, now))
  return {
    revision: advisories.revision,
    findings: found.map((group) => group.map((findings) => findings.map(findingRow))),
    vulnerabilities: vulnerabilityRows(found.flat(2)),
  }
}

function matchGroup(group: MatchGroup, advisories: AdvisoryReader, now: Date): (readonly Finding[])[] {
  const found: Finding[][] = group.packages.map(() => [])
  // Findings name their package by purl; packages that share one (another vendor, another source) are matched in turns.
  let turn = group.packages.map((_, index) => index)
  while (turn.length > 0) {
    const places = new Map<string, number>()
    const rest: number[] = []
    for (const index of turn) {
      const { purl } = group.packages[index]
      if (places.has(purl)) rest.push(index)
      else places.set(purl, index)
    }
    const packages = [...places.values()].map((index) => ({ ...group.packages[index], locations: [] }))
    const input = {
      packages,
      repositoryCpes: group.repositoryCpes,
      now,
      ...(group.distribution ? { distribution: group.distribution } : {}),
    }
    for (const finding of matchPackages(input, advisories).findings) {
      const place = places.get(finding.package)
      if (place !== undefined) found[place].push(finding)
    }
    turn = rest
  }
  return found
}
