const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds of `8s`, `500ms`, `5m`, `1h`; a number alone is seconds. Undefined where it is no duration. */
export function durationOf(text: string): number | undefined {
  const { count, unit = 's' } = /^(?<count>\d{1,9}(?:\.\d{1,3})?)(?<unit>ms|s|m|h)?$/.exec(text)?.groups ?? {}
  return count === undefined ? undefined : Number(count) * units[unit]
}
