import { Type } from 'typebox'
import { collection, del, get, patch, post } from '../define.ts'
import { resources, text } from '../parts.ts'
import {
  Policy,
  PolicyChange,
  PolicyGroup,
  PolicyGroupChange,
  PolicyGroupRequest,
  PolicyOrder,
  PolicyRequest,
} from './schemas/policy.ts'
import { ExclusionsRequest, PolicyExclusions } from './schemas/policy-exclusion.ts'
import { imageRead, imageWrite } from './scopes.ts'

/** Policies, the groups of images they are for, their order, and exclusions. */
export const imageAssessmentPolicies = collection('falcon', 'Image Assessment Policies', {
  DeletePolicy: del('/container-security/entities/image-assessment-policies/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Deletes a policy.',
    query: { id: text('policy id', { required: true }) },
    reply: resources(Type.String()),
    failures: { 400: 'the default policy cannot be deleted', 404: 'no such policy in this account' },
    quirks: ['The default policy refuses.'],
  }),

  ReadPolicies: get('/container-security/entities/image-assessment-policies/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'All image assessment policies.',
    reply: resources(Policy),
    quirks: ['policy_data.rules and policy_data.groups are always arrays.'],
  }),

  UpdatePolicies: patch('/container-security/entities/image-assessment-policies/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Renames, enables or gives rules to a policy.',
    query: { id: text('policy id', { required: true }) },
    body: PolicyChange,
    reply: resources(Policy),
    failures: {
      400: 'a condition is not understood; the message names it and the known ones',
      404: 'no such policy in this account',
    },
    quirks: ['Members that are absent stay as they are.'],
  }),

  CreatePolicies: post('/container-security/entities/image-assessment-policies/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Creates an image assessment policy with no rules yet.',
    body: PolicyRequest,
    reply: resources(Policy),
    failures: { 400: 'the policy has no name', 409: 'a policy of this name exists' },
    quirks: ['The good status is 200, not 201.', 'A new policy is disabled and has no rules.'],
  }),

  ReadPolicyExclusions: get('/container-security/entities/image-assessment-policy-exclusions/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'The account-wide exclusion list.',
    reply: resources(PolicyExclusions),
    quirks: ['There is one exclusion entity for an account, in an array.'],
  }),

  UpdatePolicyExclusions: post('/container-security/entities/image-assessment-policy-exclusions/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Replaces the conditions of the exclusion list.',
    body: ExclusionsRequest,
    reply: resources(PolicyExclusions),
    failures: { 400: 'a condition is not understood; the message names it and the known ones' },
    quirks: ['A POST that replaces all conditions; the good status is 200.'],
  }),

  DeletePolicyGroup: del('/container-security/entities/image-assessment-policy-groups/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Deletes an image group.',
    query: { id: text('group id', { required: true }) },
    reply: resources(Type.String()),
    failures: { 404: 'no such group in this account' },
  }),

  ReadPolicyGroups: get('/container-security/entities/image-assessment-policy-groups/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'All image groups.',
    reply: resources(PolicyGroup),
  }),

  UpdatePolicyGroups: patch('/container-security/entities/image-assessment-policy-groups/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Changes an image group.',
    query: { id: text('group id', { required: true }) },
    body: PolicyGroupChange,
    reply: resources(PolicyGroup),
    failures: {
      400: 'a condition is not understood; the message names it and the known ones',
      404: 'no such group in this account',
    },
    quirks: ['Members that are absent stay as they are.'],
  }),

  CreatePolicyGroups: post('/container-security/entities/image-assessment-policy-groups/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Creates an image group and binds it to a policy.',
    body: PolicyGroupRequest,
    reply: resources(PolicyGroup),
    failures: {
      400: 'a condition is not understood; the message names it and the known ones',
      404: 'no such policy in this account',
      409: 'a group of this name exists',
    },
    quirks: ['The good status is 200, not 201.'],
  }),

  UpdatePolicyPrecedence: post('/container-security/entities/image-assessment-policy-precedence/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Puts the policies into a new order.',
    body: PolicyOrder,
    reply: resources(Policy),
    failures: { 400: 'precedence does not name every policy exactly once' },
    quirks: ['The answer lists the policies in the new order.'],
  }),
})
