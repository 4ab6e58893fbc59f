import { randomUUID } from 'node:crypto'
import { readRules } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import { deletePolicy, insertPolicy, orderPolicies, updatePolicy } from '../db/policy.ts'
import { countPolicyAudit, listPolicyAudit, type PolicyAuditRecord } from '../db/policy-revision.ts'
import { maxCounted } from './audit.ts'
import type { Actor } from './clients.ts'
import {
  changePolicies,
  checkedDescription,
  checkedId,
  checkedName,
  type PolicyPorts,
} from './policy-change.ts'
import { defaultPolicyId, type PolicyEntity, readPolicies } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'

/** What a request changes of a policy; what is absent stays. */
export interface PolicyChange {
  readonly name?: string
  readonly description?: string
  readonly enabled?: boolean
  /** `[{action, policy_rules_data: {conditions}}]` */
  readonly rules?: unknown
}

/** How many policies a tenant can have, beside the default one. */
export const maxPolicies = 1000

/** Image assessment policies of a tenant. */
export interface Policies {
  /** In their order, the default policy last. */
  list(cid: string): Promise<readonly PolicyEntity[]>
  /** Disabled, without rules, last but for the default. */
  create(by: Actor, policy: { readonly name: string; readonly description?: string }): Promise<PolicyEntity>
  update(by: Actor, id: string, change: PolicyChange): Promise<PolicyEntity>
  /** Its groups stay without a policy. Gives the id. */
  remove(by: Actor, id: string): Promise<string>
  /**
   * Puts the policies into a new order, first is highest: every id exactly once, as a list or joined by commas; the default
   * policy's may be left out or stand last.
   */
  reorder(by: Actor, precedence: string | readonly string[]): Promise<readonly PolicyEntity[]>
  /** Who changed what, newest first: policies, groups, exclusions and order. The total is counted up to `maxCounted`. */
  changes(
    cid: string,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly records: readonly PolicyAuditRecord[]; readonly total: number }>
}

export function policies(ports: PolicyPorts): Policies {
  const { database, sets } = ports
  return {
    async list(cid) {
      return (await sets.of(cid)).policies
    },
    create(by, { name, description }) {
      return changePolicies(ports, by, 'policy_create', async (inside, now) => {
        const known = await readPolicies(inside, by.cid)
        if (known.length > maxPolicies)
          throw new RequestFault('conflict', `there are ${maxPolicies} policies already, which is the most`)
        const policy: PolicyEntity = {
          id: randomUUID(),
          name: freeName(checkedName(name, 'a policy'), known),
          description: checkedDescription(description),
          enabled: false,
          isDefault: false,
          precedence: known.length,
          rules: [],
          groups: [],
          createdAt: now,
          updatedAt: now,
        }
        await insertPolicy(inside, by.cid, policy)
        return { result: policy, subject: policy.id, after: policyTrail(policy) }
      })
    },
    update(by, id, { name, description, enabled, rules }) {
      return changePolicies(ports, by, 'policy_update', async (inside, now) => {
        const { policy, others } = await own(inside, by.cid, id, 'changed')
        const changed: PolicyEntity = {
          ...policy,
          ...(name === undefined ? {} : { name: freeName(checkedName(name, 'a policy'), others) }),
          ...(description === undefined ? {} : { description: checkedDescription(description) }),
          ...(enabled === undefined ? {} : { enabled }),
          ...(rules === undefined ? {} : { rules: readRules(rules) }),
          updatedAt: now,
        }
        await updatePolicy(inside, by.cid, changed)
        return {
          result: changed,
          subject: policy.id,
          before: policyTrail(policy),
          after: policyTrail(changed),
        }
      })
    },
    remove(by, id) {
      return changePolicies(ports, by, 'policy_delete', async (inside) => {
        const { policy } = await own(inside, by.cid, id, 'deleted')
        await deletePolicy(inside, by.cid, policy)
        return { result: policy.id, subject: policy.id, before: policyTrail(policy) }
      })
    },
    reorder(by, precedence) {
      return changePolicies(ports, by, 'precedence_update', async (inside) => {
        const known = await readPolicies(inside, by.cid)
        const before = known.filter(({ isDefault }) => !isDefault).map(({ id }) => id)
        const after = checkedOrder(precedence, before, defaultPolicyId(by.cid))
        await orderPolicies(inside, by.cid, after)
        return { result: await readPolicies(inside, by.cid), subject: 'precedence', before, after }
      })
    },
    async changes(cid, page) {
      const [records, total] = await Promise.all([
        listPolicyAudit(database, cid, page),
        countPolicyAudit(database, cid, maxCounted),
      ])
      return { records, total }
    },
  }
}

/** A policy that can be changed, with the others. */
async function own(
  database: Database,
  cid: string,
  id: string,
  done: string,
): Promise<{ readonly policy: PolicyEntity; readonly others: readonly PolicyEntity[] }> {
  const wanted = checkedId(id, 'policy')
  const known = await readPolicies(database, cid)
  const policy = known.find((one) => one.id === wanted)
  if (!policy) throw new RequestFault('not-found', `there is no policy ${wanted}`, { id: wanted })
  if (policy.isDefault)
    throw new RequestFault('invalid', `the default policy is built in and cannot be ${done}`, { id: wanted })
  return { policy, others: known.filter((one) => one !== policy) }
}

function freeName(name: string, others: readonly { readonly name: string }[]): string {
  if (others.some((other) => other.name === name))
    throw new RequestFault('conflict', `name: there is a policy '${name}' already`)
  return name
}

function checkedOrder(
  precedence: string | readonly string[],
  known: readonly string[],
  byDefault: string,
): readonly string[] {
  const given = (typeof precedence === 'string' ? [precedence] : precedence)
    .flatMap((item) => item.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => checkedId(item, 'policy'))
  const order = given.at(-1) === byDefault ? given.slice(0, -1) : given
  const problems = [
    told('the default policy can only stand last', order.includes(byDefault) ? [byDefault] : []),
    told(
      'missing',
      known.filter((id) => !order.includes(id)),
    ),
    told(
      'unknown',
      order.filter((id) => id !== byDefault && !known.includes(id)),
    ),
    told('given twice', [...new Set(order.filter((id, index) => order.indexOf(id) !== index))]),
  ].filter((problem) => problem !== '')
  if (problems.length > 0)
    throw new RequestFault('invalid', `precedence names every policy exactly once: ${problems.join('; ')}`)
  return order
}

function told(what: string, ids: readonly string[]): string {
  if (ids.length === 0) return ''
  return `${what}: ${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ` and ${ids.length - 10} more` : ''}`
}

/** What the trail keeps of a policy. */
export function policyTrail({
  name,
  description,
  enabled,
  precedence,
  rules,
  groups,
}: PolicyEntity): unknown {
  return { name, description, enabled, precedence, rules, groups: groups.map(({ id }) => id) }
}
