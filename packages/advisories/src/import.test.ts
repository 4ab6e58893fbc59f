import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { importAdvisories } from './import.ts'
import { openStore } from './store/open.ts'
import { now, osvRecord, temporaryFolder, zip, zipOf } from './testing/bucket.ts'

function ids(into: string, ecosystem: string, name: string): string[] {
  using store = openStore(into)
  return store.affected(ecosystem, name).map((entry) => entry.advisory)
}

test('a record in two archives stands once, in its newest state', async () => {
  using folder = temporaryFolder()
  const older = osvRecord('X-1', 'npm', 'a', '1.0', { modified: '2026-01-01T00:00:00.000001Z' })
  const newer = osvRecord('X-1', 'npm', 'a', '2.0', { modified: '2026-01-01T00:00:00.000002Z' })
  folder.write('feeds/npm/all.zip', zipOf([newer]))
  folder.write('feeds/Maven/all.zip', zipOf([older]))
  const into = join(folder.path, 'store')
  const report = await importAdvisories(join(folder.path, 'feeds'), into, { now })
  assert.equal(report.records, 1)
  using store = openStore(into)
  assert.deepEqual(
    store.affected('npm', 'a').map((entry) => entry.ranges[0].events[1]),
    [{ fixed: '2.0' }],
  )
})

test('withdrawn records are kept and counted', async () => {
  using folder = temporaryFolder()
  folder.write(
    'feeds/npm/all.zip',
    zipOf([osvRecord('X-1', 'npm', 'a', '1', { withdrawn: '2026-02-01T00:00:00Z' })]),
  )
  const into = join(folder.path, 'store')
  const report = await importAdvisories(join(folder.path, 'feeds'), into, { now })
  assert.deepEqual(
    report.sources.map(({ source, records, withdrawn }) => [source, records, withdrawn]),
    [['osv/npm', 1, 1]],
  )
  using store = openStore(into)
  assert.equal(store.record('X-1')?.withdrawn, '2026-02-01T00:00:00Z')
  assert.equal(store.affected('npm', 'a').length, 1)
})

test('folders of single records, and native feeds beside them', async () => {
  using folder = temporaryFolder()
  folder.write('feeds/npm/X-1.json', JSON.stringify(osvRecord('X-1', 'npm', 'a', '1')))
  folder.write(
    'feeds/debian-tracker/debian.json.gz',
    gzipSync(
      JSON.stringify({
        openssl: { 'CVE-2026-1000': { releases: { bookworm: { status: 'open', urgency: 'low' } } } },
      }),
    ),
  )
  const into = join(folder.path, 'store')
  await importAdvisories(join(folder.path, 'feeds'), into, { now })
  assert.deepEqual(ids(into, 'npm', 'a'), ['X-1'])
  assert.deepEqual(ids(into, 'Debian:12', 'openssl'), ['debian-tracker/CVE-2026-1000/openssl'])
})

test('broken records are counted and named, the others taken', async () => {
  using folder = temporaryFolder()
  const good = osvRecord('X-1', 'npm', 'a', '1')
  folder.write(
    'feeds/npm/all.zip',
    zip([
      { name: 'X-1.json', content: Buffer.from(JSON.stringify(good)) },
      { name: 'X-2.json', content: Buffer.from('{"id":') },
      { name: 'X-3.json', content: Buffer.from('{}') },
      { name: 'X-4.json', content: Buffer.from(JSON.stringify(good)), crc: 1 },
      { name: 'X-5.json', content: Buffer.alloc(100_000), size: 10 },
      { name: 'readme.txt', content: Buffer.from('hello') },
    ]),
  )
  const into = join(folder.path, 'store')
  const report = await importAdvisories(join(folder.path, 'feeds'), into, { now })
  const [npm] = report.sources
  assert.deepEqual([npm.records, npm.refused], [1, 4])
  assert.deepEqual(
    npm.refusals.map((refusal) => refusal.name),
    ['X-2.json', 'X-3.json', 'X-4.json', 'X-5.json'],
  )
  assert.deepEqual(ids(into, 'npm', 'a'), ['X-1'])
})

test('an archive that is none keeps the old copy of its source; the others are replaced', async () => {
  using folder = temporaryFolder()
  folder.write('feeds/npm/all.zip', zipOf([osvRecord('X-1', 'npm', 'a', '1')]))
  folder.write('feeds/PyPI/all.zip', zipOf([osvRecord('Y-1', 'PyPI', 'a', '1')]))
  const into = join(folder.path, 'store')
  await importAdvisories(join(folder.path, 'feeds'), into, { now })
  folder.write('feeds/npm/all.zip', Buffer.from('<html>not found</html>'))
  folder.write('feeds/PyPI/all.zip', zipOf([osvRecord('Y-2', 'PyPI', 'a', '1')]))
  const report = await importAdvisories(join(folder.path, 'feeds'), into, { now })
  assert.deepEqual(ids(into, 'npm', 'a'), ['X-1'])
  assert.deepEqual(ids(into, 'PyPI', 'a'), ['Y-2'])
  assert.match(
    report.sources.find((source) => source.source === 'osv/npm')?.failed ?? '',
    /no readable zip archive/,
  )
})

test('a record of two sources stays while one of them has it', async () => {
  using folder = temporaryFolder()
  const shared = osvRecord('X-1', 'npm', 'a', '1')
  folder.write('one/npm/all.zip', zipOf([shared]))
  folder.write('one/Maven/all.zip', zipOf([shared]))
  folder.write('two/npm/all.zip', zipOf([osvRecord('X-2', 'npm', 'a', '1')]))
  folder.write('three/Maven/all.zip', zipOf([osvRecord('X-3', 'Maven', 'a:b', '1')]))
  const into = join(folder.path, 'store')
  await importAdvisories(join(folder.path, 'one'), into, { now })
  await importAdvisories(join(folder.path, 'two'), into, { now })
  assert.deepEqual(ids(into, 'npm', 'a'), ['X-1', 'X-2'])
  await importAdvisories(join(folder.path, 'three'), into, { now })
  assert.deepEqual(ids(into, 'npm', 'a'), ['X-2'])
})

test('nothing to take is an error and leaves the store', async () => {
  using folder = temporaryFolder()
  folder.write('feeds/npm/all.zip', zipOf([osvRecord('X-1', 'npm', 'a', '1')]))
  folder.write('garbage/npm/all.zip', Buffer.alloc(1_000, 'PK'))
  folder.write('empty/readme.txt', '')
  const into = join(folder.path, 'store')
  await importAdvisories(join(folder.path, 'feeds'), into, { now })
  await assert.rejects(importAdvisories(join(folder.path, 'garbage'), into, { now }), {
    code: 'nothing-found',
    message: /osv\/npm/,
  })
  await assert.rejects(importAdvisories(join(folder.path, 'nowhere'), into, { now }), {
    code: 'nothing-found',
  })
  assert.deepEqual(ids(into, 'npm', 'a'), ['X-1'])
  assert.deepEqual(
    readdirSync(into).filter((name) => name.startsWith('tmp-') || name.endsWith('.lock')),
    [],
  )
})

test('a folder without feeds changes nothing', async () => {
  using folder = temporaryFolder()
  folder.write('empty/readme.txt', '')
  await assert.rejects(importAdvisories(join(folder.path, 'empty'), join(folder.path, 'store'), { now }), {
    code: 'nothing-found',
  })
  assert.throws(() => openStore(join(folder.path, 'store')), { code: 'no-store' })
})

test('a cancelled import leaves the store and no file', async () => {
  using folder = temporaryFolder()
  folder.write('feeds/npm/all.zip', zipOf([osvRecord('X-1', 'npm', 'a', '1')]))
  const into = join(folder.path, 'store')
  const control = new AbortController()
  control.abort()
  await assert.rejects(importAdvisories(join(folder.path, 'feeds'), into, { now, signal: control.signal }), {
    code: 'cancelled',
  })
  assert.deepEqual(readdirSync(into), [])
})

test('a file from the future is not newer than now', async () => {
  using folder = temporaryFolder()
  const archive = folder.write('feeds/npm/all.zip', zipOf([osvRecord('X-1', 'npm', 'a', '1')]))
  utimesSync(archive, new Date('2040-01-01'), new Date('2040-01-01'))
  const into = join(folder.path, 'store')
  await importAdvisories(join(folder.path, 'feeds'), into, { now })
  using store = openStore(into)
  assert.equal(store.freshness()[0].checked, now().toISOString())
})

test('kill -9 half-way leaves the old store, and the next import clears up', async () => {
  using folder = temporaryFolder()
  folder.write('old/npm/all.zip', zipOf([osvRecord('X-1', 'npm', 'a', '1')]))
  const many = Array.from({ length: 2_000 }, (_, index) => osvRecord(`Y-${index}`, 'npm', 'a', `1.${index}`))
  folder.write('new/npm/all.zip', zipOf(many))
  const into = join(folder.path, 'store')
  await importAdvisories(join(folder.path, 'old'), into, { now })
  // Reports its progress and then stands still with the lock held, until it is killed.
  const script = `
    import { importAdvisories } from ${JSON.stringify(new URL('./import.ts', import.meta.url).href)}
    await importAdvisories(process.argv[1], process.argv[2], {
      now: () => new Date(),
      onProgress({ phase }) {
        if (phase !== 'writing') return
        process.stdout.write('writing')
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
      },
    })`
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', script, join(folder.path, 'new'), into],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await once(child.stdout, 'data')
  assert.ok(existsSync(join(into, 'writer.lock')))
  await assert.rejects(importAdvisories(join(folder.path, 'new'), into, { now }), {
    code: 'busy',
    retryable: true,
  })
  child.kill('SIGKILL')
  await once(child, 'close')
  assert.deepEqual(ids(into, 'npm', 'a'), ['X-1'])
  assert.ok(readdirSync(into).some((name) => name.startsWith('tmp-')))
  await importAdvisories(join(folder.path, 'new'), into, { now })
  assert.equal(ids(into, 'npm', 'a').length, 2_000)
  assert.deepEqual(
    readdirSync(into).filter((name) => !/^(?:base|cves)-.*\.store$/.test(name)),
    ['current.json'],
  )
})
