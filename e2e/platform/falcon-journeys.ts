import assert from 'node:assert/strict'
import { FalconClient, ResponseError } from 'crowdstrike-falcon'
import { eventually } from './api.ts'
import type { Credentials } from './platform.ts'

/** What the vendor's client is told of a server that has the demo image `demo/shop:1.0`. */
export interface Ground {
  readonly credentials: Credentials
  readonly falcon: FalconClient
}

/** A part of the API as somebody uses it from beginning to end. */
export interface Journey {
  readonly name: string
  run(ground: Ground): Promise<void>
}

/** The client knows the vendor's clouds only: what it sends there goes to our server. */
export function groundOf(credentials: Credentials): Ground {
  const cloud = 'https://api.crowdstrike.com'
  const falcon = new FalconClient({
    cloud: 'us-1',
    clientId: credentials.client_id,
    clientSecret: credentials.client_secret,
    fetchApi: (input: string | URL | Request, init?: RequestInit) => {
      const address = String(input)
      assert.ok(address.startsWith(cloud), address)
      return fetch(credentials.url + address.slice(cloud.length), init)
    },
  })
  return { credentials, falcon }
}

const demo = { repository: 'demo/shop', tag: '1.0' }
const demoFilter = "repository:'demo/shop'+tag:'1.0'"
const unknownUuid = '00000000-0000-4000-8000-000000000000'

export const journeys: readonly Journey[] = (
  [
    { name: 'OAuth2', run: oAuth2 },
    { name: 'Container Images', run: containerImages },
    { name: 'Container Images: base images', run: baseImages },
    { name: 'Falcon Container: registries', run: registries },
    { name: 'Falcon Container: reports and the credential of the registry', run: reports },
    { name: 'Falcon Container: exports', run: exportJobs },
    { name: 'Image Assessment Policies: create, update, order, delete', run: policies },
    { name: 'Image Assessment Policies: verdicts', run: verdicts },
    { name: 'Installation Tokens', run: installationTokens },
  ] satisfies readonly Journey[]
).map(({ name, run }) => ({ name, run: (ground: Ground) => run(ground).catch(explained) }))

/** The client's error says nothing of what was asked and answered. */
async function explained(error: unknown): Promise<never> {
  if (!(error instanceof ResponseError)) throw error
  const { response } = error
  throw new Error(`${response.url} was answered with ${response.status}: ${await response.text()}`, {
    cause: error,
  })
}

/** Waits until a call is refused with the status. */
async function refused(status: number, call: Promise<unknown>): Promise<string> {
  let answer: unknown
  try {
    answer = await call
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error
    const text = await error.response.text()
    assert.equal(error.response.status, status, text)
    const { errors } = JSON.parse(text) as { errors: readonly { code: number; message: string }[] }
    assert.equal(errors[0]?.code, status)
    return errors[0]?.message ?? ''
  }
  assert.fail(`not refused: ${JSON.stringify(answer)}`)
}

function only<T>(resources: readonly T[] | undefined): T {
  assert.equal(resources?.length, 1, JSON.stringify(resources))
  return (resources as readonly [T])[0]
}

function single<T>(resource: T | undefined): T {
  assert.ok(resource && !Array.isArray(resource), JSON.stringify(resource))
  return resource
}

async function oAuth2({ falcon, credentials }: Ground): Promise<void> {
  const { client_id, client_secret } = credentials
  const issued = await falcon.oauth2.oauth2AccessToken(client_id, client_secret)
  assert.equal(issued.expiresIn, 1799)
  const use = () =>
    fetch(`${credentials.url}/installation-tokens/entities/customer-settings/v1`, {
      headers: { Authorization: `Bearer ${issued.accessToken}` },
    })
  assert.equal((await use()).status, 200)
  await falcon.oauth2.oauth2RevokeToken(`${issued.accessToken}`, client_id)
  assert.equal((await use()).status, 401)
  await refused(403, falcon.oauth2.oauth2AccessToken(client_id, 'W'.repeat(40)))
}

async function containerImages({ falcon, credentials }: Ground): Promise<void> {
  const { containerImages: api } = falcon
  const listed = await eventually('the demo image', async () => {
    const page = await api.getCombinedImages(demoFilter, 'repository.asc', 10, 0)
    return page.resources.some(({ packages }) => packages > 0) ? page : undefined
  })
  const image = only(listed.resources)
  assert.equal(image.cid, credentials.cid)
  assert.deepEqual([image.repository, image.tag], [demo.repository, demo.tag])
  assert.equal(listed.meta.pagination?.total, 1)
  assert.ok(image.vulnerabilities > 0 && image.packages > 0, JSON.stringify(image))

  const none = await api.getCombinedImages("repository:'nobody/nothing'")
  assert.deepEqual([none.resources, none.meta.pagination?.total], [[], 0])
  const found = await api.getCombinedImages(`cve_id:'CVE-2019-10744'+${demoFilter}`)
  assert.equal(only(found.resources).imageDigest, image.imageDigest)
  assert.match(await refused(400, api.getCombinedImages("colour:'red'")), /colour/)

  const counted = only((await api.aggregateImageCount(demoFilter)).resources)
  assert.equal(counted.count, 1)
  const states = only((await api.aggregateImageCountByState(demoFilter)).resources)
  assert.deepEqual(
    states.buckets?.filter(({ count }) => count > 0).map(({ label, count }) => [label.toLowerCase(), count]),
    [['assessed', 1]],
  )
  const bases = only((await api.aggregateImageCountByBaseOS(demoFilter)).resources)
  assert.match(bases.buckets?.[0]?.label ?? '', /debian/i)
  const history = only((await api.aggregateImageAssessmentHistory("repository:'demo/shop'")).resources)
  assert.ok(history)

  const most = await api.combinedImageByVulnerabilityCount(undefined, 5, 0)
  assert.ok(most.resources.some(({ repository }) => repository === demo.repository))
  const detail = only((await api.combinedImageDetail(demoFilter, true, 'repository.asc', 10, 0)).resources)
  assert.equal(detail.digest, image.imageDigest)
  const exported = await api.readCombinedImagesExport(demoFilter, true, false, 100, 0)
  assert.ok(exported.resources.some(({ cveId }) => cveId === 'CVE-2019-10744'))
  assert.equal(new Set(exported.resources.map(({ cveId }) => cveId)).size, image.vulnerabilities)

  const { cid } = credentials
  const issues = only(
    (await api.combinedImageIssuesSummary(cid, image.registry, demo.repository, demo.tag)).resources,
  )
  assert.equal(
    issues.vulnerabilitiesSummary.reduce((sum, { count }) => sum + count, 0),
    image.vulnerabilities,
  )
  const summary = only(
    (await api.combinedImageVulnerabilitySummary(cid, image.registry, demo.repository, demo.tag)).resources,
  )
  assert.equal(summary.totalVulnerabilities, image.vulnerabilities)
  await refused(404, api.combinedImageIssuesSummary(cid, image.registry, demo.repository, 'absent'))
}

async function baseImages({ falcon }: Ground): Promise<void> {
  const { containerImages: api } = falcon
  const image = only((await api.getCombinedImages(demoFilter)).resources)
  const wanted = { ...demo, registry: '', imageDigest: image.imageDigest, imageId: image.imageId }
  await api.createBaseImagesEntities({ baseImages: [wanted] })
  const listed = (await api.combinedBaseImages()).resources as { id?: string; uuid?: string }[]
  const declared = only(listed)
  const id = declared.id ?? declared.uuid
  assert.ok(id, JSON.stringify(declared))
  await api.deleteBaseImages([id])
  assert.deepEqual((await api.combinedBaseImages()).resources, [])
}

async function registries({ falcon }: Ground): Promise<void> {
  const { falconContainerImage: api } = falcon
  const details = { username: 'reader', password: 'never to be seen again' }
  const payload = { type: 'harbor', url: 'https://harbor.example', credential: { details } }
  const created = await api.createRegistryEntities({ ...payload, userDefinedAlias: 'ours' })
  // One object, not a list of one.
  const entity = single(created.resources)
  assert.match(entity.id, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.equal(entity.url, payload.url)
  assert.ok(!JSON.stringify(created).includes(details.password))
  await refused(409, api.createRegistryEntities(payload))
  await refused(400, api.createRegistryEntities({ ...payload, credential: { details: {} } }))

  const second = single(
    (await api.createRegistryEntities({ ...payload, url: 'https://harbor.example/second' })).resources,
  )
  const ids = (await api.readRegistryEntities(10, 0)).resources
  assert.deepEqual([...(ids ?? [])].sort(), [entity.id, second.id].sort())
  const read = await api.readRegistryEntitiesByUUID(`${entity.id},${second.id}`)
  assert.equal(read.resources?.length, 2)
  assert.ok(!JSON.stringify(read).includes(details.password))

  const paused = await api.updateRegistryEntities(entity.id, {
    credential: { type: '', details: {} },
    state: 'pause',
    userDefinedAlias: 'theirs',
  })
  assert.equal(single(paused.resources).userDefinedAlias, 'theirs')
  const state = only((await api.readRegistryEntitiesByUUID(entity.id)).resources).state
  assert.notEqual(state, entity.state)
  assert.match(state, /pause/i)
  await api.updateRegistryEntities(entity.id, { credential: { type: '', details: {} }, state: 'resume' })
  const resumed = only((await api.readRegistryEntitiesByUUID(entity.id)).resources)
  assert.doesNotMatch(resumed.state, /pause/i)

  await api.deleteRegistryEntities(`${entity.id},${second.id}`)
  assert.deepEqual((await api.readRegistryEntities()).resources, [])
  const gone = await api.readRegistryEntitiesByUUID(entity.id).catch((error: unknown) => error)
  if (gone instanceof ResponseError) assert.equal(gone.response.status, 404)
  else assert.deepEqual((gone as { resources: unknown[] }).resources, [])
}

async function reports({ falcon, credentials }: Ground): Promise<void> {
  const { falconContainerImage: api } = falcon
  const report = (format: string) =>
    api.getReportByReference(undefined, demo.repository, demo.tag, undefined, undefined, undefined, format)
  const [own] = (await report('json')).resources as [
    { Vulnerabilities: { Vulnerability: { CVEID: string } }[] },
  ]
  assert.ok(own.Vulnerabilities.some(({ Vulnerability }) => Vulnerability.CVEID === 'CVE-2019-10744'))
  const [bom] = (await report('cyclonedx-json')).resources as [{ bomFormat: string; components: unknown[] }]
  assert.equal(bom.bomFormat, 'CycloneDX')
  assert.ok(bom.components.length > 0)
  const [sarif] = (await report('sarif')).resources as [{ version: string }]
  assert.equal(sarif.version, '2.1.0')
  await refused(404, api.getReportByReference(undefined, demo.repository, 'absent'))

  // The client's model of the answer leaves the token out.
  const { raw } = await falcon.falconContainer.getCredentialsRaw()
  const { token } = only(((await raw.clone().json()) as { resources: { token: string }[] }).resources)
  const basic = Buffer.from(`fc-${credentials.cid}:${token}`).toString('base64')
  const pulled = await fetch(`${credentials.url}/v2/${demo.repository}/manifests/${demo.tag}`, {
    headers: { Authorization: `Basic ${basic}` },
  })
  assert.equal(pulled.status, 200)
}

async function exportJobs({ falcon }: Ground): Promise<void> {
  const { falconContainerImage: api } = falcon
  const launch = { resource: 'images.images-assessment', format: 'json', sort: '', fql: demoFilter }
  const id = only((await api.launchExportJob(launch)).resources)
  await eventually('the export', async () => {
    const job = only((await api.readExportJobs([id])).resources)
    assert.notEqual(job.status, 'FAILED')
    return job.status === 'DONE' ? true : undefined
  })
  assert.ok((await api.queryExportJobs()).resources.includes(id))
  const file = (await api.downloadExportFile(id)) as unknown
  assert.match(JSON.stringify(file), /demo\/shop/)
}

async function policies({ falcon }: Ground): Promise<void> {
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

async function verdicts({ falcon }: Ground): Promise<void> {
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

async function installationTokens({ falcon }: Ground): Promise<void> {
  const { installationTokens: api, installationTokensSettings: settings } = falcon
  const expiresTimestamp = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000)
  const created = only((await api.tokensCreate({ label: 'ci', expiresTimestamp })).resources)
  assert.match(created.id, /^[0-9a-f]{32}$/)
  assert.deepEqual([created.label, created.status], ['ci', 'valid'])
  assert.deepEqual(created.expiresTimestamp, expiresTimestamp)
  const other = only((await api.tokensCreate({ label: 'other' })).resources)
  assert.deepEqual((await api.tokensQuery(0, 10, 'label.asc', "label:'ci'")).resources, [created.id])
  assert.deepEqual((await api.tokensQuery(0, 10, 'label.desc')).resources, [other.id, created.id])
  assert.equal((await api.tokensRead([created.id, other.id])).resources.length, 2)

  await api.tokensUpdate([created.id], { revoked: true })
  assert.equal(only((await api.tokensRead([created.id])).resources).status, 'revoked')
  assert.deepEqual((await api.tokensQuery(0, 10, undefined, "status:'valid'")).resources, [other.id])
  await api.tokensUpdate([created.id], { revoked: false, label: 'renamed' })
  const restored = only((await api.tokensRead([created.id])).resources)
  assert.deepEqual([restored.status, restored.label], ['valid', 'renamed'])

  await settings.customerSettingsUpdate({ tokensRequired: true, maxActiveTokens: 2 })
  const read = only((await api.customerSettingsRead()).resources)
  assert.deepEqual([read.tokensRequired, read.maxActiveTokens], [true, 2])
  await refused(409, api.tokensCreate({ label: 'one too many' }))
  await settings.customerSettingsUpdate({ tokensRequired: false, maxActiveTokens: 100 })

  const events = (await api.auditEventsQuery(0, 100, 'timestamp.desc', `token_id:'${created.id}'`)).resources
  const told = (await api.auditEventsRead(events)).resources
  assert.ok(told.some(({ action }) => action === 'token_create'))
  assert.ok(!JSON.stringify(told).includes(created.value))

  await api.tokensDelete([created.id, other.id])
  assert.deepEqual((await api.tokensQuery()).resources, [])
  await refused(404, api.tokensRead([created.id]))
}

function blockOn(...conditions: readonly object[]) {
  return { action: 'block', policyRulesData: { conditions: [...conditions] } }
}
