import { Type } from 'typebox'
import { partial, record } from '../../parts.ts'

/** What is compared, how, and with what. A condition that is not understood is refused with the known ones. */
export const Condition = record('Condition', {
  prop: Type.String({ description: 'such as severity, cve or repository' }),
  op: Type.Optional(
    Type.String({
      description:
        'eq, neq, gt, gte, lt, lte, in, not_in or like; absent: what suits prop and value, as in high or worse',
    }),
  ),
  value: Type.Unknown({ description: 'text, a number, true, false, or a list of them' }),
})

/** Which images a group has: conditions on registry, repository and tag. */
export const PolicyGroupData = record('PolicyGroupData', {
  conditions: Type.Array(Condition),
})

/** Images that a policy is for. */
export const PolicyGroup = record('PolicyGroup', {
  created_at: Type.String(),
  description: Type.String(),
  name: Type.String(),
  policy_group_data: Type.Optional(PolicyGroupData),
  policy_uuid: Type.Optional(Type.String()),
  updated_at: Type.String(),
  uuid: Type.String(),
})

/** Conditions that must all hold. */
export const PolicyRuleData = record('PolicyRuleData', {
  conditions: Type.Array(Condition),
})

export const PolicyRule = record('PolicyRule', {
  action: Type.String({
    description: 'block, alert or allow; prevent is read as block',
  }),
  policy_rules_data: Type.Optional(PolicyRuleData),
})

export const PolicyData = record('PolicyData', {
  groups: Type.Array(PolicyGroup),
  rules: Type.Array(PolicyRule),
})

/** An image assessment policy. */
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

/** Members that are absent stay as they are. */
export const PolicyChange = partial('PolicyChange', {
  description: Type.String(),
  is_enabled: Type.Boolean(),
  name: Type.String(),
  policy_data: PolicyRules,
})

export const PolicyRequest = record('PolicyRequest', {
  description: Type.Optional(Type.String()),
  name: Type.String(),
})

/** Members that are absent stay as they are. */
export const PolicyGroupChange = partial('PolicyGroupChange', {
  description: Type.String(),
  name: Type.String(),
  policy_group_data: PolicyGroupData,
})

export const PolicyGroupRequest = record('PolicyGroupRequest', {
  description: Type.Optional(Type.String()),
  name: Type.String(),
  policy_group_data: Type.Optional(PolicyGroupData),
  policy_id: Type.Optional(Type.String()),
})

export const PolicyOrder = record('PolicyOrder', {
  precedence: Type.Union([Type.Array(Type.String()), Type.String()], {
    description: 'all policy ids, highest priority first, as a list or joined by commas',
  }),
})
