import { randomUUID } from 'node:crypto'
import type { Actor } from './clients.ts'
import { contentOf, groupState, policyState } from './policy-document-content.ts'
import { plannedExclusions } from './policy-document-exclusions.ts'
import type { Difference, PolicyDocument, PolicyDocumentChange } from './policy-document-form.ts'
import { type ReadDocument, type ReadGroup, readPolicyDocument, refused } from './policy-document-read.ts'
import { maxPolicyGroups } from './policy-groups.ts'
import type { PolicyEntity, PolicyGroupEntity, PolicyHoldings, StoredExclusion } from './policy-set.ts'

export type { PolicyDocument, PolicyDocumentChange } from './policy-document-form.ts'

/** What a tenant would have after a document was applied, and what of it is new. */
export interface PlannedSet {
  /** In their order, the default last. */
  readonly policies: readonly PolicyEntity[]
  readonly looseGroups: readonly PolicyGroupEntity[]
  readonly exclusions: readonly StoredExclusion[]
  /** None: it is like that already. */
  readonly changes: readonly PolicyDocumentChange[]
}

/**
 * What a document would make of what there is. Policies and groups are known by their names, exclusions by what they take
 * away; what is unchanged stays as it is, with its id, author and times. A RequestFault names the place of what is wrong.
 */
export function plannedSet(
  current: Omit<PolicyHoldings, 'revision'>,
  document: PolicyDocument,
  by: Pick<Actor, 'actor'>,
  now: Date,
): PlannedSet {
  const read = readPolicyDocument(document)
  const bare = read.policies ? plannedPolicies(current.policies, read.policies, now) : current.policies
  const groups = plannedGroups(current, bare, read, now)
  const ofPolicies = Map.groupBy(groups, ({ policyId }) => policyId)
  const policies = bare.map((policy) => ({ ...policy, groups: ofPolicies.get(policy.id) ?? [] }))
  const looseGroups = ofPolicies.get(null) ?? []
  const { exclusions, changes } = read.exclusions
    ? plannedExclusions(current.exclusions, read.exclusions, by.actor, now)
    : { exclusions: current.exclusions, changes: [] }
  return {
    policies,
    looseGroups,
    exclusions,
    changes: [
      ...policyChanges(current.policies, policies),
      ...orderChanges(current.policies, policies),
      ...groupChanges(current, { policies, looseGroups }),
      ...changes,
    ],
  }
}

/** Without regard to groups. */
function plannedPolicies(
  current: readonly PolicyEntity[],
  wanted: NonNullable<ReadDocument['policies']>,
  now: Date,
): readonly PolicyEntity[] {
  const known = new Map(current.map((policy) => [policy.name, policy]))
  const byDefault = current.filter(({ isDefault }) => isDefault)
  return [
    ...wanted.map(({ name, description, enabled, rules }, index): PolicyEntity => {
      const same = known.get(name)
      const precedence = index + 1
      const changed = { name, description, enabled, rules }
      if (same && contentOf(policyState(same)) === contentOf(policyState(changed)))
        return { ...same, precedence }
      return {
        id: same?.id ?? randomUUID(),
        ...changed,
        isDefault: false,
        precedence,
        groups: [],
        createdAt: same?.createdAt ?? now,
        updatedAt: now,
      }
    }),
    ...byDefault.map((policy) => ({ ...policy, precedence: wanted.length + 1 })),
  ]
}

/** All groups, oldest first, as they are read from the database. */
function plannedGroups(
  { policies, looseGroups }: Omit<PolicyHoldings, 'revision'>,
  planned: readonly PolicyEntity[],
  read: ReadDocument,
  now: Date,
): readonly PolicyGroupEntity[] {
  const bound = policies.flatMap(({ groups }) => groups)
  const known = new Map([...bound, ...looseGroups].map((group) => [group.name, group]))
  const toGroup = ({ name, description, conditions }: ReadGroup, policyId: string | null) => {
    const same = known.get(name)
    const changed = { name, description, conditions }
    if (same?.policyId === policyId && sameGroup(same, changed)) return same
    const { id = randomUUID(), createdAt = now } = same ?? {}
    return { id, policyId, ...changed, createdAt, updatedAt: now }
  }
  // Every policy that was read was planned, at the same place.
  const ofPolicies = read.policies?.flatMap(({ groups }, index) =>
    groups.map((group) => toGroup(group, planned[index]?.id ?? null)),
  )
  const taken = new Set((ofPolicies ?? bound).map(({ name }) => name))
  const twice = ofPolicies ? undefined : read.groups?.find(({ name }) => taken.has(name))
  if (twice)
    throw refused(
      twice.place,
      `the group '${twice.name}' is for a policy, and the document has no policies: it cannot be taken from there`,
    )
  const loose =
    read.groups?.map((group) => toGroup(group, null)) ?? looseGroups.filter(({ name }) => !taken.has(name))
  const groups = [...(ofPolicies ?? bound), ...loose]
  if (groups.length > maxPolicyGroups)
    throw refused('groups', `${groups.length} groups, at most ${maxPolicyGroups} are taken`)
  return groups.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1))
}

function sameGroup(one: Parameters<typeof groupState>[0], other: Parameters<typeof groupState>[0]): boolean {
  return contentOf(groupState(one, null)) === contentOf(groupState(other, null))
}

function policyChanges(
  before: readonly PolicyEntity[],
  after: readonly PolicyEntity[],
): readonly PolicyDocumentChange[] {
  return changesOf('policy', before.map(policyState), after.map(policyState))
}

function groupChanges(
  before: Pick<PlannedSet, 'policies' | 'looseGroups'>,
  after: Pick<PlannedSet, 'policies' | 'looseGroups'>,
): readonly PolicyDocumentChange[] {
  const states = ({ policies, looseGroups }: typeof before) => [
    ...policies.flatMap(({ name, groups }) => groups.map((group) => groupState(group, name))),
    ...looseGroups.map((group) => groupState(group, null)),
  ]
  return changesOf('group', states(before), states(after))
}

/** What differs between things that have names: what is there now in its order, then what is gone. */
function changesOf<Kind extends 'policy' | 'group', State extends { readonly name: string }>(
  kind: Kind,
  before: readonly State[],
  after: readonly State[],
): readonly Difference<Kind, State>[] {
  const were = new Map(before.map((state) => [state.name, state]))
  const are = new Set(after.map(({ name }) => name))
  return [
    ...after.flatMap((state): readonly Difference<Kind, State>[] => {
      const { name } = state
      const was = were.get(name)
      if (!was) return [{ action: 'create', kind, name, after: state }]
      if (contentOf(was) === contentOf(state)) return []
      return [{ action: 'update', kind, name, before: was, after: state }]
    }),
    ...before
      .filter(({ name }) => !are.has(name))
      .map((state) => ({ action: 'delete' as const, kind, name: state.name, before: state })),
  ]
}

/** An order is new when it is not the one that comes of itself: those that stay as they stood, new ones behind them. */
function orderChanges(
  before: readonly PolicyEntity[],
  after: readonly PolicyEntity[],
): readonly PolicyDocumentChange[] {
  const [were, are] = [before, after].map((policies) =>
    policies.filter(({ isDefault }) => !isDefault).map(({ name }) => name),
  ) as [string[], string[]]
  const left = new Set(are)
  const known = new Set(were)
  const expected = [...were.filter((name) => left.has(name)), ...are.filter((name) => !known.has(name))]
  if (expected.every((name, index) => name === are[index])) return []
  return [{ action: 'update', kind: 'order', name: 'precedence', before: were, after: are }]
}
