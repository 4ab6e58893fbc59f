import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { containerOperations, containerStage } from '../../testing/container-stage.ts'
import { digestOf } from '../../testing/digest-of-word.ts'

test('a tenant that has nothing is told so by every operation', async (t) => {
  const { call, other, database } = await containerStage(t)
  await sql`delete from image where cid = ${other.cid}`.execute(database)
  await sql`delete from container where cid = ${other.cid}`.execute(database)
  for (const [id, { url }] of containerOperations) {
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
  const { ask, tenant } = await containerStage(t)
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
  const { ask, call, database, tenant } = await containerStage(t)
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
  const { ask } = await containerStage(t)
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
