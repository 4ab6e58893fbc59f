import type { AdvisoryReader } from './advisory.ts'

/**
 * The same reader, asking the store once for each name and record: the sub-packages of one source ask the same question,
 * and one erratum is behind many findings. Lives as long as one matching run.
 */
export function memoised(advisories: AdvisoryReader): AdvisoryReader {
  const affected = new Map<string, ReturnType<AdvisoryReader['affected']>>()
  const records = new Map<string, ReturnType<AdvisoryReader['record']>>()
  return {
    affected(ecosystem, name) {
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
    ecosystems: () => advisories.ecosystems(),
    freshness: () => advisories.freshness(),
    revision: advisories.revision,
  }
}
