// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { Condition, ExclusionScope, PolicyData, PolicyGroup, PolicyGroupData, PolicyRule } from './records.ts'

export interface ExclusionCondition {
  readonly created_at?: string
  readonly description: string
  readonly op: string
  readonly prop: string
  /** seconds from the last update; absent or 0: no end */
  readonly ttl?: number
  readonly updated_at?: string
  /** absent: no end */
  readonly expires_at?: string
  readonly value: readonly string[]
  readonly and?: readonly Condition[]
  readonly scope?: ExclusionScope
}

export interface ExclusionConditionRequest {
  readonly description?: string
  readonly op?: string
  /** what the exclusion matches on */
  readonly prop: string
  /** seconds from the last update; absent or 0: no end */
  readonly ttl?: number
  readonly value: readonly (string | number | boolean)[] | string | number | boolean
  readonly and?: readonly Condition[]
  readonly scope?: ExclusionScope
}

export interface ExclusionsRequest {
  readonly conditions: readonly ExclusionConditionRequest[]
}

export interface Policy {
  readonly created_at: string
  readonly description: string
  readonly is_enabled: boolean
  readonly name: string
  readonly policy_data?: PolicyData
  readonly policy_id: string
  readonly precedence: number
  readonly updated_at: string
}

export interface PolicyChange {
  readonly description?: string
  readonly is_enabled?: boolean
  readonly name?: string
  readonly policy_data?: PolicyRules
}

export interface PolicyExclusions {
  readonly conditions: readonly ExclusionCondition[]
  readonly created_at?: string
  readonly description: string
  readonly name: string
  readonly policy_type_uuid: string
  readonly updated_at?: string
}

export interface PolicyGroupChange {
  readonly description?: string
  readonly name?: string
  readonly policy_group_data?: PolicyGroupData
}

export interface PolicyGroupRequest {
  readonly description?: string
  readonly name: string
  readonly policy_group_data?: PolicyGroupData
  readonly policy_id?: string
}

export interface PolicyOrder {
  /** all policy ids, highest priority first, as a list or joined by commas */
  readonly precedence: readonly string[] | string
}

export interface PolicyRequest {
  readonly description?: string
  readonly name: string
}

export interface PolicyRules {
  readonly rules: readonly PolicyRule[]
}

/** Parameters of DeletePolicy. */
export interface DeletePolicyParameters {
  /** policy id */
  readonly id: string
}

/** What goes with a call of DeletePolicy. */
export interface DeletePolicyInput extends CallOptions {
  readonly parameters: DeletePolicyParameters
}

/** What goes with a call of ReadPolicies. */
export type ReadPoliciesInput = CallOptions

/** Parameters of UpdatePolicies. */
export interface UpdatePoliciesParameters {
  /** policy id */
  readonly id: string
}

/** What goes with a call of UpdatePolicies. */
export interface UpdatePoliciesInput extends CallOptions {
  readonly parameters: UpdatePoliciesParameters
  readonly body: PolicyChange
}

/** What goes with a call of CreatePolicies. */
export interface CreatePoliciesInput extends CallOptions {
  readonly body: PolicyRequest
}

/** What goes with a call of ReadPolicyExclusions. */
export type ReadPolicyExclusionsInput = CallOptions

/** What goes with a call of UpdatePolicyExclusions. */
export interface UpdatePolicyExclusionsInput extends CallOptions {
  readonly body: ExclusionsRequest
}

/** Parameters of DeletePolicyGroup. */
export interface DeletePolicyGroupParameters {
  /** group id */
  readonly id: string
}

/** What goes with a call of DeletePolicyGroup. */
export interface DeletePolicyGroupInput extends CallOptions {
  readonly parameters: DeletePolicyGroupParameters
}

/** What goes with a call of ReadPolicyGroups. */
export type ReadPolicyGroupsInput = CallOptions

/** Parameters of UpdatePolicyGroups. */
export interface UpdatePolicyGroupsParameters {
  /** group id */
  readonly id: string
}

/** What goes with a call of UpdatePolicyGroups. */
export interface UpdatePolicyGroupsInput extends CallOptions {
  readonly parameters: UpdatePolicyGroupsParameters
  readonly body: PolicyGroupChange
}

/** What goes with a call of CreatePolicyGroups. */
export interface CreatePolicyGroupsInput extends CallOptions {
  readonly body: PolicyGroupRequest
}

/** What goes with a call of UpdatePolicyPrecedence. */
export interface UpdatePolicyPrecedenceInput extends CallOptions {
  readonly body: PolicyOrder
}

/** The collection Image Assessment Policies of the Falcon dialect. */
export class ImageAssessmentPolicies extends Service {
  /**
   * Deletes a policy.
   *
   * The default policy refuses.
   *
   * Scope: falcon-container-image:write.
   */
  DeletePolicy(input: DeletePolicyInput): Promise<Result<Resources<string>>> {
    return this.client.command('DeletePolicy', input)
  }

  /** The same as DeletePolicy. */
  delete_policy(input: DeletePolicyInput): Promise<Result<Resources<string>>> {
    return this.client.command('DeletePolicy', input)
  }

  /**
   * All image assessment policies.
   *
   * policy_data.rules and policy_data.groups are always arrays.
   *
   * Scope: falcon-container-image:read.
   */
  ReadPolicies(input?: ReadPoliciesInput): Promise<Result<Resources<Policy>>> {
    return this.client.command('ReadPolicies', input)
  }

  /** The same as ReadPolicies. */
  read_policies(input?: ReadPoliciesInput): Promise<Result<Resources<Policy>>> {
    return this.client.command('ReadPolicies', input)
  }

  /**
   * Renames, enables or gives rules to a policy.
   *
   * Members that are absent stay as they are.
   *
   * Scope: falcon-container-image:write.
   */
  UpdatePolicies(input: UpdatePoliciesInput): Promise<Result<Resources<Policy>>> {
    return this.client.command('UpdatePolicies', input)
  }

  /** The same as UpdatePolicies. */
  update_policies(input: UpdatePoliciesInput): Promise<Result<Resources<Policy>>> {
    return this.client.command('UpdatePolicies', input)
  }

  /**
   * Creates an image assessment policy with no rules yet.
   *
   * The good status is 200, not 201.
   * A new policy is disabled and has no rules.
   *
   * Scope: falcon-container-image:write.
   */
  CreatePolicies(input: CreatePoliciesInput): Promise<Result<Resources<Policy>>> {
    return this.client.command('CreatePolicies', input)
  }

  /** The same as CreatePolicies. */
  create_policies(input: CreatePoliciesInput): Promise<Result<Resources<Policy>>> {
    return this.client.command('CreatePolicies', input)
  }

  /**
   * The account-wide exclusion list.
   *
   * There is one exclusion entity for an account, in an array.
   *
   * Scope: falcon-container-image:read.
   */
  ReadPolicyExclusions(input?: ReadPolicyExclusionsInput): Promise<Result<Resources<PolicyExclusions>>> {
    return this.client.command('ReadPolicyExclusions', input)
  }

  /** The same as ReadPolicyExclusions. */
  read_policy_exclusions(input?: ReadPolicyExclusionsInput): Promise<Result<Resources<PolicyExclusions>>> {
    return this.client.command('ReadPolicyExclusions', input)
  }

  /**
   * Replaces the conditions of the exclusion list.
   *
   * A POST that replaces all conditions; the good status is 200.
   *
   * Scope: falcon-container-image:write.
   */
  UpdatePolicyExclusions(input: UpdatePolicyExclusionsInput): Promise<Result<Resources<PolicyExclusions>>> {
    return this.client.command('UpdatePolicyExclusions', input)
  }

  /** The same as UpdatePolicyExclusions. */
  update_policy_exclusions(input: UpdatePolicyExclusionsInput): Promise<Result<Resources<PolicyExclusions>>> {
    return this.client.command('UpdatePolicyExclusions', input)
  }

  /**
   * Deletes an image group.
   *
   * Scope: falcon-container-image:write.
   */
  DeletePolicyGroup(input: DeletePolicyGroupInput): Promise<Result<Resources<string>>> {
    return this.client.command('DeletePolicyGroup', input)
  }

  /** The same as DeletePolicyGroup. */
  delete_policy_group(input: DeletePolicyGroupInput): Promise<Result<Resources<string>>> {
    return this.client.command('DeletePolicyGroup', input)
  }

  /**
   * All image groups.
   *
   * Scope: falcon-container-image:read.
   */
  ReadPolicyGroups(input?: ReadPolicyGroupsInput): Promise<Result<Resources<PolicyGroup>>> {
    return this.client.command('ReadPolicyGroups', input)
  }

  /** The same as ReadPolicyGroups. */
  read_policy_groups(input?: ReadPolicyGroupsInput): Promise<Result<Resources<PolicyGroup>>> {
    return this.client.command('ReadPolicyGroups', input)
  }

  /**
   * Changes an image group.
   *
   * Members that are absent stay as they are.
   *
   * Scope: falcon-container-image:write.
   */
  UpdatePolicyGroups(input: UpdatePolicyGroupsInput): Promise<Result<Resources<PolicyGroup>>> {
    return this.client.command('UpdatePolicyGroups', input)
  }

  /** The same as UpdatePolicyGroups. */
  update_policy_groups(input: UpdatePolicyGroupsInput): Promise<Result<Resources<PolicyGroup>>> {
    return this.client.command('UpdatePolicyGroups', input)
  }

  /**
   * Creates an image group and binds it to a policy.
   *
   * The good status is 200, not 201.
   *
   * Scope: falcon-container-image:write.
   */
  CreatePolicyGroups(input: CreatePolicyGroupsInput): Promise<Result<Resources<PolicyGroup>>> {
    return this.client.command('CreatePolicyGroups', input)
  }

  /** The same as CreatePolicyGroups. */
  create_policy_groups(input: CreatePolicyGroupsInput): Promise<Result<Resources<PolicyGroup>>> {
    return this.client.command('CreatePolicyGroups', input)
  }

  /**
   * Puts the policies into a new order.
   *
   * The answer lists the policies in the new order.
   *
   * Scope: falcon-container-image:write.
   */
  UpdatePolicyPrecedence(input: UpdatePolicyPrecedenceInput): Promise<Result<Resources<Policy>>> {
    return this.client.command('UpdatePolicyPrecedence', input)
  }

  /** The same as UpdatePolicyPrecedence. */
  update_policy_precedence(input: UpdatePolicyPrecedenceInput): Promise<Result<Resources<Policy>>> {
    return this.client.command('UpdatePolicyPrecedence', input)
  }
}
