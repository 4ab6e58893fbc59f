import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { applyRecords, compactAdvisories } from './delta.ts'
import { importAdvisories } from './import.ts'
import { openStore } from './store/open.ts'
import { affects, now, osvRecord, temporaryFolder, zipOf } from './testing/bucket.ts'

const later = '2026-03-01T00:00:00Z'

async function storeOf(folder: ReturnType<typeof temporaryFolder>): Promise<string> {
  folder.write(
    'feeds/npm/all.zip',
    zipOf([
      osvRecord('X-1', 'npm', 'a', '1', { aliases: ['CVE-2026-1111'] }),
      osvRecord('X-2', 'npm', 'a', '1'),
    ]),
  )
  const into = join(folder.path, 'store')
  await importAdvisories(join(folder.path, 'feeds'), into, { now })
  return into
}

test('a changed record hides its older state under every key', async () => {
  using folder = temporaryFolder()
  const into = await storeOf(folder)
  const report = await applyRecords(
    into,
    [osvRecord('X-1', 'npm', 'b', '2', { modified: later, aliases: ['CVE-2026-2222'] })],
    { now },
  )
  assert.equal(report.applied, 1)
  assert.deepEqual(report.changedKeys, [
    { ecosystem: 'npm', name: 'a' },
    { ecosystem: 'npm', name: 'b' },
  ])
  using store = openStore(into)
  assert.equal(store.revision, report.revision)
  assert.deepEqual(
    store.affected('npm', 'a').map((entry) => entry.advisory),
    ['X-2'],
  )
  assert.deepEqual(
    store.affected('npm', 'b').map((entry) => entry.advisory),
    ['X-1'],
  )
  assert.equal(store.record('X-1')?.modified, later)
  assert.deepEqual(store.recordsOf('CVE-2026-1111'), [])
  assert.deepEqual(store.recordsOf('CVE-2026-2222'), ['X-1'])
  assert.equal(store.record('X-2')?.id, 'X-2')
})

test('a withdrawn record comes through, and names its package as changed', async () => {
  using folder = temporaryFolder()
  const into = await storeOf(folder)
  const report = await applyRecords(
    into,
    [osvRecord('X-1', 'npm', 'a', '1', { modified: later, withdrawn: later, aliases: ['CVE-2026-1111'] })],
    { now },
  )
  assert.deepEqual(report.changedKeys, [{ ecosystem: 'npm', name: 'a' }])
  using store = openStore(into)
  assert.equal(store.record('X-1')?.withdrawn, later)
})

test('a new date alone is written and is no change', async () => {
  using folder = temporaryFolder()
  const into = await storeOf(folder)
  const report = await applyRecords(
    into,
    [osvRecord('X-1', 'npm', 'a', '1', { modified: later, aliases: ['CVE-2026-1111'] })],
    { now },
  )
  assert.deepEqual([report.applied, report.changedKeys], [1, []])
})

test('an older state is passed over, a broken record refused, and the store is not written', async () => {
  using folder = temporaryFolder()
  const into = await storeOf(folder)
  const before = readdirSync(into)
  const report = await applyRecords(
    into,
    [osvRecord('X-1', 'npm', 'b', '2', { modified: '2025-01-01T00:00:00Z' }), { id: 1 }],
    { now },
  )
  assert.deepEqual([report.applied, report.passedOver, report.refused.length], [0, 1, 1])
  assert.deepEqual(readdirSync(into), before)
})

test('many deltas become one, and all of them say the same after compaction', async () => {
  using folder = temporaryFolder()
  const into = await storeOf(folder)
  for (let turn = 1; turn <= 20; turn++) {
    const modified = `2026-03-01T00:00:${String(turn).padStart(2, '0')}Z`
    await applyRecords(
      into,
      [
        osvRecord(`N-${turn}`, 'npm', 'a', `${turn}`, { modified }),
        osvRecord('X-2', 'npm', 'c', `${turn}`, { modified }),
      ],
      { now },
    )
  }
  assert.ok(readdirSync(into).filter((name) => name.startsWith('delta-')).length <= 7)
  const expected = ['X-1', ...Array.from({ length: 20 }, (_, index) => `N-${index + 1}`)].sort()
  const read = () => {
    using store = openStore(into)
    return {
      a: store
        .affected('npm', 'a')
        .map((entry) => entry.advisory)
        .sort(),
      c: store.affected('npm', 'c').map((entry) => [entry.advisory, entry.ranges[0].events[1]]),
      records: store.freshness()[0].records,
    }
  }
  const whole = { a: expected, c: [['X-2', { fixed: '20' }]], records: 22 }
  assert.deepEqual(read(), whole)
  await compactAdvisories(into)
  assert.deepEqual(read(), whole)
  assert.equal(readdirSync(into).filter((name) => name.startsWith('delta-')).length, 0)
})

test('records make a store where there is none', async () => {
  using folder = temporaryFolder()
  const into = join(folder.path, 'store')
  await assert.rejects(applyRecords(into, ['nonsense'], { now }), { code: 'nothing-found' })
  await applyRecords(
    into,
    [
      osvRecord('X-1', 'npm', 'a', '1', {
        affected: [affects('npm', 'a', '1'), affects('Debian:12', 'a', '2')],
      }),
    ],
    { now },
  )
  using store = openStore(into)
  assert.equal(store.affected('Debian:12', 'a').length, 1)
  assert.deepEqual(
    store.freshness().map((source) => source.source),
    ['osv/Debian', 'osv/npm'],
  )
})
