import type { ExclusionScope, PolicyCondition, PolicyRule } from '@lanner/policy'

/**
 * Policies, groups without a policy, and exclusions, as people keep them in a file: without ids; names say what is what.
 * A section that is absent stays as it is; one that is there is all that there is to be.
 */
export interface PolicyDocument {
  /** 1, also where it is absent. */
  readonly version?: number
  /** Highest precedence first, without the built-in default. */
  readonly policies?: readonly DocumentPolicy[]
  /** Groups without a policy. */
  readonly groups?: readonly DocumentGroup[]
  readonly exclusions?: readonly DocumentExclusion[]
}

export interface DocumentPolicy {
  readonly name: string
  readonly description?: string
  /** True where it is absent. */
  readonly enabled?: boolean
  readonly rules?: readonly DocumentRule[]
  /** None: the policy is for every image. */
  readonly groups?: readonly DocumentGroup[]
}

export interface DocumentRule {
  readonly action: string
  readonly conditions?: readonly PolicyCondition[]
}

export interface DocumentGroup {
  /** No other group of any policy has it. */
  readonly name: string
  readonly description?: string
  readonly conditions?: readonly PolicyCondition[]
}

export interface DocumentExclusion extends PolicyCondition {
  readonly and?: readonly PolicyCondition[]
  readonly scope?: ExclusionScope
  readonly description?: string
  /** Seconds from when it was written or last changed; absent or 0: no end. */
  readonly ttl?: number
  /** Instead of `ttl`: RFC 3339, or a day, which is its first instant in UTC. */
  readonly expires?: string
}

/** One difference that a document makes. `name` is a policy's or group's, or says what an exclusion takes away. */
export type PolicyDocumentChange =
  | Difference<'policy', PolicyState>
  | Difference<'group', GroupState>
  | Difference<'order', readonly string[]>
  | Difference<'exclusion', DocumentExclusion>

/** How one thing was and is to be. */
export interface Difference<Kind extends string, State> {
  readonly action: 'create' | 'update' | 'delete'
  readonly kind: Kind
  readonly name: string
  /** Absent where it is created. */
  readonly before?: State
  /** Absent where it is deleted. */
  readonly after?: State
}

/** A policy without its groups, which are told of by themselves. */
export interface PolicyState {
  readonly name: string
  readonly description: string
  readonly enabled: boolean
  readonly rules: readonly PolicyRule[]
}

export interface GroupState {
  readonly name: string
  /** Name of the policy that it is for. */
  readonly policy: string | null
  readonly description: string
  readonly conditions: readonly PolicyCondition[]
}
