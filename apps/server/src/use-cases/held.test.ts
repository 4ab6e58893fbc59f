import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { containerPackages, containerVulnerabilities, type FieldTable } from '@lanner/contract'
import { packageFields, vulnerabilityFields } from '@lanner/contract/fields'
import { parseSort, readFilter } from '@lanner/fql'
import { sql } from 'kysely'
import { countChanges, countIsBehind } from '../db/counted-sets.ts'
import type { Database } from '../db/database.ts'
import { putVulnerabilities } from '../db/finding.ts'
import { applyContent, putImage, removeImages, supersedeImages } from '../db/image.ts'
import { holdingCount } from '../db/tenant-holding.ts'
import { runningCount } from '../db/tenant-running.ts'
import { testDatabase } from '../testing/database.ts'
import { digestOf } from '../testing/digest-of-word.ts'
import { makeImageEstate } from '../testing/image-estate.ts'
import { startedContainers } from '../testing/image-estate-containers.ts'
import { type ContainerServices, containerServices } from './container-services.ts'
import { images } from './images.ts'

const now = new Date('2026-02-01T12:30:00Z')
const cid = 'a'.repeat(32)
const otherCid = 'b'.repeat(32)
const all = { limit: 100, offset: 0 }

interface Stage extends ContainerServices {
  readonly database: Database
}

async function stage(t: TestContext): Promise<Stage> {
  const { database } = await testDatabase(t)
  await makeImageEstate(database, cid, otherCid)
  await sql`update package set licenses = '{MIT}' where name = 'lodash'`.execute(database)
  await sql`update package set licenses = '{Apache-2.0,MIT}' where name = 'torch'`.execute(database)
  const ports = {
    database,
    transaction: <T>(work: (held: Database) => Promise<T>) => database.transaction().execute(work),
    now: () => now,
  }
  return { database, ...containerServices(ports) }
}

function filter(text: string, table: FieldTable) {
  const written = text
    .replaceAll(/\{id (?<word>[^}]*)\}/g, (_, word) => digestOf(`config of ${word}`).slice(7))
    .replaceAll(/\{(?<word>[^}]*)\}/g, (_, word) => digestOf(word))
  return readFilter(written, table, { now })
}

/** Each line is a question and, behind the arrow, its answer. */
function cases(file: string): { text: string; expected: string[] }[] {
  return readFileSync(join(import.meta.dirname, 'cases', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [text = '', expected = ''] = line.split('⇒').map((part) => part.trim())
      return { text, expected: expected.split(' ').filter(Boolean) }
    })
}

const letters = new Map(
  ['CVE-2024-1', 'CVE-2024-2', 'CVE-2019-9', 'CVE-2023-7', 'CVE-2020-5', 'CVE-2020-6'].map((id, index) => [
    id,
    'ABCDEF'.charAt(index),
  ]),
)

function letterOf({ vulnerability_id }: { readonly vulnerability_id: string }): string {
  return letters.get(vulnerability_id) ?? vulnerability_id
}

function shortOf({ name }: { readonly name: string }): string {
  return name.startsWith('l') ? name.slice(0, 2) : name.slice(0, 1)
}

/** Fields that no line of a case file is about. */
function unasked(file: string, table: FieldTable): string[] {
  const text = cases(file)
    .map((line) => line.text)
    .join('\n')
  return Object.entries(table)
    .filter(([name, { aliases = [] }]) => ![name, ...aliases].some((word) => text.includes(`${word}:`)))
    .map(([name]) => name)
}

test('every filter selects the vulnerabilities that it describes, and no others', async (t) => {
  const { vulnerabilities } = await stage(t)
  for (const { text, expected } of cases('vulnerability-filters.txt')) {
    const asked = filter(text, vulnerabilityFields)
    const { rows, total } = await vulnerabilities.list(cid, { ...all, filter: asked })
    assert.deepEqual(rows.map(letterOf).sort(), expected, text)
    assert.equal(total, expected.length, text)
    assert.equal(await vulnerabilities.count(cid, asked), expected.length, text)
  }
  const { query } = containerVulnerabilities.operations.ReadCombinedVulnerabilities
  // include_base_image_vuln has a test of its own.
  assert.deepEqual(unasked('vulnerability-filters.txt', query?.filter.fields ?? {}), [
    'include_base_image_vuln',
    'packages_impacted',
  ])
})

test('every filter selects the packages that it describes, and no others', async (t) => {
  const { packages } = await stage(t)
  for (const { text, expected } of cases('package-filters.txt')) {
    const { rows, total } = await packages.list(cid, { ...all, filter: filter(text, packageFields) })
    assert.deepEqual(rows.map(shortOf), expected, text)
    assert.equal(total, expected.length, text)
  }
  assert.deepEqual(unasked('package-filters.txt', packageFields), [])
})

test('lists are sorted by each column, and pages of them fit together', async (t) => {
  const { vulnerabilities, packages } = await stage(t)
  const sorts = containerVulnerabilities.operations.ReadCombinedVulnerabilities.query?.sort.fields ?? {}
  const expected = {
    'cps_rating.desc': 'A C B D F E',
    'cve_id.asc': 'C E F D A B',
    'cvss_score.desc': 'A C B D F E',
    'cvss_score.asc': 'E F D B C A',
    'description|desc': 'B A D F E C',
    'images_impacted.desc': 'B A D F E C',
    'packages_impacted.asc': 'C E F D A B',
    'severity.desc': 'A C B D F E',
    'severity.asc,cve_id': 'E F D B C A',
  }
  for (const [text, order] of Object.entries(expected)) {
    const sort = parseSort(text, sorts)
    const found: string[] = []
    for (let offset = 0; offset < 6; offset += 2) {
      const page = await vulnerabilities.list(cid, { limit: 2, offset, sort })
      assert.equal(page.total, 6)
      found.push(...page.rows.map(letterOf))
    }
    assert.equal(found.join(' '), order, text)
  }
  const beyond = await vulnerabilities.list(cid, { limit: 2, offset: 40 })
  assert.deepEqual(beyond, { rows: [], total: 6 })
  const columns = containerPackages.operations.ReadPackagesCombined.query?.sort.fields ?? {}
  const orders = {
    'license.desc': 'lo t o li b',
    'package_name_version.desc': 't o lo li b',
    'type.asc,package_name_version.asc': 'lo o b li t',
    'vulnerability_count.desc,package_name_version': 'li o lo t b',
  }
  for (const [text, order] of Object.entries(orders)) {
    const { rows } = await packages.list(cid, { ...all, sort: parseSort(text, columns) })
    assert.equal(rows.map(shortOf).join(' '), order, text)
  }
})

test('what is counted is what the tenant has: images, packages, containers, the worst severity', async (t) => {
  const { database, vulnerabilities, packages } = await stage(t)
  const { rows } = await vulnerabilities.list(cid, all)
  assert.deepEqual(
    rows.map((row) => [letterOf(row), row.severity, row.images, row.packages, row.containers]),
    [
      ['A', 5, 2, 1, 2],
      ['C', 4, 1, 1, 2],
      ['B', 3, 2, 1, 2],
      ['D', 2, 1, 1, 1],
      ['F', 1, 1, 1, 0],
      ['E', 0, 1, 1, 0],
    ],
  )
  // The other tenant gets the shop's packages, and one of its own in which CVE-2024-2 is worse.
  assert.deepEqual(await vulnerabilities.list(otherCid, all), { rows: [], total: 0 })
  await applyContent(database, digestOf('b/shop'), now)
  await sql`
    with added as (
      insert into package (identity, context_id, type, name, version, purl, licenses, facts, first_seen, vulnerabilities)
      select 'worse', context_id, 'rpm', 'expat', '2.5', 'pkg:rpm/expat@2.5', '{}', '{}', ${now}, 1 from matching_context limit 1
      returning package_id
    ), found as (
      insert into finding (package_id, vulnerability_id, verdict, severity, cps_rating, fix_state, fixed_versions, facts,
        facts_digest, first_found)
      select package_id, 'CVE-2024-2', 'affected', 5, 2, 'fixed', '{2.6}', '{}', '', ${now} from added
    ), made as (
      insert into package_set (identity, packages) values ('worse', 1) returning set_id
    ), held as (
      insert into package_set_member (set_id, package_id, position, suppressed)
      select set_id, package_id, 0, false from made, added
    )
    update image set set_id = made.set_id from made where cid = ${otherCid} and repository = 'b/shop'`.execute(
    database,
  )
  const others = await vulnerabilities.list(otherCid, all)
  assert.deepEqual(
    others.rows.map((row) => [row.vulnerability_id, row.severity, row.cps_rating, row.images, row.fixed]),
    [['CVE-2024-2', 5, 2, 1, true]],
  )
  const own = await vulnerabilities.get(cid, 'CVE-2024-2')
  assert.deepEqual([own.severity, own.images, own.fixed], [3, 2, false])
  assert.deepEqual(
    (await packages.list(otherCid, all)).rows.map(({ name }) => name),
    ['expat'],
  )
  await assert.rejects(vulnerabilities.get(otherCid, 'CVE-2024-1'), { code: 'not-found' })
})

test('counts follow images that come and go and findings that change', async (t) => {
  const { database, vulnerabilities, packages } = await stage(t)
  const images = async (id: string) =>
    (await vulnerabilities.list(cid, { ...all, filter: filter(`cve_id:'${id}'`, vulnerabilityFields) }))
      .rows[0]?.images
  const bash = async () =>
    (await packages.list(cid, { ...all, filter: filter("package_name_version:'bash*'", packageFields) }))
      .rows[0]?.images
  assert.deepEqual([await images('CVE-2024-1'), await bash()], [2, 3])
  assert.equal(await countIsBehind(holdingCount, database, cid), false)
  const copy = { registry: '', repository: 'z/copy', tag: '1' }
  const uuid = crypto.randomUUID()
  const named = { ...copy, imageUuid: uuid, digest: digestOf('a/base'), indexDigest: '', imageId: '', os: '' }
  await putImage(database, cid, { ...named, architecture: '', variant: '', source: 'push' }, now)
  await applyContent(database, digestOf('a/base'), now)
  assert.deepEqual([await images('CVE-2024-1'), await bash()], [3, 4])
  await supersedeImages(database, cid, copy, [], now)
  assert.deepEqual([await images('CVE-2024-1'), await bash()], [2, 3])
  await removeImages(database, cid, digestOf('d/odd'))
  assert.equal(await images('CVE-2020-5'), undefined)
  assert.deepEqual((await packages.list(cid, all)).rows.map(shortOf), ['b', 'li', 'lo', 't'])

  // As an advisory that changed writes it: a finding for bash, none for libexpat1 any more, each with its event.
  await sql`insert into finding (package_id, vulnerability_id, verdict, severity, cps_rating, fix_state, fixed_versions,
      facts, facts_digest, first_found)
    select package_id, 'CVE-2019-9', 'affected', 4, 1, '', '{}', '{}', '', ${now} from package where name = 'bash'`.execute(
    database,
  )
  await sql`delete from finding where vulnerability_id = 'CVE-2024-1'`.execute(database)
  await sql`insert into change_event (cid, at, kind, vulnerability_id, digest, package) values
    (${cid}, ${now}, 'new', 'CVE-2019-9', '', ''), (${cid}, ${now}, 'gone', 'CVE-2024-1', '', '')`.execute(
    database,
  )
  assert.deepEqual([await images('CVE-2019-9'), await images('CVE-2024-1')], [3, undefined])

  // Counting everything anew gives what was counted step by step.
  const counted =
    await sql`select vulnerability_id, images from tenant_vulnerability where cid = ${cid} order by 1`.execute(
      database,
    )
  for (const table of ['tenant_package_set', 'tenant_package', 'tenant_vulnerability'])
    await sql`delete from ${sql.table(table)} where cid = ${cid}`.execute(database)
  await database.transaction().execute((held) => countChanges(holdingCount, held, cid))
  const anew =
    await sql`select vulnerability_id, images from tenant_vulnerability where cid = ${cid} order by 1`.execute(
      database,
    )
  assert.deepEqual(counted.rows, anew.rows)
})

test('counts of running containers follow what runs, what images are, and findings that change', async (t) => {
  const { database, vulnerabilities, containers } = await stage(t)
  const asked = filter('containers_impacted_range:>0', vulnerabilityFields)
  /** What is filtered by is what the rows show, which is counted from the containers each time. */
  async function running(): Promise<string[]> {
    const { rows } = await vulnerabilities.list(cid, all)
    const shown = rows.filter((row) => row.containers > 0).map(letterOf)
    assert.deepEqual((await vulnerabilities.list(cid, { ...all, filter: asked })).rows.map(letterOf), shown)
    for (const row of rows) {
      const exactly = filter(`containers_impacted_range:${row.containers}`, vulnerabilityFields)
      const found = (await vulnerabilities.list(cid, { ...all, filter: exactly })).rows
      assert.ok(found.some((it) => it.vulnerability_id === row.vulnerability_id))
      assert.ok(found.every((it) => it.containers === row.containers))
    }
    return rows.map((row) => `${letterOf(row)}${row.containers}`)
  }
  const before = await running()
  assert.equal(await countIsBehind(runningCount, database, cid), false)
  const started = startedContainers()
  await containers.record(cid, { cluster: 'new', containers: started, complete: true })
  const more = await running()
  assert.notDeepEqual(more, before)
  await sql`insert into finding (package_id, vulnerability_id, verdict, severity, cps_rating, fix_state, fixed_versions,
      facts, facts_digest, first_found)
    select package_id, 'CVE-2019-9', 'affected', 4, 1, '', '{}', '{}', '', ${now} from package where name = 'bash'`.execute(
    database,
  )
  await sql`insert into change_event (cid, at, kind, vulnerability_id, digest, package) values
    (${cid}, ${now}, 'new', 'CVE-2019-9', '', '')`.execute(database)
  assert.notDeepEqual(await running(), more)
  await containers.record(cid, { cluster: 'new', containers: [], complete: true })
  await sql`delete from finding where vulnerability_id = 'CVE-2019-9' and package_id in (
    select package_id from package where name = 'bash')`.execute(database)
  await sql`insert into change_event (cid, at, kind, vulnerability_id, digest, package) values
    (${cid}, ${now}, 'gone', 'CVE-2019-9', '', '')`.execute(database)
  assert.deepEqual(await running(), before)
})

test('vulnerabilities of a declared base image can be left out', async (t) => {
  const { database, vulnerabilities } = await stage(t)
  const ports = {
    database,
    transaction: <T>(work: (held: Database) => Promise<T>) => database.transaction().execute(work),
    now: () => now,
  }
  const without = filter('include_base_image_vuln:false', vulnerabilityFields)
  await images(ports).bases.declare(cid, [{ repository: 'a/base', tag: '12' }])
  const asked = async () =>
    (await vulnerabilities.list(cid, { ...all, filter: without })).rows.map(letterOf).sort()
  // The base image itself is an image, too, whose vulnerabilities come from nowhere else.
  assert.deepEqual(await asked(), ['A', 'B', 'C', 'D', 'E', 'F'])
  await removeImages(database, cid, digestOf('a/base'))
  assert.deepEqual(await asked(), ['C', 'D', 'E', 'F'])
  assert.equal(
    await vulnerabilities.count(cid, filter('include_base_image_vuln:true', vulnerabilityFields)),
    6,
  )
})

test('vulnerabilities that are new stand in the list with a package that brings them', async (t) => {
  const { database, vulnerabilities } = await stage(t)
  await putVulnerabilities(
    database,
    [
      {
        id: 'CVE-2025-3',
        severity: 5,
        cvssScore: 9,
        cvssVector: null,
        cpsRating: 1,
        epss: null,
        exploited: false,
        published: null,
        title: null,
        description: null,
        malicious: false,
        facts: '{}',
      },
    ],
    now,
  )
  // Known to the platform, in no package of anybody.
  assert.equal(await vulnerabilities.count(cid), 6)
})
