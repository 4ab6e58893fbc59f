import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import type { SchemeId } from '@lanner/versions'
import type { AffectedPackage, RangeEvent } from './advisory.ts'
import { affects, type Subject } from './affects.ts'
import { installedVersion } from './version-order.ts'

function entry(more: Partial<AffectedPackage>): AffectedPackage {
  return {
    advisory: 'TEST-1',
    feed: 'osv',
    ecosystem: 'npm',
    name: 'left',
    ranges: [],
    versions: [],
    ...more,
  }
}

/** `introduced 0, fixed 1.2` and the like. */
function range(text: string): AffectedPackage['ranges'][number] {
  const keys: Readonly<Record<string, string>> = { last: 'lastAffected' }
  const events = text.split(', ').map((event) => {
    const [key, version] = event.split(' ')
    return { [keys[key] ?? key]: version } as RangeEvent
  })
  return { type: 'ECOSYSTEM', events }
}

function subject(scheme: SchemeId, version: string, more: Partial<Subject> = {}): Subject {
  return { installed: installedVersion(scheme, version), name: 'left', matchedBy: 'name', ...more }
}

/** scheme, version, ranges, enumeration ⇒ verdict, what decided, fixed versions above (or the one that came with it). */
const evaluations: readonly (readonly [
  SchemeId,
  string,
  readonly string[],
  readonly string[],
  string,
  string | undefined,
  string,
])[] = [
  ['npm', '1.1.9', ['introduced 0, fixed 1.2.0'], [], 'affected', 'introduced 0, fixed 1.2.0', '1.2.0'],
  ['npm', '1.2.0', ['introduced 0, fixed 1.2.0'], [], 'fixed', 'introduced 0, fixed 1.2.0', '1.2.0'],
  ['npm', '1.3.0', ['introduced 0, fixed 1.2.0'], [], 'fixed', 'introduced 0, fixed 1.2.0', '1.2.0'],
  ['npm', '1.0.0', ['introduced 1.1.0, fixed 1.2.0'], [], 'unaffected', 'introduced 1.1.0, fixed 1.2.0', ''],
  [
    'npm',
    '1.1.0',
    ['introduced 1.1.0, fixed 1.2.0'],
    [],
    'affected',
    'introduced 1.1.0, fixed 1.2.0',
    '1.2.0',
  ],
  ['npm', '1.2.0-rc.1', ['introduced 0, fixed 1.2.0'], [], 'affected', 'introduced 0, fixed 1.2.0', '1.2.0'],
  ['npm', '99.0.0', ['introduced 0'], [], 'affected', 'introduced 0', ''],
  // last_affected includes its version, and nothing says that the next one has a fix.
  ['npm', '1.2.0', ['introduced 0, last 1.2.0'], [], 'affected', 'introduced 0, last_affected 1.2.0', ''],
  ['npm', '1.2.1', ['introduced 0, last 1.2.0'], [], 'unaffected', 'introduced 0, last_affected 1.2.0', ''],
  [
    'npm',
    '1.0.0',
    ['introduced 1.0.0, last 1.0.0'],
    [],
    'affected',
    'introduced 1.0.0, last_affected 1.0.0',
    '',
  ],
  [
    'npm',
    '1.0.1',
    ['introduced 1.0.0, last 1.0.0'],
    [],
    'unaffected',
    'introduced 1.0.0, last_affected 1.0.0',
    '',
  ],
  // Several branches, in one range and in several.
  [
    'npm',
    '2.0.5',
    ['introduced 1.0.0, fixed 1.5.0, introduced 2.0.0, fixed 2.1.0'],
    [],
    'affected',
    'introduced 2.0.0, fixed 2.1.0',
    '2.1.0',
  ],
  [
    'npm',
    '1.7.0',
    ['introduced 1.0.0, fixed 1.5.0, introduced 2.0.0, fixed 2.1.0'],
    [],
    'fixed',
    'introduced 1.0.0, fixed 1.5.0',
    '1.5.0',
  ],
  [
    'npm',
    '1.2.0',
    ['introduced 2.0.0, fixed 2.1.0, introduced 1.0.0, fixed 1.5.0'],
    [],
    'affected',
    'introduced 1.0.0, fixed 1.5.0',
    '1.5.0 2.1.0',
  ],
  ['npm', '2.5.0', ['fixed 2.1.0, introduced 2.0.0'], [], 'fixed', 'fixed 2.1.0', '2.1.0'],
  [
    'npm',
    '1.2.0',
    ['introduced 2.0.0, fixed 2.1.0', 'introduced 1.0.0, fixed 1.5.0'],
    [],
    'affected',
    'introduced 1.0.0, fixed 1.5.0',
    '1.5.0 2.1.0',
  ],
  // An empty span affects nothing; one that opens where another ends goes on.
  ['npm', '3.0.0', ['introduced 1.0.0, fixed 1.0.0'], [], 'fixed', 'introduced 1.0.0, fixed 1.0.0', '1.0.0'],
  [
    'npm',
    '2.0.0',
    ['introduced 1.0.0, fixed 2.0.0, introduced 2.0.0, fixed 3.0.0'],
    [],
    'affected',
    'introduced 2.0.0, fixed 3.0.0',
    '3.0.0',
  ],
  // Limits: https://ossf.github.io/osv-schema/#evaluation (BeforeLimits)
  ['npm', '1.5.0', ['introduced 1.0.0, limit 2.0.0'], [], 'affected', 'introduced 1.0.0, limit 2.0.0', ''],
  ['npm', '2.0.0', ['introduced 1.0.0, limit 2.0.0'], [], 'unaffected', 'introduced 1.0.0, limit 2.0.0', ''],
  ['npm', '9.0.0', ['introduced 1.0.0, limit *'], [], 'affected', 'introduced 1.0.0, limit *', ''],
  // Enumerations: as written, then equal in the scheme; they add to ranges.
  ['maven', '2.14.1', [], ['2.14.0', '2.14.1'], 'affected', 'versions', ''],
  ['maven', '2.15.0', [], ['2.14.0', '2.14.1'], 'unaffected', 'versions', ''],
  ['pep440', '1.0', [], ['1.0.0'], 'affected', 'versions', ''],
  ['npm', '3.0.0', ['introduced 0, fixed 1.0.0'], ['3.0.0'], 'affected', 'versions', ''],
  // A distribution's enumeration holds versions of other releases, so its range decides (google/osv.dev#4161).
  ['deb', '1.0-3', ['introduced 0, fixed 1.0-2'], ['1.0-3'], 'fixed', 'introduced 0, fixed 1.0-2', '1.0-2'],
  ['deb', '1.0-3', [], ['1.0-3'], 'affected', 'versions', ''],
  [
    'deb',
    '1.0-1~deb10u1',
    ['introduced 0, fixed 1.0-1'],
    [],
    'affected',
    'introduced 0, fixed 1.0-1',
    '1.0-1',
  ],
  [
    'rpm',
    '1:1.0-1.el8',
    ['introduced 0, fixed 0:2.0-1.el8'],
    [],
    'fixed',
    'introduced 0, fixed 0:2.0-1.el8',
    '0:2.0-1.el8',
  ],
  [
    'apk',
    '1.31.1-r9',
    ['introduced 0, fixed 1.31.1-r10'],
    [],
    'affected',
    'introduced 0, fixed 1.31.1-r10',
    '1.31.1-r10',
  ],
  // Go: pseudo-versions sort by their time, `v` and `+incompatible` do not count.
  [
    'go',
    'v0.0.0-20200822124328-c89045814202',
    ['introduced 0, fixed 0.0.0-20211209124913-491a49abca63'],
    [],
    'affected',
    'introduced 0, fixed 0.0.0-20211209124913-491a49abca63',
    '0.0.0-20211209124913-491a49abca63',
  ],
  [
    'go',
    'v2.3.0+incompatible',
    ['introduced 0, fixed 2.3.0'],
    [],
    'fixed',
    'introduced 0, fixed 2.3.0',
    '2.3.0',
  ],
  [
    'go-toolchain',
    'go1.21rc2',
    ['introduced 1.21.0-0, fixed 1.21.0-rc.3'],
    [],
    'affected',
    'introduced 1.21.0-0, fixed 1.21.0-rc.3',
    '1.21.0-rc.3',
  ],
]

test('ranges and enumerations are evaluated as the OSV schema says', () => {
  for (const [scheme, version, ranges, versions, verdict, decided, fixes] of evaluations) {
    const where = `${scheme} ${version} in ${ranges.join(' | ')} ${versions.join(' ')}`
    const judgement = affects(entry({ ranges: ranges.map(range), versions }), subject(scheme, version))
    assert.equal(judgement.verdict, verdict, where)
    assert.equal(judgement.range, decided, where)
    assert.equal(judgement.fixedVersions.join(' '), fixes, where)
    assert.equal(judgement.scheme, scheme, where)
  }
})

test('an order that cannot be told is unknown with the reason, never unaffected', () => {
  const doubts: readonly (readonly [SchemeId, string, string, string])[] = [
    ['npm', 'not a version', 'introduced 0, fixed 1.2.0', 'not a version'],
    ['pep440', '2.1.0', 'introduced 0, fixed 2.10.0-NA', '2.10.0-NA'],
    ['npm', '1.0.0', 'introduced what, fixed 2.0.0', 'what'],
    ['npm', '1.0.0', 'introduced 0, limit what', 'limit'],
    ['go', '(devel)', 'introduced 0, fixed 1.2.0', '(devel)'],
    ['go', '', 'introduced 0, fixed 1.2.0', 'no version'],
  ]
  for (const [scheme, version, events, reason] of doubts) {
    const judgement = affects(entry({ ranges: [range(events)] }), subject(scheme, version))
    assert.equal(judgement.verdict, 'unknown', version)
    assert.ok(judgement.note?.includes(reason), `${judgement.note} names ${reason}`)
  }
  const enumerated = affects(entry({ versions: ['1.0.0'] }), subject('npm', 'git+ssh://example'))
  assert.equal(enumerated.verdict, 'unknown')
  const empty = affects(entry({}), subject('npm', '1.0.0'))
  assert.equal(empty.verdict, 'unknown')
})

test('a bound that cannot be read does not matter below every start, nor where another range decides', () => {
  const below = affects(entry({ ranges: [range('introduced 2.0.0, fixed what')] }), subject('npm', '1.0.0'))
  assert.equal(below.verdict, 'unaffected')
  const elsewhere = affects(
    entry({ ranges: [range('introduced 0, fixed what'), range('introduced 0, fixed 2.0.0')] }),
    subject('npm', '1.0.0'),
  )
  assert.equal(elsewhere.verdict, 'affected')
})

test('the state of the fix comes from the feed, else from the range', () => {
  const state = (more: Partial<AffectedPackage>, version = '1.0-1') =>
    affects(entry(more), subject('deb', version)).fixState
  assert.equal(state({ ranges: [range('introduced 0, fixed 2.0-1')] }), 'fixed')
  assert.equal(state({ ranges: [range('introduced 0')] }), 'not-fixed')
  assert.equal(state({ ranges: [range('introduced 0, last 1.0-1')] }), 'unknown')
  assert.equal(state({ versions: ['1.0-1'] }), 'unknown')
  assert.equal(state({ ranges: [range('introduced 0')], fixState: 'will-not-fix' }), 'will-not-fix')
  assert.equal(state({ ranges: [range('introduced 0')], fixState: 'end-of-life' }), 'end-of-life')
})

test('a statement that a package is not affected outranks the range, with its reason', () => {
  const judgement = affects(
    entry({
      ranges: [range('introduced 0')],
      notAffected: true,
      fixReason: 'vulnerable_code_not_present',
    }),
    subject('rpm', '1.0-1'),
  )
  assert.equal(judgement.verdict, 'unaffected')
  assert.match(judgement.note ?? '', /vulnerable_code_not_present/)
})

test('an entry limited to binary packages does not hold for others of the same source', () => {
  const limited = entry({ ranges: [range('introduced 0')], binaries: ['openssh-server'] })
  const client = affects(limited, subject('deb', '1.0-1', { name: 'openssh-client', matchedBy: 'source' }))
  assert.equal(client.verdict, 'unaffected')
  assert.equal(client.applies, false)
  const server = affects(limited, subject('deb', '1.0-1', { name: 'openssh-server', matchedBy: 'source' }))
  assert.equal(server.verdict, 'affected')
})

test('a kernel package is among the listed ones whatever its ABI number, which changes with every build', () => {
  // As Canonical lists the binary packages of the build that has the fix.
  const listed = ['linux-headers-4.4.0-174', 'linux-headers-4.4.0-174-generic', 'linux-libc-dev']
  const fixed = entry({ ranges: [range('introduced 0, fixed 4.4.0-174.204')], binaries: listed })
  const cases = [
    ['linux-headers-4.4.0-130-generic', true],
    ['linux-headers-4.4.0-130', true],
    ['linux-headers-4.4.0-174-generic', true],
    ['linux-libc-dev', true],
    ['linux-image-4.4.0-130-generic', false],
    ['linux-headers-4.4.0-130-lowlatency', false],
    ['linux-headers-generic', false],
  ] as const
  for (const [name, applies] of cases) {
    const judgement = affects(fixed, subject('deb', '4.4.0-130.156', { name, matchedBy: 'source' }))
    assert.equal(judgement.applies, applies, name)
    assert.equal(judgement.verdict, applies ? 'affected' : 'unaffected', name)
  }
})

test('a version without a release does not say whether it is a module build: unknown, never unaffected', () => {
  const fixed = range('introduced 0, fixed 1:12.16.1-1.module+el8.1.0+5811+44509afe')
  for (const more of [{ module: 'nodejs:12', ranges: [fixed] }, { ranges: [fixed] }]) {
    for (const version of ['1:12.14.1', '12.14.1', 'garbage!', '']) {
      const judgement = affects(entry(more), subject('rpm', version))
      assert.equal(judgement.verdict, 'unknown', `${JSON.stringify(more)} ${version}`)
      assert.notEqual(judgement.note, undefined)
    }
    // It is above the fix whichever build it is.
    assert.equal(affects(entry(more), subject('rpm', '1:13.0.0')).verdict, 'fixed')
    assert.equal(affects(entry(more), subject('rpm', '1:12.14.1-1.el8')).verdict, 'unaffected')
  }
  const plain = entry({ ranges: [range('introduced 0, fixed 1:14.0.0-1.el8')] })
  assert.equal(affects(plain, subject('rpm', '1:12.14.1')).verdict, 'affected')
})

test('module streams: an entry holds for its stream only', () => {
  const nodejs12 = 'nodejs:12:8010020191113:c27ad7f8'
  const build = '1:12.14.1-1.module+el8.1.0+5466+30f75629'
  const fixed = 'introduced 0, fixed 1:12.16.1-1.module+el8.1.0+5811+44509afe'
  const cases: readonly (readonly [Partial<AffectedPackage>, string, string | undefined, string])[] = [
    [{ module: 'nodejs:12', ranges: [range(fixed)] }, build, nodejs12, 'affected'],
    [{ module: 'nodejs:10', ranges: [range(fixed)] }, build, nodejs12, 'unaffected'],
    [{ module: 'nodejs:12', ranges: [range(fixed)] }, '1:12.14.1-1.el8', undefined, 'unaffected'],
    // The build says that it is from a module, but not from which stream.
    [{ module: 'nodejs:12', ranges: [range(fixed)] }, build, undefined, 'unknown'],
    [{ ranges: [range(fixed)] }, build, nodejs12, 'affected'],
    [{ ranges: [range(fixed)] }, '1:12.14.1-1.el8', undefined, 'unaffected'],
    [{ ranges: [range('introduced 0, fixed 1:14.0.0-1.el8')] }, build, nodejs12, 'unaffected'],
    // Without a fix nothing says which builds are meant: all.
    [{ ranges: [range('introduced 0')] }, build, nodejs12, 'affected'],
  ]
  for (const [more, version, module, verdict] of cases) {
    const judgement = affects(entry(more), subject('rpm', version, module ? { module } : {}))
    assert.equal(judgement.verdict, verdict, `${JSON.stringify(more)} ${version} ${module}`)
    if (verdict === 'unaffected') assert.match(judgement.note ?? '', /module/)
  }
})
