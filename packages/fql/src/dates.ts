/** Milliseconds since 1970: one instant, or everything at or after `from` and before `to`. */
export type Moment =
  | { readonly kind: 'instant'; readonly at: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }

const relative = /^now(?:(?<sign>[-+])(?<amount>\d{1,9})(?<unit>[smhdw]))?$/
const day = /^(?<year>\d{4})(?:-(?<month>\d{2})(?:-(?<day>\d{2})(?:[Tt ](?<clock>.+))?)?)?$/
const clock = new RegExp(
  String.raw`^(?<hour>\d{2})(?::(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?)?)?` +
    String.raw`(?:[Zz]|(?<zone>[-+]\d{2}:\d{2}))?$`,
)
const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
/** The years that ISO 8601 and databases agree on. */
const first = Date.parse('0001-01-01T00:00:00Z')
const last = Date.parse('9999-12-31T23:59:59.999Z')

/**
 * Reads `now`, `now-7d` (units s, m, h, d, w), or an ISO 8601 date, whole or cut anywhere. Without a zone it is UTC.
 * A date stands for all of the time that it leaves open: `2026-03` for a month, `2026-03-02T09:14:05Z` for a second.
 * Undefined when the text is no date, or none in the years 1 to 9999.
 */
export function readMoment(text: string, now: Date): Moment | undefined {
  const offset = relative.exec(text)?.groups
  if (offset) {
    const distance = Number(offset['amount'] ?? 0) * (seconds[offset['unit']] ?? 0) * 1000
    const at = now.getTime() + (offset['sign'] === '-' ? -distance : distance)
    return at >= first && at <= last ? { kind: 'instant', at } : undefined
  }
  const date = day.exec(text)?.groups
  const time = date?.['clock'] === undefined ? {} : clock.exec(date['clock'])?.groups
  return date && time ? range({ ...date, ...time }) : undefined
}

function range(parts: Readonly<Record<string, string | undefined>>): Moment | undefined {
  const { year, month, day, hour, minute, second, fraction, zone } = parts
  const milliseconds = (fraction ?? '').padEnd(3, '0').slice(0, 3)
  const text = `${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}.${milliseconds}`
  const utc = Date.parse(`${text}Z`)
  const from = Date.parse(`${text}${zone ?? 'Z'}`)
  // A day that the month does not have (2026-02-30) or the hour 24 comes back as another text.
  if (Number.isNaN(from) || new Date(utc).toISOString() !== `${text}Z` || from < first || from > last)
    return undefined
  return { kind: 'range', from, to: Math.min(end(from, parts), last) }
}

function end(from: number, parts: Readonly<Record<string, string | undefined>>): number {
  const { month, day, hour, minute, second, fraction } = parts
  const start = new Date(from)
  if (month === undefined) return start.setUTCFullYear(start.getUTCFullYear() + 1)
  if (day === undefined) return start.setUTCMonth(start.getUTCMonth() + 1)
  if (hour === undefined) return from + 86_400_000
  if (minute === undefined) return from + 3_600_000
  if (second === undefined) return from + 60_000
  return from + (fraction === undefined ? 1000 : 10 ** Math.max(0, 3 - fraction.length))
}
