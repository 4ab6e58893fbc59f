/** One line of the results. */
export interface Row {
  readonly what: string
  /** As printed: `1.12x`, `38 ms`. */
  readonly figure: string
  /** What it is compared with, or the bound that must hold. */
  readonly against: string
  /** Whether a stated bound holds; absent where there is none. */
  readonly holds?: boolean
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Milliseconds that one call takes. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/**
 * Runs two things in turn, so that a machine whose speed drifts treats both alike; answers with the medians and the
 * median of the ratios pair by pair.
 */
export async function paired(
  rounds: number,
  first: () => unknown,
  second: () => unknown,
): Promise<{ first: number; second: number; ratio: number }> {
  const pairs: [number, number][] = []
  await first()
  await second()
  for (let round = 0; round < rounds; round++) pairs.push([await timed(first), await timed(second)])
  return {
    first: median(pairs.map(([a]) => a)),
    second: median(pairs.map(([, b]) => b)),
    ratio: median(pairs.map(([a, b]) => a / b)),
  }
}

export const milliseconds = (value: number) =>
  value < 10 ? `${value.toFixed(2)} ms` : `${Math.round(value)} ms`
export const times = (value: number) => `${value.toFixed(2)}x`
export const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
