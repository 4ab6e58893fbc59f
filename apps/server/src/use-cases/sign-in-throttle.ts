/** Slows down whoever guesses. Only failures count; whoever gets it right is never slowed. */
export interface SignInThrottle {
  /** Until when (milliseconds since 1970) this name may not be tried from this address; undefined: it may be. */
  blockedUntil(name: string, address: string, now: number): number | undefined
  failed(name: string, address: string, now: number): void
  succeeded(name: string, address: string): void
}

/** When it starts and how far it goes. */
export const throttleLimits = {
  /** Failures of one name from one address that cost nothing. */
  freeFailures: 5,
  /** The same for all names from one address: many people may share one. */
  freeFailuresOfAddress: 50,
  /** Milliseconds of the longest wait; each failure doubles the wait, from a second on. */
  longestWait: 300_000,
  /** Milliseconds without a failure after which all is forgotten. */
  forgetAfter: 900_000,
  /** Names and addresses that are kept. */
  kept: 20_000,
}

interface Failures {
  count: number
  lastAt: number
  until: number
}

/** Counts in this process. */
export function signInThrottle(): SignInThrottle {
  const failures = new Map<string, Failures>()

  function count(key: string, free: number, now: number): void {
    const before = failures.get(key)
    const started = before && now - before.lastAt < throttleLimits.forgetAfter ? before.count : 0
    const over = started + 1 - free
    const wait = over > 0 ? Math.min(1000 * 2 ** Math.min(over - 1, 20), throttleLimits.longestWait) : 0
    // Moved to the end: what failed longest ago is the first to be forgotten.
    failures.delete(key)
    if (failures.size >= throttleLimits.kept) {
      const [oldest] = failures.keys()
      if (oldest !== undefined) failures.delete(oldest)
    }
    failures.set(key, { count: started + 1, lastAt: now, until: now + wait })
  }

  return {
    blockedUntil(name, address, now) {
      const until = Math.max(
        failures.get(pairOf(name, address))?.until ?? 0,
        failures.get(address)?.until ?? 0,
      )
      // Nobody waits for hours because the clock was set back by them.
      return until > now && until <= now + throttleLimits.longestWait ? until : undefined
    },
    failed(name, address, now) {
      count(pairOf(name, address), throttleLimits.freeFailures, now)
      // Where no address is known, all would be one.
      if (address !== '') count(address, throttleLimits.freeFailuresOfAddress, now)
    },
    succeeded(name, address) {
      failures.delete(pairOf(name, address))
    },
  }
}

function pairOf(name: string, address: string): string {
  return `${address} ${name.slice(0, 128)}`
}
