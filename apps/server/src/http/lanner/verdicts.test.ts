import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EstateTenant, startEstate } from '../../testing/estate.ts'
import { commonImages, gatewayPlatforms } from '../../testing/estate-images.ts'
import { pushBuilt } from '../../testing/estate-pushes.ts'

const path = '/lanner/v1/verdict'
const policies = '/container-security/entities/image-assessment-policies/v1'
const exclusions = '/container-security/entities/image-assessment-policy-exclusions/v1'

type Query = Readonly<Record<string, string | number | boolean>>

async function verdictOf(tenant: EstateTenant, query: Query) {
  const { status, body, text } = await tenant.call('GET', path, { query })
  assert.equal(status, 200, text)
  const [verdict] = body.resources
  return verdict
}

async function setPolicy(tenant: EstateTenant, name: string, action: string, conditions: readonly object[]) {
  const made = await tenant.call('POST', policies, { body: { name } })
  assert.equal(made.status, 200, made.text)
  const id = made.body.resources[0].policy_id
  const rules = [{ action, policy_rules_data: { conditions } }]
  const body = { is_enabled: true, policy_data: { rules } }
  const set = await tenant.call('PATCH', `${policies}?id=${id}`, { body })
  assert.equal(set.status, 200, set.text)
}

test('the verdict of images by name and by digest, and of what is not assessed', async (t) => {
  const estate = await startEstate(t)
  const [tenant, other] = estate.tenants
  const { base, checkout, gateway, damaged } = commonImages
  await pushBuilt(tenant, 'shop/checkout', '1', checkout)
  await pushBuilt(tenant, 'shop/gateway', '2', gateway)
  await pushBuilt(tenant, 'lab/damaged', '1', damaged)
  await estate.settled()

  await t.test('without a policy the built-in one passes it', async () => {
    const verdict = await verdictOf(tenant, { repository: 'shop/checkout', tag: '1' })
    assert.deepEqual(
      [verdict.state, verdict.reason, verdict.action, verdict.deny, verdict.policy.is_default],
      ['assessed', '', 'allow', false, true],
    )
    assert.deepEqual(
      [verdict.image.registry, verdict.image.image_digest, verdict.image.architecture, verdict.rules],
      ['', checkout.digest, 'amd64', []],
    )
  })

  await setPolicy(tenant, 'Production', 'block', [{ prop: 'severity', value: 'high' }])

  await t.test('by its name, its digest and both: the same image', async () => {
    const named = await verdictOf(tenant, { repository: 'shop/checkout', tag: '1' })
    assert.equal(named.action, 'block')
    // By hand from the demo's advisories: log4j-core 2.14.1 is the worst, and known to be exploited.
    const [worst] = named.matched.vulnerabilities
    assert.deepEqual(
      [worst.vulnerability, worst.package, worst.version, worst.fixed_versions, worst.exploited],
      ['CVE-2021-44228', 'org.apache.logging.log4j/log4j-core', '2.14.1', ['2.15.0'], true],
    )
    const digest = checkout.digest
    const { evaluated_at } = named
    for (const query of [
      { digest },
      { digest, tag: '1' },
      { digest, tag: 'another' },
      { digest, pushed: true },
    ] as readonly Query[]) {
      const verdict = await verdictOf(tenant, { repository: 'shop/checkout', ...query })
      assert.deepEqual({ ...verdict, evaluated_at }, named)
    }
  })

  await t.test('lists have a bound, and say how long they are', async () => {
    const query = { repository: 'shop/checkout', tag: '1' }
    const whole = await verdictOf(tenant, query)
    const { length } = whole.matched.vulnerabilities
    assert.ok(length > 1)
    const short = await verdictOf(tenant, { ...query, limit: 1 })
    assert.deepEqual(short.matched.vulnerabilities, whole.matched.vulnerabilities.slice(0, 1))
    assert.equal(short.matched.totals.vulnerabilities, length)
    assert.equal((await tenant.call('GET', path, { query: { ...query, limit: 10_001 } })).status, 400)
  })

  await t.test('what an exclusion spares, by whom and until when', async () => {
    const conditions = [
      { prop: 'severity', value: ['critical', 'high'], description: 'not reachable', ttl: 600 },
    ]
    const set = await tenant.call('POST', exclusions, { body: { conditions } })
    assert.equal(set.status, 200, set.text)
    const verdict = await verdictOf(tenant, { repository: 'shop/checkout', tag: '1', explain: true })
    assert.equal(verdict.action, 'allow')
    const [spared] = verdict.excluded.vulnerabilities
    assert.equal(spared.vulnerability, 'CVE-2021-44228')
    const { description, author, expires_at } = spared.exclusion
    assert.deepEqual(
      [description, author, expires_at],
      ['not reachable', tenant.clientId, verdict.valid_until],
    )
    assert.ok(Date.parse(expires_at) > Date.parse(verdict.evaluated_at))
    assert.ok(verdict.explanation.some((line: string) => line.includes('not reachable')))
    await tenant.call('POST', exclusions, { body: { conditions: [] } })
  })

  await t.test(
    'an index answers with the worst of its platforms, or for the one that is asked for',
    async () => {
      await setPolicy(tenant, 'Minimist', 'alert', [{ prop: 'package', value: 'minimist 0.0.8' }])
      const whole = await verdictOf(tenant, { repository: 'shop/gateway', digest: gateway.digest })
      assert.deepEqual(
        [whole.action, whole.image.image_digest, whole.image.index_digest],
        ['alert', gatewayPlatforms[0].digest, gateway.digest],
      )
      const arm = { repository: 'shop/gateway', tag: '2', architecture: 'arm64' }
      assert.deepEqual((await verdictOf(tenant, arm)).image.image_digest, gatewayPlatforms[1].digest)
      const none = await verdictOf(tenant, { ...arm, architecture: 's390x' })
      assert.deepEqual([none.state, none.image], ['unknown', null])
      assert.match(none.reason, /no image for s390x, only for amd64, arm64/)
    },
  )

  await t.test('unknown and not assessable: no action, unless a policy goes by name and state', async () => {
    const unknown = { repository: 'shop/nothing', tag: '1' }
    const torn = { repository: 'lab/damaged', tag: '1' }
    for (const [query, state] of [
      [unknown, 'unknown'],
      [torn, 'not_assessable'],
    ] as const) {
      const verdict = await verdictOf(tenant, { ...query, explain: true })
      assert.deepEqual(
        [verdict.state, verdict.action, verdict.deny, verdict.policy, verdict.matched.totals.vulnerabilities],
        [state, null, null, null, 0],
      )
      assert.notEqual(verdict.reason, '')
      assert.match(verdict.explanation[0], /no rule decides by name and state alone$/)
    }
    assert.equal((await verdictOf(tenant, torn)).image.image_digest, damaged.digest)
    await setPolicy(tenant, 'Closed', 'block', [{ prop: 'assessment', op: 'neq', value: 'assessed' }])
    for (const query of [unknown, torn]) {
      const { action, deny, policy, rules } = await verdictOf(tenant, query)
      assert.deepEqual([action, deny, policy.name, rules.length], ['block', true, 'Closed', 1])
    }
    // The vendor's dialect has no word for it.
    const { status } = await tenant.call('GET', '/policy-checks', { query: unknown })
    assert.equal(status, 404)
  })

  await t.test('a digest that its tag has left is still judged, under no tag', async () => {
    await pushBuilt(tenant, 'shop/checkout', '1', base)
    await estate.settled()
    const left = await verdictOf(tenant, { repository: 'shop/checkout', digest: checkout.digest })
    assert.deepEqual([left.state, left.action, left.image.tag], ['assessed', 'block', ''])
    const named = await verdictOf(tenant, { repository: 'shop/checkout', tag: '1' })
    assert.equal(named.image.image_digest, base.digest)
  })

  await t.test("another tenant's image is unknown, also by its digest", async () => {
    const { state } = await verdictOf(other, { repository: 'shop/checkout', digest: checkout.digest })
    assert.equal(state, 'unknown')
  })

  await t.test('what is no reference is refused with words', async () => {
    for (const [query, words] of [
      [{ digest: checkout.digest }, /^repository: /],
      [{ repository: 'shop/checkout' }, /^tag: this or digest is required/],
      [{ repository: 'shop/checkout', digest: 'sha256:1' }, /^digest: "sha256:1" is no digest/],
      [{ repository: 'shop/checkout', tag: '1', pushed: true, registry: 'ghcr.io' }, /^pushed: /],
    ] as const) {
      const { status, body } = await tenant.call('GET', path, { query })
      assert.equal(status, 400)
      assert.match(body.errors[0].message, words)
    }
  })

  assert.deepEqual(estate.complaints, [])
})
