import type { AdvisoryReader } from '../advisory.ts'

/** The same reader, and everything that was asked of its `affected` so far: the names, by ecosystem. */
export function listeningAdvisories(advisories: AdvisoryReader): {
  readonly reader: AdvisoryReader
  readonly asked: ReadonlyMap<string, ReadonlySet<string>>
} {
  const asked = new Map<string, Set<string>>()
  const affected: AdvisoryReader['affected'] = (ecosystem, name) => {
    asked.set(ecosystem, (asked.get(ecosystem) ?? new Set()).add(name))
    return advisories.affected(ecosystem, name)
  }
  return { reader: { ...advisories, affected }, asked }
}
