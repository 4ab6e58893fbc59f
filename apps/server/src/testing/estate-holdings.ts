import assert from 'node:assert/strict'
import { digestOf } from '@lanner/testkit'
import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { type Estate, type EstateTenant, estateTime } from './estate.ts'
import { commonImages, ownImages } from './estate-images.ts'
import { pushBuilt } from './estate-pushes.ts'

/** What one tenant of a furnished estate has. */
export interface Holdings {
  readonly images: ReturnType<typeof ownImages>
  readonly policyId: string
  readonly groupId: string
  readonly registryId: string
  readonly tokenId: string
  readonly baseImageId: string
  readonly exportId: string
  readonly username: string
}

/**
 * Gives both tenants images of equal names, tags and, for some, digests, and one of everything that can be had: through
 * the API wherever it can be put in by it.
 */
export async function furnish(estate: Estate): Promise<readonly [Holdings, Holdings]> {
  const { database, tenants } = estate
  for (const { mark } of tenants) await putImageDetections(database, mark)
  for (const tenant of tenants) await pushImages(tenant)
  await estate.settled()
  // What changes about images that are there already is told as events.
  const body = { directory: estate.advisories }
  const { status, text } = await tenants[0].call('POST', '/lanner/v1/advisories/import', { body })
  assert.equal(status, 202, text)
  await estate.settled()
  const held: Holdings[] = []
  for (const tenant of tenants) {
    held.push(await putHoldings(tenant))
    await putRuntime(database, tenant)
  }
  await estate.settled()
  return held as [Holdings, Holdings] & Holdings[]
}

async function pushImages(tenant: EstateTenant): Promise<void> {
  const { base, checkout, gateway, damaged, unknown } = commonImages
  const own = ownImages(tenant.mark)
  await pushBuilt(tenant, 'library/debian', '12', base)
  await pushBuilt(tenant, 'shop/checkout', '1.8.2', checkout)
  // The same name in both tenants for what is not the same.
  await pushBuilt(tenant, 'shop/checkout', '2.0.0', own.checkout)
  await pushBuilt(tenant, 'shop/gateway', '2.0', gateway)
  await pushBuilt(tenant, 'lab/damaged', '1', damaged)
  await pushBuilt(tenant, 'lab/heron', '7', unknown)
  await pushBuilt(tenant, `${tenant.mark}/ledger`, '1.0', own.ledger)
}

async function putHoldings(tenant: EstateTenant): Promise<Holdings> {
  const { mark } = tenant
  const images = ownImages(mark)
  const one = async (method: string, path: string, body?: unknown) => {
    const answer = await tenant.call(method, path, body === undefined ? {} : { body })
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
    return [answer.body.resources].flat()[0]
  }
  const policies = '/container-security/entities/image-assessment-policies/v1'
  const groups = '/container-security/entities/image-assessment-policy-groups/v1'
  const policy = await one('POST', policies, { name: 'Production', description: `${mark} policy` })
  const rule = {
    action: 'block',
    policy_rules_data: { conditions: [{ prop: 'severity', value: 'critical' }] },
  }
  await one('PATCH', `${policies}?id=${policy.policy_id}`, {
    is_enabled: true,
    policy_data: { rules: [rule] },
  })
  const group = await one('POST', groups, {
    name: 'Shop',
    description: `${mark} group`,
    policy_id: policy.policy_id,
    policy_group_data: { conditions: [{ prop: 'repository', value: ['shop/*', `${mark}/*`] }] },
  })
  await one('POST', '/container-security/entities/image-assessment-policy-exclusions/v1', {
    conditions: [{ prop: 'cve', value: ['CVE-2018-18074'], description: `${mark} exclusion` }],
  })
  const registry = await one('POST', '/container-security/entities/registries/v1', {
    type: 'artifactory',
    url: 'https://registry.example',
    url_uniqueness_key: `${mark}-key`,
    user_defined_alias: `${mark} registry`,
    credential: { details: { username: `${mark}-bot`, password: `${mark}-registry-password` } },
  })
  const token = await one('POST', '/installation-tokens/entities/tokens/v1', { label: `${mark} build` })
  await one('PATCH', '/installation-tokens/entities/customer-settings/v1', { max_active_tokens: 10 })
  const base = await one('POST', '/container-security/entities/base-images/v1', {
    base_images: [{ registry: '', repository: 'library/debian', tag: '12' }],
  })
  const username = `${mark}.reader`
  await one('POST', '/lanner/v1/users', { username, role: 'reader', password: `${mark}-long-password` })
  await one('POST', '/lanner/v1/containers', { cluster: 'west', containers: containersOf(mark, images) })
  const exportId = await one('POST', '/container-security/entities/exports/v1', {
    resource: 'images.images-assessment',
    format: 'json',
    // The platforms of an index are first seen at once; what is printed of them stays the same.
    sort: 'repository.asc,image_digest.asc',
  })
  return {
    images,
    policyId: policy.policy_id,
    groupId: group.uuid,
    registryId: registry.id,
    tokenId: token.id,
    baseImageId: base.id,
    exportId,
    username,
  }
}

/** What a cluster tells: an assessed image, an index, one that only this tenant has, and one that nobody pushed. */
function containersOf(mark: string, images: ReturnType<typeof ownImages>) {
  const place = { namespace: 'shop', node: `${mark}-node`, privileged: false }
  const running = { ...place, running: true }
  return [
    {
      ...running,
      container_id: `${mark}-checkout`,
      container_name: 'checkout',
      pod: 'checkout-1',
      image: 'shop/checkout:1.8.2',
      image_digest: commonImages.checkout.digest,
    },
    {
      ...running,
      container_id: `${mark}-gateway`,
      container_name: 'gateway',
      pod: 'gateway-1',
      image: 'shop/gateway:2.0',
      image_digest: commonImages.gateway.digest,
    },
    {
      ...place,
      running: false,
      container_id: `${mark}-ledger`,
      container_name: 'ledger',
      pod: 'ledger-1',
      image: `${mark}/ledger:1.0`,
      image_digest: images.ledger.digest,
    },
    {
      ...running,
      container_id: `${mark}-stranger`,
      container_name: 'stranger',
      pod: 'stranger-1',
      image: `elsewhere.example/${mark}/tool:9`,
      image_digest: `sha256:${Buffer.from(mark).toString('hex').padEnd(64, '0')}`,
    },
  ]
}

const at = new Date(estateTime)

/** Global rows, as content is: reached through the images that have it. */
async function putImageDetections(database: Database, mark: string): Promise<void> {
  const found = [
    { digest: commonImages.checkout.digest, id: 'key', type: 'secret', name: 'PrivateKey', severity: 4 },
    {
      digest: ownImages(mark).ledger.digest,
      id: `${mark}-root`,
      type: 'misconfiguration',
      name: `${mark} root`,
      severity: 2,
    },
  ]
  for (const { digest, id, type, name, severity } of found)
    await sql`
      insert into detection (digest, detection_id, type, name, title, description, remediation, severity, details,
        first_seen, last_seen)
      values (${digest}, ${id}, ${type}, ${name}, ${`${name} in image`}, 'found in a layer', 'take it out', ${severity},
        '{}', ${at}, ${at})
      on conflict do nothing`.execute(database)
}

/** 32 hex digits, the same for the same text. */
function idOf(text: string): string {
  return digestOf(Buffer.from(text)).slice(7, 39)
}

/** What sensors will tell: nothing takes it over the API yet. */
async function putRuntime(database: Database, { cid, mark }: EstateTenant): Promise<void> {
  const container = `${mark}-checkout`
  await sql`
    insert into runtime_detection (cid, detection_id, agent_type, aid, cloud, cloud_name, cluster_name, computer_name,
      container_id, detected_at, host_id, host_type, image_id, name, namespace, pod_name, severity, facts)
    values (${cid}, ${idOf(`detection of ${mark}`)}, 'worker', ${`${mark}-aid`}, '', '', 'west', ${`${mark}-node`}, ${container},
      ${at}, ${`${mark}-host`}, 'node', ${commonImages.checkout.configDigest.slice(7)}, 'ShellInContainer', 'shop',
      'checkout-1', 4, '{}')`.execute(database)
  await sql`
    insert into container_alert (cid, alert_id, name, description, event_name, severity, container_ids, first_seen, last_seen)
    values (${cid}, ${idOf(`alert of ${mark}`)}, 'ShellInContainer', ${`a shell ran in ${container}`}, 'ProcessRollup', 4,
      ${[container]}, ${at}, ${at})`.execute(database)
  await sql`
    insert into drift_indicator (cid, indicator_id, occurred_at, severity, cloud_name, command_line, container_id, file_name,
      file_sha256, host_id, indicator_process_id, namespace, parent_process_id, pod_name, prevented, scheduler_name,
      worker_node_name, facts)
    values (${cid}, ${idOf(`drift of ${mark}`)}, ${at}, 3, '', ${`/tmp/${mark} --run`}, ${container}, ${mark}, ${'0'.repeat(64)},
      ${`${mark}-host`}, '1', 'shop', '0', 'checkout-1', false, 'kubernetes', ${`${mark}-node`}, '{}')`.execute(
    database,
  )
}
