import type { Scheme } from './scheme.ts'

/** Where the left version stands to the right one; `unknown` when either is no version of the scheme. */
export type Order = 'less' | 'equal' | 'greater' | 'unknown'

/** Never guesses: two texts that do not parse are `unknown` even when they are the same text. */
export function order<V>(scheme: Scheme<V>, a: string, b: string): Order {
  const left = scheme.parse(a)
  if (left === undefined) return 'unknown'
  const right = scheme.parse(b)
  if (right === undefined) return 'unknown'
  return orderOf(scheme.compare(left, right))
}

/** `order` with the left version parsed once, for one version that is held against many bounds. */
export function comparator<V>(scheme: Scheme<V>, version: string): (other: string) => Order {
  const left = scheme.parse(version)
  if (left === undefined) return alwaysUnknown
  return (other) => {
    const right = scheme.parse(other)
    return right === undefined ? 'unknown' : orderOf(scheme.compare(left, right))
  }
}

function alwaysUnknown(): Order {
  return 'unknown'
}

function orderOf(comparison: number): Order {
  if (comparison === 0) return 'equal'
  return comparison < 0 ? 'less' : 'greater'
}
