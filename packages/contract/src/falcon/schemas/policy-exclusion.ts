import { Type } from 'typebox'
import { record } from '../../parts.ts'

export const ExclusionCondition = record('ExclusionCondition', {
  created_at: Type.Optional(Type.String()),
  description: Type.String(),
  op: Type.String(),
  prop: Type.String(),
  ttl: Type.Optional(Type.Number()),
  updated_at: Type.Optional(Type.String()),
  value: Type.Array(Type.String()),
})

export const PolicyExclusions = record('PolicyExclusions', {
  conditions: Type.Array(ExclusionCondition),
  created_at: Type.Optional(Type.String()),
  description: Type.String(),
  name: Type.String(),
  policy_type_uuid: Type.String(),
  updated_at: Type.Optional(Type.String()),
})

export const ExclusionConditionRequest = record('ExclusionConditionRequest', {
  description: Type.Optional(Type.String()),
  prop: Type.String({ description: 'what the exclusion matches on; vocabulary undocumented' }),
  ttl: Type.Optional(Type.Number({ description: 'time to live as a number; unit undocumented' })),
  value: Type.Array(Type.String()),
})

export const ExclusionsRequest = record('ExclusionsRequest', {
  conditions: Type.Array(ExclusionConditionRequest),
})
