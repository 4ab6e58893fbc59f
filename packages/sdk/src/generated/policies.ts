// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { PolicyDocument } from './records.ts'

export interface PolicyChangeRecord {
  readonly id: string
  /** RFC 3339 */
  readonly at: string
  /** client id or user name */
  readonly actor: string
  /** policy_create, policy_update, policy_delete, group_create, group_update, group_delete, exclusions_update, precedence_update or vex_import */
  readonly action: string
  /** id of the policy, group or VEX document, or exclusions, or precedence */
  readonly subject: string
  /** as it was; null where it is new */
  readonly before: unknown
  /** as it is; null where it is gone */
  readonly after: unknown
}

export interface PolicyDifference {
  readonly action: 'create' | 'update' | 'delete'
  readonly kind: 'policy' | 'order' | 'group' | 'exclusion'
  /** of the policy or group; of an exclusion what it takes away */
  readonly name: string
  /** as it was; null where it is new */
  readonly before: unknown
  /** as it is to be; null where it goes */
  readonly after: unknown
}

export interface PolicyDocumentAt {
  /** raised by every change of policies, groups, order and exclusions */
  readonly revision: number
  readonly document: PolicyDocument
}

export interface PolicyDocumentRequest {
  readonly document: PolicyDocument
  /** tells the changes and makes none */
  readonly dry_run?: boolean
  /** refused where the policies are at another revision */
  readonly if_revision?: number
}

export interface PolicyDocumentResult {
  /** after the changes; the same as before where nothing was changed */
  readonly revision: number
  readonly changes: readonly PolicyDifference[]
}

/** What goes with a call of ReadPolicyDocument. */
export type ReadPolicyDocumentInput = CallOptions

/** What goes with a call of ApplyPolicyDocument. */
export interface ApplyPolicyDocumentInput extends CallOptions {
  readonly body: PolicyDocumentRequest
}

/** Parameters of GetPolicyChanges. */
export interface GetPolicyChangesParameters {
  /** largest number of records to return; 1 to 100; 20 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; 0 unless said */
  readonly offset?: number
}

/** What goes with a call of GetPolicyChanges. */
export interface GetPolicyChangesInput extends CallOptions {
  readonly parameters?: GetPolicyChangesParameters
}

/** The collection Policies of the Lanner dialect. */
export class Policies extends Service {
  /**
   * All policies, groups and exclusions as one document.
   * Applied as it is, it changes nothing. Exclusions that a VEX document made are not in it and are left alone.
   *
   * Scope: lanner-policies:read.
   */
  ReadPolicyDocument(input?: ReadPolicyDocumentInput): Promise<Result<Resources<PolicyDocumentAt>>> {
    return this.client.command('ReadPolicyDocument', input)
  }

  /** The same as ReadPolicyDocument. */
  read_policy_document(input?: ReadPolicyDocumentInput): Promise<Result<Resources<PolicyDocumentAt>>> {
    return this.client.command('ReadPolicyDocument', input)
  }

  /**
   * Makes policies, groups and exclusions what a document says, all or nothing.
   * Policies and groups are known by their names, exclusions by what they take away; what is unchanged keeps its id, author and times. What a section does not list is deleted.
   *
   * Scope: lanner-policies:write.
   */
  ApplyPolicyDocument(input: ApplyPolicyDocumentInput): Promise<Result<Resources<PolicyDocumentResult>>> {
    return this.client.command('ApplyPolicyDocument', input)
  }

  /** The same as ApplyPolicyDocument. */
  apply_policy_document(input: ApplyPolicyDocumentInput): Promise<Result<Resources<PolicyDocumentResult>>> {
    return this.client.command('ApplyPolicyDocument', input)
  }

  /**
   * Who changed policies, groups, order and exclusions, newest first, with before and after.
   *
   * Scope: lanner-policies:read.
   */
  GetPolicyChanges(input?: GetPolicyChangesInput): Promise<Result<Resources<PolicyChangeRecord>>> {
    return this.client.command('GetPolicyChanges', input)
  }

  /** The same as GetPolicyChanges. */
  get_policy_changes(input?: GetPolicyChangesInput): Promise<Result<Resources<PolicyChangeRecord>>> {
    return this.client.command('GetPolicyChanges', input)
  }
}
