import { Type } from 'typebox'
import { partial, record } from '../../parts.ts'
import { Condition } from './policy.ts'

const OneOrMore = Type.Union([Type.String(), Type.Array(Type.String())])

/** Where an exclusion holds. */
export const ExclusionScope = partial('ExclusionScope', {
  registry: OneOrMore,
  repository: OneOrMore,
  tag: OneOrMore,
  digest: OneOrMore,
  layer: OneOrMore,
})
const scope = Type.Optional(ExclusionScope)

const ttl = Type.Optional(Type.Number({ description: 'seconds from the last update; absent or 0: no end' }))

/** One condition, with the conditions that must hold beside it. */
export const ExclusionCondition = record('ExclusionCondition', {
  created_at: Type.Optional(Type.String()),
  description: Type.String(),
  op: Type.String(),
  prop: Type.String(),
  ttl,
  updated_at: Type.Optional(Type.String()),
  expires_at: Type.Optional(Type.String({ description: 'absent: no end' })),
  value: Type.Array(Type.String()),
  and: Type.Optional(Type.Array(Condition)),
  scope,
})

/** The exclusions of the account. */
export const PolicyExclusions = record('PolicyExclusions', {
  conditions: Type.Array(ExclusionCondition),
  created_at: Type.Optional(Type.String()),
  description: Type.String(),
  name: Type.String(),
  policy_type_uuid: Type.String(),
  updated_at: Type.Optional(Type.String()),
})

const Comparable = Type.Union([Type.String(), Type.Number(), Type.Boolean()])

export const ExclusionConditionRequest = record('ExclusionConditionRequest', {
  description: Type.Optional(Type.String()),
  op: Type.Optional(Type.String()),
  prop: Type.String({ description: 'what the exclusion matches on' }),
  ttl,
  value: Type.Union([Type.Array(Comparable), Comparable]),
  and: Type.Optional(Type.Array(Condition)),
  scope,
})

export const ExclusionsRequest = record('ExclusionsRequest', {
  conditions: Type.Array(ExclusionConditionRequest),
})
