import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FieldTable } from '@lanner/contract'
import { containerAlertFields, driftIndicatorFields, runtimeDetectionFields } from '@lanner/contract/fields'
import { sql } from 'kysely'
import { type ContainerStage, containerStage } from '../../testing/container-stage.ts'
import { digestOf } from '../../testing/digest-of-word.ts'

test('snapshots of clusters say what runs, and which of it nobody assessed', async (t) => {
  const { ask, call, tenant, other, database } = await containerStage(t)
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
  stage: ContainerStage,
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
  const here = await containerStage(t)
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
  const here = await containerStage(t)
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
  const here = await containerStage(t)
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
