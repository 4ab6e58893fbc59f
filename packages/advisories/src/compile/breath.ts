import { AdvisoryFault } from '../fault.ts'

/** Work in one go before other things of this process get their turn, in milliseconds. */
const stretch = 20

/** Call it often in a long loop: lets the process serve others now and then, and stops when the caller wants to stop. */
export function breathing(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (signal?.aborted) throw cancelled(signal)
    if (performance.now() - since < stretch) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        since = performance.now()
        resolve()
      })
    })
  }
}

export function cancelled(signal: AbortSignal): AdvisoryFault {
  return new AdvisoryFault(
    'cancelled',
    'Stopped before the advisories were complete; the store is as it was',
    {
      cause: signal.reason,
    },
  )
}
