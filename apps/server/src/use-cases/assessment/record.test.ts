import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { applyRecords, importAdvisories, openStore } from '@lanner/advisories'
import { assess, extractorRevision, imageFacts, readImage } from '@lanner/assessment'
import type { AdvisoryReader } from '@lanner/matching'
import type { Report } from '@lanner/model'
import { type BuiltImage, image, imageSource, layer, temporaryFolder } from '@lanner/testkit'
import { sql } from 'kysely'
import { advisoryState, takeOverRevision } from '../../db/advisory-state.ts'
import { changeEventsAfter } from '../../db/change-event.ts'
import type { Database } from '../../db/database.ts'
import { putImage, removeImages } from '../../db/image.ts'
import { testDatabase } from '../../testing/database.ts'
import { matchGroups } from './matcher.ts'
import { type RecordPorts, recordImage } from './record.ts'
import { rematch } from './rematch.ts'
import { storedReport } from './stored-report.ts'

const now = new Date('2026-03-02T09:14:05Z')
const cid = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'

const base = layer({
  'etc/os-release':
    'ID=debian\nVERSION_ID="12"\nNAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12"\n',
  'var/lib/dpkg/status': [
    'Package: libexpat1\nStatus: install ok installed\nSource: expat\nVersion: 2.5.0-1\nArchitecture: amd64',
    'Package: bash\nStatus: install ok installed\nVersion: 5.2.15-2+b2\nArchitecture: amd64',
    '',
  ].join('\n\n'),
})
const lodash = layer({
  'app/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: '4.17.4' }),
})
const odd = layer({
  'app/node_modules/odd/package.json': JSON.stringify({
    name: 'o\u0000d\ud800d',
    version: '1.0.0',
    license: '\u0000',
  }),
})

interface Stage {
  readonly ports: RecordPorts
  readonly database: Database
  /** The folder of the advisory store. */
  readonly folder: string
  /** Opens the store as it is now and takes it over, as the server does. */
  takeOver(): Promise<void>
}

async function stage(t: TestContext): Promise<Stage> {
  const { database } = await testDatabase(t)
  const temporary = await temporaryFolder()
  t.after(() => temporary[Symbol.asyncDispose]())
  const folder = temporary.path
  await importAdvisories(join(import.meta.dirname, '../../../../../demo/advisories'), folder, {
    now: () => now,
  })
  let reader: AdvisoryReader | undefined
  const ports: RecordPorts = {
    database,
    transaction: (work) => database.transaction().execute(work),
    matcher: { match: async (groups) => reader && matchGroups(groups, reader, now) },
    advisories: () => reader,
    now: () => now,
  }
  const takeOver = async (): Promise<void> => {
    const store = openStore(folder)
    t.after(() => store[Symbol.dispose]())
    await advisoryState(database)
    await takeOverRevision(database, store.revision, now)
    reader = store
  }
  return { ports, database, folder, takeOver }
}

async function record({ ports, database }: Stage, built: BuiltImage, tenant = cid): Promise<string> {
  const source = imageSource(built)
  const [resolved] = (await source.resolve()).images
  const known = await readImage(source, resolved, { version: 'test', onEvent: () => {} })
  const facts = imageFacts(resolved, known.layers, known.inventory)
  await putImage(
    database,
    tenant,
    {
      imageUuid: crypto.randomUUID(),
      registry: '',
      repository: 'shop/checkout',
      tag: '1.8.2',
      digest: facts.manifestDigest,
      indexDigest: '',
      imageId: '',
      os: '',
      architecture: '',
      variant: '',
      source: 'push',
    },
    now,
  )
  const documents = { manifest: '{}', config: '{}' }
  await recordImage({ facts, documents, known, extractorRevision: extractorRevision() }, ports)
  return facts.manifestDigest
}

async function scanned(built: BuiltImage, advisories: AdvisoryReader | undefined): Promise<Report> {
  const set = await assess(imageSource(built), {
    version: 'test',
    now: () => now,
    ...(advisories ? { advisories } : {}),
  })
  return set.reports[0]
}

async function rows(database: Database, text: ReturnType<typeof sql>): Promise<readonly unknown[]> {
  return (await text.execute(database)).rows
}

test('the report that is kept is the one that a scan makes', async (t) => {
  const here = await stage(t)
  await here.takeOver()
  for (const built of [
    image({ layers: [base, lodash] }),
    image({ layers: [base] }),
    image({ layers: [lodash] }),
    image({ layers: [layer({})] }),
    image({ layers: [base, odd] }),
  ]) {
    const digest = await record(here, built)
    const stored = await storedReport(here.database, digest, 'test:image', here.ports.advisories(), now)
    assert.deepEqual(stored?.report, await scanned(built, here.ports.advisories()))
  }
})

test('without advisories an image is not assessable, and its inventory is kept', async (t) => {
  const here = await stage(t)
  const digest = await record(here, image({ layers: [base, lodash] }))
  const stored = await storedReport(here.database, digest, 'test:image', undefined, now)
  assert.deepEqual(stored?.report, await scanned(image({ layers: [base, lodash] }), undefined))
  assert.equal(stored?.report.packages.length, 3)
  assert.deepEqual(
    await rows(here.database, sql`select state, packages, vulnerabilities from image where cid = ${cid}`),
    [{ state: 'not_assessable', packages: 3, vulnerabilities: 0 }],
  )
})

test('a package is kept once, whichever images have it, and counts stand beside the images', async (t) => {
  const here = await stage(t)
  await here.takeOver()
  await record(here, image({ layers: [base, lodash] }))
  await record(here, image({ layers: [base, layer({ 'srv/readme': 'other' }), lodash] }))
  assert.deepEqual(
    await rows(here.database, sql`select name, version, vulnerabilities from package order by name`),
    // By hand from demo/advisories: DSA-5770-1 names three CVEs of expat, GHSA-jf85-cpcp-j695 one of lodash.
    [
      { name: 'bash', version: '5.2.15-2+b2', vulnerabilities: 0 },
      { name: 'libexpat1', version: '2.5.0-1', vulnerabilities: 3 },
      { name: 'lodash', version: '4.17.4', vulnerabilities: 1 },
    ],
  )
  assert.deepEqual(await rows(here.database, sql`select count(*) from package_set`), [{ count: 1 }])
  const images = await rows(
    here.database,
    sql`select state, packages, vulnerabilities, layers_with_vulnerabilities as layers from image where cid = ${cid}`,
  )
  assert.deepEqual(images, [
    { state: 'assessed', packages: 3, vulnerabilities: 4, layers: 2 },
    { state: 'assessed', packages: 3, vulnerabilities: 4, layers: 2 },
  ])
})

test('advisories that arrive later are carried into what was read before', async (t) => {
  const here = await stage(t)
  const digest = await record(here, image({ layers: [base, lodash] }))
  await here.takeOver()
  const progress = await rematch(undefined, here.ports, AbortSignal.timeout(10_000))
  assert.deepEqual(progress, { packages: 3, changed: 2, events: 4 })
  const stored = await storedReport(here.database, digest, 'test:image', here.ports.advisories(), now)
  assert.deepEqual(stored?.report, await scanned(image({ layers: [base, lodash] }), here.ports.advisories()))
  assert.deepEqual(
    await rows(here.database, sql`select state, vulnerabilities from image where cid = ${cid}`),
    [{ state: 'assessed', vulnerabilities: 4 }],
  )
  const events = await changeEventsAfter(here.database, cid, 0, 10)
  assert.deepEqual([...new Set(events.map(({ kind }) => kind))], ['new'])
  assert.equal(events.length, 4)
})

test('a changed record concerns its packages only, and tells what changed', async (t) => {
  const here = await stage(t)
  await here.takeOver()
  const digest = await record(here, image({ layers: [base, lodash] }))
  const withdrawn = {
    id: 'GHSA-jf85-cpcp-j695',
    modified: '2026-12-02T00:00:00Z',
    withdrawn: '2026-12-02T00:00:00Z',
    affected: [],
  }
  await applyRecords(here.folder, [withdrawn], { now: () => now })
  await here.takeOver()
  const progress = await rematch(['lodash'], here.ports, AbortSignal.timeout(10_000))
  assert.deepEqual(progress, { packages: 1, changed: 1, events: 1 })
  const [event] = await changeEventsAfter(here.database, cid, 0, 10)
  // CVE-2019-10744 is what that record is about.
  assert.deepEqual(
    [event.kind, event.vulnerability_id, event.digest, event.package],
    ['gone', 'CVE-2019-10744', digest, 'pkg:npm/lodash@4.17.4'],
  )
  assert.deepEqual(await rows(here.database, sql`select vulnerabilities from image where cid = ${cid}`), [
    { vulnerabilities: 3 },
  ])
  const again = await rematch(['lodash'], here.ports, AbortSignal.timeout(10_000))
  assert.deepEqual(again, { packages: 1, changed: 0, events: 0 })
})

test('a fix that comes later is known since then, and no longer when it is taken back', async (t) => {
  const here = await stage(t)
  await here.takeOver()
  await record(here, image({ layers: [base, lodash] }))
  const at = async (time: string, event: { fixed: string } | undefined) => {
    const ranges = [{ type: 'SEMVER', events: [{ introduced: '0' }, ...(event ? [event] : [])] }]
    const affected = [{ package: { ecosystem: 'npm', name: 'lodash' }, ranges }]
    await applyRecords(here.folder, [{ id: 'CVE-2026-0001', modified: time, affected }], { now: () => now })
    await here.takeOver()
    await rematch(['lodash'], { ...here.ports, now: () => new Date(time) }, AbortSignal.timeout(10_000))
    const { rows: known } = await sql<{ since: Date | null }>`
      select fix_known_since as since from finding where vulnerability_id = 'CVE-2026-0001'`.execute(
      here.database,
    )
    return known.map(({ since }) => since?.toISOString())
  }
  assert.deepEqual(await at('2026-12-01T00:00:00.000Z', undefined), [undefined])
  assert.deepEqual(await at('2026-12-02T00:00:00.000Z', { fixed: '4.18.0' }), ['2026-12-02T00:00:00.000Z'])
  assert.deepEqual(await at('2026-12-03T00:00:00.000Z', { fixed: '4.17.9' }), ['2026-12-02T00:00:00.000Z'])
  assert.deepEqual(await at('2026-12-04T00:00:00.000Z', undefined), [undefined])
})

test('what one tenant has pushed is assessed for the other at once, and is never seen by it otherwise', async (t) => {
  const here = await stage(t)
  await here.takeOver()
  const other = 'ffffffffffffffffffffffffffffffff'
  await record(here, image({ layers: [base, lodash] }))
  const digest = await record(here, image({ layers: [base, lodash] }), other)
  assert.equal(await removeImages(here.database, cid, digest), 1)
  assert.deepEqual(
    await rows(here.database, sql`select cid, vulnerabilities from image where cid = any(${[cid, other]})`),
    [{ cid: other, vulnerabilities: 4 }],
  )
})
