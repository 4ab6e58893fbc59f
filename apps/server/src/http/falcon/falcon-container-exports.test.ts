import assert from 'node:assert/strict'
import { test } from 'node:test'
import { containerImages, falconContainer } from '@lanner/contract'
import { sql } from 'kysely'
import { digestOf } from '../../testing/digest-of-word.ts'
import { type EstateTenant, startEstate } from '../../testing/estate.ts'
import { makeImageEstate } from '../../testing/image-estate.ts'
import { exportLimits } from '../../use-cases/exports.ts'
import { exportSources } from './export-sources.ts'

const { LaunchExportJob, DownloadExportFile, QueryExportJobs } = falconContainer.operations
const jobs = LaunchExportJob.url
const files = DownloadExportFile.url
const queries = QueryExportJobs.url
const columns = Object.keys(containerImages.operations.ReadCombinedImagesExport.reply.schema.properties)

interface Job {
  readonly id: string
  readonly status: string
  readonly resource: string
  readonly retries: number
}

async function launch(tenant: EstateTenant, body: object): Promise<string> {
  const { status, body: answer } = await tenant.call('POST', jobs, { body })
  assert.equal(status, 200, JSON.stringify(answer))
  assert.equal(answer.resources.length, 1)
  return answer.resources[0]
}

async function jobOf(tenant: EstateTenant, id: string): Promise<Job> {
  const { status, body } = await tenant.call('GET', jobs, { query: { ids: id } })
  assert.equal(status, 200)
  assert.equal(body.resources.length, 1)
  return body.resources[0]
}

async function file(tenant: EstateTenant, id: string) {
  return tenant.call('GET', files, { query: { id } })
}

test('exports run in the background and leave files', async (t) => {
  const estate = await startEstate(t)
  const { tenants, settled, database } = estate
  const [amber, birch] = tenants
  await makeImageEstate(database, amber.cid, birch.cid)

  async function exported(tenant: EstateTenant, body: object) {
    const id = await launch(tenant, body)
    await settled()
    const job = await jobOf(tenant, id)
    assert.equal(job.status, 'DONE', JSON.stringify(job))
    return { id, ...(await file(tenant, id)) }
  }

  await t.test('as JSON: the rows of the list', async () => {
    const { status, headers, body, text } = await exported(amber, {
      resource: 'images.images-assessment',
      format: 'json',
      sort: 'first_seen.desc',
    })
    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'application/json')
    assert.equal(headers['content-length'], String(Buffer.byteLength(text)))
    assert.equal(headers['content-disposition'], 'attachment; filename="images.images-assessment.json"')
    const { url } = containerImages.operations.ReadCombinedImagesExport
    const { body: list } = await amber.call('GET', url, { query: { sort: 'first_seen.desc' } })
    assert.equal(body.length, 6)
    assert.deepEqual(body, list.resources)
  })

  await t.test('as CSV, which is no JSON and says so', async () => {
    const { headers, text } = await exported(amber, {
      resource: 'images.images-assessment',
      format: 'csv',
      fql: "repository:'b/shop'",
      sort: '',
    })
    assert.equal(headers['content-type'], 'application/octet-stream')
    const [head, row, ...rest] = text.split('\r\n')
    assert.equal(head, columns.join(','))
    assert.deepEqual(rest, [''])
    assert.ok(row?.includes(digestOf('b/shop')))
    // The list of vulnerabilities in one cell.
    assert.ok(row?.includes('"CVE-2024-1, CVE-2019-9, CVE-2024-2"'))
  })

  // By hand, from the estate: base 2, shop 3, train 1 with 2 detections, odd 2 with 1, and one row for each that has none.
  const expanded: readonly (readonly [resource: string, more: object, rows: number])[] = [
    ['images.images-assessment-vulnerabilities-expanded', {}, 2 + 3 + 1 + 2 + 1 + 1],
    ['images.images-assessment', { expand_vulnerabilities: true }, 2 + 3 + 1 + 2 + 1 + 1],
    ['images.images-assessment-detections-expanded', {}, 1 + 1 + 2 + 1 + 1 + 1],
    ['images.images-assessment-expanded', {}, 2 + 3 + (1 + 2) + (2 + 1) + 1 + 1],
  ]
  for (const [resource, more, rows] of expanded)
    await t.test(`${resource} ${JSON.stringify(more)} has ${rows} rows`, async () => {
      const { body } = await exported(amber, { resource, format: 'json', sort: 'repository', ...more })
      assert.equal(body.length, rows)
      const repositories = body.map((row: { repository: string }) => row.repository)
      assert.deepEqual(repositories, [...repositories].sort())
    })

  await t.test('every kind that there is can be had, in both formats', async () => {
    for (const resource of exportSources.keys())
      for (const format of ['json', 'csv']) {
        const { status, text } = await exported(amber, { resource, format, sort: '' })
        assert.equal(status, 200, resource)
        if (format === 'json') assert.ok(Array.isArray(JSON.parse(text)), resource)
        else {
          const [head] = text.split('\r\n')
          assert.equal(head, exportSources.get(resource)?.columns.join(','))
          assert.notEqual(head, '')
        }
      }
  })

  await t.test('packages and vulnerabilities are those of the tenant', async () => {
    const named = async (resource: string, member: string, fql = '') =>
      (await exported(amber, { resource, format: 'json', fql })).body
        .map((row: Record<string, string>) => row[member])
        .sort()
    assert.deepEqual(
      await named('images.packages', 'package_name_version', "package_name_version:'lodash*'"),
      ['lodash 4.17.4'],
    )
    assert.deepEqual(await named('images.vulnerabilities', 'cve_id'), [
      'CVE-2019-9',
      'CVE-2020-5',
      'CVE-2020-6',
      'CVE-2023-7',
      'CVE-2024-1',
      'CVE-2024-2',
    ])
  })

  await t.test('another tenant has neither the job nor the file, and its own of the same kind', async () => {
    const mine = await exported(amber, { resource: 'assets.images', format: 'json' })
    const { body } = await birch.call('GET', jobs, { query: { ids: mine.id } })
    assert.deepEqual(body.resources, [])
    assert.equal((await file(birch, mine.id)).status, 404)
    assert.ok(!(await birch.call('GET', queries)).body.resources.includes(mine.id))
    const theirs = await exported(birch, { resource: 'assets.images', format: 'json' })
    const words = JSON.stringify(theirs.body)
    for (const word of ['a/base', 'c/train', amber.cid]) assert.ok(!words.includes(word), word)
    assert.equal(theirs.body.length, 1)
  })

  const refused: readonly (readonly [why: string, body: object, message: RegExp])[] = [
    ['a kind that nobody knows', { resource: 'images.everything', format: 'csv' }, /resource/],
    [
      'a kind of which nothing is kept',
      { resource: 'assets.deployments', format: 'csv' },
      /assets\.deployments.*images\.packages/,
    ],
    ['another format', { resource: 'images.packages', format: 'xml' }, /format/],
    ['a filter that is none', { resource: 'images.packages', format: 'csv', fql: 'a:' }, /^fql: /],
    [
      'a field that the kind does not have',
      { resource: 'images.packages', format: 'csv', fql: "colour:'red'" },
      /colour/,
    ],
    [
      'an order that it does not have',
      { resource: 'images.packages', format: 'csv', sort: 'colour' },
      /^sort: .*colour/,
    ],
    [
      'a filter without end',
      { resource: 'images.packages', format: 'csv', fql: 'a'.repeat(10_001) },
      /10000 characters/,
    ],
    ['a filter of what has none', { resource: 'policies.exclusions', format: 'csv', fql: "a:'b'" }, /^fql: /],
  ]
  for (const [why, body, message] of refused)
    await t.test(`refused: ${why}`, async () => {
      const before = (await amber.call('GET', queries)).body.resources.length
      const answer = await amber.call('POST', jobs, { body })
      assert.equal(answer.status, 400, answer.text)
      assert.match(answer.body.errors[0].message, message)
      assert.equal((await amber.call('GET', queries)).body.resources.length, before)
    })

  await t.test(
    'ids come joined or repeated, in their order; those that are nobody’s are left out',
    async () => {
      const [first, second] = (await amber.call('GET', queries)).body.resources
      const ids = async (path: string) =>
        (await amber.call('GET', `${jobs}?${path}`)).body.resources.map(({ id }: Job) => id)
      assert.deepEqual(await ids(`ids=${second}%2C${first}`), [second, first])
      assert.deepEqual(await ids(`ids=${first}&ids=${second}`), [first, second])
      assert.deepEqual(await ids(`ids=${first},nobody&ids=${crypto.randomUUID()}`), [first])
      assert.equal((await amber.call('GET', `${jobs}?ids=${'a,'.repeat(3)}`)).status, 200)
      const many = Array.from({ length: 101 }, (_, index) => index).join(',')
      assert.equal((await amber.call('GET', `${jobs}?ids=${many}`)).status, 400)
      assert.equal((await amber.call('GET', jobs)).status, 400)
    },
  )

  await t.test('the latest hundred are listed, newest first, by kind and status', async () => {
    const listed = async (filter = '') =>
      (await amber.call('GET', queries, { query: filter === '' ? {} : { filter } })).body
        .resources as string[]
    const all = await listed()
    const done = await listed("status:'DONE'+resource:'images.vulnerabilities'")
    assert.ok(done.length > 0 && done.length < all.length)
    for (const id of done) assert.equal((await jobOf(amber, id)).resource, 'images.vulnerabilities')
    assert.deepEqual(await listed("status:'FAILED'"), [])
    assert.equal((await amber.call('GET', queries, { query: { filter: "colour:'red'" } })).status, 400)
    await sql`
      insert into export (cid, export_id, job_id, resource, format, filter, sort, expand_vulnerabilities, actor, created_at)
      select ${amber.cid}, gen_random_uuid(), gen_random_uuid(), 'old', 'csv', '', '', false, '', '2020-01-01'
      from generate_series(1, 120)`.execute(database)
    const hundred = await listed()
    assert.equal(hundred.length, 100)
    assert.deepEqual(hundred.slice(0, all.length), all)
  })

  await t.test('old files are taken away, and the job says so', async () => {
    const { id } = await exported(amber, { resource: 'policies.exclusions', format: 'csv' })
    const { exports } = estate.composition.services
    const signal = new AbortController().signal
    await exports.expire(signal)
    assert.equal((await jobOf(amber, id)).status, 'DONE')
    await sql`
      update export set finished_at = finished_at - make_interval(days => ${exportLimits.fileDays})
      where cid = ${amber.cid} and export_id = ${id}::uuid`.execute(database)
    assert.equal(await exports.expire(signal), 1)
    assert.equal((await jobOf(amber, id)).status, 'RESULT_DELETED')
    const { status, body } = await file(amber, id)
    assert.equal(status, 404)
    assert.match(body.errors[0].message, /RESULT_DELETED/)
    // The rows of the test above: older than is remembered, and without a file.
    assert.deepEqual(
      (await amber.call('GET', queries, { query: { filter: "resource:'old'" } })).body.resources,
      [],
    )
  })

  await t.test('how far an export is, its job says', async () => {
    await estate.composition.workers?.stop()
    const body = { resource: 'images.packages', format: 'csv' }
    const id = await launch(amber, body)
    const status = async () => (await jobOf(amber, id)).status
    assert.equal(await status(), 'READY')
    const { status: code, body: waiting } = await file(amber, id)
    assert.equal(code, 404)
    assert.match(waiting.errors[0].message, /READY/)

    const again = await amber.call('POST', jobs, { body })
    assert.equal(again.status, 409)
    assert.match(again.body.errors[0].message, /images\.packages/)
    await launch(amber, { ...body, resource: 'images.vulnerabilities' })
    await launch(birch, body)
    const both = await Promise.all(
      [1, 2].map(() => amber.call('POST', jobs, { body: { ...body, resource: 'assets.images' } })),
    )
    assert.deepEqual(both.map((one) => one.status).sort(), [200, 409])

    const set = (change: string) =>
      sql`update job set ${sql.raw(change)} where cid = ${amber.cid} and key = 'images.packages'`.execute(
        database,
      )
    await set("state = 2, attempts = 1, worker = gen_random_uuid(), lease_until = now() + interval '1 hour'")
    assert.equal(await status(), 'IN_PROGRESS')
    assert.equal((await amber.call('POST', jobs, { body })).status, 409)
    const { rows } = await sql`select from job where cid = ${amber.cid} and next_id is not null`.execute(
      database,
    )
    assert.equal(rows.length, 0)
    await set("state = 1, not_before = now() + interval '1 hour'")
    assert.equal(await status(), 'WAITING_FOR_RETRY')
    await set('attempts = 0')
    assert.equal(await status(), 'WAITING')

    const { services } = estate.composition
    const found = await services.jobs.list(amber.cid, { name: 'export', states: ['delayed'], limit: 1 })
    await services.jobs.cancel(amber.cid, found.jobs[0]?.id ?? '')
    assert.equal(await status(), 'CANCELED')
    await launch(amber, body)
    await sql`update job_history set outcome = 'failed', attempts = 3 where cid = ${amber.cid} and outcome = 'cancelled'`.execute(
      database,
    )
    const failed = await jobOf(amber, id)
    assert.deepEqual([failed.status, failed.retries], ['FAILED', 2])
  })

  for (const id of ['', '../../etc/passwd', 'x'.repeat(5_000), "'; drop table export; --"])
    await t.test(`no file: ${JSON.stringify(id.slice(0, 30))}`, async () => {
      assert.equal((await file(amber, id)).status, id === '' ? 400 : 404)
    })
  assert.deepEqual(estate.complaints, [])
})
