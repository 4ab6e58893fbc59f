/** When and how often a question is asked again. */
export interface RetryPolicy {
  /** Attempts in all. */
  readonly attempts: number
  /** Milliseconds before the second attempt; doubled for each further one. */
  readonly base: number
  /** Milliseconds that one pause may last. */
  readonly most: number
  /** Milliseconds of `Retry-After` that are waited for; a registry that asks for more is given up, and says when to return. */
  readonly mostRetryAfter: number
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 4,
  base: 300,
  most: 10_000,
  mostRetryAfter: 60_000,
}

/** Milliseconds to pause after the given attempt (counted from 1): exponential, of which half is chance. */
export function pauseAfter(attempt: number, policy: RetryPolicy, random: () => number): number {
  const full = Math.min(policy.most, policy.base * 2 ** (attempt - 1))
  return full / 2 + (full / 2) * random()
}

/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date (RFC 9110 section 10.2.3). Undefined when it
 * is absent or neither.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim()
  if (!text) return undefined
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000
  // Only the date forms of RFC 9110: Date.parse alone would read nearly anything as a date.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) || text.length > 40) return undefined
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** Statuses that may be different a moment later. */
export function isTransientStatus(status: number): boolean {
  return status === 429 || status === 500 || status === 502 || status === 503 || status === 504
}
