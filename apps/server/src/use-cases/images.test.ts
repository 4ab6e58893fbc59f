import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { containerImages, type FieldTable } from '@lanner/contract'
import { imageFields } from '@lanner/contract/fields'
import { type Checked, parseSort, readFilter } from '@lanner/fql'
import { noteAssessments } from '../db/assessment-history.ts'
import { putImage } from '../db/image.ts'
import { testDatabase } from '../testing/database.ts'
import { digestOf } from '../testing/digest-of-word.ts'
import { makeImageEstate } from '../testing/image-estate.ts'
import { type Images, images as imagesOf } from './images.ts'

const now = new Date('2026-02-01T12:30:00Z')
const cid = 'a'.repeat(32)
const otherCid = 'b'.repeat(32)

async function estate(t: TestContext): Promise<Images> {
  const { database } = await testDatabase(t)
  await makeImageEstate(database, cid, otherCid)
  return imagesOf({
    database,
    transaction: (work) => database.transaction().execute(work),
    now: () => now,
  })
}

function filter(text: string, table: FieldTable = imageFields): Checked {
  const written = text
    .replaceAll(/\{id (?<word>[^}]*)\}/g, (_, word) => idOf(word))
    .replaceAll(/\{(?<word>[^}]*)\}/g, (_, word) => digestOf(word))
  return readFilter(written, table, { now })
}

/** The image id: the digest of the config, without its algorithm. */
function idOf(repository: string): string {
  return digestOf(`config of ${repository}`).slice('sha256:'.length)
}

const all = { limit: 100, offset: 0 }

/** Each line is a question and, behind the arrow, its answer. */
function cases(file: string): { text: string; expected: string }[] {
  return readFileSync(join(import.meta.dirname, 'cases', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [text = '', expected = ''] = line.split('⇒').map((part) => part.trim())
      return { text, expected }
    })
}

function letters(rows: readonly { readonly repository: string }[]): string[] {
  return rows.map(({ repository }) => repository.slice(0, 1))
}

test('every filter selects the images that it describes, and no others', async (t) => {
  const images = await estate(t)
  await images.bases.declare(cid, [{ repository: 'a/base', tag: '12' }])
  for (const { text, expected } of cases('image-filters.txt')) {
    const wanted = expected.split(' ').filter(Boolean)
    const { rows, total } = await images.list(cid, { ...all, filter: filter(text) })
    assert.deepEqual(letters(rows).sort(), wanted, text)
    assert.equal(total, wanted.length, text)
    assert.equal(await images.count(cid, filter(text)), wanted.length, text)
  }
})

test('every order is the order of the rows', async (t) => {
  const images = await estate(t)
  const table = Object.fromEntries(
    Object.entries(imageFields).map(([name, field]) => [name, { ...field, sort: true as const }]),
  )
  for (const { text, expected } of cases('image-sorts.txt')) {
    const { rows } = await images.list(cid, { ...all, sort: parseSort(text, table) })
    const found = letters(rows)
    const groups = expected.match(/\[[^\]]*\]|\S+/g) ?? []
    const shown = groups.map((group) => {
      const size = group.match(/[a-f]/g)?.length ?? 0
      const members = found.splice(0, size).sort().join(' ')
      return group.startsWith('[') ? `[${members}]` : members
    })
    assert.equal(shown.join(' '), expected, text)
    assert.deepEqual(found, [], text)
  }
})

test('the cases ask for every field that an operation filters or sorts by', () => {
  const filters = cases('image-filters.txt').flatMap(({ text }) => fieldsOf(filter(text)))
  const sorts = cases('image-sorts.txt').map(({ text }) => text.split(/[.|,]/)[0])
  for (const [id, { query }] of Object.entries(containerImages.operations)) {
    for (const parameter of Object.values(query ?? {})) {
      for (const [name, field] of Object.entries(parameter.fields ?? {})) {
        if (parameter.kind === 'fql' && field.filter !== false)
          assert.ok(filters.includes(name), `${id}: ${name}`)
        const spellings = [name, ...(field.aliases ?? [])]
        if (parameter.kind === 'sort' && field.sort && !['image_digest', 'image_id'].includes(name))
          assert.ok(
            spellings.some((spelling) => sorts.includes(spelling)),
            `${id}: ${name}`,
          )
      }
    }
  }
})

function fieldsOf(checked: Checked): string[] {
  return checked.kind === 'field' ? [checked.field] : checked.operands.flatMap(fieldsOf)
}

test('digests and image ids sort as text', async (t) => {
  const images = await estate(t)
  for (const [field, of] of [
    ['image_digest', (word: string) => digestOf(word)],
    ['image_id', (word: string) => (word === 'e/wait' ? '' : idOf(word))],
  ] as const) {
    const words = ['a/base', 'b/shop', 'c/train', 'd/odd', 'e/wait', 'f/foreign']
    const wanted = words.toSorted((a, b) => (of(a) < of(b) ? -1 : 1))
    const { rows } = await images.list(cid, { ...all, sort: [{ field, descending: false }] })
    assert.deepEqual(
      rows.map(({ repository }) => repository),
      wanted,
      field,
    )
  }
})

test('pages neither overlap nor leave gaps, and each says how many there are', async (t) => {
  const images = await estate(t)
  const sort = [{ field: 'registry', descending: true }]
  const seen: string[] = []
  for (let offset = 0; offset < 6; offset += 2) {
    const { rows, total } = await images.list(cid, { limit: 2, offset, sort })
    assert.equal(total, 6)
    seen.push(...letters(rows))
  }
  assert.deepEqual(seen.toSorted(), ['a', 'b', 'c', 'd', 'e', 'f'])
  assert.deepEqual(await images.list(cid, { limit: 2, offset: 8 }), { rows: [], total: 6 })
})

test('where the base image stands in a filter matters', async (t) => {
  const images = await estate(t)
  for (const text of [
    "include_base_image_vuln:false,tag:'latest'",
    "tag:'latest'+(include_base_image_vuln:false,registry:'')",
    'include_base_image_vuln:null',
  ])
    await assert.rejects(async () => images.count(cid, filter(text)), { code: 'invalid' }, text)
})

test('counts by operating system and state', async (t) => {
  const images = await estate(t)
  assert.deepEqual(await images.countByBaseOs(cid), [
    { label: '', count: 3 },
    { label: 'Debian GNU/Linux 12 (bookworm)', count: 2 },
    { label: 'Ubuntu 22.04.4 LTS', count: 1 },
  ])
  assert.deepEqual(await images.countByState(cid), [
    { label: 'assessed', count: 3 },
    { label: 'partially', count: 1 },
    { label: 'not_assessable', count: 1 },
    { label: 'pending', count: 1 },
  ])
  assert.deepEqual(await images.countByState(otherCid, filter("architecture:'amd64'")), [
    { label: 'assessed', count: 0 },
    { label: 'partially', count: 0 },
    { label: 'not_assessable', count: 0 },
    { label: 'pending', count: 1 },
  ])
})

test('the most vulnerable images', async (t) => {
  const images = await estate(t)
  const rows = await images.mostVulnerable(cid, 2, filter("registry:!'ghcr.io'"))
  assert.deepEqual(
    rows.map(({ repository, vulnerabilities }) => [repository, vulnerabilities]),
    [
      ['b/shop', 3],
      ['a/base', 2],
    ],
  )
})

test('an export has a row for every vulnerability and every detection', async (t) => {
  const images = await estate(t)
  const rowsOf = async (vulnerabilities: boolean, detections: boolean, page = all, text = '') => {
    const sort = [{ field: 'first_seen', descending: false }]
    const request = { ...page, sort, filter: filter(text) }
    const { rows, total } = await images.exported(cid, request, { vulnerabilities, detections })
    const shown = rows.map(({ image, vulnerability, detection }) =>
      [image.repository.slice(0, 1), vulnerability?.vulnerability_id, detection?.detection_name]
        .filter(Boolean)
        .join(' '),
    )
    return { shown, total, rows }
  }
  const vulnerabilities = [
    'a CVE-2024-1',
    'a CVE-2024-2',
    'b CVE-2024-1',
    'b CVE-2019-9',
    'b CVE-2024-2',
    'c CVE-2023-7',
    'd CVE-2020-6',
    'd CVE-2020-5',
    'e',
    'f',
  ]
  const expanded = await rowsOf(true, false)
  assert.deepEqual(expanded.shown, vulnerabilities)
  assert.equal(expanded.total, 10)
  const pages = [0, 3, 6, 9].map((offset) => rowsOf(true, false, { limit: 3, offset }))
  const paged = await Promise.all(pages)
  assert.deepEqual(
    paged.flatMap(({ shown }) => shown),
    vulnerabilities,
  )
  assert.deepEqual(
    paged.map(({ total }) => total),
    [10, 10, 10, 10],
  )
  assert.deepEqual((await rowsOf(false, true)).shown, [
    'a',
    'b',
    'c PrivateKey',
    'c RootUser',
    'd Eicar',
    'e',
    'f',
  ])
  assert.deepEqual((await rowsOf(true, true, all, "registry:*'*.io'")).shown, [
    'c CVE-2023-7',
    'c PrivateKey',
    'c RootUser',
    'd CVE-2020-6',
    'd CVE-2020-5',
    'd Eicar',
    'e',
  ])

  const [base, shop, train] = (await rowsOf(false, false)).rows
  assert.equal(base?.vulnerabilities?.ids, 'CVE-2024-1, CVE-2024-2')
  assert.equal(shop?.vulnerabilities?.ids, 'CVE-2024-1, CVE-2019-9, CVE-2024-2')
  assert.deepEqual([shop?.vulnerablePackages, shop?.containers], [2, { running: 2, stopped: 1 }])
  assert.deepEqual([train?.detections?.names, train?.detections?.severity], ['PrivateKey, RootUser', 4])

  await images.bases.declare(cid, [{ digest: digestOf('a/base') }])
  const own = await rowsOf(true, false, all, "include_base_image_vuln:false+repository:['a/base','b/shop']")
  assert.deepEqual(own.shown, ['a CVE-2024-1', 'a CVE-2024-2', 'b CVE-2019-9'])
  const ownSummary = await rowsOf(false, false, all, "include_base_image_vuln:false+repository:'b/shop'")
  assert.equal(ownSummary.rows[0]?.vulnerabilities?.ids, 'CVE-2019-9')
  assert.equal(ownSummary.rows[0]?.vulnerablePackages, 1)
})

test('records tell the end of a distribution, the config and the base image', async (t) => {
  const images = await estate(t)
  const [declared] = await images.bases.declare(cid, [{ registry: '', repository: 'a/base', tag: '12' }])
  const sort = [{ field: 'first_seen', descending: false }]
  const { rows } = await images.details(cid, { ...all, sort }, true)
  const [base, shop, train, , wait] = rows
  // Debian 10's last day with updates, https://endoflife.date/debian; Ubuntu's image has no distribution here.
  assert.deepEqual([base?.endOfLife, train?.endOfLife], ['2024-06-30', undefined])
  assert.deepEqual(
    [base?.is_base_image, base?.base, shop?.is_base_image, shop?.base],
    [
      true,
      undefined,
      false,
      {
        id: declared?.base_image_id,
        registry: '',
        repository: 'a/base',
        tag: '12',
        digest: digestOf('a/base'),
      },
    ],
  )
  assert.match(shop?.config ?? '', /"Cmd":\["serve"\]/)
  assert.deepEqual([wait?.config, wait?.base], [undefined, undefined])
  const [plain] = (await images.details(cid, { ...all, sort }, false)).rows
  assert.equal(plain?.config, undefined)
})

test('summaries count each vulnerability once, at its worst, and leave a base out on demand', async (t) => {
  const images = await estate(t)
  const shop = { cid, repository: 'b/shop', tag: '1.8.2', includeBase: false }
  const whole = {
    total_os_packages: 2,
    total_app_packages: 2,
    os_packages_with_vulnerabilities: 1,
    app_packages_with_vulnerabilities: 1,
    layers_with_vulnerabilities: 2,
    all_by_severity: [
      { severity: 5, count: 1 },
      { severity: 4, count: 1 },
      { severity: 3, count: 1 },
    ],
    os_by_severity: [
      { severity: 5, count: 1 },
      { severity: 3, count: 1 },
    ],
    app_by_severity: [{ severity: 4, count: 1 }],
    exploited_without_fix: false,
  }
  assert.deepEqual(await images.vulnerabilitySummary(cid, shop), whole)
  await images.bases.declare(cid, [{ repository: 'a/base', tag: '12' }])
  assert.deepEqual(await images.vulnerabilitySummary(cid, { ...shop, includeBase: true }), whole)
  assert.deepEqual(await images.vulnerabilitySummary(cid, shop), {
    ...whole,
    os_packages_with_vulnerabilities: 0,
    layers_with_vulnerabilities: 1,
    all_by_severity: [{ severity: 4, count: 1 }],
    os_by_severity: [],
  })
  const issues = await images.issues(cid, { cid, repository: 'c/train', tag: 'latest', includeBase: false })
  assert.deepEqual(issues.detections, [
    { type: 'misconfiguration', count: 1 },
    { type: 'secret', count: 1 },
  ])
  assert.deepEqual(issues.runtime, [
    { severity: 5, count: 1 },
    { severity: 2, count: 2 },
  ])
  assert.deepEqual(issues.containers, {
    running: 1,
    first_seen: new Date('2026-01-20T12:30:00Z'),
    last_seen: new Date('2026-01-21T12:30:00Z'),
  })
})

test('what has no counts is refused with its state, never shown as clean', async (t) => {
  const images = await estate(t)
  const summary = (repository: string, tag: string, of = cid) =>
    images.vulnerabilitySummary(cid, { cid: of, repository, tag, includeBase: true })
  await assert.rejects(summary('e/wait', 'v1'), { code: 'not-found', message: /pending; its layers/ })
  await assert.rejects(summary('b/shop', '9'), { code: 'not-found', message: /b\/shop:9: unknown/ })
  await assert.rejects(summary('b/shop', '1.8.2', otherCid), { code: 'not-found', message: /unknown/ })
  const foreign = { cid, repository: 'f/foreign', tag: '', digest: digestOf('f/foreign'), includeBase: true }
  await assert.rejects(images.issues(cid, foreign), {
    code: 'not-found',
    message: /not_assessable; a layer of an unknown kind/,
  })
})

test('base images are declared once, listed, and withdrawn', async (t) => {
  const images = await estate(t)
  const [first] = await images.bases.declare(cid, [{ repository: 'a/base', tag: '12' }])
  const [again] = await images.bases.declare(cid, [{ digest: digestOf('a/base') }])
  assert.deepEqual(again, first)
  const [, unseen] = await images.bases.declare(cid, [
    { imageId: digestOf('config of c/train') },
    { digest: digestOf('never seen'), repository: 'x' },
  ])
  const listed = async (text = '') =>
    (await images.bases.list(cid, filter(text))).map(({ repository }) => repository).sort()
  assert.deepEqual(await listed(), ['a/base', 'c/train', 'x'])
  assert.deepEqual(await listed("registry:'docker.io'"), ['c/train'])
  assert.deepEqual(await listed("image_digest:'{never seen}'"), ['x'])
  assert.deepEqual(await listed("tag:'12',image_id:'none'"), ['a/base'])
  assert.deepEqual(await images.bases.list(otherCid), [])

  await assert.rejects(images.bases.withdraw(otherCid, [first?.base_image_id ?? '']), { code: 'not-found' })
  const ids = [first?.base_image_id ?? '', unseen?.base_image_id ?? '', 'nonsense']
  assert.deepEqual((await images.bases.withdraw(cid, ids)).toSorted(), ids.slice(0, 2).toSorted())
  const { rows } = await images.list(cid, { ...all, filter: filter("image_digest:'{a/base}'") })
  assert.deepEqual(
    rows.map((row) => row.is_base_image),
    [false],
  )
  for (const [request, message] of [
    [{ repository: 'b/none', tag: '1' }, /base_images\[0\]: no such image/],
    [{ repository: 'a/base' }, /give image_digest, image_id, or repository and tag/],
    [{ digest: 'sha256:1' }, /not a digest/],
  ] as const)
    await assert.rejects(images.bases.declare(cid, [request]), { code: 'invalid', message })
})

test('assessments are counted by day and outcome, as long as a year', async (t) => {
  const { database } = await testDatabase(t)
  await makeImageEstate(database, cid, otherCid)
  const images = imagesOf({
    database,
    transaction: (work) => database.transaction().execute(work),
    now: () => now,
  })
  const note = (registry: string, repository: string, tag: string, at: string, of = cid) =>
    noteAssessments(database, of, { registry, repository, tag }, [digestOf(repository)], new Date(at))
  await note('', 'a/base', '12', '2024-12-31T00:00:00Z')
  await note('', 'a/base', '12', '2026-01-30T23:59:59Z')
  await note('', 'b/shop', '1.8.2', '2026-01-31T00:00:00Z')
  await note('ghcr.io', 'd/odd', 'latest', '2026-01-31T12:00:00Z')
  await note('', 'f/foreign', '', '2026-01-31T13:00:00Z')
  // Not assessed yet: nothing happened.
  await note('docker.io', 'e/wait', 'v1', '2026-01-31T14:00:00Z')
  await note('', 'b/shop', '1.8.2', '2026-01-31T00:00:00Z', otherCid)
  const none = { image_pull: 0, image_push: 0, missing_config: 0, unsupported_schema_version: 0 }
  assert.deepEqual(await images.assessments(cid), [
    { day: '2026-01-30', assessed: 1, ...none },
    { day: '2026-01-31', assessed: 2, ...none, unsupported_schema_version: 1 },
  ])
  assert.deepEqual(await images.assessments(cid, filter("registry:'ghcr.io'+repository:'d/*'")), [
    { day: '2026-01-31', assessed: 1, ...none },
  ])
  assert.deepEqual(await images.assessments(otherCid), [])
})

test('the images of an index were brought by whoever pushed it', async (t) => {
  const { database } = await testDatabase(t)
  let hour = 0
  const put = (digest: string, more: { actor?: string; indexDigest?: string }) =>
    putImage(
      database,
      cid,
      {
        registry: '',
        repository: 'shop',
        tag: '1',
        imageUuid: crypto.randomUUID(),
        digest,
        indexDigest: '',
        imageId: '',
        os: 'linux',
        architecture: 'amd64',
        variant: '',
        source: 'push',
        ...more,
      },
      new Date(Date.UTC(2026, 0, 1, hour++)),
    )
  await put('index', { actor: 'ci-bot' })
  await put('amd64', { indexDigest: 'index' })
  await put('index', { actor: 'release-bot' })
  await put('amd64', { indexDigest: 'index' })
  const images = imagesOf({ database, transaction: (work) => work(database), now: () => now })
  const { rows } = await images.list(cid, { ...all, sort: [{ field: 'image_digest', descending: false }] })
  assert.deepEqual(
    rows.map(({ digest, actor }) => [digest, actor]),
    [
      ['amd64', 'release-bot'],
      ['index', 'release-bot'],
    ],
  )
})
