import type { Caller } from '@lanner/contract'

/** Answers to "may this caller do one more?", with the headers that tell him how he stands. */
export interface RateLimits {
  /** Counts a call of an operation. `retryAt` (milliseconds since 1970) is set when it is one too many. */
  take(
    operation: string,
    caller: Caller,
    now: number,
  ): { readonly headers: readonly string[]; readonly retryAt?: number }
  /** Headers before anybody is known. */
  readonly beforeSignIn: readonly string[]
}

/** Operations that gates wait for: refusing them would stop deliveries. */
const exempt = new Set(['PolicyChecks', 'ImageMatchesPolicy', 'GetVerdict'])

const minute = 60_000

/** Most callers whose counts are kept. */
const maxCallers = 10_000

/** What a client is told that it may do before it has signed in; clients slow down at ten or fewer. */
const signInAllowance = 15

interface Window {
  readonly until: number
  left: number
}

/** Counts by caller and minute, in this process. A `perMinute` of 0 means no bound. */
export function rateLimits({ perMinute }: { readonly perMinute: number }): RateLimits {
  const windows = new Map<string, Window>()
  // The same caller comes with the same object for a while: that finds his window without his name.
  const near = new WeakMap<Caller, Window>()
  const limit = String(perMinute || 6000)
  const free = { headers: ['X-Ratelimit-Limit', limit, 'X-Ratelimit-Remaining', limit] }

  function windowOf({ cid, actor }: Caller, now: number): Window {
    const key = `${cid} ${actor}`
    const known = windows.get(key)
    if (known && isOf(known, now)) return known
    if (!known && windows.size >= maxCallers) forget(windows, now)
    const window = { until: now + minute, left: perMinute }
    windows.set(key, window)
    return window
  }

  return {
    beforeSignIn: [
      'X-Ratelimit-Limit',
      String(signInAllowance),
      'X-Ratelimit-Remaining',
      String(signInAllowance),
    ],
    take(operation, caller, now) {
      if (perMinute === 0 || exempt.has(operation)) return free
      let window = near.get(caller)
      if (!window || !isOf(window, now)) {
        window = windowOf(caller, now)
        near.set(caller, window)
      }
      if (window.left === 0)
        return {
          headers: ['X-Ratelimit-Limit', limit, 'X-Ratelimit-Remaining', '0'],
          retryAt: window.until,
        }
      window.left--
      return { headers: ['X-Ratelimit-Limit', limit, 'X-Ratelimit-Remaining', String(window.left)] }
    },
  }
}

/** One that ends later than a minute from now is of a clock that was set back since. */
function isOf({ until }: Window, now: number): boolean {
  return until > now && until <= now + minute
}

function forget(windows: Map<string, { readonly until: number }>, now: number): void {
  for (const [key, { until }] of windows) if (until <= now) windows.delete(key)
  // All of them are of this minute: the oldest goes.
  for (const key of windows.keys()) {
    if (windows.size < maxCallers) return
    windows.delete(key)
  }
}
