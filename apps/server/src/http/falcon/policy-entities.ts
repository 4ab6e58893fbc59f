import { type ExclusionScope, exclusionExpiry } from '@lanner/policy'
import type { ExclusionList } from '../../use-cases/policy-exclusions.ts'
import type { PolicyEntity, PolicyGroupEntity } from '../../use-cases/policy-set.ts'

/** The one kind of policy that there is. */
export const policyTypeUuid = 'c3b0a8f2-5d0e-4b6a-9a51-7f1d2c64e0b7'

/** An instant as Falcon's clients read it: ISO 8601 with Z. */
export function instant(at: Date): string {
  return at.toISOString()
}

export function toPolicy(policy: PolicyEntity) {
  return {
    policy_id: policy.id,
    name: policy.name,
    description: policy.description,
    is_enabled: policy.enabled,
    precedence: policy.precedence,
    policy_data: {
      rules: policy.rules.map(({ action, conditions }) => ({
        action,
        policy_rules_data: { conditions: [...conditions] },
      })),
      groups: policy.groups.map(toPolicyGroup),
    },
    created_at: instant(policy.createdAt),
    updated_at: instant(policy.updatedAt),
  }
}

export function toPolicyGroup(group: PolicyGroupEntity) {
  return {
    uuid: group.id,
    name: group.name,
    description: group.description,
    ...(group.policyId === null ? {} : { policy_uuid: group.policyId }),
    policy_group_data: { conditions: [...group.conditions] },
    created_at: instant(group.createdAt),
    updated_at: instant(group.updatedAt),
  }
}

export function toExclusions({ exclusions, createdAt, updatedAt }: ExclusionList) {
  return {
    name: 'Exclusions',
    description: 'What no longer counts against an image',
    policy_type_uuid: policyTypeUuid,
    conditions: exclusions.map((exclusion) => {
      const { prop, op, value, and, scope, description, ttl, createdAt, updatedAt } = exclusion
      const expires = exclusionExpiry(exclusion)
      return {
        prop,
        op,
        value: [...value],
        description: description ?? '',
        ...(and ? { and: [...and] } : {}),
        ...(scope ? { scope: copied(scope) } : {}),
        ...(ttl === undefined ? {} : { ttl }),
        created_at: createdAt,
        updated_at: updatedAt,
        ...(expires === undefined ? {} : { expires_at: expires }),
      }
    }),
    created_at: instant(createdAt),
    updated_at: instant(updatedAt),
  }
}

/** A schema's arrays can be written to, what is kept cannot. */
export function copied(scope: ExclusionScope): { [Name in keyof ExclusionScope]: string | string[] } {
  return Object.fromEntries(
    Object.entries(scope).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  )
}
