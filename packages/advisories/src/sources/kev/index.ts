import type { StoredExploited } from '../../store/cve-slot.ts'
import { parseCve } from '../../store/cve-slot.ts'

export interface KevReading {
  readonly entries: readonly StoredExploited[]
  /** `dateReleased`, RFC 3339. */
  readonly released?: string
  readonly refused: number
}

const entryCap = 100_000

/** Reads CISA's catalogue of known exploited vulnerabilities. https://www.cisa.gov/known-exploited-vulnerabilities-catalog */
export function readKev(json: unknown): KevReading | { readonly problem: string } {
  if (typeof json !== 'object' || json === null) return { problem: 'it is not an object' }
  const { vulnerabilities, dateReleased } = json as Record<string, unknown>
  if (!Array.isArray(vulnerabilities)) return { problem: 'it has no list of vulnerabilities' }
  if (vulnerabilities.length > entryCap) return { problem: `it lists more than ${entryCap} vulnerabilities` }
  const entries: StoredExploited[] = []
  let refused = 0
  for (const item of vulnerabilities) {
    const entry = entryOf(item)
    if (entry) entries.push(entry)
    else refused++
  }
  const released =
    typeof dateReleased === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(dateReleased) ? dateReleased : undefined
  return { entries, refused, ...(released ? { released } : {}) }
}

function entryOf(item: unknown): StoredExploited | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  const { cveID, dateAdded, dueDate, knownRansomwareCampaignUse } = item as Record<string, unknown>
  if (typeof cveID !== 'string' || parseCve(cveID) === undefined || !isDay(dateAdded)) return undefined
  return {
    cve: cveID.toUpperCase(),
    facts: {
      dateAdded,
      ...(isDay(dueDate) ? { dueDate } : {}),
      ransomware: knownRansomwareCampaignUse === 'Known',
    },
  }
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
}
