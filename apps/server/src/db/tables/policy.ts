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
  exclusion_use: ExclusionUseRow
  vex_document: VexDocumentRow
  vex_statement: VexStatementRow
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
  /** Where it was made from a statement of others. */
  readonly vex?: VexOrigin
}

/** The statement that an exclusion was made from. */
export interface VexOrigin {
  /** Id of the document. */
  readonly document: string
  readonly version: string
  readonly author: string
  /** As the statement names it. */
  readonly vulnerability: string
  readonly status: 'not_affected' | 'fixed'
  readonly justification?: string
  readonly impact?: string
  /** RFC 3339. */
  readonly statedAt: string
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

interface ExclusionUseRow {
  cid: string
  exclusion_id: string
  first_matched_at: Date
  last_matched_at: Date
}

interface VexDocumentRow {
  cid: string
  document_uuid: string
  document_id: string
  format: string
  version: string
  author: string
  stated_at: Date | null
  imported_at: Date
  imported_by: string
}

/** Images by digest, or by name. */
export interface VexImageScope {
  readonly digest?: readonly string[]
  readonly registry?: readonly string[]
  readonly repository?: readonly string[]
  readonly tag?: readonly string[]
}

interface VexStatementRow {
  cid: string
  document_uuid: string
  statement_uuid: string
  vulnerability: string
  image: Json<VexImageScope> | null
  package: string
  status: string
  stated_at: Date
}
