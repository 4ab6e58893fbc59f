// Printed from the contract by `npm run generate`: change the contract, not this file.

export interface Bucket {
  readonly count: number
  readonly label: string
}

export interface Condition {
  /** such as severity, cve or repository */
  readonly prop: string
  /** eq, neq, gt, gte, lt, lte, in, not_in or like; absent: what suits prop and value, as in high or worse */
  readonly op?: string
  /** text, a number, true, false, or a list of them */
  readonly value: unknown
}

export interface Count {
  readonly count: number
}

export interface DocumentExclusion {
  readonly prop: string
  readonly op?: string
  /** text, a number, true, false, or a list of them */
  readonly value: unknown
  /** further conditions that must hold as well */
  readonly and?: readonly Condition[]
  readonly scope?: DocumentScope
  readonly description?: string
  /** seconds from when it was written or changed; absent or 0: no end */
  readonly ttl?: number
  /** in place of ttl: RFC 3339, or a day, which is its first instant in UTC */
  readonly expires?: string
}

export interface DocumentGroup {
  /** no other group of any policy has it */
  readonly name: string
  readonly description?: string
  readonly conditions?: readonly Condition[]
}

export interface DocumentPolicy {
  readonly name: string
  readonly description?: string
  /** true where it is absent */
  readonly enabled?: boolean
  readonly rules?: readonly DocumentRule[]
  /** none: it is for every image */
  readonly groups?: readonly DocumentGroup[]
}

export interface DocumentRule {
  /** block, alert or allow; prevent is read as block */
  readonly action: string
  readonly conditions?: readonly Condition[]
}

export interface DocumentScope {
  readonly registry?: string | readonly string[]
  readonly repository?: string | readonly string[]
  readonly tag?: string | readonly string[]
  readonly digest?: string | readonly string[]
  readonly layer?: string | readonly string[]
}

export interface ExclusionScope {
  readonly registry?: string | readonly string[]
  readonly repository?: string | readonly string[]
  readonly tag?: string | readonly string[]
  readonly digest?: string | readonly string[]
  readonly layer?: string | readonly string[]
}

export interface LabelledCount {
  readonly count: number
  readonly label: string
}

export interface PolicyData {
  readonly groups: readonly PolicyGroup[]
  readonly rules: readonly PolicyRule[]
}

/** Policies, groups and exclusions without ids; a section that is absent stays as it is, one that is there is all there is to be. */
export interface PolicyDocument {
  /** 1, also where it is absent */
  readonly version?: number
  /** highest precedence first, without the default */
  readonly policies?: readonly DocumentPolicy[]
  /** groups without a policy */
  readonly groups?: readonly DocumentGroup[]
  readonly exclusions?: readonly DocumentExclusion[]
}

export interface PolicyGroup {
  readonly created_at: string
  readonly description: string
  readonly name: string
  readonly policy_group_data?: PolicyGroupData
  readonly policy_uuid?: string
  readonly updated_at: string
  readonly uuid: string
}

export interface PolicyGroupData {
  readonly conditions: readonly Condition[]
}

export interface PolicyRule {
  /** block, alert or allow; prevent is read as block */
  readonly action: string
  readonly policy_rules_data?: PolicyRuleData
}

export interface PolicyRuleData {
  readonly conditions: readonly Condition[]
}

export interface Split {
  readonly buckets: readonly Bucket[]
  readonly name: string
}
