import type { EpssReading } from '../sources/epss/index.ts'
import type { KevReading } from '../sources/kev/index.ts'
import { type CveNumber, layOutCves, parseCve } from '../store/cve-slot.ts'
import type { Segment } from '../store/segment.ts'
import type { SegmentWriter } from '../store/segment-writer.ts'

type Row = CveNumber & { score?: number; percentile?: number; exploited?: number }

/** Writes what is known of CVEs; where only one of EPSS and KEV is new, the other comes from the segment before. */
export function writeCves(
  writer: SegmentWriter,
  epss: EpssReading | undefined,
  kev: KevReading | undefined,
  before: Segment | undefined,
): number {
  const exploited = kev?.entries ?? before?.exploited() ?? []
  const rows = new Map<number, Row>()
  for (const row of epss?.rows ?? before?.epssRows() ?? []) rows.set(numbered(row), row)
  for (const [index, { cve }] of exploited.entries()) {
    const number = parseCve(cve)
    if (number) rows.set(numbered(number), { ...number, ...rows.get(numbered(number)), exploited: index })
  }
  writer.put('cves', layOutCves([...rows.values()]))
  writer.put('exploited', Buffer.from(JSON.stringify(exploited)))
  const date = epss ? epss.date : before?.epssDate()
  writer.put('epss', Buffer.from(JSON.stringify(date ? { date } : {})))
  return rows.size
}

/** Year and number as one safe integer. */
function numbered({ year, number }: CveNumber): number {
  return year * 2 ** 32 + number
}
