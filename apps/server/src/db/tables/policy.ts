import type { PolicyCondition, PolicyRule, ReadExclusion } from '@lanner/policy'
import type { JSONColumnType } from 'kysely'

/** Written as JSON text, read as a value. */
type Json<T> = JSONColumnType<T & object, string, string>

export interface PolicyTables {
  policy: PolicyRow
  policy_group: PolicyGroupRow
  policy_exclusions: PolicyExclusionsRow
  policy_revision: { cid: string; revision: number }
  policy_audit: PolicyAuditRow
}

interface PolicyRow {
  cid: string
  policy_id: string
  name: string
  description: string
  is_enabled: boolean
  precedence: number
  rules: Json<readonly PolicyRule[]>
  created_at: Date
  updated_at: Date
}

interface PolicyGroupRow {
  cid: string
  group_id: string
  policy_id: string | null
  name: string
  description: string
  conditions: Json<readonly PolicyCondition[]>
  created_at: Date
  updated_at: Date
}

/** An exclusion as it is kept: with who wrote it, and since when, RFC 3339. */
export interface StoredExclusion extends ReadExclusion {
  readonly id: string
  readonly author: string
  readonly createdAt: string
  readonly updatedAt: string
}

interface PolicyExclusionsRow {
  cid: string
  conditions: Json<readonly StoredExclusion[]>
  created_at: Date
  updated_at: Date
}

interface PolicyAuditRow {
  cid: string
  audit_id: string
  at: Date
  actor: string
  action: string
  subject: string
  before: Json<unknown> | null
  after: Json<unknown> | null
}
