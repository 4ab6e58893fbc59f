import type { Handlers } from '@lanner/contract'
import type { imageAssessmentPolicies } from '@lanner/contract/falcon'
import type { PolicyServices } from '../../use-cases/policy-services.ts'
import { toExclusions, toPolicy, toPolicyGroup } from './policy-entities.ts'

/** Policies, groups, their order, and exclusions. */
export const imageAssessmentPolicyHandlers: Handlers<typeof imageAssessmentPolicies, PolicyServices> = {
  async ReadPolicies({ caller }, { policies }) {
    return all((await policies.list(caller.cid)).map(toPolicy))
  },
  async CreatePolicies({ caller, body }, { policies }) {
    return one(toPolicy(await policies.create(caller, body)))
  },
  async UpdatePolicies({ caller, query, body }, { policies }) {
    const { name, description, is_enabled, policy_data } = body
    const change = { name, description, enabled: is_enabled, rules: policy_data?.rules }
    return one(toPolicy(await policies.update(caller, query.id, change)))
  },
  async DeletePolicy({ caller, query }, { policies }) {
    return one(await policies.remove(caller, query.id))
  },
  async UpdatePolicyPrecedence({ caller, body }, { policies }) {
    return all((await policies.reorder(caller, body.precedence)).map(toPolicy))
  },

  async ReadPolicyGroups({ caller }, { policyGroups }) {
    return all((await policyGroups.list(caller.cid)).map(toPolicyGroup))
  },
  async CreatePolicyGroups({ caller, body }, { policyGroups }) {
    const { name, description, policy_group_data, policy_id } = body
    const conditions = policy_group_data?.conditions
    return one(
      toPolicyGroup(
        await policyGroups.create(caller, { name, description, conditions, policyId: policy_id }),
      ),
    )
  },
  async UpdatePolicyGroups({ caller, query, body }, { policyGroups }) {
    const { name, description, policy_group_data } = body
    const change = { name, description, conditions: policy_group_data?.conditions }
    return one(toPolicyGroup(await policyGroups.update(caller, query.id, change)))
  },
  async DeletePolicyGroup({ caller, query }, { policyGroups }) {
    return one(await policyGroups.remove(caller, query.id))
  },

  async ReadPolicyExclusions({ caller }, { policyExclusions }) {
    return all([toExclusions(await policyExclusions.read(caller.cid))])
  },
  async UpdatePolicyExclusions({ caller, body }, { policyExclusions }) {
    return one(toExclusions(await policyExclusions.replace(caller, body.conditions)))
  },
}

/** A change, which touched one thing. */
function one<Resource>(resource: Resource) {
  return { resources: [resource], affected: 1 }
}

/** A list that is never paged. */
function all<Resource>(resources: readonly Resource[]) {
  const { length } = resources
  return { resources, pagination: { limit: length, offset: 0, total: length } }
}
