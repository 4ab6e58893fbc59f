import type { Answer } from './exchange.ts'
import type { Failure } from './result.ts'

/** How long is waited, in milliseconds: `backoff` doubles with every attempt, `longest` bounds any wait. */
export interface Patience {
  readonly retries: number
  readonly backoff: number
  readonly longest: number
}

const passing = new Set([500, 502, 503, 504])

/**
 * Milliseconds until a request may go out again; undefined when it should not. What was refused for its rate was not done:
 * any request is repeated. Everything else may have been done: only what can be done twice is.
 */
export function waitBefore(
  outcome: Answer | Failure,
  {
    attempt,
    repeatable,
    now,
  }: { readonly attempt: number; readonly repeatable: boolean; readonly now: number },
  { retries, backoff, longest }: Patience,
): number | undefined {
  if (attempt >= retries) return undefined
  const limited = outcome.status === 429
  const lost = !outcome.ok && (outcome.reason === 'unreachable' || outcome.reason === 'timeout')
  if (!limited && !(repeatable && (lost || passing.has(outcome.status)))) return undefined
  const wait = askedWait(outcome.headers, now) ?? Math.min(longest, backoff * 2 ** attempt)
  // To wait less than asked for only makes it worse.
  return wait <= longest ? wait : undefined
}

/** What the server asks for: `X-Ratelimit-Retryafter` is a Unix time, `Retry-After` seconds or a date (RFC 9110, 10.2.3). */
function askedWait(headers: Headers, now: number): number | undefined {
  const at = headers.get('x-ratelimit-retryafter')
  if (at !== null && /^\d{1,12}$/.test(at)) return Math.max(0, Number(at) * 1000 - now)
  const after = headers.get('retry-after')
  if (after === null) return undefined
  if (/^\d{1,9}$/.test(after)) return Number(after) * 1000
  const date = Date.parse(after)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** Waits; false when the caller gave up meanwhile. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve(false)
    const stop = (): void => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve(true)
    }, milliseconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
