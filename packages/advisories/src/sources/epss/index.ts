import { type CveNumber, parseCve } from '../../store/cve-slot.ts'

export interface EpssRow extends CveNumber {
  /** Probability of exploitation within 30 days, 0 to 1. */
  readonly score: number
  /** 0 to 1. */
  readonly percentile: number
}

export interface EpssReading {
  readonly rows: readonly EpssRow[]
  /** When the scores were computed, RFC 3339, as the first line says. */
  readonly date?: string
  /** Lines that are no score. */
  readonly refused: number
}

/** Ten times today's number of CVEs. */
const rowCap = 4_000_000

/**
 * Reads the daily CSV of FIRST's EPSS: since 2022 a first line `#model_version:v2026.06.15,score_date:2026-09-29T12:00:22Z`,
 * then `cve,epss,percentile`, then rows. Files of 2021 lack the first line, the earliest also the percentile: such rows
 * are refused, for a score without its percentile cannot be ranked. https://www.first.org/epss/data_stats
 */
export function readEpss(csv: string): EpssReading | { readonly problem: string } {
  let at = 0
  const nextLine = (): string | undefined => {
    if (at >= csv.length) return undefined
    const end = csv.indexOf('\n', at)
    const line = csv.slice(at, end < 0 ? csv.length : end)
    at = end < 0 ? csv.length : end + 1
    return line.endsWith('\r') ? line.slice(0, -1) : line
  }
  let line = nextLine()
  const date = line?.startsWith('#') ? dateOf(line) : undefined
  if (line?.startsWith('#')) line = nextLine()
  const header = line?.toLowerCase().split(',')
  const columns = {
    cve: header?.indexOf('cve') ?? -1,
    score: header?.indexOf('epss') ?? -1,
    percentile: header?.indexOf('percentile') ?? -1,
  }
  if (columns.cve < 0 || columns.score < 0)
    return { problem: 'its header does not name the columns cve and epss' }
  const rows: EpssRow[] = []
  let refused = 0
  while ((line = nextLine()) !== undefined) {
    if (line === '') continue
    if (rows.length >= rowCap) return { problem: `it has more than ${rowCap} rows` }
    const cells = line.split(',')
    const cve = parseCve(cells[columns.cve] ?? '')
    const score = fraction(cells[columns.score])
    const percentile = fraction(cells[columns.percentile])
    if (cve === undefined || score === undefined || percentile === undefined) refused++
    else rows.push({ ...cve, score, percentile })
  }
  return { rows, refused, ...(date ? { date } : {}) }
}

function fraction(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d(?:\.\d{1,25})?(?:[eE]-\d{1,3})?$/.test(text)) return undefined
  const value = Number(text)
  return value >= 0 && value <= 1 ? value : undefined
}

/** `2026-09-29T12:00:22Z`, and `2022-02-04T00:00:00+0000` in older files, as RFC 3339. */
function dateOf(line: string): string | undefined {
  const found = /score_date:(?<time>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:?\d{2})?)?)/.exec(
    line,
  )?.groups?.['time']
  if (found === undefined) return undefined
  const milliseconds = Date.parse(found.replace(/(?<sign>[+-]\d{2})(?<minutes>\d{2})$/, '$<sign>:$<minutes>'))
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString().replace('.000Z', 'Z')
}
