import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type ImportReport, importAdvisories } from './import.ts'
import { type AdvisoryStore, openStore } from './store/open.ts'
import { temporaryFolder } from './testing/bucket.ts'

const testData = process.env['LANNER_TEST_DATA']
const needsData = { skip: !testData && 'needs LANNER_TEST_DATA' }

/** Few enough to compile in a second or two; counts are those of the test data's own README. */
const taken: Record<string, number> = { Debian: 5_870, 'crates.io': 732, Hex: 103, Go: 4_311 }

let folder: ReturnType<typeof temporaryFolder> | undefined
let report: ImportReport
let store: AdvisoryStore

before(async () => {
  if (!testData) return
  folder = temporaryFolder()
  const feeds = join(folder.path, 'feeds')
  mkdirSync(feeds)
  for (const name of [...Object.keys(taken), 'KEV'])
    symlinkSync(join(testData, 'advisories', name), join(feeds, name))
  report = await importAdvisories(feeds, join(folder.path, 'store'), { now: () => new Date() })
  store = openStore(join(folder.path, 'store'))
})
after(() => {
  store?.close()
  folder?.[Symbol.dispose]()
})

test('every record of the archives is taken', needsData, () => {
  const counts = Object.fromEntries(
    report.sources.map(({ source, records, refused }) => [source, [records, refused]]),
  )
  for (const [name, records] of Object.entries(taken))
    assert.deepEqual(counts[`osv/${name}`], [records, 0], name)
  // "count" of the catalogue itself.
  assert.deepEqual(counts['kev'], [1_404, 0])
})

/** From `unzip -p` of the archives. */
test('openssl of Debian 10', needsData, () => {
  const found = store.affected('Debian:10', 'openssl')
  assert.equal(found.length, 11)
  const fixes = new Map(found.map((entry) => [entry.advisory, entry.ranges[0].events]))
  assert.deepEqual(fixes.get('DLA-3325-1'), [{ introduced: '0' }, { fixed: '1.1.1n-0+deb10u4' }])
  assert.deepEqual(fixes.get('DSA-4539-1'), [{ introduced: '0' }, { fixed: '1.1.1d-0+deb10u1' }])
  assert.deepEqual(fixes.get('DSA-4963-1'), [{ introduced: '0' }, { fixed: '1.1.1d-0+deb10u7' }])
})

test('golang.org/x/net and smallvec', needsData, () => {
  const net = store.affected('Go', 'golang.org/x/net')
  assert.equal(net.length, 34)
  assert.deepEqual(net.find((entry) => entry.advisory === 'GO-2021-0078')?.ranges, [
    { type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '0.0.0-20180816102801-aaf60122140d' }] },
  ])
  const smallvec = store.affected('crates.io', 'smallvec')
  assert.equal(smallvec.length, 7)
  assert.equal(smallvec.filter((entry) => entry.advisory === 'GHSA-43w2-9j62-hq99').length, 2)
  assert.deepEqual(smallvec.find((entry) => entry.advisory === 'RUSTSEC-2021-0003')?.ranges[0].events, [
    { introduced: '0.6.3' },
    { fixed: '0.6.14' },
    { introduced: '1.0.0' },
    { fixed: '1.6.1' },
  ])
})

test('withdrawn RustSec records are there and say so', needsData, () => {
  assert.ok(store.record('RUSTSEC-2019-0031')?.withdrawn)
  assert.equal(report.sources.find(({ source }) => source === 'osv/crates.io')?.withdrawn, 9)
  assert.equal(
    store.freshness().find(({ source }) => source === 'osv/crates.io')?.newest,
    '2025-11-26T06:15:27.498116Z',
  )
})

test('Log4Shell is known to be exploited', needsData, () => {
  assert.deepEqual(store.cve('CVE-2021-44228')?.exploited, {
    dateAdded: '2021-12-10',
    dueDate: '2021-12-24',
    ransomware: true,
  })
  assert.ok(store.recordsOf('CVE-2021-44228').includes('DSA-5020-1'))
})
