import assert from 'node:assert/strict'
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { importAdvisories } from '../import.ts'
import { affects, now, osvRecord, temporaryFolder, zipOf } from '../testing/bucket.ts'
import { openStore } from './open.ts'
import { storeRevision } from './revision.ts'
import { verifyStore } from './verify.ts'

const debian = osvRecord('DEBIAN-CVE-2026-0001', 'Debian:12', 'openssl', '3.0.15-1', {
  upstream: ['CVE-2026-0001'],
})
const pypi = osvRecord('PYSEC-2026-1', 'PyPI', 'Ruamel.YAML', '1.2', {
  aliases: ['CVE-2026-0002', 'GHSA-aaaa-bbbb-cccc'],
})
const both = osvRecord('GHSA-aaaa-bbbb-cccc', 'PyPI', 'ruamel.yaml', '1.2', {
  aliases: ['CVE-2026-0002'],
  summary: 'Ünïcode – 🎉',
  affected: [affects('PyPI', 'ruamel.yaml', '1.2'), affects('npm', 'ruamel', '2.0')],
})
const epss =
  '#model_version:v2026.06.15,score_date:2026-05-29T12:00:22Z\ncve,epss,percentile\nCVE-2026-0001,0.03351,0.88255\nCVE-2026-0002,0.5,0.99\n'
const kev = {
  dateReleased: '2026-05-01T00:00:00Z',
  vulnerabilities: [
    {
      cveID: 'CVE-2026-0001',
      dateAdded: '2026-04-01',
      dueDate: '2026-04-22',
      knownRansomwareCampaignUse: 'Known',
    },
  ],
}

async function smallStore(folder: ReturnType<typeof temporaryFolder>): Promise<string> {
  folder.write('feeds/Debian/all.zip', zipOf([debian]))
  folder.write('feeds/PyPI/all.zip', zipOf([pypi, both]))
  folder.write('feeds/npm/all.zip', zipOf([both]))
  folder.write('feeds/EPSS/epss_scores-2026-05-29.csv', epss)
  folder.write('feeds/KEV/known_exploited_vulnerabilities.json', JSON.stringify(kev))
  const into = join(folder.path, 'store')
  await importAdvisories(join(folder.path, 'feeds'), into, { now })
  return into
}

test('everything a reader asks: entries, records, references, facts, ecosystems, freshness', async () => {
  using folder = temporaryFolder()
  using store = openStore(await smallStore(folder))
  assert.deepEqual(store.affected('Debian:12', 'openssl'), [
    {
      advisory: 'DEBIAN-CVE-2026-0001',
      feed: 'osv',
      ecosystem: 'Debian:12',
      name: 'openssl',
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.0.15-1' }] }],
      versions: [],
    },
  ])
  assert.deepEqual(store.affected('Debian:11', 'openssl'), [])
  assert.deepEqual(store.affected('Debian:12', 'opensslx'), [])
  assert.equal(store.record('GHSA-aaaa-bbbb-cccc')?.summary, 'Ünïcode – 🎉')
  assert.equal(store.record('GHSA-none'), undefined)
  assert.deepEqual([...store.recordsOf('CVE-2026-0002')].sort(), ['GHSA-aaaa-bbbb-cccc', 'PYSEC-2026-1'])
  assert.deepEqual(store.recordsOf('cve-2026-0001'), ['DEBIAN-CVE-2026-0001'])
  assert.deepEqual(store.recordsOf('CVE-2026-9999'), [])
  assert.deepEqual(store.cve('CVE-2026-0001'), {
    epss: { score: 0.03351, percentile: 0.88255, date: '2026-05-29T12:00:22Z' },
    exploited: { dateAdded: '2026-04-01', dueDate: '2026-04-22', ransomware: true },
  })
  assert.deepEqual(store.cve('CVE-2026-0002'), {
    epss: { score: 0.5, percentile: 0.99, date: '2026-05-29T12:00:22Z' },
  })
  assert.equal(store.cve('CVE-2026-0003'), undefined)
  assert.equal(store.cve('GHSA-aaaa-bbbb-cccc'), undefined)
  assert.deepEqual([...store.ecosystems()].sort(), ['Debian:12', 'PyPI', 'npm'])
  assert.deepEqual(
    store.freshness().map(({ source, records }) => [source, records]),
    [
      ['epss', 2],
      ['kev', 1],
      ['osv/Debian', 1],
      ['osv/PyPI', 2],
      ['osv/npm', 1],
    ],
  )
})

test('names meet in the spelling of their ecosystem; the entry keeps its own', async () => {
  using folder = temporaryFolder()
  using store = openStore(await smallStore(folder))
  const found = store.affected('PyPI', 'ruamel_yaml')
  assert.deepEqual(found.map((entry) => [entry.advisory, entry.name]).sort(), [
    ['GHSA-aaaa-bbbb-cccc', 'ruamel.yaml'],
    ['PYSEC-2026-1', 'Ruamel.YAML'],
  ])
})

test('many keys: every one is found again, none else', async () => {
  using folder = temporaryFolder()
  const records = Array.from({ length: 3_000 }, (_, index) =>
    osvRecord(`X-${index}`, 'npm', `package-${index % 1_000}`, `1.${index}`),
  )
  folder.write('feeds/npm/all.zip', zipOf(records))
  const into = join(folder.path, 'store')
  await importAdvisories(join(folder.path, 'feeds'), into, { now })
  using store = openStore(into)
  for (let index = 0; index < 1_000; index++) {
    const ids = store.affected('npm', `package-${index}`).map((entry) => entry.advisory)
    assert.deepEqual(ids.sort(), [`X-${index}`, `X-${index + 1_000}`, `X-${index + 2_000}`].sort())
    assert.deepEqual(store.affected('npm', `package-${index + 1_000}`), [])
  }
  for (const { id } of records) assert.equal(store.record(id)?.id, id)
})

test('the same feeds make the same revision', async () => {
  using one = temporaryFolder()
  using other = temporaryFolder()
  const first = await smallStore(one)
  const second = await smallStore(other)
  assert.equal(storeRevision(first), storeRevision(second))
  assert.ok(storeRevision(first))
  await verifyStore(first)
})

test('an open reader keeps its revision while the store is replaced', async () => {
  using folder = temporaryFolder()
  const into = await smallStore(folder)
  using before = openStore(into)
  folder.write('feeds/Debian/all.zip', zipOf([osvRecord('DSA-1', 'Debian:12', 'openssl', '9')]))
  await importAdvisories(join(folder.path, 'feeds'), into, { now })
  using after = openStore(into)
  assert.deepEqual(
    before.affected('Debian:12', 'openssl').map((entry) => entry.advisory),
    ['DEBIAN-CVE-2026-0001'],
  )
  assert.deepEqual(
    after.affected('Debian:12', 'openssl').map((entry) => entry.advisory),
    ['DSA-1'],
  )
  assert.notEqual(before.revision, after.revision)
  assert.equal(readdirSync(into).filter((name) => name.endsWith('.store')).length, 2)
})

test('no store yet', () => {
  using folder = temporaryFolder()
  assert.throws(() => openStore(folder.path), { name: 'AdvisoryFault', code: 'no-store' })
  assert.throws(() => openStore(join(folder.path, 'nowhere')), { code: 'no-store' })
  assert.equal(storeRevision(folder.path), undefined)
})

test('a reader that was closed answers no more', async () => {
  using folder = temporaryFolder()
  const store = openStore(await smallStore(folder))
  // Often enough for tables to be kept in memory.
  for (let turn = 0; turn < 200; turn++) assert.equal(store.affected('Debian:12', 'openssl').length, 1)
  store.close()
  assert.throws(() => store.affected('Debian:12', 'openssl'), { code: 'no-store' })
  assert.throws(() => store.affected('Debian:12', 'absent'), { code: 'no-store' })
})

const damages: [what: string, damage: (path: string) => void, code: string][] = [
  ['cut short', (path) => truncateSync(path, readFileSync(path).length - 40), 'corrupt'],
  ['empty', (path) => truncateSync(path, 0), 'corrupt'],
  ['of another kind', (path) => writeFileSync(path, 'PK'.repeat(100)), 'foreign'],
  ['of a later version', (path) => patch(path, 8, 99), 'foreign'],
  ['damaged in its table', (path) => patch(path, readFileSync(path).length - 60, 7), 'corrupt'],
]
for (const [what, damage, code] of damages) {
  test(`a segment that is ${what} is told with what to do`, async () => {
    using folder = temporaryFolder()
    const into = await smallStore(folder)
    damage(join(into, readdirSync(into).find((name) => name.startsWith('base-')) ?? ''))
    assert.throws(() => openStore(into), { name: 'AdvisoryFault', code, message: /advisor/ })
  })
}

test('any single damaged byte of a store is found by verification, and look-ups fail with a fault or not at all', async () => {
  using folder = temporaryFolder()
  const into = await smallStore(folder)
  const path = join(into, readdirSync(into).find((name) => name.startsWith('base-')) ?? '')
  const whole = readFileSync(path)
  for (let at = 0; at < whole.length; at += 23) {
    const damaged = Buffer.from(whole)
    damaged[at] ^= 0xff
    writeFileSync(path, damaged)
    try {
      using store = openStore(into)
      store.affected('Debian:12', 'openssl')
      store.affected('PyPI', 'ruamel.yaml')
      store.record('PYSEC-2026-1')
      store.recordsOf('CVE-2026-0002')
    } catch (error) {
      assert.equal((error as Error).name, 'AdvisoryFault', `byte ${at}: ${(error as Error).stack}`)
    }
    await assert.rejects(verifyStore(into), { code: 'corrupt' })
  }
})

test('a manifest that leads elsewhere is refused', async () => {
  using folder = temporaryFolder()
  const into = await smallStore(folder)
  const path = join(into, 'current.json')
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/base-[0-9a-f]+\.store/g, '../../etc/passwd'))
  assert.throws(() => openStore(into), { code: 'foreign' })
  writeFileSync(path, '{')
  assert.throws(() => openStore(into), { code: 'corrupt' })
})

function patch(path: string, at: number, value: number): void {
  const content = readFileSync(path)
  content[at] = value
  writeFileSync(path, content)
}
