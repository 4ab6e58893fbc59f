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

export interface LabelledCount {
  readonly count: number
  readonly label: string
}

export interface PolicyData {
  readonly groups: readonly PolicyGroup[]
  readonly rules: readonly PolicyRule[]
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
