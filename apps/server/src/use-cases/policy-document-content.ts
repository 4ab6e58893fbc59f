import { type ExclusionScope, exclusionExpiry, type PolicyCondition } from '@lanner/policy'
import type {
  DocumentExclusion,
  DocumentGroup,
  DocumentPolicy,
  GroupState,
  PolicyDocument,
  PolicyState,
} from './policy-document-form.ts'
import type { PolicyEntity, PolicyGroupEntity, PolicyHoldings, StoredExclusion } from './policy-set.ts'

/**
 * All that a tenant has, as a document; what takes it back changes nothing. Exclusions that VEX documents made are not in it:
 * they come and go with those.
 */
export function documentOf({
  policies,
  looseGroups,
  exclusions,
}: Omit<PolicyHoldings, 'revision'>): Required<PolicyDocument> {
  return {
    version: 1,
    policies: policies.filter(({ isDefault }) => !isDefault).map(documentPolicy),
    groups: documentGroups(looseGroups),
    exclusions: exclusions.filter(({ vex }) => !vex).map(documentExclusion),
  }
}

function documentPolicy(policy: PolicyEntity): DocumentPolicy {
  const { name, description, enabled, rules } = policyState(policy)
  const groups = documentGroups(policy.groups)
  return {
    name,
    ...(description === '' ? {} : { description }),
    enabled,
    rules,
    ...(groups.length > 0 ? { groups } : {}),
  }
}

/** By name: which of them is older means nothing. */
function documentGroups(groups: readonly PolicyGroupEntity[]): readonly DocumentGroup[] {
  return groups
    .map(({ name, description, conditions }) => ({
      name,
      ...(description === '' ? {} : { description }),
      conditions: conditions.map(documentCondition),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** An exclusion with the instant of its end, which means the same at any later time. */
export function documentExclusion(exclusion: StoredExclusion): DocumentExclusion {
  const { prop, op, value, and, scope, description } = exclusion
  const expires = exclusionExpiry(exclusion)
  return {
    prop,
    op,
    value,
    ...(and ? { and: and.map(documentCondition) } : {}),
    ...(scope ? { scope: givenScope(scope) } : {}),
    ...(description ? { description } : {}),
    ...(expires === undefined ? {} : { expires }),
  }
}

export function policyState({
  name,
  description,
  enabled,
  rules,
}: Pick<PolicyEntity, 'name' | 'description' | 'enabled' | 'rules'>): PolicyState {
  return {
    name,
    description,
    enabled,
    rules: rules.map(({ action, conditions }) => ({ action, conditions: conditions.map(documentCondition) })),
  }
}

export function groupState(
  { name, description, conditions }: Pick<PolicyGroupEntity, 'name' | 'description' | 'conditions'>,
  policy: string | null,
): GroupState {
  return { name, policy, description, conditions: conditions.map(documentCondition) }
}

/** In one order, without members that say nothing. */
function documentCondition(condition: PolicyCondition & { readonly description?: unknown }): PolicyCondition {
  const { prop, op, value, description } = condition
  return { prop, ...(op ? { op } : {}), value, ...(description ? { description } : {}) }
}

function givenScope(scope: ExclusionScope): ExclusionScope {
  return Object.fromEntries(
    Object.entries(scope).filter(([, value]) => value !== undefined && value !== null),
  )
}

/** What an exclusion takes away, whoever wrote it, why, and until when. */
export function exclusionSubject({
  prop,
  op,
  value,
  and,
  scope,
}: Pick<StoredExclusion, 'prop' | 'op' | 'value' | 'and' | 'scope'>): string {
  return contentOf([prop, op, value, and?.map(documentCondition), scope && givenScope(scope)])
}

/** The same text for values that are the same: members of objects in one order, whichever jsonb keeps them in. */
export function contentOf(value: unknown): string {
  return JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.entries(value)
    .map(([name, item]) => [name, sorted(item)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}
