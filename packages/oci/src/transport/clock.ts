import { setTimeout } from 'node:timers/promises'

/** Time as the transport needs it; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after that many milliseconds; rejects with the signal's reason when it is aborted first. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async wait(milliseconds, signal) {
    try {
      await setTimeout(milliseconds, undefined, { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
