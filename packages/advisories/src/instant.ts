/**
 * Order of two RFC 3339 instants, negative when `a` is earlier. Dates keep three digits of a second only while feeds write
 * nine, so the fraction is compared as text. What cannot be read is earlier than everything.
 */
export function compareInstants(a: string | undefined, b: string | undefined): number {
  const left = split(a)
  const right = split(b)
  if (left.seconds !== right.seconds) return left.seconds < right.seconds ? -1 : 1
  if (left.fraction === right.fraction) return 0
  return left.fraction < right.fraction ? -1 : 1
}

/** The later of two instants. */
export function laterInstant(a: string | undefined, b: string | undefined): string | undefined {
  return compareInstants(a, b) >= 0 ? a : b
}

function split(text: string | undefined): { seconds: number; fraction: string } {
  if (text === undefined) return { seconds: Number.NEGATIVE_INFINITY, fraction: '' }
  const parts = /^(?<head>[^.]{19})(?:\.(?<fraction>\d{1,12}))?(?<zone>.{1,6})$/.exec(text)
  if (!parts?.groups) return { seconds: Number.NEGATIVE_INFINITY, fraction: '' }
  const milliseconds = Date.parse(parts.groups['head'] + parts.groups['zone'])
  if (Number.isNaN(milliseconds)) return { seconds: Number.NEGATIVE_INFINITY, fraction: '' }
  return { seconds: milliseconds / 1000, fraction: (parts.groups['fraction'] ?? '').padEnd(12, '0') }
}
