import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { containerImages } from '@lanner/contract'
import { digestOf } from '../../testing/digest-of-word.ts'
import { makeImageEstate } from '../../testing/image-estate.ts'
import { type TestServer, testServer } from '../../testing/server.ts'
import { images } from '../../use-cases/images.ts'
import { policyFacts } from '../../use-cases/policy-facts.ts'
import { policyServices } from '../../use-cases/policy-services.ts'
import type { Services } from '../../use-cases/services.ts'
import { room } from '../dialect.ts'
import { containerImagesHandlers } from './container-images.ts'

type Own = Pick<Services, 'images' | 'policyChecks'>

async function server(t: TestContext): Promise<{ here: TestServer; otherToken: string }> {
  const here = await testServer<Services>(t, {
    rooms: [room(containerImages, containerImagesHandlers)],
    services: ({ database, clock }): Omit<Services, never> => {
      const own: Own = {
        images: images({
          database,
          transaction: (work) => database.transaction().execute(work),
          now: () => new Date(clock()),
        }),
        policyChecks: policyServices({
          database,
          clock,
          reader: policyFacts({ database, advisories: () => undefined, now: () => new Date(clock()) }),
        }).policyChecks,
      }
      return own as Services
    },
  })
  const other = await here.secondTenant()
  await makeImageEstate(here.database, here.tenant.cid, other.cid)
  return { here, otherToken: other.token }
}

const operations = Object.entries(containerImages.operations)

test('every operation answers in the words of the dialect', async (t) => {
  const { here } = await server(t)
  const get = async (
    id: keyof typeof containerImages.operations,
    query: Record<string, string | number | boolean> = {},
  ) => {
    const { status, body } = await here.call('GET', containerImages.operations[id].url, { query })
    assert.equal(status, 200, `${id}: ${JSON.stringify(body)}`)
    return body
  }
  const { cid } = here.tenant

  const list = await get('GetCombinedImages', { filter: "repository:'c/train'", limit: 200 })
  assert.deepEqual(list.meta.pagination, { limit: 200, offset: 0, total: 1 })
  assert.deepEqual(list.resources, [
    {
      ai_related: true,
      architecture: 'arm64',
      base_os: 'Ubuntu 22.04.4 LTS',
      cid,
      containers: 1,
      detections: 2,
      first_seen: '2026-01-03T12:30:00Z',
      highest_detection_severity: 'High',
      highest_vulnerability_severity: 'Low',
      image_digest: digestOf('c/train'),
      image_id: digestOf('config of c/train').slice(7),
      index_digest: digestOf('index of train'),
      last_seen: '2026-01-27T12:30:00Z',
      layers_with_vulnerabilities: 1,
      multi_arch: true,
      packages: 2,
      registry: 'docker.io',
      report_url_by_id_and_digest: `${here.url}/image-assessment/entities/reports/v2?image_id=${digestOf('config of c/train').slice(7)}&digest=${encodeURIComponent(digestOf('c/train'))}`,
      report_url_by_repo_and_tag: `${here.url}/image-assessment/entities/reports/v2?registry=docker.io&repository=c%2Ftrain&tag=latest`,
      repository: 'c/train',
      tag: 'latest',
      vulnerabilities: 1,
      warning: 0,
    },
  ])

  const open = await get('GetCombinedImages', { sort: 'first_seen|desc', limit: 3 })
  assert.equal(open.meta.pagination.total, 6)
  assert.deepEqual(
    open.resources.map(
      (row: { repository: string; warning: number; highest_vulnerability_severity: string }) => [
        row.repository,
        row.warning,
        row.highest_vulnerability_severity,
      ],
    ),
    // Not read, refused, partially: nothing that was not looked into is shown as without vulnerabilities.
    [
      ['f/foreign', 2, 'Unknown'],
      ['e/wait', 3, 'Unknown'],
      ['d/odd', 1, 'Negligible'],
    ],
  )

  assert.deepEqual((await get('AggregateImageCount', { filter: "cve_id:'CVE-2024-1'" })).resources, [
    { count: 2 },
  ])
  assert.deepEqual((await get('AggregateImageCountByBaseOS', { filter: "arch:'amd64'" })).resources, [
    {
      name: 'base_os',
      buckets: [
        { label: 'Unknown', count: 2 },
        { label: 'Debian GNU/Linux 12 (bookworm)', count: 2 },
      ],
    },
  ])
  assert.deepEqual(
    (await get('AggregateImageCountByState', { filter: "last_seen:>'2026-01-27'" })).resources,
    [
      {
        name: 'state',
        buckets: [
          { label: 'assessed', count: 2 },
          { label: 'partially', count: 0 },
          { label: 'not_assessable', count: 0 },
          { label: 'pending', count: 0 },
        ],
      },
    ],
  )
  const most = await get('CombinedImageByVulnerabilityCount', { limit: 1, offset: 5 })
  assert.deepEqual(most.resources, [
    {
      image_id: digestOf('config of b/shop').slice(7),
      registry: '',
      repository: 'b/shop',
      tag: '1.8.2',
      vulnerability_count: 3,
    },
  ])

  const detail = await get('CombinedImageDetail', { filter: "repository:'b/shop'", with_config: true })
  const { uuid, ...record } = detail.resources[0]
  assert.match(uuid, /^[0-9a-f-]{36}$/)
  assert.deepEqual(record, {
    ai_related: false,
    base_os: 'Debian GNU/Linux 12 (bookworm)',
    base_os_version: '12',
    cid,
    config: {
      architecture: 'amd64',
      cmd: ['serve'],
      entry_point: [],
      env: ['A=b'],
      exposed_ports: { '80/tcp': {} },
      labels: { team: 'shop' },
      user: '7',
      working_dir: '',
    },
    created_at: '2026-01-02T12:30:00Z',
    crowdstrike_user: 'ci-bot',
    digest: digestOf('b/shop'),
    // Of the distribution that the layers say, Debian 10 here.
    eol_date: '2024-06-30T00:00:00Z',
    first_scanned: '2026-01-02T12:30:00Z',
    image_id: digestOf('config of b/shop').slice(7),
    image_scanning_active: true,
    image_size: 2000,
    is_base_image: false,
    multi_arch: false,
    registry: '',
    repository: 'b/shop',
    source: 'push',
    source_base_image: { digest: '', registry: '', repository: '', tag: '' },
    tag: '1.8.2',
    updated_at: '2026-01-02T12:30:00Z',
    warning: 0,
  })

  const filter = "repository:'b/shop'"
  const [expanded] = (await get('ReadCombinedImagesExport', { filter, expand_vulnerabilities: true }))
    .resources
  const shared = {
    ai_related: false,
    architecture: 'amd64',
    base_os: 'Debian GNU/Linux 12 (bookworm)',
    cid,
    detection_name: '',
    detection_severity: 'None',
    detection_type: '',
    first_seen: '2026-01-02T12:30:00Z',
    image_build_date: '2026-01-02T12:30:00Z',
    image_digest: digestOf('b/shop'),
    image_id: digestOf('config of b/shop').slice(7),
    index_digest: '',
    is_base_image: false,
    last_seen: '2026-01-28T12:30:00Z',
    registry: '',
    repository: 'b/shop',
    source: 'push',
    started_containers: 2,
    stopped_containers: 1,
    tag: '1.8.2',
  }
  const worst = {
    cve_exploited_status: 1,
    cve_first_seen: '2026-01-01T12:30:00Z',
    cvss_score: '9.8',
    vulnerability_cps_rating: 'Critical',
    vulnerability_severity: 'Critical',
  }
  assert.deepEqual(expanded, {
    ...shared,
    ...worst,
    cve_id: 'CVE-2024-1',
    cve_publication_date: '2024-08-30T03:15:00Z',
    package_name_version: 'libexpat1 2.5.0-1',
    packages_impacted: 1,
    vulnerability_description: 'About CVE-2024-1',
  })
  assert.deepEqual((await get('ReadCombinedImagesExport', { filter })).resources, [
    {
      ...shared,
      ...worst,
      cve_id: 'CVE-2024-1, CVE-2019-9, CVE-2024-2',
      packages_impacted: 2,
      vulnerability_description: '',
    },
  ])

  const name = { cid, registry: '', repository: 'b/shop', tag: '1.8.2' }
  assert.deepEqual((await get('CombinedImageVulnerabilitySummary', name)).resources, [
    {
      app_packages_with_vulnerabilities: 1,
      app_vuln_by_severity: [{ severity: 'High', count: 1 }],
      image_vuln_by_severity: [
        { severity: 'Critical', count: 1 },
        { severity: 'High', count: 1 },
        { severity: 'Medium', count: 1 },
      ],
      layers_with_vulnerabilities: 2,
      os_packages_with_vulnerabilities: 1,
      os_vuln_by_severity: [
        { severity: 'Critical', count: 1 },
        { severity: 'Medium', count: 1 },
      ],
      total_app_packages: 2,
      total_os_packages: 2,
      total_vulnerabilities: 3,
    },
  ])
  const train = { cid, registry: 'docker.io', repository: 'c/train', tag: 'latest' }
  assert.deepEqual((await get('CombinedImageIssuesSummary', train)).resources, [
    {
      image_container_info: {
        first_seen: Date.UTC(2026, 0, 20, 12, 30) / 1000,
        last_seen: Date.UTC(2026, 0, 21, 12, 30) / 1000,
        running_containers: 1,
      },
      image_detections: [
        { type: 'misconfiguration', count: 1 },
        { type: 'secret', count: 1 },
      ],
      is_dca_run: false,
      known_issues: 3,
      packages_info: { count_with_vulnerabilities: 1, total_count: 2 },
      // No policy was made: the default one lets pass.
      policies_summary: [{ action: 'allow', count: 1 }],
      runtime_detections: [
        { label: 'Critical', count: 1 },
        { label: 'Low', count: 2 },
      ],
      vulnerabilities_summary: [{ severity: 'Low', count: 1 }],
      zero_day_impacted: false,
    },
  ])
})

test('base images over the wire', async (t) => {
  const { here, otherToken } = await server(t)
  const { url } = containerImages.operations.CreateBaseImagesEntities
  const body = {
    base_images: [{ registry: '', repository: 'a/base', tag: '12', image_id: '', image_digest: '' }],
  }
  const created = await here.call('POST', url, { body })
  assert.equal(created.status, 200)
  const [base] = created.body.resources
  assert.deepEqual(
    [base.repository, base.image_digest, base.image_id],
    ['a/base', digestOf('a/base'), digestOf('config of a/base').slice(7)],
  )
  const list = (token?: string) =>
    here.call('GET', containerImages.operations.CombinedBaseImages.url, token === undefined ? {} : { token })
  assert.deepEqual((await list()).body.resources, [base])
  assert.deepEqual((await list(otherToken)).body.resources, [])

  const name = { cid: here.tenant.cid, registry: '', repository: 'b/shop', tag: '1.8.2' }
  const summary = async (more: object) =>
    (
      await here.call('GET', containerImages.operations.CombinedImageVulnerabilitySummary.url, {
        query: { ...name, ...more },
      })
    ).body.resources[0].total_vulnerabilities
  assert.equal(await summary({}), 1)
  assert.equal(await summary({ include_base_image_vuln: true }), 3)

  const gone = await here.call('DELETE', url, { query: { ids: base.id } })
  assert.deepEqual([gone.status, gone.body.resources], [200, [base.id]])
  assert.equal((await here.call('DELETE', url, { query: { ids: base.id } })).status, 404)
  assert.equal((await here.call('POST', url, { body: { base_images: [{}] } })).status, 400)
  assert.equal(await summary({}), 3)
})

test('no operation shows another tenant anything', async (t) => {
  const { here, otherToken } = await server(t)
  // The other tenant has b/shop only, not read in its name; all else that stands here is the first one's.
  for (const [id, { method, url, query = {} }] of operations) {
    if (method !== 'GET') continue
    const asked = {
      ...('cid' in query ? { cid: here.tenant.cid, repository: 'a/base', tag: '12', registry: '' } : {}),
    }
    const { text, status } = await here.call('GET', url, { token: otherToken, query: asked })
    assert.equal(status, 'cid' in query ? 404 : 200, id)
    for (const word of ['c/train', 'd/odd', here.tenant.cid, digestOf('a/base')])
      assert.ok(!text.includes(word), `${id}: ${word}`)
  }
  const filter = `cid:'${here.tenant.cid}'`
  const { url } = containerImages.operations.AggregateImageCount
  const { body } = await here.call('GET', url, { token: otherToken, query: { filter } })
  assert.deepEqual(body.resources, [{ count: 0 }])
})
