import type { AdvisoryReader, AdvisoryRecord, AffectedPackage, CveFacts } from '../advisory.ts'
import { lookupName } from '../lookup-name.ts'
import { readOsv } from '../osv.ts'

/** An advisory reader over records in OSV form, all in memory. */
export function memoryAdvisories(
  records: readonly unknown[],
  facts: Readonly<Record<string, CveFacts>> = {},
  native: {
    readonly records?: readonly AdvisoryRecord[]
    readonly affected?: readonly AffectedPackage[]
  } = {},
): AdvisoryReader {
  const byId = new Map<string, AdvisoryRecord>()
  const byName = new Map<string, AffectedPackage[]>()
  const byVulnerability = new Map<string, Set<string>>()
  const ecosystems = new Set<string>()
  const addRecord = (record: AdvisoryRecord) => {
    byId.set(record.id, record)
    for (const id of [record.id, ...record.aliases, ...record.upstream, ...record.related]) {
      const ids = byVulnerability.get(id) ?? new Set()
      byVulnerability.set(id, ids.add(record.id))
    }
  }
  const addEntry = (entry: AffectedPackage) => {
    ecosystems.add(entry.ecosystem)
    const key = `${entry.ecosystem}\n${lookupName(entry.ecosystem, entry.name)}`
    const entries = byName.get(key)
    if (entries) entries.push(entry)
    else byName.set(key, [entry])
  }
  for (const json of records) {
    const reading = readOsv(json)
    if ('problem' in reading) throw new Error(`a record of the test is malformed: ${reading.problem}`)
    addRecord(reading.record)
    reading.affected.forEach(addEntry)
  }
  native.records?.forEach(addRecord)
  native.affected?.forEach(addEntry)
  return {
    affected: (ecosystem, name) => byName.get(`${ecosystem}\n${name}`) ?? [],
    record: (id) => byId.get(id),
    recordsOf: (id) => [...(byVulnerability.get(id) ?? [])],
    cve: (id) => (Object.hasOwn(facts, id) ? facts[id] : undefined),
    ecosystems: () => ecosystems,
    freshness: () => [],
    revision: 'memory',
  }
}
