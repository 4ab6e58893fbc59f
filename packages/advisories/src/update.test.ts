import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openStore } from './store/open.ts'
import { now, type OsvRecord, osvRecord, temporaryFolder, zipOf } from './testing/bucket.ts'
import { bucket, chunks, type FakeFeeds, fakeFeeds } from './testing/feed-server.ts'
import type { UpdateOptions } from './update/settings.ts'
import { updateAdvisories } from './update.ts'

const epss = gzipSync(
  '#model_version:v1,score_date:2026-05-29T00:00:00Z\ncve,epss,percentile\nCVE-2026-0001,0.5,0.9\n',
)
const kev = Buffer.from(
  JSON.stringify({
    dateReleased: '2026-05-01T00:00:00Z',
    vulnerabilities: [{ cveID: 'CVE-2026-0001', dateAdded: '2026-04-01' }],
  }),
)

/** Publishes an ecosystem as the exporter does: archive, list newest first, and single records. */
function publish(feeds: FakeFeeds, ecosystem: string, records: readonly OsvRecord[]): void {
  feeds.files.set(`${ecosystem}/all.zip`, zipOf(records))
  const lines = [...records]
    .sort((a, b) => (a.modified < b.modified ? 1 : -1))
    .map(({ id, modified }) => `${modified},${id}\n`)
  feeds.files.set(`${ecosystem}/modified_id.csv`, Buffer.from(lines.join('')))
  for (const record of records)
    feeds.files.set(`${ecosystem}/${record.id}.json`, Buffer.from(JSON.stringify(record)))
}

function feedsOf(ecosystems: Record<string, readonly OsvRecord[]>): FakeFeeds {
  const feeds = fakeFeeds()
  for (const [ecosystem, records] of Object.entries(ecosystems)) publish(feeds, ecosystem, records)
  feeds.files.set('ecosystems.txt', Buffer.from(`${Object.keys(ecosystems).join('\n')}\n[EMPTY]\n../evil\n`))
  feeds.files.set('epss.csv.gz', epss)
  feeds.files.set('kev.json', kev)
  return feeds
}

function options(feeds: FakeFeeds, more: Partial<UpdateOptions> = {}): UpdateOptions {
  return {
    baseUrl: bucket,
    epssUrl: `${bucket}/epss.csv.gz`,
    kevUrl: `${bucket}/kev.json`,
    debianTrackerUrl: false,
    fetch: feeds.fetch,
    wait: async () => {},
    now,
    ...more,
  }
}

const at = (hours: number) => () => new Date(now().getTime() + hours * 3_600_000)
const first = osvRecord('X-1', 'npm', 'a', '1', { modified: '2026-01-01T00:00:00Z' })
const second = osvRecord('X-2', 'npm', 'a', '2', { modified: '2026-02-01T00:00:00Z' })
const outcomes = (report: { sources: readonly { source: string; outcome: string }[] }) =>
  Object.fromEntries(report.sources.map(({ source, outcome }) => [source, outcome]))

function ids(into: string, ecosystem = 'npm', name = 'a'): string[] {
  using store = openStore(into)
  return store
    .affected(ecosystem, name)
    .map((entry) => entry.advisory)
    .sort()
}

test('first everything, then only what changed', async () => {
  using folder = temporaryFolder()
  const feeds = feedsOf({ npm: [first], PyPI: [osvRecord('Y-1', 'PyPI', 'a', '1')] })
  const whole = await updateAdvisories(folder.path, options(feeds))
  assert.deepEqual(outcomes(whole), { 'osv/npm': 'whole', 'osv/PyPI': 'whole', epss: 'whole', kev: 'whole' })
  assert.equal(whole.changedKeys, 'all')
  assert.ok(!feeds.asked.some((path) => path.includes('EMPTY') || path.includes('evil')))
  publish(feeds, 'npm', [first, second])
  feeds.asked.length = 0
  const changes = await updateAdvisories(folder.path, options(feeds, { now: at(1) }))
  assert.deepEqual(outcomes(changes), {
    'osv/npm': 'changes',
    'osv/PyPI': 'unchanged',
    epss: 'unchanged',
    kev: 'unchanged',
  })
  assert.deepEqual(changes.changedKeys, [{ ecosystem: 'npm', name: 'a' }])
  assert.deepEqual(feeds.asked, [
    'ecosystems.txt',
    'npm/modified_id.csv',
    'npm/X-2.json',
    'PyPI/modified_id.csv',
    'epss.csv.gz',
    'kev.json',
  ])
  assert.deepEqual(ids(folder.path), ['X-1', 'X-2'])
  using store = openStore(folder.path)
  assert.deepEqual(store.cve('CVE-2026-0001')?.epss?.score, 0.5)
  assert.deepEqual([...new Set(store.freshness().map((source) => source.checked))], [at(1)().toISOString()])
  assert.deepEqual(readdirSync(join(folder.path, 'downloads')), [])
})

test('a record from the future is fetched once, and hides no later change', async () => {
  using folder = temporaryFolder()
  const future = osvRecord('X-9', 'npm', 'a', '9', { modified: '2027-07-09T15:54:00Z' })
  const feeds = feedsOf({ npm: [first, future] })
  await updateAdvisories(folder.path, options(feeds))
  feeds.asked.length = 0
  const report = await updateAdvisories(folder.path, options(feeds, { now: at(1) }))
  assert.equal(outcomes(report)['osv/npm'], 'unchanged')
  assert.ok(!feeds.asked.includes('npm/X-9.json'))
})

test('very many changes: the archive is taken instead', async () => {
  using folder = temporaryFolder()
  const feeds = feedsOf({ npm: [first] })
  await updateAdvisories(folder.path, options(feeds))
  const many = Array.from({ length: 2_001 }, (_, index) =>
    osvRecord(`N-${index}`, 'npm', `n-${index}`, '1', { modified: '2026-03-01T00:00:00Z' }),
  )
  publish(feeds, 'npm', [first, ...many])
  feeds.asked.length = 0
  const report = await updateAdvisories(folder.path, options(feeds, { now: at(1) }))
  assert.equal(outcomes(report)['osv/npm'], 'whole')
  assert.ok(!feeds.asked.some((path) => path.startsWith('npm/N-')))
  assert.deepEqual(ids(folder.path, 'npm', 'n-2000'), ['N-2000'])
})

test('deleted records go with the weekly comparison, but not a tenth of them at once', async () => {
  using folder = temporaryFolder()
  const many = Array.from({ length: 20 }, (_, index) =>
    osvRecord(`N-${index}`, 'npm', 'a', `${index}`, { modified: '2026-01-02T00:00:00Z' }),
  )
  const feeds = feedsOf({ npm: many })
  await updateAdvisories(folder.path, options(feeds))
  publish(feeds, 'npm', many.slice(1))
  assert.equal(
    outcomes(await updateAdvisories(folder.path, options(feeds, { now: at(24) })))['osv/npm'],
    'unchanged',
  )
  assert.equal(ids(folder.path).length, 20)
  assert.equal(
    outcomes(await updateAdvisories(folder.path, options(feeds, { now: at(200) })))['osv/npm'],
    'whole',
  )
  assert.equal(ids(folder.path).length, 19)
  publish(feeds, 'npm', [...many.slice(15), second])
  const shrunk = await updateAdvisories(folder.path, options(feeds, { now: at(400) }))
  const npm = shrunk.sources.find(({ source }) => source === 'osv/npm')
  assert.match(npm?.message ?? '', /old copy is kept/)
  assert.equal(npm?.outcome, 'changes')
  assert.equal(ids(folder.path).length, 20)
  feeds.asked.length = 0
  await updateAdvisories(folder.path, options(feeds, { now: at(401) }))
  assert.ok(!feeds.asked.includes('npm/all.zip'))
  await updateAdvisories(folder.path, options(feeds, { now: at(425) }))
  assert.ok(feeds.asked.includes('npm/all.zip'))
})

test('a source that fails keeps its old copy and its age', async () => {
  using folder = temporaryFolder()
  const feeds = feedsOf({ npm: [first], PyPI: [osvRecord('Y-1', 'PyPI', 'a', '1')] })
  await updateAdvisories(folder.path, options(feeds))
  publish(feeds, 'PyPI', [
    osvRecord('Y-1', 'PyPI', 'a', '1'),
    osvRecord('Y-2', 'PyPI', 'a', '2', { modified: '2026-04-01T00:00:00Z' }),
  ])
  feeds.intercept = (path) =>
    path.startsWith('npm/') || path === 'epss.csv.gz' ? { status: 503 } : undefined
  const report = await updateAdvisories(folder.path, options(feeds, { now: at(1) }))
  assert.deepEqual(outcomes(report), {
    'osv/npm': 'failed',
    'osv/PyPI': 'changes',
    epss: 'failed',
    kev: 'unchanged',
  })
  assert.equal(feeds.asked.filter((path) => path === 'npm/modified_id.csv').length, 1 + 4)
  assert.deepEqual(ids(folder.path), ['X-1'])
  assert.deepEqual(ids(folder.path, 'PyPI'), ['Y-1', 'Y-2'])
  using store = openStore(folder.path)
  const checked = Object.fromEntries(store.freshness().map((source) => [source.source, source.checked]))
  assert.equal(checked['osv/npm'], now().toISOString())
  assert.equal(checked['osv/PyPI'], at(1)().toISOString())
})

test('a record that does not come along is asked for again', async () => {
  using folder = temporaryFolder()
  const feeds = feedsOf({ npm: [first] })
  await updateAdvisories(folder.path, options(feeds))
  const third = osvRecord('X-3', 'npm', 'a', '3', { modified: '2026-03-01T00:00:00Z' })
  publish(feeds, 'npm', [first, second, third])
  feeds.intercept = (path) => (path === 'npm/X-2.json' ? { status: 404 } : undefined)
  const partly = await updateAdvisories(folder.path, options(feeds, { now: at(1) }))
  assert.match(
    partly.sources.find(({ source }) => source === 'osv/npm')?.message ?? '',
    /1 of 2 records did not come along/,
  )
  assert.deepEqual(ids(folder.path), ['X-1', 'X-3'])
  delete feeds.intercept
  await updateAdvisories(folder.path, options(feeds, { now: at(2) }))
  assert.deepEqual(ids(folder.path), ['X-1', 'X-2', 'X-3'])
})

test('a download that breaks off is continued, in this run', async () => {
  using folder = temporaryFolder()
  const feeds = feedsOf({ npm: [first] })
  const real = feeds.fetch
  let broken = false
  const fetch: FakeFeeds['fetch'] = async (url, asked) => {
    const answer = await real(url, asked)
    if (!url.endsWith('all.zip') || broken) return answer
    broken = true
    return { ...answer, body: breakingOff(answer.body) }
  }
  await updateAdvisories(folder.path, options(feeds, { fetch }))
  const ranges = feeds.asked.filter((path) => path.startsWith('npm/all.zip'))
  assert.match(ranges[1], /^npm\/all\.zip bytes=\d+-$/)
  assert.deepEqual(ids(folder.path), ['X-1'])
})

test('nothing at all to be had is an error, and makes no store', async () => {
  using folder = temporaryFolder()
  const feeds = fakeFeeds()
  await assert.rejects(updateAdvisories(folder.path, options(feeds)), { code: 'unreachable' })
  feeds.files.set('ecosystems.txt', Buffer.from('npm\n'))
  feeds.files.set('npm/all.zip', Buffer.from('garbage'))
  await assert.rejects(updateAdvisories(folder.path, options(feeds)), { name: 'AdvisoryFault' })
  assert.throws(() => openStore(folder.path), { code: 'no-store' })
})

test('an answer that is too large, or no list, is refused', async () => {
  using folder = temporaryFolder()
  const feeds = feedsOf({ npm: [first], PyPI: [osvRecord('Y-1', 'PyPI', 'a', '1')] })
  feeds.intercept = (path) =>
    path === 'npm/all.zip' ? { status: 200, headers: { 'content-length': String(2 ** 40) } } : undefined
  const report = await updateAdvisories(folder.path, options(feeds))
  assert.match(report.sources.find(({ source }) => source === 'osv/npm')?.message ?? '', /bytes, more than/)
  feeds.files.set('PyPI/modified_id.csv', Buffer.from('<html>'))
  const second = await updateAdvisories(folder.path, options(feeds, { now: at(1) }))
  assert.equal(outcomes(second)['osv/PyPI'], 'failed')
  assert.deepEqual(ids(folder.path, 'PyPI'), ['Y-1'])
})

test('cancelling stops at once', async () => {
  using folder = temporaryFolder()
  const feeds = feedsOf({ npm: [first] })
  const control = new AbortController()
  feeds.intercept = (path) => {
    if (path === 'npm/all.zip') control.abort()
    return undefined
  }
  await assert.rejects(updateAdvisories(folder.path, options(feeds, { signal: control.signal })), {
    code: 'cancelled',
  })
  assert.ok(!feeds.asked.includes('kev.json'))
  assert.deepEqual(
    readdirSync(folder.path).filter((name) => name !== 'downloads'),
    [],
  )
})

test('the Debian tracker comes with Debian, and Red Hat VEX where it is named: archive, then changes', async () => {
  using folder = temporaryFolder()
  const feeds = feedsOf({ Debian: [osvRecord('DSA-1', 'Debian:12', 'openssl', '1')] })
  feeds.files.set(
    'tracker.json',
    Buffer.from(
      JSON.stringify({ openssl: { 'CVE-2026-0001': { releases: { bookworm: { status: 'open' } } } } }),
    ),
  )
  feeds.files.set('vex/archive_latest.txt', Buffer.from('vex_2026.tar.zst\n'))
  feeds.files.set(
    'vex/changes.csv',
    Buffer.from(
      '"2026/cve-2026-0002.json","2026-05-02T00:00:00+00:00"\n"2026/cve-2026-0001.json","2026-01-01T00:00:00+00:00"\n',
    ),
  )
  const native = { debianTrackerUrl: `${bucket}/tracker.json`, redHatVexUrl: `${bucket}/vex` }
  const report = await updateAdvisories(folder.path, options(feeds, native))
  assert.equal(outcomes(report)['debian-tracker'], 'whole')
  assert.equal(outcomes(report)['redhat-vex'], 'failed')
  assert.deepEqual(ids(folder.path, 'Debian:12', 'openssl'), [
    'DSA-1',
    'debian-tracker/CVE-2026-0001/openssl',
  ])
  feeds.asked.length = 0
  await updateAdvisories(folder.path, options(feeds, { ...native, now: at(1) }))
  assert.ok(!feeds.asked.includes('tracker.json'))
})

async function* breakingOff(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    yield* chunks([Buffer.from(chunk)])
    throw new Error('connection reset')
  }
}
