// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { Condition } from './records.ts'

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

export interface PolicyChangeRecord {
  readonly id: string
  /** RFC 3339 */
  readonly at: string
  /** client id or user name */
  readonly actor: string
  /** policy_create, policy_update, policy_delete, group_create, group_update, group_delete, exclusions_update or precedence_update */
  readonly action: string
  /** id of the policy or group, or exclusions, or precedence */
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
   * Applied as it is, it changes nothing.
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
