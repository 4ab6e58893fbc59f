import { exclusionExpiry } from '@lanner/policy'
import type { ExclusionUseTimes } from './exclusion-use.ts'
import type { StoredExclusion } from './policy-set.ts'

/** Which exclusions are asked for; `unmatched`: those that never covered anything in a verdict. */
export type ExclusionState = 'active' | 'expired' | 'unmatched' | 'expiring'

/** An exclusion with what time and verdicts made of it. */
export interface ListedExclusion {
  readonly exclusion: StoredExclusion
  /** `expiring`: it ends within the days that were asked for. */
  readonly state: 'active' | 'expiring' | 'expired'
  /** RFC 3339. */
  readonly expiresAt?: string
  readonly used?: ExclusionUseTimes
}

/** Which exclusions are listed. */
export interface ExclusionSelection {
  readonly state?: ExclusionState
  /** Days within which one that ends is `expiring`. */
  readonly expiringWithin: number
}

const day = 86_400_000

/** The exclusions that are asked for, in their order; of those that end soon, the first to end first. */
export function listedExclusions(
  exclusions: readonly StoredExclusion[],
  used: ReadonlyMap<string, ExclusionUseTimes>,
  { state, expiringWithin }: ExclusionSelection,
  now: number,
): readonly ListedExclusion[] {
  const listed = exclusions.map((exclusion): ListedExclusion => {
    const expiresAt = exclusionExpiry(exclusion)
    const ends = expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt)
    const times = used.get(exclusion.id)
    return {
      exclusion,
      state: ends <= now ? 'expired' : ends <= now + expiringWithin * day ? 'expiring' : 'active',
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(times ? { used: times } : {}),
    }
  })
  const asked = listed.filter((each) => isAsked(each, state))
  return state === 'expiring'
    ? asked.sort((a, b) => ((a.expiresAt ?? '') < (b.expiresAt ?? '') ? -1 : 1))
    : asked
}

function isAsked({ state: is, used }: ListedExclusion, state: ExclusionState | undefined): boolean {
  if (state === undefined) return true
  if (state === 'unmatched') return used === undefined
  return state === 'active' ? is !== 'expired' : is === state
}
