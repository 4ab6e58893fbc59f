import type { AssessmentReason, AssessmentState, Package } from '@lanner/model'
import { distributionTypes } from '@lanner/model'

const fatal: ReadonlySet<AssessmentReason['code']> = new Set([
  'no-advisories',
  'unreadable-layer',
  'unsupported-media-type',
])

const feedless: ReadonlySet<AssessmentReason['code']> = new Set([
  'no-feed',
  'unknown-distribution',
  'no-distribution',
])

/**
 * Whether an image was assessed, by the reasons found on the way. Where no advisory source speaks for the distribution,
 * what remains decides: with other packages it is partially assessed, with nothing else it is not assessable.
 */
export function assessmentState(
  reasons: readonly AssessmentReason[],
  packages: readonly Package[],
): AssessmentState {
  const lowering = reasons.filter((reason) => !reason.informational)
  if (lowering.some((reason) => fatal.has(reason.code))) return 'not_assessable'
  if (
    lowering.some((reason) => feedless.has(reason.code)) &&
    packages.every((item) => distributionTypes.has(item.type))
  ) {
    return 'not_assessable'
  }
  return lowering.length > 0 ? 'partially' : 'assessed'
}

const order: readonly AssessmentState[] = ['assessed', 'partially', 'not_assessable']

/** The worst of several states; an empty list has nothing to vouch for. */
export function worstState(states: readonly AssessmentState[]): AssessmentState {
  return states.length === 0
    ? 'not_assessable'
    : order[Math.max(...states.map((state) => order.indexOf(state)))]
}
