import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  containerAlerts,
  containerDetections,
  containerPackages,
  containers,
  containerVulnerabilities,
  driftIndicators,
  type FieldTable,
  unidentifiedContainers,
} from '@lanner/contract'
import { containerAlertFields, driftIndicatorFields, runtimeDetectionFields } from '@lanner/contract/fields'
import { sql } from 'kysely'
import { digestOf } from '../../testing/digest-of-word.ts'
import { makeImageEstate } from '../../testing/image-estate.ts'
import { type TestServer, type TestTenant, testServer } from '../../testing/server.ts'
import { containerServices } from '../../use-cases/container-services.ts'
import type { Services } from '../../use-cases/services.ts'
import { room } from '../dialect.ts'
import { containerHandlers } from '../lanner/containers.ts'
import { containerAlertsHandlers } from './container-alerts.ts'
import { containerDetectionsHandlers } from './container-detections.ts'
import { containerPackagesHandlers } from './container-packages.ts'
import { containerVulnerabilitiesHandlers } from './container-vulnerabilities.ts'
import { driftIndicatorsHandlers } from './drift-indicators.ts'
import { unidentifiedContainersHandlers } from './unidentified-containers.ts'

const rooms = [
  room<typeof containerPackages, Services>(containerPackages, containerPackagesHandlers),
  room<typeof containerVulnerabilities, Services>(containerVulnerabilities, containerVulnerabilitiesHandlers),
  room<typeof containerDetections, Services>(containerDetections, containerDetectionsHandlers),
  room<typeof containerAlerts, Services>(containerAlerts, containerAlertsHandlers),
  room<typeof unidentifiedContainers, Services>(unidentifiedContainers, unidentifiedContainersHandlers),
  room<typeof driftIndicators, Services>(driftIndicators, driftIndicatorsHandlers),
  room<typeof containers, Services>(containers, containerHandlers),
]

interface Stage extends TestServer {
  readonly other: TestTenant
  /** What a GET below `/container-security` answers; its status is 200. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects in there
  ask(path: string, query?: Record<string, string>, token?: string): Promise<any>
}

async function stage(t: TestContext): Promise<Stage> {
  const server = await testServer<Services>(t, {
    rooms,
    services: ({ database, clock }) =>
      containerServices({
        database,
        transaction: (work) => database.transaction().execute(work),
        now: () => new Date(clock()),
      }) as unknown as Services,
  })
  const other = await server.secondTenant()
  await makeImageEstate(server.database, server.tenant.cid, other.cid)
  await sql`delete from runtime_detection where cid = any(${[server.tenant.cid, other.cid]})`.execute(
    server.database,
  )
  return {
    ...server,
    other,
    async ask(path, query = {}, token = server.tenant.token) {
      const { status, body, text } = await server.call('GET', `/container-security${path}`, { query, token })
      assert.equal(status, 200, text)
      return body
    },
  }
}

const operations = rooms
  .filter(({ collection }) => collection.dialect === 'falcon')
  .flatMap(({ collection }) => Object.entries(collection.operations))

test('a tenant that has nothing is told so by every operation', async (t) => {
  const { call, other, database } = await stage(t)
  await sql`delete from image where cid = ${other.cid}`.execute(database)
  await sql`delete from container where cid = ${other.cid}`.execute(database)
  for (const [id, { url }] of operations) {
    const query = { id: crypto.randomUUID(), cve_id: 'CVE-2024-1' }
    const { status, body } = await call('GET', url, { query, token: other.token })
    const single = id === 'ReadCombinedVulnerabilitiesDetails' || id === 'ReadCombinedVulnerabilitiesInfo'
    assert.equal(status, single ? 404 : 200, id)
    if (single) continue
    assert.deepEqual(body.errors, [], id)
    // Counts are there, and 0.
    const counts = body.resources.flatMap((it: { count?: number; buckets?: { count: number }[] }) =>
      it.buckets ? it.buckets.map(({ count }) => count) : [it.count],
    )
    assert.deepEqual(
      counts.filter((count: number) => count !== 0),
      [],
      id,
    )
    if (/combined|queries|entities/.test(url)) assert.deepEqual(body.resources, [], id)
  }
})

test('packages: by images, by vulnerabilities, whole', async (t) => {
  const { ask, tenant } = await stage(t)
  const byImages = await ask('/aggregates/packages/by-image-count/v1', { limit: '2' })
  assert.deepEqual(byImages.resources, [
    {
      name: 'packages',
      buckets: [
        { label: 'bash 5.2.15', count: 3 },
        { label: 'libexpat1 2.5.0-1', count: 2 },
      ],
    },
  ])
  const fixable = await ask('/combined/packages/app-by-fixable-vulnerability-count/v1')
  assert.deepEqual(fixable.resources, [
    {
      images: 1,
      package: 'lodash',
      packages_type: 'NODE',
      running_images: 1,
      version: '4.17.4',
      vulnerabilities: 1,
    },
  ])
  const most = await ask('/combined/packages/by-vulnerability-count/v1', { limit: '1' })
  assert.deepEqual(most.meta.pagination, { limit: 1, offset: 0, total: 5 })
  assert.deepEqual(most.resources, [
    {
      images: 2,
      package: 'libexpat1',
      packages_type: 'OS',
      running_images: 1,
      version: '2.5.0-1',
      vulnerabilities: 2,
    },
  ])
  for (const path of ['/combined/packages/v1', '/combined/packages/export/v1']) {
    const { resources } = await ask(path, { filter: "type:'NODE'+severity:'High'" })
    assert.deepEqual(resources, [
      {
        ai_related: false,
        all_images: 1,
        cid: tenant.cid,
        license: '',
        package_name_version: 'lodash 4.17.4',
        running_images: 1,
        type: 'NODE',
        vulnerabilities: [
          {
            cveid: 'CVE-2019-9',
            description: 'About CVE-2019-9',
            fix_resolution: ['4.17.12'],
            severity: 'High',
          },
        ],
        vulnerability_count: 1,
      },
    ])
    assert.deepEqual((await ask(path, { only_zero_day_affected: 'true' })).resources, [])
  }
  const second = await ask('/combined/packages/v2', { filter: "package_name_version:['bash*','libexpat1*']" })
  assert.deepEqual(
    second.resources.map((row: Record<string, string>) => [
      row['package_name_version'],
      row['cveid'],
      row['severity'],
    ]),
    [
      ['bash 5.2.15', '', ''],
      ['libexpat1 2.5.0-1', 'CVE-2024-1', 'Critical'],
      ['libexpat1 2.5.0-1', 'CVE-2024-2', 'Medium'],
    ],
  )
  // A filter on vulnerabilities is about the one in the row.
  const critical = await ask('/combined/packages/v2', { filter: "severity:'Critical'" })
  assert.deepEqual(
    critical.resources.map((row: { cveid: string }) => row.cveid),
    ['CVE-2024-1'],
  )
})

test('vulnerabilities: rows, counts, one of them, those of an image', async (t) => {
  const { ask, call, database, tenant } = await stage(t)
  const worst = await ask('/combined/vulnerabilities/v1', { limit: '1' })
  assert.deepEqual(worst.meta.pagination, { limit: 1, offset: 0, total: 6 })
  assert.deepEqual(worst.resources, [
    {
      ai_related: false,
      containers_impacted: 2,
      cps_current_rating: 'Critical',
      cve_id: 'CVE-2024-1',
      cvss_score: 9.8,
      description: 'About CVE-2024-1',
      exploit_found: true,
      exploited_status: 90,
      exploited_status_string: 'Actively used',
      images_impacted: 2,
      packages_impacted: 1,
      published_date: '2024-08-30T03:15:00Z',
      remediation_available: true,
      severity: 'Critical',
    },
  ])
  const buckets = async (by: string, filter = '') => {
    const path = `/aggregates/vulnerabilities/count-by-${by}/v1`
    const [{ buckets: found }] = (await ask(path, filter ? { filter } : {})).resources
    return Object.fromEntries(
      found.map(({ label, count }: { label: string; count: number }) => [label, count]),
    )
  }
  assert.deepEqual(await buckets('severity'), {
    Critical: 1,
    High: 1,
    Medium: 1,
    Low: 1,
    Negligible: 1,
    Unknown: 1,
  })
  assert.deepEqual(await buckets('cps-rating'), { Critical: 1, High: 0, Medium: 1, Low: 4 })
  assert.deepEqual(await buckets('cvss-score'), {
    '9.0-10.0': 1,
    '7.0-8.9': 1,
    '4.0-6.9': 1,
    '0.1-3.9': 1,
    '0.0': 1,
    Unknown: 1,
  })
  assert.deepEqual(await buckets('severity', "repository:'d/odd'"), {
    Critical: 0,
    High: 0,
    Medium: 0,
    Low: 0,
    Negligible: 1,
    Unknown: 1,
  })
  const exploited = await ask('/aggregates/vulnerabilities/count-by-actively-exploited/v1')
  assert.deepEqual(exploited.resources, [{ count: 1 }])
  assert.deepEqual((await ask('/aggregates/vulnerabilities/count/v1')).resources, [{ count: 6 }])
  const byImages = await ask('/combined/vulnerabilities/by-image-count/v1', { limit: '2' })
  assert.deepEqual(byImages.resources, [
    { cve_id: 'CVE-2024-1', images_impacted: 2, product: ['libexpat1'], severity: 'Critical' },
    { cve_id: 'CVE-2024-2', images_impacted: 2, product: ['libexpat1'], severity: 'Medium' },
  ])
  await sql`update vulnerability set published = '2025-01-01T00:00:00Z' where vulnerability_id = 'CVE-2023-7'`.execute(
    database,
  )
  const published = await ask('/combined/vulnerabilities/by-published-date/v1', { limit: '1' })
  assert.equal(published.resources[0].cve_id, 'CVE-2023-7')

  const info = await ask('/combined/vulnerabilities/info/v1', { cve_id: 'CVE-2019-9' })
  assert.deepEqual(info.resources[0].packages, [
    {
      package_fixed_version: '4.17.12',
      package_name_version: 'lodash 4.17.4',
      package_os_version: '',
      package_remediation: 'Update lodash to 4.17.12',
      package_type: 'NODE',
    },
  ])
  const unknown = await call('GET', '/container-security/combined/vulnerabilities/info/v1', {
    query: { cve_id: 'CVE-2018-1' },
  })
  assert.equal(unknown.status, 404)

  const { rows } = await sql<{ image_uuid: string; repository: string }>`
    select image_uuid, repository from image where cid = ${tenant.cid} and superseded_at is null`.execute(
    database,
  )
  const uuidOf = (repository: string) => rows.find((row) => row.repository === repository)?.image_uuid ?? ''
  const details = '/combined/vulnerabilities/details/v1'
  const ofShop = await ask(details, { id: uuidOf('b/shop') })
  assert.deepEqual(
    ofShop.resources.map((row: Record<string, unknown>) => [
      row['cve_id'],
      row['cvss_score'],
      row['layer_index'],
    ]),
    [
      ['CVE-2024-1', '9.8', 0],
      ['CVE-2019-9', '7.4', 2],
      ['CVE-2024-2', '5.3', 0],
    ],
  )
  const named = async (filter: string) =>
    (await ask(details, { id: uuidOf('b/shop'), filter })).resources.map(
      ({ cve_id }: { cve_id: string }) => cve_id,
    )
  for (const [filter, expected] of [
    ["cps_rating:'Medium'", ['CVE-2019-9']],
    ["cve_id:!'CVE-2024-1'", ['CVE-2019-9', 'CVE-2024-2']],
    ['cvss_score:>=7.4', ['CVE-2024-1', 'CVE-2019-9']],
    ['exploited_status:90', ['CVE-2024-1']],
    ["exploited_status_name:'Unproven'", ['CVE-2019-9', 'CVE-2024-2']],
    ['is_zero_day:true', []],
    ['remediation_available:false', ['CVE-2024-2']],
    ["severity:<'High'", ['CVE-2024-2']],
    [`cid:'${tenant.cid}'+severity:'High'`, ['CVE-2019-9']],
  ] as const)
    assert.deepEqual(await named(filter), expected, filter)
  const pending = await call('GET', `/container-security${details}`, { query: { id: uuidOf('e/wait') } })
  assert.deepEqual([pending.status, /pending/.test(pending.text)], [404, true])
  const unread = await call('GET', `/container-security${details}`, { query: { id: uuidOf('f/foreign') } })
  assert.deepEqual([unread.status, /not_assessable/.test(unread.text)], [404, true])
})

test('detections: each in its image, by kind, counted', async (t) => {
  const { ask } = await stage(t)
  const kinds = async (query: Record<string, string>) =>
    (await ask('/combined/detections/v1', query)).resources.map(
      (row: { detection_name: string }) => row.detection_name,
    )
  const list = async (filter: string) =>
    (await ask('/entities/detections/v1', filter ? { filter } : {})).resources.map(
      (row: { name: string }) => row.name,
    )
  for (const [filter, expected] of [
    ['', ['Eicar', 'PrivateKey', 'RootUser']],
    ["detection_type:'secret'", ['PrivateKey']],
    ["detection_type:!'Secret'", ['Eicar', 'RootUser']],
    [`image_digest:'${digestOf('d/odd')}'`, ['Eicar']],
    ["image_registry:'docker.io'", ['PrivateKey', 'RootUser']],
    ["image_repository:'c/*'", ['PrivateKey', 'RootUser']],
    ["image_tag:'latest'", ['Eicar', 'PrivateKey', 'RootUser']],
    ["image_tag:'latest'+image_registry:'ghcr.io'", ['Eicar']],
    ["severity:>='High'", ['Eicar', 'PrivateKey']],
    ["detection_severity:'Low'", ['RootUser']],
    ["cid:'x'", []],
  ] as const) {
    assert.deepEqual(await kinds(filter ? { filter } : {}), expected, filter)
    assert.deepEqual(await list(filter), expected, filter)
    const ids = await ask('/queries/detections/v1', filter ? { filter } : {})
    assert.equal(ids.meta.pagination.total, expected.length)
    assert.equal(new Set(ids.resources).size, expected.length)
    const [{ count }] = (await ask('/aggregates/detections/count/v1', filter ? { filter } : {})).resources
    assert.equal(count, expected.length)
  }
  for (const [sort, expected] of [
    ['containers_impacted.desc,detection_name.asc', ['PrivateKey', 'RootUser', 'Eicar']],
    ['detection_name.desc', ['RootUser', 'PrivateKey', 'Eicar']],
    ['detection_type.asc', ['Eicar', 'RootUser', 'PrivateKey']],
    ['images_impacted.asc,detection_name', ['Eicar', 'PrivateKey', 'RootUser']],
    ['last_detected,detection_name.desc', ['RootUser', 'PrivateKey', 'Eicar']],
    ['severity.asc', ['RootUser', 'PrivateKey', 'Eicar']],
  ] as const)
    assert.deepEqual(await kinds({ sort }), expected, sort)
  const [kind] = (await ask('/combined/detections/v1', { filter: "detection_type:'Secret'" })).resources
  assert.deepEqual([kind.images_impacted, kind.containers_impacted, kind.detection_severity], [1, 1, 'High'])
  const [bySeverity] = (await ask('/aggregates/detections/count-by-severity/v1')).resources
  assert.deepEqual(
    bySeverity.buckets.map(({ count }: { count: number }) => count),
    [1, 1, 0, 1, 0, 0],
  )
  const [byType] = (await ask('/aggregates/detections/count-by-type/v1')).resources
  assert.deepEqual(byType.buckets, [
    { label: 'Malware', count: 1 },
    { label: 'Secret', count: 1 },
    { label: 'Misconfiguration', count: 1 },
    { label: 'CIS', count: 0 },
  ])
})

test('snapshots of clusters say what runs, and which of it nobody assessed', async (t) => {
  const { ask, call, tenant, other, database } = await stage(t)
  await sql`delete from container where cid = any(${[tenant.cid, other.cid]})`.execute(database)
  const record = async (cluster: string, containers: object[], more: object = {}, token = tenant.token) =>
    call('POST', '/lanner/v1/containers', { token, body: { cluster, containers, ...more } })
  const shop = {
    container_id: 's',
    image_digest: digestOf('b/shop'),
    running: true,
    pod: 'p1',
    namespace: 'n',
    node: 'k1',
  }
  const train = {
    container_id: 't',
    image_digest: digestOf('index of train'),
    running: true,
    pod: 'p2',
    namespace: 'n',
  }
  const stray = {
    container_id: 'x',
    image_digest: `docker.io/library/nginx@${digestOf('nginx')}`,
    running: true,
    pod: 'p1',
    namespace: 'n',
    node: 'k1',
    image: 'nginx:1',
  }
  const alone = { container_id: 'y', image_digest: '', running: true }
  const first = await record('west', [shop, train, stray, alone])
  assert.deepEqual(first.body.resources, [
    { cluster: 'west', listed: 4, running: 4, stopped: 0, unidentified: 2 },
  ])
  assert.equal((await record('west', [shop, shop])).status, 400)
  assert.equal((await record('east', [stray], {}, other.token)).status, 200)

  const path = '/combined/unidentified-containers/v1'
  const found = await ask(path, { sort: 'namespace.desc' })
  assert.equal(found.meta.pagination.total, 2)
  const [pod, single] = found.resources
  assert.deepEqual(
    [
      pod.pod_name,
      pod.node_name,
      pod.containers_impacted_count,
      pod.assessed_images_count,
      pod.visible_to_k8s,
    ],
    ['p1', 'k1', '2', '1', 'true'],
  )
  assert.deepEqual(pod.unassessed_images, [
    { image_digest: digestOf('nginx'), image_id: '', image_name: 'nginx:1' },
  ])
  assert.deepEqual(
    [single.pod_name, single.visible_to_k8s, single.containers_impacted[0].container_id],
    ['', 'false', 'y'],
  )
  for (const [filter, expected] of [
    ['assessed_images_count:1', ['n']],
    [`cid:'${tenant.cid}'`, ['n', '']],
    ["cloud_account_id:'1'", []],
    ['cloud_name:null', ['n', '']],
    ["cloud_region:'eu'", []],
    ["cluster_id:'west'", ['n', '']],
    ["cluster_name:'east'", []],
    ['containers_impacted_count:>1', ['n']],
    ['detections_count:>0', []],
    ['image_assessment_detections_count:0', ['n', '']],
    ["last_seen:>'now-1h'", ['n', '']],
    ["namespace:'n'", ['n']],
    ["node_name:'k1'", ['n']],
    ['severity:null', ['n', '']],
    ['unassessed_images_count:1', ['n', '']],
    ['visible_to_k8s:false', ['']],
  ] as const) {
    const { resources } = await ask(path, { filter, sort: 'namespace.desc' })
    assert.deepEqual(
      resources.map((row: { namespace: string }) => row.namespace),
      expected,
      filter,
    )
  }
  const counted = await ask('/aggregates/unidentified-containers/count/v1')
  assert.deepEqual(counted.resources, [{ label: 'unidentified_containers', count: 2 }])

  const second = await record('west', [stray, { ...shop, running: false }])
  assert.deepEqual(second.body.resources, [
    { cluster: 'west', listed: 2, running: 1, stopped: 3, unidentified: 1 },
  ])
  const part = await record('west', [train], { complete: false })
  assert.deepEqual(part.body.resources, [
    { cluster: 'west', listed: 1, running: 2, stopped: 0, unidentified: 1 },
  ])
  assert.deepEqual((await ask('/aggregates/unidentified-containers/count/v1')).resources[0].count, 1)
  const listed = await call('GET', '/lanner/v1/containers', { query: { running: true } })
  assert.deepEqual(
    listed.body.resources.map((row: { container_id: string }) => row.container_id),
    ['t', 'x'],
  )
  assert.equal(listed.body.meta.pagination.total, 2)
  const byDigest = await call('GET', '/lanner/v1/containers', { query: { image_digest: digestOf('nginx') } })
  assert.deepEqual(
    byDigest.body.resources.map((row: { container_id: string }) => row.container_id),
    ['x'],
  )

  // It ran for three days, the other for one.
  await sql`update container set first_seen = last_seen - interval '2 days' where cid = ${tenant.cid} and container_id = 'x'`.execute(
    database,
  )
  const days = await ask('/aggregates/unidentified-containers/count-by-date/v1')
  const today = Date.now()
  const label = (ago: number) => new Date(today - ago * 86_400_000).toISOString().slice(0, 10)
  assert.deepEqual(days.resources[0].buckets, [
    { label: label(2), count: 1 },
    { label: label(1), count: 1 },
    { label: label(0), count: 2 },
  ])
  // What was pushed and assessed since is identified.
  await sql`update image set digest = ${digestOf('nginx')} where cid = ${tenant.cid} and repository = 'a/base'`.execute(
    database,
  )
  assert.deepEqual((await ask('/aggregates/unidentified-containers/count/v1')).resources[0].count, 0)
})

/** Two rows of one tenant that differ in every field, and a third of another tenant. */
async function rowsOf(
  stage: Stage,
  insert: (cid: string, row: 1 | 2) => ReturnType<typeof sql>,
): Promise<void> {
  await insert(stage.tenant.cid, 1).execute(stage.database)
  await insert(stage.tenant.cid, 2).execute(stage.database)
  await insert(stage.other.cid, 1).execute(stage.database)
}

/** For each field a filter that only the first row meets. */
function questions(table: FieldTable, special: Record<string, string>): [field: string, filter: string][] {
  return Object.entries(table).map(([field, { kind }]) => [
    field,
    special[field] ??
      `${field}:${kind === 'time' ? "<'2026-02'" : kind === 'word' ? "'High'" : kind === 'boolean' ? 'true' : `'${field}1'`}`,
  ])
}

test('detections in containers are told when there are some, by every field', async (t) => {
  const here = await stage(t)
  await rowsOf(
    here,
    (cid, n) => sql`
    insert into runtime_detection (cid, detection_id, agent_type, aid, cloud, cloud_name, cluster_name, computer_name,
      container_id, detected_at, host_id, host_type, image_id, name, namespace, pod_name, severity, facts)
    values (${cid}, ${`d${n}`}, ${`agent_type${n}`}, ${`aid${n}`}, ${`cloud${n}`}, ${`cloud_name${n}`}, ${`cluster_name${n}`},
      ${`computer_name${n}`}, ${`container_id${n}`}, ${`2026-0${n}-01T00:00:00Z`}, ${`host_id${n}`}, ${`host_type${n}`},
      ${`image_id${n}`}, ${`name${n}`}, ${`namespace${n}`}, ${`pod_name${n}`}, ${n === 1 ? 4 : 2}, '{"file_name":"sh"}')`,
  )
  const path = '/combined/runtime-detections/v2'
  for (const [field, filter] of questions(runtimeDetectionFields, { cid: "cid:'x'" })) {
    const { resources } = await here.ask(path, { filter })
    assert.deepEqual(
      resources.map((row: { detection_id: string }) => row.detection_id),
      field === 'cid' ? [] : ['d1'],
      filter,
    )
  }
  for (const field of Object.keys(runtimeDetectionFields).filter(
    (it) => 'sort' in runtimeDetectionFields[it as 'name'],
  )) {
    const { resources } = await here.ask(path, { sort: `${field}.asc` })
    const order = resources.map((row: { detection_id: string }) => row.detection_id)
    assert.deepEqual(order, field === 'severity' ? ['d2', 'd1'] : ['d1', 'd2'], field)
  }
  const [row] = (await here.ask(path)).resources
  assert.deepEqual(
    [row.detection_id, row.file_name, row.detection_name, row.severity],
    ['d2', 'sh', ['name2'], 'Low'],
  )
})

test('alerts are told when there are some, by every field', async (t) => {
  const here = await stage(t)
  await rowsOf(
    here,
    (cid, n) => sql`
    insert into container_alert (cid, alert_id, name, description, event_name, severity, container_ids, first_seen, last_seen)
    values (${cid}, ${`a${n}`}, ${`name${n}`}, 'text', 'Event', ${n === 1 ? 4 : 2}, ${[`container_id${n}`, 'both']},
      ${`2026-0${n}-01T00:00:00Z`}, ${`2026-0${n}-02T00:00:00Z`})`,
  )
  const path = '/combined/container-alerts/v1'
  const { first_seen: _, ...filtered } = containerAlertFields
  for (const [field, filter] of questions(filtered, { cid: "cid:'x'" })) {
    const { resources, meta } = await here.ask(path, { filter })
    const expected = field === 'cid' ? [] : ['name1']
    assert.deepEqual(
      resources.map((row: { detection_name: string }) => row.detection_name),
      expected,
      filter,
    )
    assert.equal(meta.pagination.total, expected.length)
  }
  for (const [sort, expected] of [
    ['first_seen', 'name1'],
    ['last_seen.desc', 'name2'],
    ['name.desc', 'name2'],
    ['severity.desc', 'name1'],
  ] as const)
    assert.equal((await here.ask(path, { sort })).resources[0].detection_name, expected, sort)
  const filter = "container_id:'both'+last_seen:>'2026-01-15'"
  const counted = await here.ask('/aggregates/container-alerts/count/v1', { filter })
  assert.deepEqual(counted.resources, [{ label: 'container_alerts', count: 1 }])
  const bySeverity = await here.ask('/aggregates/container-alerts/count-by-severity/v1')
  assert.deepEqual(
    bySeverity.resources.filter(({ count }: { count: number }) => count > 0),
    [
      { label: 'High', count: 1 },
      { label: 'Low', count: 1 },
    ],
  )
})

test('drift is told when there is some, by every field', async (t) => {
  const here = await stage(t)
  await rowsOf(
    here,
    (cid, n) => sql`
    insert into drift_indicator (cid, indicator_id, occurred_at, severity, cloud_name, command_line, container_id, file_name,
      file_sha256, host_id, indicator_process_id, namespace, parent_process_id, pod_name, prevented, scheduler_name,
      worker_node_name, facts)
    values (${cid}, ${`i${n}`}, ${`2026-0${n}-01T00:00:00Z`}, ${n === 1 ? 4 : 2}, ${`cloud_name${n}`}, ${`command_line${n}`},
      ${`container_id${n}`}, ${`file_name${n}`}, ${`file_sha256${n}`}, ${`host_id${n}`}, ${`indicator_process_id${n}`},
      ${`namespace${n}`}, ${`parent_process_id${n}`}, ${`pod_name${n}`}, ${n === 1}, ${`scheduler_name${n}`},
      ${`worker_node_name${n}`}, '{"aid":"agent"}')`,
  )
  for (const [field, filter] of questions(driftIndicatorFields, { cid: "cid:'x'" })) {
    const expected = field === 'cid' ? [] : ['i1']
    assert.deepEqual((await here.ask('/queries/drift-indicators/v1', { filter })).resources, expected, filter)
    const [{ count, label }] = (await here.ask('/aggregates/drift-indicators/count/v1', { filter })).resources
    assert.deepEqual([label, count], ['drift_indicators', expected.length], filter)
  }
  for (const field of Object.keys(driftIndicatorFields).filter(
    (it) => 'sort' in driftIndicatorFields[it as 'cid'],
  )) {
    const { resources } = await here.ask('/queries/drift-indicators/v1', { sort: field })
    assert.deepEqual(resources, field === 'severity' ? ['i2', 'i1'] : ['i1', 'i2'], field)
  }
  const byId = await here.ask('/entities/drift-indicators/v1', { ids: 'i1,nothing' })
  assert.deepEqual(
    byId.resources.map((row: Record<string, unknown>) => [row['detection_id'], row['aid'], row['prevented']]),
    [['i1', 'agent', true]],
  )
  assert.deepEqual(
    (await here.ask('/entities/drift-indicators/v1', { ids: 'i2' }, here.other.token)).resources,
    [],
  )
  const days = await here.ask('/aggregates/drift-indicators/count-by-date/v1', { limit: '1' })
  assert.deepEqual(days.resources[0].buckets, [{ label: '2026-02-01', count: 1 }])
  const [row] = (await here.ask('/combined/drift-indicators/v1', { filter: 'prevented:true' })).resources
  assert.deepEqual(
    [row.sha256, row.occurred_at, row.severity],
    ['file_sha2561', '2026-01-01T00:00:00Z', 'High'],
  )
})
