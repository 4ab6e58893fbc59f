import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readDebianTracker, topLevelMembers } from './index.ts'
import { readTrackerDocument } from './records.ts'

const testData = process.env['LANNER_TEST_DATA']
const modified = '2026-05-01T00:00:00Z'
const everyVersion = { ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }], versions: [] }

/** https://security-team.debian.org/security_tracker.html */
const states: [release: object, expected: object][] = [
  [
    { status: 'resolved', fixed_version: '1.0-2', urgency: 'low**' },
    {
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.0-2' }] }],
      versions: [],
      rating: 'low',
    },
  ],
  [
    { status: 'resolved', fixed_version: '0', urgency: 'unimportant' },
    { ranges: [], versions: [], notAffected: true, fixReason: 'not affected', rating: 'unimportant' },
  ],
  [
    { status: 'open', urgency: 'not yet assigned' },
    { ...everyVersion, fixState: 'not-fixed' },
  ],
  [
    { status: 'open', urgency: 'end-of-life' },
    { ...everyVersion, fixState: 'end-of-life', fixReason: 'end-of-life', rating: 'end-of-life' },
  ],
  [
    { status: 'open', urgency: 'medium', nodsa: 'Minor issue', nodsa_reason: '' },
    { ...everyVersion, fixState: 'not-fixed', fixReason: 'no-dsa: Minor issue', rating: 'medium' },
  ],
  [
    { status: 'open', nodsa: 'Minor issue', nodsa_reason: 'ignored' },
    { ...everyVersion, fixState: 'will-not-fix', fixReason: 'no-dsa: Minor issue' },
  ],
  [
    { status: 'open', nodsa: 'Later', nodsa_reason: 'postponed' },
    { ...everyVersion, fixState: 'deferred', fixReason: 'no-dsa: Later' },
  ],
  [
    { status: 'undetermined' },
    { ...everyVersion, fixState: 'under-investigation', fixReason: 'undetermined' },
  ],
]
for (const [release, expected] of states) {
  test(`the state ${JSON.stringify(release)}`, () => {
    const { records, refused } = readDebianTracker(
      'pkg',
      { 'CVE-2026-0001': { releases: { bookworm: release } } },
      modified,
    )
    assert.deepEqual(refused, [])
    assert.deepEqual(records[0].affected, [
      {
        advisory: 'debian-tracker/CVE-2026-0001/pkg',
        feed: 'debian-tracker',
        ecosystem: 'Debian:12',
        name: 'pkg',
        ...expected,
      },
    ])
    assert.deepEqual(records[0].record.upstream, ['CVE-2026-0001'])
    assert.equal(records[0].record.modified, modified)
  })
}

test('releases by code name; sid has no number and no entry; TEMP issues are kept', () => {
  const open = { status: 'open' }
  const { records } = readDebianTracker(
    'pkg',
    { 'TEMP-0000000-A1B2C3': { releases: { buster: open, trixie: open, sid: open } } },
    modified,
  )
  assert.deepEqual(
    records[0].affected.map((entry) => entry.ecosystem),
    ['Debian:10', 'Debian:13'],
  )
})

test('what cannot be read is refused by name, and the rest is read', () => {
  const good = { releases: { bookworm: { status: 'open' } } }
  const { records, refused } = readDebianTracker(
    'pkg',
    {
      nonsense: good,
      'CVE-2026-0001': good,
      'CVE-2026-0002': {},
      'CVE-2026-0003': { releases: { bookworm: { status: 'new' } } },
      'CVE-2026-0004': { releases: { bookworm: { status: 'resolved' } } },
    },
    modified,
  )
  assert.equal(records.length, 1)
  assert.deepEqual(
    refused.map((refusal) => refusal.name),
    ['pkg nonsense', 'pkg CVE-2026-0002', 'pkg CVE-2026-0003', 'pkg CVE-2026-0004'],
  )
})

test('members of a document, one at a time', () => {
  const values = (text: string) =>
    [...topLevelMembers(Buffer.from(text))].map(({ name, value }) => [name, JSON.parse(value.toString())])
  assert.deepEqual(values('{}'), [])
  assert.deepEqual(values(' { "a\\"}" : {"b":[1,"}{"]} ,\n"c":"\\\\", "d":1 }'), [
    ['a"}', { b: [1, '}{'] }],
    ['c', '\\'],
    ['d', 1],
  ])
  for (const broken of [
    '',
    '[]',
    '{"a"',
    '{"a":',
    '{"a":{}',
    '{"a":{},',
    '{"a":{}"b":1}',
    `{"a":${'['.repeat(100)}`,
    '{a:1}',
  ]) {
    assert.throws(() => values(broken), Error, broken)
  }
})

test('the tracker as published', { skip: !testData && 'needs LANNER_TEST_DATA' }, () => {
  const content = readFileSync(join(testData ?? '', 'fixtures/feeds/debian-tracker/debian.json'))
  const found = [...readTrackerDocument(content, modified)].flatMap((item) =>
    'problem' in item ? [] : [item],
  )
  const chromium = found.find((item) => item.record.id === 'debian-tracker/CVE-2022-0456/chromium')
  assert.deepEqual(
    chromium?.affected.map((entry) => [entry.ecosystem, entry.ranges[0].events.at(-1), entry.fixState]),
    [
      ['Debian:12', { fixed: '98.0.4758.80-1' }, undefined],
      ['Debian:11', { fixed: '98.0.4758.80-1~deb11u1' }, undefined],
      ['Debian:10', { introduced: '0' }, 'end-of-life'],
      ['Debian:9', { introduced: '0' }, 'end-of-life'],
    ],
  )
  const unaffected = found.find((item) => item.record.id === 'debian-tracker/CVE-2007-2383/prototypejs')
  assert.deepEqual(
    unaffected?.affected.map((entry) => [entry.ecosystem, entry.notAffected, entry.rating]),
    [
      ['Debian:9', true, 'unimportant'],
      ['Debian:8', true, 'unimportant'],
      ['Debian:10', true, 'unimportant'],
    ],
  )
})
