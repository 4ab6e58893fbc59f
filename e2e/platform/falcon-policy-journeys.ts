import assert from 'node:assert/strict'
import { eventually } from './api.ts'
import { demo, demoFilter, type Ground, only, refused } from './falcon-ground.ts'

const unknownUuid = '00000000-0000-4000-8000-000000000000'

export async function policies({ falcon }: Ground): Promise<void> {
  const { imageAssessmentPolicies: api } = falcon
  const before = (await api.readPolicies()).resources
  const create = async (name: string) =>
    only((await api.createPolicies({ name, description: 'made in a test' })).resources)
  const [first, second] = [await create('first'), await create('second')]
  assert.equal(first.isEnabled, false)
  const changed = only(
    (
      await api.updatePolicies(first.policyId, {
        name: 'renamed',
        description: 'changed',
        isEnabled: true,
        policyData: { rules: [blockOn({ prop: 'severity', op: 'gte', value: 'high' })] },
      })
    ).resources,
  )
  assert.deepEqual([changed.name, changed.isEnabled], ['renamed', true])
  assert.equal(changed.policyData?.rules?.length, 1)
  await refused(
    400,
    api.updatePolicies(first.policyId, {
      name: 'renamed',
      description: '',
      isEnabled: true,
      policyData: { rules: [blockOn({ prop: 'colour', value: 'red' })] },
    }),
  )

  const order = [second.policyId, first.policyId]
  const own = (listed: readonly { policyId: string }[]) =>
    listed.map(({ policyId }) => policyId).filter((id) => order.includes(id))
  const reordered = await api.updatePolicyPrecedence({ precedence: order })
  assert.deepEqual(own(reordered.resources), order)
  assert.deepEqual(own((await api.readPolicies()).resources), order)
  await refused(400, api.updatePolicyPrecedence({ precedence: [first.policyId] }))

  const group = only(
    (
      await api.createPolicyGroups({
        name: 'shops',
        description: '',
        policyId: first.policyId,
        policyGroupData: { conditions: [{ prop: 'repository', value: ['shop/*'] }] },
      })
    ).resources,
  )
  assert.equal(group.policyUuid, first.policyId)
  await api.updatePolicyGroups(group.uuid, {
    name: 'stores',
    description: '',
    policyGroupData: { conditions: [{ prop: 'repository', value: ['store/*'] }] },
  })
  const stores = only((await api.readPolicyGroups()).resources.filter(({ uuid }) => uuid === group.uuid))
  assert.equal(stores.name, 'stores')
  assert.match(JSON.stringify(stores.policyGroupData), /store\/\*/)
  await api.deletePolicyGroup(group.uuid)
  assert.ok((await api.readPolicyGroups()).resources.every(({ uuid }) => uuid !== group.uuid))
  await refused(404, api.deletePolicyGroup(unknownUuid))

  for (const { policyId } of [first, second]) await api.deletePolicy(policyId)
  assert.equal((await api.readPolicies()).resources.length, before.length)
  await refused(404, api.deletePolicy(first.policyId))
}

export async function verdicts({ falcon }: Ground): Promise<void> {
  const { imageAssessmentPolicies: api, falconContainerImage, containerImages } = falcon
  const check = async () =>
    only((await falconContainerImage.policyChecks(demo.repository, demo.tag)).resources)
  const enabled = async (name: string, action: string, condition: object) => {
    const { policyId } = only((await api.createPolicies({ name, description: '' })).resources)
    const rule = { action, policyRulesData: { conditions: [condition] } }
    await api.updatePolicies(policyId, {
      name,
      description: '',
      isEnabled: true,
      policyData: { rules: [rule] },
    })
    return policyId
  }
  await eventually('the verdict', () => check().catch(() => undefined))
  assert.equal((await check()).deny, false)

  const high = { prop: 'severity', op: 'gte', value: 'high' }
  const block = await enabled('no high ones', 'block', high)
  const denied = await check()
  assert.deepEqual([denied.deny, denied.action, denied.policy.uuid], [true, 'block', block])
  const matched = denied.evaluationDetails?.matchedCveList ?? []
  assert.ok(matched.includes('CVE-2019-10744'), JSON.stringify(matched))
  const listed = await containerImages.getCombinedImages(`cve_id:'${matched[0]}'+${demoFilter}`)
  assert.equal(listed.resources.length, 1)

  const exclude = (...conditions: { prop: string; value: string[]; ttl?: number }[]) =>
    api.updatePolicyExclusions({ conditions })
  await exclude({ prop: 'cve', value: [...matched] })
  const spared = await check()
  assert.equal(spared.deny, false)
  assert.deepEqual([...(spared.evaluationDetails?.excludedCveList ?? [])].sort(), [...matched].sort())
  const kept = only((await api.readPolicyExclusions()).resources)
  assert.deepEqual([...(only(kept.conditions) as { value: string[] }).value].sort(), [...matched].sort())

  await exclude({ prop: 'cve', value: [...matched], ttl: 2 })
  assert.equal((await check()).deny, false)
  await eventually('the end of the exclusion', async () => ((await check()).deny ? true : undefined), 10_000)
  await exclude()
  assert.equal((await check()).deny, true)

  const { uuid } = only(
    (
      await api.createPolicyGroups({
        name: 'others',
        description: '',
        policyId: block,
        policyGroupData: { conditions: [{ prop: 'repository', value: ['other/*'] }] },
      })
    ).resources,
  )
  assert.equal((await check()).deny, false, 'a policy for other repositories leaves it alone')
  await api.deletePolicyGroup(uuid)
  assert.equal((await check()).deny, true)

  const alert = await enabled('tell of high ones', 'alert', high)
  for (const [precedence, deny, action] of [
    [[alert, block], false, 'alert'],
    [[block, alert], true, 'block'],
  ] as const) {
    await api.updatePolicyPrecedence({ precedence: [...precedence] })
    const verdict = await check()
    assert.deepEqual([verdict.deny, verdict.action, verdict.policy.uuid], [deny, action, precedence[0]])
  }
  await refused(404, falconContainerImage.policyChecks(demo.repository, 'absent'))
  for (const id of [block, alert]) await api.deletePolicy(id)
  assert.equal((await check()).deny, false)
}

function blockOn(...conditions: readonly object[]) {
  return { action: 'block', policyRulesData: { conditions: [...conditions] } }
}
