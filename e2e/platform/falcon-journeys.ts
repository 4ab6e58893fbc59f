import assert from 'node:assert/strict'
import { ResponseError } from 'crowdstrike-falcon'
import { type Ground, type Journey, only, refused } from './falcon-ground.ts'
import { baseImages, containerImages } from './falcon-image-journeys.ts'
import { policies, verdicts } from './falcon-policy-journeys.ts'
import { exportJobs, registries, reports } from './falcon-registry-journeys.ts'

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
