import { imageAssessmentPolicies as policies } from '../../../packages/contract/src/index.ts'
import { examplesOf, type Scene } from '../example.ts'

async function newPolicy({ ask }: Scene, name: string): Promise<string> {
  const [{ policy_id }] = await ask(policies, 'CreatePolicies', { body: { name } })
  return policy_id
}

export const imageAssessmentPoliciesExamples = examplesOf(policies, 'image-assessment-policies', {
  DeletePolicy: async (scene) => ({ query: { id: await newPolicy(scene, 'Old') } }),
  ReadPolicies: () => ({}),
  UpdatePolicies: ({ held }) => ({
    query: { id: held.policyId },
    body: {
      is_enabled: true,
      policy_data: {
        rules: [
          {
            action: 'block',
            policy_rules_data: {
              conditions: [
                { prop: 'severity', value: 'high' },
                { prop: 'fix_available', value: true },
              ],
            },
          },
        ],
      },
    },
  }),
  CreatePolicies: () => ({ body: { name: 'Staging', description: 'what may run in staging' } }),
  ReadPolicyExclusions: () => ({}),
  UpdatePolicyExclusions: () => ({
    body: {
      conditions: [{ prop: 'cve', value: ['CVE-2018-18074'], description: 'not reachable', ttl: 2_592_000 }],
    },
  }),
  DeletePolicyGroup: async ({ ask }) => {
    const [{ uuid }] = await ask(policies, 'CreatePolicyGroups', { body: { name: 'Old group' } })
    return { query: { id: uuid } }
  },
  ReadPolicyGroups: () => ({}),
  UpdatePolicyGroups: ({ held }) => ({
    query: { id: held.groupId },
    body: { description: 'images of the shop' },
  }),
  CreatePolicyGroups: ({ held }) => ({
    body: {
      name: 'Checkout',
      policy_id: held.policyId,
      policy_group_data: { conditions: [{ prop: 'repository', value: ['shop/checkout'] }] },
    },
  }),
  UpdatePolicyPrecedence: async ({ ask, held }) => {
    const known = await ask(policies, 'ReadPolicies')
    const ids = known.map(({ policy_id }) => policy_id)
    return { body: { precedence: [held.policyId, ...ids.filter((id) => id !== held.policyId)] } }
  },
})
