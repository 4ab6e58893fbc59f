import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ImagePolicyFacts, PolicyFinding } from '@lanner/policy'
import { insertTenant } from '../db/tenant.ts'
import { toPolicyCheck, writtenPolicyCheck } from '../http/falcon/policy-check.ts'
import { testDatabase } from '../testing/database.ts'
import type { CheckedImage, CheckedReference, CheckedState, ImageFactsReader } from './policy-checks.ts'
import { policyServices } from './policy-services.ts'
import { RequestFault } from './request-fault.ts'

const by = { cid: 'a'.repeat(32), actor: 'ci' }
const start = Date.parse('2026-03-02T09:15:00Z')
const wanted: CheckedReference = { repository: 'shop/checkout', tag: '1.8.2' }

const image = (architecture: string): CheckedImage => ({
  registry: '',
  repository: 'shop/checkout',
  tag: '1.8.2',
  contentDigest: `sha256:${architecture}`,
  digest: `sha256:${architecture}`,
  indexDigest: '',
  imageId: `id-${architecture}`,
  architecture,
  state: 'assessed',
  reason: '',
  revision: 'one',
})

const finding = (vulnerability: string, severity: PolicyFinding['severity']): PolicyFinding => ({
  vulnerability,
  aliases: [],
  package: 0,
  verdict: 'affected',
  severity,
  cpsRating: 'low',
  exploited: false,
  fixAvailable: false,
})

const factsOf = (findings: readonly PolicyFinding[]): ImagePolicyFacts => ({
  registry: '',
  repository: 'shop/checkout',
  tag: '1.8.2',
  digest: 'sha256:amd64',
  baseOs: 'Debian GNU 12',
  assessment: 'assessed',
  packages: [{ type: 'deb', name: 'libexpat1', version: '2.5.0-1', purl: '', licenses: [], places: [] }],
  findings,
  detections: [{ id: 'd', type: 'secret', name: 'PrivateKey', severity: 'high', places: [] }],
})

/** The assessment store as a test sets it, counting what is asked of it. */
class Store implements ImageFactsReader {
  state: CheckedState = { state: 'assessed', images: [image('amd64')] }
  byDigest = new Map([
    ['sha256:amd64', factsOf([finding('CVE-2024-45490', 'high'), finding('CVE-2024-0002', 'low')])],
  ])
  found = 0
  read = 0
  async find() {
    this.found++
    return this.state
  }
  async facts(_: string, { digest }: CheckedImage) {
    this.read++
    const facts = this.byDigest.get(digest)
    assert.ok(facts)
    return facts
  }
}

async function open(t: TestContext) {
  const { database } = await testDatabase(t)
  await insertTenant(database, by.cid, 'one')
  const clock = { now: start }
  const store = new Store()
  const services = policyServices({ database, clock: () => clock.now, reader: store })
  return { ...services, clock, store }
}

async function production(
  policies: Awaited<ReturnType<typeof open>>['policies'],
  action: string,
  prop = 'severity',
  value: unknown = 'high',
) {
  const { id } = await policies.create(by, { name: `${action} ${prop}` })
  await policies.update(by, id, {
    enabled: true,
    rules: [{ action, policy_rules_data: { conditions: [{ prop, value }] } }],
  })
  return id
}

test('without a policy the default one passes the image', async (t) => {
  const { policyChecks } = await open(t)
  const check = toPolicyCheck(await policyChecks.ofImage(by.cid, wanted))
  assert.equal(check.deny, false)
  assert.equal(check.action, undefined)
  assert.equal(check.policy.is_default, true)
  assert.deepEqual(check.conditions, [])
  assert.deepEqual(check.evaluation_details.matched_cve_list, [])
})

test('a denial in the shape of the wire: policy, group, conditions and what matched', async (t) => {
  const { policies, policyGroups, policyExclusions, policyChecks } = await open(t)
  const id = await production(policies, 'block')
  const group = await policyGroups.create(by, {
    name: 'shop',
    policyId: id,
    conditions: [{ prop: 'repository', value: 'shop/*' }],
  })
  await policyExclusions.replace(by, [
    { prop: 'cve', value: ['CVE-2024-0002'] },
    { prop: 'detection_name', value: ['PrivateKey'] },
  ])
  const instant = '2026-03-02T09:15:00.000Z'
  assert.deepEqual(toPolicyCheck(await policyChecks.ofImage(by.cid, wanted)), {
    deny: true,
    action: 'block',
    evaluated_at: instant,
    image: {
      registry: '',
      repository: 'shop/checkout',
      tag: '1.8.2',
      image_id: 'id-amd64',
      image_digest: 'sha256:amd64',
    },
    policy: {
      uuid: id,
      name: 'block severity',
      description: '',
      is_enabled: true,
      is_default: false,
      precedence: 1,
      created_at: instant,
      updated_at: instant,
    },
    policy_group: {
      uuid: group.id,
      name: 'shop',
      description: '',
      policy_uuid: id,
      policy_group_data: { conditions: [{ prop: 'repository', value: 'shop/*' }] },
      created_at: instant,
      updated_at: instant,
    },
    policy_type: {
      uuid: 'c3b0a8f2-5d0e-4b6a-9a51-7f1d2c64e0b7',
      name: 'image-prevention-policy',
      description: 'Decides by an assessment whether an image may be used',
      policy_type: 'image-prevention-policy',
      version: '1',
    },
    conditions: [{ prop: 'severity', value: 'high' }],
    evaluation_details: {
      matched_cve_list: ['CVE-2024-45490'],
      excluded_cve_list: ['CVE-2024-0002'],
      matched_detection_list: [],
      excluded_detection_list: ['PrivateKey'],
      matched_package_list: [],
      excluded_package_list: [],
      matched_base_os_list: [],
    },
  })
})

test('packages are told as name and version, the base OS as it is listed', async (t) => {
  const { policies, policyChecks } = await open(t)
  const { id } = await policies.create(by, { name: 'p' })
  const conditions = [
    { prop: 'package', value: 'libexpat*' },
    { prop: 'base_os', op: 'like', value: 'debian*' },
  ]
  await policies.update(by, id, {
    enabled: true,
    rules: [{ action: 'alert', policy_rules_data: { conditions } }],
  })
  const check = toPolicyCheck(await policyChecks.ofImage(by.cid, wanted))
  assert.deepEqual([check.deny, check.action], [false, 'alert'])
  assert.deepEqual(check.evaluation_details.matched_package_list, ['libexpat1 2.5.0-1'])
  assert.deepEqual(check.evaluation_details.matched_base_os_list, ['Debian GNU 12'])
})

test('an exclusion lets the image pass until its ttl is over; the facts are read again only then', async (t) => {
  const { policies, policyExclusions, policyChecks, clock, store } = await open(t)
  await production(policies, 'block')
  const denied = async () => (await policyChecks.ofImage(by.cid, wanted)).verdict.deny
  assert.equal(await denied(), true)
  await policyExclusions.replace(by, [{ prop: 'cve', value: ['CVE-2024-45490'], ttl: 2 }])
  assert.equal(await denied(), false)
  assert.equal(store.read, 2)
  clock.now = start + 1999
  assert.equal(await denied(), false)
  assert.equal(store.read, 2)
  clock.now = start + 2000
  assert.equal(await denied(), true)
  assert.equal(store.read, 3)
})

test('precedence decides between alert and block', async (t) => {
  const { policies, policyChecks } = await open(t)
  const blocking = await production(policies, 'block')
  const alerting = await production(policies, 'alert', 'severity', 'low')
  const action = async () => (await policyChecks.ofImage(by.cid, wanted)).verdict.action
  assert.equal(await action(), 'block')
  await policies.reorder(by, [alerting, blocking])
  assert.equal(await action(), 'alert')
})

test('a verdict is remembered for the same findings and policies', async (t) => {
  const { policies, policyChecks, clock, store } = await open(t)
  await production(policies, 'block')
  const first = await policyChecks.ofImage(by.cid, wanted)
  assert.equal(await policyChecks.ofImage(by.cid, wanted), first)
  assert.deepEqual([store.found, store.read], [1, 1])
  // The reference is looked up again after a moment, the facts are not read again.
  clock.now += 200
  assert.equal(await policyChecks.ofImage(by.cid, wanted), first)
  assert.deepEqual([store.found, store.read], [2, 1])
  // Findings changed.
  store.state = { state: 'assessed', images: [{ ...image('amd64'), revision: 'two' }] }
  store.byDigest.set('sha256:amd64', factsOf([]))
  policyChecks.changed(by.cid)
  assert.equal((await policyChecks.ofImage(by.cid, wanted)).verdict.deny, false)
  assert.deepEqual([store.found, store.read], [3, 2])
})

test('a digest is looked up less often than a tag: it cannot be moved', async (t) => {
  const { policyChecks, clock, store } = await open(t)
  const found = async (reference: CheckedReference, later: number) => {
    clock.now += later
    await policyChecks.ofImage(by.cid, reference)
    return store.found
  }
  const byDigest = { ...wanted, tag: '', digest: 'sha256:amd64' }
  assert.deepEqual([await found(wanted, 0), await found(wanted, 199), await found(wanted, 1)], [1, 1, 2])
  assert.deepEqual(
    [await found(byDigest, 0), await found(byDigest, 999), await found(byDigest, 1)],
    [3, 3, 4],
  )
})

test('the verdict on an index is the worst of its platforms', async (t) => {
  const { policies, policyChecks, store } = await open(t)
  await production(policies, 'block')
  store.byDigest.set('sha256:amd64', factsOf([]))
  store.byDigest.set('sha256:arm64', factsOf([finding('CVE-2024-45490', 'critical')]))
  store.state = { state: 'assessed', images: [image('amd64'), image('arm64')] }
  const { image: worst, verdict } = await policyChecks.ofImage(by.cid, wanted)
  assert.equal(verdict.deny, true)
  assert.equal(worst.digest, 'sha256:arm64')
})

for (const state of ['unknown', 'pending', 'not_assessable'] as const)
  test(`an image that is ${state} has no verdict, and is asked for anew each time`, async (t) => {
    const { policyChecks, store } = await open(t)
    store.state = { state, reason: 'why it is so' }
    for (let times = 1; times <= 2; times++) {
      await assert.rejects(policyChecks.ofImage(by.cid, wanted), (fault) => {
        assert.ok(fault instanceof RequestFault)
        assert.equal(fault.code, 'not-found')
        assert.equal(fault.message, `image shop/checkout:1.8.2: ${state}; why it is so`)
        return true
      })
      assert.equal(store.found, times)
    }
    store.state = { state: 'assessed', images: [image('amd64')] }
    assert.equal((await policyChecks.ofImage(by.cid, wanted)).verdict.deny, false)
  })

test('remembered verdicts answer many thousand times a second', async (t) => {
  const { policies, policyChecks } = await open(t)
  await production(policies, 'block')
  await policyChecks.ofImage(by.cid, wanted)
  const begun = process.hrtime.bigint()
  for (let times = 0; times < 5000; times++) writtenPolicyCheck(await policyChecks.ofImage(by.cid, wanted))
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9
  t.diagnostic(`${Math.round(5000 / seconds)} a second`)
  assert.ok(seconds < 2.5, `${seconds} s for 5,000`)
})
