import { randomUUID } from 'node:crypto'
import type { Database } from '../db/database.ts'
import { deleteExclusionUse } from '../db/exclusion-use.ts'
import { deletePolicy, insertPolicy, orderPolicies, updatePolicy } from '../db/policy.ts'
import { replacePolicyExclusions } from '../db/policy-exclusions.ts'
import { deletePolicyGroup, insertPolicyGroup, updatePolicyGroup } from '../db/policy-group.ts'
import {
  insertPolicyAudit,
  lockPolicyRevision,
  policyRevision,
  raisePolicyRevision,
} from '../db/policy-revision.ts'
import { transaction } from '../db/transaction.ts'
import type { Actor } from './clients.ts'
import { policyTrail } from './policies.ts'
import type { PolicyAction, PolicyPorts } from './policy-change.ts'
import {
  type PlannedSet,
  type PolicyDocument,
  type PolicyDocumentChange,
  plannedSet,
} from './policy-document.ts'
import { documentOf } from './policy-document-content.ts'
import { groupTrail } from './policy-groups.ts'
import { type PolicyGroupEntity, type PolicyHoldings, readHoldings } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'

/** Policies, groups and exclusions as one document. */
export interface PolicyDocuments {
  read(cid: string): Promise<{ readonly revision: number; readonly document: PolicyDocument }>
  /** All changes or none, under one revision. Refused as `conflict` where `ifRevision` is not the present one. */
  apply(
    by: Actor,
    document: PolicyDocument,
    options?: { readonly dryRun?: boolean; readonly ifRevision?: number },
  ): Promise<{ readonly revision: number; readonly changes: readonly PolicyDocumentChange[] }>
}

export function policyDocuments({ database, clock, sets }: PolicyPorts): PolicyDocuments {
  return {
    async read(cid) {
      const { revision, ...holdings } = await reading(database, cid)
      return { revision, document: documentOf(holdings) }
    },
    async apply(by, document, { dryRun = false, ifRevision } = {}) {
      const now = new Date(clock())
      if (dryRun) {
        const current = await reading(database, by.cid)
        checkRevision(current.revision, ifRevision)
        return { revision: current.revision, changes: plannedSet(current, document, by, now).changes }
      }
      try {
        return await transaction(database, async (inside) => {
          const revision = await lockPolicyRevision(inside, by.cid)
          checkRevision(revision, ifRevision)
          const current = await readHoldings(inside, by.cid, revision)
          const planned = plannedSet(current, document, by, now)
          const { changes } = planned
          if (changes.length === 0) return { revision, changes }
          for (const entry of await write(inside, by.cid, current, planned, now))
            await insertPolicyAudit(inside, by.cid, { ...entry, id: randomUUID(), at: now, actor: by.actor })
          return { revision: await raisePolicyRevision(inside, by.cid), changes }
        })
      } finally {
        sets.changed(by.cid)
      }
    },
  }
}

/** All of it as it stood at one moment. */
function reading(database: Database, cid: string): Promise<PolicyHoldings> {
  return transaction(
    database,
    async (inside) => readHoldings(inside, cid, await policyRevision(inside, cid)),
    { isolation: 'repeatable read' },
  )
}

function checkRevision(revision: number, wanted: number | undefined): void {
  if (wanted === undefined || wanted === revision) return
  throw new RequestFault(
    'conflict',
    `the policies are at revision ${revision}, not at ${wanted}: somebody changed them meanwhile`,
  )
}

/** How one thing is and is to be; without one of them it is made or goes. */
interface Step<Entity> {
  readonly before?: Entity
  readonly after?: Entity
}

/** The things that changes of one kind are about. */
function stepsOf<Entity extends { readonly name: string }>(
  kind: PolicyDocumentChange['kind'],
  changes: readonly PolicyDocumentChange[],
  before: readonly Entity[],
  after: readonly Entity[],
): readonly Step<Entity>[] {
  const were = new Map(before.map((entity) => [entity.name, entity]))
  const are = new Map(after.map((entity) => [entity.name, entity]))
  return changes
    .filter((change) => change.kind === kind)
    .map(({ name }) => {
      const [was, is] = [were.get(name), are.get(name)]
      return { ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) }
    })
}

/** Writes what differs, and tells of each change as the calls do that make one alone. */
async function write(
  database: Database,
  cid: string,
  current: PolicyHoldings,
  planned: PlannedSet,
  now: Date,
): Promise<readonly TrailEntry[]> {
  const { changes } = planned
  const policies = stepsOf('policy', changes, current.policies, planned.policies)
  const groups = stepsOf('group', changes, groupsOf(current), groupsOf(planned))
  // What goes is gone first, so that nothing stands in the way of a name.
  for (const { before, after } of policies) if (before && !after) await deletePolicy(database, cid, before)
  for (const { before, after } of groups)
    if (before && !after) await deletePolicyGroup(database, cid, before.id)
  for (const { before, after } of policies)
    if (after) await (before ? updatePolicy : insertPolicy)(database, cid, after)
  for (const { before, after } of groups)
    if (after) await (before ? updatePolicyGroup : insertPolicyGroup)(database, cid, after)
  await orderPolicies(database, cid, orderOf(planned))
  const entries = [
    ...policies.map((step) => trailEntry('policy', step, policyTrail)),
    ...groups.map((step) => trailEntry('group', step, groupTrail)),
  ]
  if (changes.some(({ kind }) => kind === 'order'))
    entries.push({
      action: 'precedence_update',
      subject: 'precedence',
      before: orderOf(current),
      after: orderOf(planned),
    })
  if (changes.some(({ kind }) => kind === 'exclusion')) {
    const { exclusions } = planned
    await replacePolicyExclusions(database, cid, exclusions, now)
    await deleteExclusionUse(
      database,
      cid,
      exclusions.map(({ id }) => id),
    )
    entries.push({
      action: 'exclusions_update',
      subject: 'exclusions',
      before: current.exclusions,
      after: exclusions,
    })
  }
  return entries
}

interface TrailEntry {
  readonly action: PolicyAction
  readonly subject: string
  readonly before: unknown
  readonly after: unknown
}

function trailEntry<Entity extends { readonly id: string }>(
  kind: 'policy' | 'group',
  { before, after }: Step<Entity>,
  trail: (entity: Entity) => unknown,
): TrailEntry {
  const act = before ? (after ? 'update' : 'delete') : 'create'
  return {
    action: `${kind}_${act}`,
    subject: (after ?? before)?.id ?? '',
    before: before && trail(before),
    after: after && trail(after),
  }
}

function groupsOf({
  policies,
  looseGroups,
}: Pick<PolicyHoldings, 'policies' | 'looseGroups'>): readonly PolicyGroupEntity[] {
  return [...policies.flatMap(({ groups }) => groups), ...looseGroups]
}

/** Ids, without the default policy's, which has no place of its own. */
function orderOf({ policies }: Pick<PolicyHoldings, 'policies'>): readonly string[] {
  return policies.filter(({ isDefault }) => !isDefault).map(({ id }) => id)
}
