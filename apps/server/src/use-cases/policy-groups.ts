import { randomUUID } from 'node:crypto'
import { readGroupConditions } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import {
  deletePolicyGroup,
  insertPolicyGroup,
  listPolicyGroups,
  updatePolicyGroup,
} from '../db/policy-group.ts'
import type { Actor } from './clients.ts'
import {
  changePolicies,
  checkedDescription,
  checkedId,
  checkedName,
  type PolicyPorts,
} from './policy-change.ts'
import { type PolicyGroupEntity, readPolicies } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'

/** What a request says of a group; in a change, what is absent stays. */
export interface GroupChange {
  readonly name?: string
  readonly description?: string
  /** `[{prop, op?, value}]` */
  readonly conditions?: unknown
}

/** How many groups a tenant can have. */
export const maxPolicyGroups = 5000

/** Groups of images that policies are for. */
export interface PolicyGroups {
  /** Oldest first. */
  list(cid: string): Promise<readonly PolicyGroupEntity[]>
  create(
    by: Actor,
    group: GroupChange & { readonly name: string; readonly policyId?: string },
  ): Promise<PolicyGroupEntity>
  update(by: Actor, id: string, change: GroupChange): Promise<PolicyGroupEntity>
  /** Gives the id. */
  remove(by: Actor, id: string): Promise<string>
}

export function policyGroups(ports: PolicyPorts): PolicyGroups {
  return {
    list: (cid) => listPolicyGroups(ports.database, cid),
    create(by, { name, description, conditions, policyId }) {
      return changePolicies(ports, by, 'group_create', async (inside, now) => {
        const known = await listPolicyGroups(inside, by.cid)
        if (known.length >= maxPolicyGroups)
          throw new RequestFault('conflict', `there are ${maxPolicyGroups} groups already, which is the most`)
        const group: PolicyGroupEntity = {
          id: randomUUID(),
          policyId: policyId ? await boundTo(inside, by.cid, policyId) : null,
          name: freeName(checkedName(name, 'a group'), known),
          description: checkedDescription(description),
          conditions: readGroupConditions(conditions ?? []),
          createdAt: now,
          updatedAt: now,
        }
        await insertPolicyGroup(inside, by.cid, group)
        return { result: group, subject: group.id, after: groupTrail(group) }
      })
    },
    update(by, id, { name, description, conditions }) {
      return changePolicies(ports, by, 'group_update', async (inside, now) => {
        const { group, others } = await own(inside, by.cid, id)
        const changed: PolicyGroupEntity = {
          ...group,
          ...(name === undefined ? {} : { name: freeName(checkedName(name, 'a group'), others) }),
          ...(description === undefined ? {} : { description: checkedDescription(description) }),
          ...(conditions === undefined ? {} : { conditions: readGroupConditions(conditions) }),
          updatedAt: now,
        }
        await updatePolicyGroup(inside, by.cid, changed)
        return { result: changed, subject: group.id, before: groupTrail(group), after: groupTrail(changed) }
      })
    },
    remove(by, id) {
      return changePolicies(ports, by, 'group_delete', async (inside) => {
        const { group } = await own(inside, by.cid, id)
        await deletePolicyGroup(inside, by.cid, group.id)
        return { result: group.id, subject: group.id, before: groupTrail(group) }
      })
    },
  }
}

async function own(
  database: Database,
  cid: string,
  id: string,
): Promise<{ readonly group: PolicyGroupEntity; readonly others: readonly PolicyGroupEntity[] }> {
  const wanted = checkedId(id, 'group')
  const known = await listPolicyGroups(database, cid)
  const group = known.find((one) => one.id === wanted)
  if (!group) throw new RequestFault('not-found', `there is no group ${wanted}`, { id: wanted })
  return { group, others: known.filter((one) => one !== group) }
}

/** The id of the policy that a new group is for. */
async function boundTo(database: Database, cid: string, policyId: string): Promise<string> {
  const wanted = checkedId(policyId, 'policy')
  const policy = (await readPolicies(database, cid)).find(({ id }) => id === wanted)
  if (!policy) throw new RequestFault('not-found', `there is no policy ${wanted}`, { id: wanted })
  if (policy.isDefault)
    throw new RequestFault('invalid', 'policy_id: the default policy is for all images and takes no groups')
  return wanted
}

function freeName(name: string, others: readonly { readonly name: string }[]): string {
  if (others.some((other) => other.name === name))
    throw new RequestFault('conflict', `name: there is a group '${name}' already`)
  return name
}

/** What the trail keeps of a group. */
export function groupTrail({ policyId, name, description, conditions }: PolicyGroupEntity): unknown {
  return { policyId, name, description, conditions }
}
