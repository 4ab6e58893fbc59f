import { Type } from 'typebox'
import { record } from '../../parts.ts'

export const PolicyGroupData = record('PolicyGroupData', {
  conditions: Type.Array(Type.Unknown()),
})

export const PolicyGroup = record('PolicyGroup', {
  created_at: Type.String(),
  description: Type.String(),
  name: Type.String(),
  policy_group_data: Type.Optional(PolicyGroupData),
  policy_uuid: Type.Optional(Type.String()),
  updated_at: Type.String(),
  uuid: Type.String(),
})

export const PolicyRuleData = record('PolicyRuleData', {
  conditions: Type.Array(Type.Unknown()),
})

export const PolicyRule = record('PolicyRule', {
  action: Type.String({
    description:
      'block or alert (what policy checks report); third-party front ends also send allow and prevent',
  }),
  policy_rules_data: Type.Optional(PolicyRuleData),
})

export const PolicyData = record('PolicyData', {
  groups: Type.Array(PolicyGroup),
  rules: Type.Array(PolicyRule),
})

export const Policy = record('Policy', {
  created_at: Type.String(),
  description: Type.String(),
  is_enabled: Type.Boolean(),
  name: Type.String(),
  policy_data: Type.Optional(PolicyData),
  policy_id: Type.String(),
  precedence: Type.Integer(),
  updated_at: Type.String(),
})

export const PolicyRules = record('PolicyRules', {
  rules: Type.Array(PolicyRule),
})

export const PolicyChange = record('PolicyChange', {
  description: Type.String(),
  is_enabled: Type.Boolean(),
  name: Type.String(),
  policy_data: Type.Optional(PolicyRules),
})

export const PolicyRequest = record('PolicyRequest', {
  description: Type.Optional(Type.String()),
  name: Type.String(),
})

export const PolicyGroupChange = record('PolicyGroupChange', {
  description: Type.String(),
  name: Type.String(),
  policy_group_data: Type.Optional(PolicyGroupData),
})

export const PolicyGroupRequest = record('PolicyGroupRequest', {
  description: Type.String(),
  name: Type.String(),
  policy_group_data: Type.Optional(PolicyGroupData),
  policy_id: Type.Optional(Type.String()),
})

export const PolicyOrder = record('PolicyOrder', {
  precedence: Type.Array(Type.String(), { description: 'all policy ids, highest priority first' }),
})
