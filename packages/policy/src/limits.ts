/** Bounds of what a policy may hold; beyond them it is refused. */
export const policyLimits = {
  /** Rules of one policy. */
  rules: 1000,
  /** Conditions of one rule or group, and the further conditions of one exclusion. */
  conditions: 100,
  /** Exclusions of one tenant. */
  exclusions: 10_000,
  /** Values of one condition. */
  values: 10_000,
  /** Characters of one value. */
  valueText: 1024,
} as const
/** The bounds of one room's input. */
export type PolicyLimits = typeof policyLimits
