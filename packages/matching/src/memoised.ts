import type { AdvisoryReader } from './advisory.ts'

const none: readonly never[] = []

/**
 * The same reader, asking the store once for each name and record: the sub-packages of one source ask the same question,
 * and one erratum is behind many findings. Lives as long as one matching run.
 */
export function memoised(advisories: AdvisoryReader): AdvisoryReader {
  const affected = new Map<string, ReturnType<AdvisoryReader['affected']>>()
  const records = new Map<string, ReturnType<AdvisoryReader['record']>>()
  const ecosystems = advisories.ecosystems()
  return {
    affected(ecosystem, name) {
      // A release of an enterprise distribution stands for dozens of products, of which the store knows a few.
      if (!ecosystems.has(ecosystem)) return none
      const key = `${ecosystem}\n${name}`
      let entries = affected.get(key)
      if (!entries) affected.set(key, (entries = advisories.affected(ecosystem, name)))
      return entries
    },
    record(id) {
      if (records.has(id)) return records.get(id)
      const record = advisories.record(id)
      records.set(id, record)
      return record
    },
    recordsOf: (vulnerability) => advisories.recordsOf(vulnerability),
    cve: (id) => advisories.cve(id),
    ecosystems: () => ecosystems,
    freshness: () => advisories.freshness(),
    revision: advisories.revision,
  }
}
