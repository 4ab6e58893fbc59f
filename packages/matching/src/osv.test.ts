import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readOsv } from './osv.ts'

const minimal = { id: 'X-1', modified: '2026-01-01T00:00:00Z' }
const affected = (more: object) => ({
  ...minimal,
  affected: [{ package: { ecosystem: 'npm', name: 'left-pad' }, ...more }],
})

function read(json: unknown) {
  const reading = readOsv(json)
  assert.ok(!('problem' in reading), 'problem' in reading ? reading.problem : '')
  return reading
}

test('every kind of event keeps its place, and git ranges are left out', () => {
  const { affected: entries } = read(
    affected({
      ranges: [
        { type: 'GIT', repo: 'https://example.org/x', events: [{ introduced: '0' }] },
        {
          type: 'SEMVER',
          events: [
            { introduced: '0' },
            { fixed: '1.2.0' },
            { introduced: '2.0.0' },
            { last_affected: '2.1.0' },
          ],
        },
        { type: 'ECOSYSTEM', events: [{ introduced: '3' }, { limit: '4' }] },
      ],
      versions: ['0.9', '1.1'],
    }),
  )
  assert.deepEqual(entries, [
    {
      advisory: 'X-1',
      feed: 'osv',
      ecosystem: 'npm',
      name: 'left-pad',
      ranges: [
        {
          type: 'SEMVER',
          events: [
            { introduced: '0' },
            { fixed: '1.2.0' },
            { introduced: '2.0.0' },
            { lastAffected: '2.1.0' },
          ],
        },
        { type: 'ECOSYSTEM', events: [{ introduced: '3' }, { limit: '4' }] },
      ],
      versions: ['0.9', '1.1'],
    },
  ])
})

test('two kinds in one event become two events', () => {
  const { affected: entries } = read(
    affected({ ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0', fixed: '2' }] }] }),
  )
  assert.deepEqual(entries[0].ranges[0].events, [{ introduced: '0' }, { fixed: '2' }])
})

test('the record part: null fields as RustSec writes them, text cut, addresses and CWEs filtered', () => {
  const { record } = read({
    ...minimal,
    withdrawn: null,
    aliases: null,
    upstream: ['CVE-2026-1'],
    details: 'x'.repeat(5_000),
    references: [{ type: 'WEB', url: 'https://example.org' }, { url: 'javascript:alert(1)' }, null],
    database_specific: { severity: 'MODERATE', cwe_ids: ['CWE-79', 'nonsense'] },
  })
  assert.equal(record.withdrawn, undefined)
  assert.deepEqual(record.aliases, [])
  assert.deepEqual(record.upstream, ['CVE-2026-1'])
  assert.equal(record.details?.length, 4_000)
  assert.deepEqual(record.references, ['https://example.org'])
  assert.deepEqual(record.cwes, ['CWE-79'])
  assert.equal(record.rating, 'MODERATE')
})

test('withdrawn and malicious records say so', () => {
  const { record } = read({ ...minimal, id: 'MAL-2026-1', withdrawn: '2026-02-01T00:00:00Z' })
  assert.equal(record.withdrawn, '2026-02-01T00:00:00Z')
  assert.equal(record.malicious, true)
})

test('severities of packages are taken where the record has none', () => {
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
  const { record } = read(affected({ severity: [{ type: 'CVSS_V3', score: vector }] }))
  assert.deepEqual(record.severity, [{ type: 'CVSS_V3', score: vector }])
})

/** Shapes of `ecosystem_specific` as Canonical, the Debian tracker and Red Hat's documents are published in OSV. */
const states: [specific: object, expected: object][] = [
  [{ urgency: 'unimportant' }, { rating: 'unimportant' }],
  [{ urgency: 'high**' }, { rating: 'high' }],
  [{ urgency: 'not yet assigned' }, {}],
  [{ urgency: 'end-of-life' }, { fixState: 'end-of-life', fixReason: 'end-of-life', rating: 'end-of-life' }],
  [
    { status: 'open', nodsa: 'Minor issue', nodsa_reason: '' },
    { fixState: 'not-fixed', fixReason: 'no-dsa: Minor issue' },
  ],
  [
    { status: 'open', nodsa: 'Minor issue', nodsa_reason: 'ignored' },
    { fixState: 'will-not-fix', fixReason: 'no-dsa: Minor issue' },
  ],
  [
    { status: 'open', nodsa: 'Later', nodsa_reason: 'postponed' },
    { fixState: 'deferred', fixReason: 'no-dsa: Later' },
  ],
  [{ status: 'undetermined' }, { fixState: 'under-investigation', fixReason: 'undetermined' }],
  [
    { status: 'deferred', status_note: '2018-10-01' },
    { fixState: 'deferred', fixReason: '2018-10-01' },
  ],
  [{ status: 'needed' }, { fixState: 'not-fixed', fixReason: 'needed' }],
  [
    { status: 'affected', remediation: 'no_fix_planned', remediation_details: 'Will not fix' },
    { fixState: 'will-not-fix', fixReason: 'Will not fix' },
  ],
  [
    { status: 'affected', remediation: 'no_fix_planned', remediation_details: 'Out of support scope' },
    { fixState: 'end-of-life', fixReason: 'Out of support scope' },
  ],
  [
    { status: 'affected', remediation: 'none_available', remediation_details: 'Fix deferred' },
    { fixState: 'deferred', fixReason: 'Fix deferred' },
  ],
  [{ status: 'not_affected' }, { notAffected: true }],
  [{ rpm_module: 'idm:DL1' }, { module: 'idm:DL1' }],
  [{ binaries: [{ binary_name: 'a2ps', binary_version: '1' }] }, { binaries: ['a2ps'] }],
  [{ binaries: [{ chromium: '51', chromedriver: '51' }] }, { binaries: ['chromium', 'chromedriver'] }],
  [
    { imports: [{ path: 'net/http', symbols: ['Get', 'Head'] }, { path: 'net' }] },
    { imports: ['net/http: Get, Head', 'net'] },
  ],
]
for (const [specific, expected] of states) {
  test(`what stands beside a range: ${JSON.stringify(specific)}`, () => {
    const { affected: entries } = read(affected({ ecosystem_specific: specific }))
    const { advisory: _, feed: __, ecosystem: ___, name: ____, ranges, versions, ...rest } = entries[0]
    assert.deepEqual([ranges, versions], [[], []])
    assert.deepEqual(rest, expected)
  })
}

test("a distribution's rating: Ubuntu's priority, and the record's word only where a distribution wrote it", () => {
  const on = (ecosystem: string, more: object) =>
    read({ ...minimal, affected: [{ package: { ecosystem, name: 'x' } }], ...more }).affected[0].rating
  assert.equal(on('Ubuntu:22.04:LTS', { severity: [{ type: 'Ubuntu', score: 'low' }] }), 'low')
  assert.equal(on('Rocky Linux:9', { database_specific: { severity: 'Important' } }), 'Important')
  assert.equal(on('Red Hat:enterprise_linux:9', { database_specific: { severity: 'None' } }), undefined)
  assert.equal(on('npm', { database_specific: { severity: 'HIGH' } }), undefined)
})

/** What would make a package look safe by being left out refuses the record. */
const refused: [why: string, json: unknown][] = [
  ['no object', 'x'],
  ['null', null],
  ['a list', []],
  ['no id', { modified: minimal.modified }],
  ['an empty id', { ...minimal, id: '' }],
  ['an id with a line break', { ...minimal, id: 'X\n1' }],
  ['an id that is too long', { ...minimal, id: 'x'.repeat(300) }],
  ['no date', { id: 'X-1' }],
  ['a date that is none', { id: 'X-1', modified: 'yesterday' }],
  ['a withdrawal that is no date', { ...minimal, withdrawn: 'yes' }],
  ['affected that is no list', { ...minimal, affected: {} }],
  ['a package without a name', { ...minimal, affected: [{ package: { ecosystem: 'npm' } }] }],
  [
    'an ecosystem with an escape',
    { ...minimal, affected: [{ package: { ecosystem: 'npm\u001b', name: 'x' } }] },
  ],
  ['a range of an unknown type', affected({ ranges: [{ type: 'LUNAR', events: [{ introduced: '0' }] }] })],
  ['an event of an unknown kind', affected({ ranges: [{ type: 'SEMVER', events: [{ until: '1' }] }] })],
  ['a range without events', affected({ ranges: [{ type: 'SEMVER', events: [] }] })],
  [
    'an event whose version is a number',
    affected({ ranges: [{ type: 'SEMVER', events: [{ introduced: 0 }] }] }),
  ],
  ['a version that is null', affected({ versions: [null] })],
  ['more versions than anything has', affected({ versions: new Array(100_001).fill('1') })],
]
for (const [why, json] of refused) {
  test(`refused: ${why}`, () => {
    const reading = readOsv(json)
    assert.ok('problem' in reading && reading.problem.length > 0)
  })
}

test('keys of the prototype are ordinary keys', () => {
  const json: unknown = JSON.parse(
    '{"__proto__":{"id":"evil"},"id":"X-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"__proto__"},"ecosystem_specific":{"__proto__":{"urgency":"low"},"binaries":[{"__proto__":"1"}]}}]}',
  )
  const { record, affected: entries } = read(json)
  assert.equal(record.id, 'X-1')
  assert.equal(entries[0].name, '__proto__')
  assert.equal(entries[0].rating, undefined)
  assert.equal(({} as Record<string, unknown>)['id'], undefined)
})
