import { strict as assert } from 'node:assert'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Distribution } from '@lanner/model'
import type { AdvisoryReader } from './advisory.ts'
import { lookupNames } from './lookup-names.ts'
import { type MatchInput, type MatchResult, matchPackages } from './match.ts'
import { listeningAdvisories } from './testing/listening-advisories.ts'
import { memoryAdvisories } from './testing/memory-advisories.ts'
import { distributionOf, packageOf } from './testing/packages.ts'
import { zipRecords } from './testing/zip-records.ts'

const folder = process.env['LANNER_TEST_DATA']
const options = { skip: !folder && 'needs LANNER_TEST_DATA' }
const now = new Date('2026-10-01T00:00:00Z')

/** Only the records whose text names one of the packages are read, so that a test costs no more than it needs. */
function advisoriesOf(ecosystem: string, ...names: readonly string[]): AdvisoryReader {
  const records = [...zipRecords(join(folder ?? '', 'advisories', ecosystem, 'all.zip'))] as {
    affected?: { package?: { name?: string } }[]
  }[]
  return memoryAdvisories(
    records.filter((record) => record.affected?.some((entry) => names.includes(entry.package?.name ?? ''))),
  )
}

/** What matching says of one package; it may ask for none but the package's lookup names. */
function matched(input: MatchInput, advisories: AdvisoryReader): MatchResult {
  const { reader, asked } = listeningAdvisories(advisories)
  const result = matchPackages(input, reader)
  const names = new Set(input.packages.flatMap(lookupNames))
  for (const [ecosystem, questions] of asked) {
    for (const name of questions) assert.ok(names.has(name), `${ecosystem} was asked for ${name}`)
  }
  return result
}

/** `vulnerability: advisory …` for each finding, by vulnerability; the advisories sorted. */
function found(
  facts: Parameters<typeof packageOf>[0],
  advisories: AdvisoryReader,
  distribution?: Distribution,
): string[] {
  const packages = [packageOf(facts, distribution)]
  const { findings } = matched({ packages, now, ...(distribution ? { distribution } : {}) }, advisories)
  for (const finding of findings) assert.equal(finding.verdict, 'affected', finding.vulnerability.id)
  return findings
    .map(({ vulnerability, evidence }) => {
      const advisory = evidence.map((word) => word.advisory).sort()
      return `${vulnerability.id}: ${advisory.join(' ')}`
    })
    .sort()
}

// The expected lists were made from the zips without this code: every entry for the package, its bounds held against the
// version by `dpkg --compare-versions` (Debian), by hand (npm, Maven, Go, Alpine) and by Python's `packaging` (PyPI).

test('Debian 10, openssl 1.1.1d-0+deb10u1: eleven advisories name it, ten are above it', options, () => {
  const advisories = advisoriesOf('Debian', 'openssl')
  const debian10 = distributionOf('debian', '10')
  const openssl = { type: 'deb', name: 'openssl', source: { name: 'openssl' } } as const
  // DSA-4539-1 is fixed in exactly this version. DSA-4539-3, its regression update, names no CVE.
  assert.deepEqual(found({ ...openssl, version: '1.1.1d-0+deb10u1' }, advisories, debian10), [
    'CVE-2019-1551: DSA-4855-1',
    'CVE-2020-1967: DSA-4661-1',
    'CVE-2020-1971: DSA-4807-1',
    'CVE-2021-23840: DSA-4855-1',
    'CVE-2021-23841: DSA-4855-1',
    'CVE-2021-3449: DSA-4875-1',
    'CVE-2021-3711: DSA-4963-1',
    'CVE-2021-3712: DSA-4963-1',
    'CVE-2021-4160: DSA-5103-1',
    'CVE-2022-0778: DSA-5103-1',
    'CVE-2022-1292: DSA-5139-1',
    'CVE-2022-2068: DSA-5169-1',
    'CVE-2022-2097: DLA-3325-1',
    'CVE-2022-4304: DLA-3325-1',
    'CVE-2022-4450: DLA-3325-1',
    'CVE-2023-0215: DLA-3325-1',
    'CVE-2023-0286: DLA-3325-1',
    'DSA-4539-3: DSA-4539-3',
  ])
  assert.deepEqual(found({ ...openssl, version: '1.1.1n-0+deb10u3' }, advisories, debian10), [
    'CVE-2022-2097: DLA-3325-1',
    'CVE-2022-4304: DLA-3325-1',
    'CVE-2022-4450: DLA-3325-1',
    'CVE-2023-0215: DLA-3325-1',
    'CVE-2023-0286: DLA-3325-1',
  ])
  assert.deepEqual(found({ ...openssl, version: '1.1.1n-0+deb10u4' }, advisories, debian10), [])
  // A binary package of another name is found by its source, and only by that.
  const libssl = { type: 'deb', name: 'libssl1.1', version: '1.1.1d-0+deb10u1' } as const
  assert.equal(found({ ...libssl, source: { name: 'openssl' } }, advisories, debian10).length, 18)
  assert.equal(found(libssl, advisories, debian10).length, 0)
})

test('npm, lodash 4.17.4: 4.17.5 to 4.17.21 fix it', options, () => {
  const advisories = advisoriesOf('npm', 'lodash')
  const lodash = { type: 'npm', name: 'lodash' } as const
  // x_NSWG-ECO-516 starts at 4.17.15, above it.
  assert.deepEqual(found({ ...lodash, version: '4.17.4' }, advisories), [
    'CVE-2018-16487: GHSA-4xc9-xhrj-v574 x_GLAD-npm-lodash-CVE-2018-16487 x_NSWG-ECO-493',
    'CVE-2018-3721: GHSA-fvqr-27wr-82fm x_GLAD-npm-lodash-CVE-2018-3721 x_NSWG-ECO-368',
    'CVE-2019-1010266: GHSA-x5rq-j2xg-h7qm x_GLAD-npm-lodash-CVE-2019-1010266',
    'CVE-2019-10744: GHSA-jf85-cpcp-j695 x_GLAD-npm-lodash-CVE-2019-10744',
    'CVE-2020-28500: GHSA-29mw-wpgm-hmr9 x_GLAD-npm-lodash-CVE-2020-28500',
    'CVE-2020-8203: GHSA-p6mc-m468-83gw x_GLAD-npm-lodash-CVE-2020-8203',
    'CVE-2021-23337: GHSA-35jh-r3h4-6jhm x_GLAD-npm-lodash-CVE-2021-23337',
    'x_GLAD-npm-lodash-GMS-2018-10: x_GLAD-npm-lodash-GMS-2018-10',
  ])
  assert.deepEqual(found({ ...lodash, version: '4.17.21' }, advisories), [])
})

test('PyPI, requests 2.19.0: the three before 2.6.0 are past, five are not', options, () => {
  const advisories = advisoriesOf('PyPI', 'requests')
  const requests = { type: 'pypi', name: 'requests' } as const
  assert.deepEqual(found({ ...requests, version: '2.19.0' }, advisories), [
    'CVE-2018-18074: PYSEC-2018-28',
    'CVE-2023-32681: PYSEC-2023-74',
    'CVE-2024-35195: PYSEC-2026-1873',
    'CVE-2024-47081: PYSEC-2026-1872',
    'CVE-2026-25645: PYSEC-2026-2275',
  ])
  assert.deepEqual(found({ ...requests, version: '2.33.0' }, advisories), [])
})

test(
  'Maven, log4j-core 2.14.1: the branch from 2.13.0 is affected up to 2.17.1, and a later record to 2.25.4',
  options,
  () => {
    const name = 'org.apache.logging.log4j:log4j-core'
    const advisories = advisoriesOf('Maven', name)
    const log4j = { type: 'maven', namespace: 'org.apache.logging.log4j', name: 'log4j-core' } as const
    const converted = `x_GLAD-maven-${name.replace(':', '_')}`
    // CVE-2017-5645 was fixed in 2.8.2, CVE-2020-9488 in 2.13.2, and CVE-2021-4104 lists other versions.
    assert.deepEqual(found({ ...log4j, version: '2.14.1' }, advisories), [
      `CVE-2021-44228: ${converted}-CVE-2021-44228`,
      `CVE-2021-44832: ${converted}-CVE-2021-44832`,
      `CVE-2021-45046: ${converted}-CVE-2021-45046`,
      `CVE-2021-45105: ${converted}-CVE-2021-45105`,
      'CVE-2026-34480: GHSA-3pxv-7cmr-fjr4',
    ])
    assert.deepEqual(found({ ...log4j, version: '2.17.1' }, advisories), [
      'CVE-2026-34480: GHSA-3pxv-7cmr-fjr4',
    ])
    assert.deepEqual(found({ ...log4j, version: '2.25.4' }, advisories), [])
    // A jar that names no group names no package.
    assert.deepEqual(found({ type: 'maven', name: 'log4j-core', version: '2.14.1' }, advisories), [])
  },
)

test('Go, golang.org/x/net of 2020-08-22: what was fixed before that day is past', options, () => {
  const advisories = advisoriesOf('Go', 'golang.org/x/net')
  const net = { type: 'golang', namespace: 'golang.org/x', name: 'net' } as const
  const commit = 'v0.0.0-20200822124328-c89045814202'
  // Past: fixed in 2018 and 2019 (GO-2020-0014, GO-2021-0078, GO-2022-0192, -0193, -0197, -0536). Not yet there:
  // CVE-2022-41721 from 2022-05-24 and CVE-2026-27141 from 0.50.0.
  assert.deepEqual(found({ ...net, version: commit }, advisories), [
    'CVE-2021-31525: GO-2022-0236',
    'CVE-2021-33194: GO-2021-0238',
    'CVE-2021-44716: GO-2022-0288',
    'CVE-2022-27664: GO-2022-0969',
    'CVE-2022-41717: GHSA-xrjj-mj9h-534m GO-2022-1144',
    'CVE-2022-41723: GHSA-vvpx-j8f3-3w6h GO-2023-1571',
    'CVE-2023-39325: GO-2023-2102',
    'CVE-2023-3978: GO-2023-1988',
    'CVE-2023-44487: GHSA-qppj-fm5r-hxr3',
    'CVE-2023-45288: GO-2024-2687',
    'CVE-2024-45338: GO-2024-3333',
    'CVE-2025-22870: GO-2025-3503',
    'CVE-2025-22872: GO-2025-3595',
    'CVE-2025-47911: GO-2026-4440',
    'CVE-2025-58190: GO-2026-4441',
    'CVE-2026-25680: GO-2026-5028',
    'CVE-2026-25681: GO-2026-5029',
    'CVE-2026-27136: GO-2026-5030',
    'CVE-2026-33814: GO-2026-4918',
    'CVE-2026-39821: GO-2026-5026',
    'CVE-2026-42502: GO-2026-5027',
    'CVE-2026-42506: GO-2026-5025',
    'CVE-2026-46600: GO-2026-5942',
  ])
  assert.deepEqual(found({ ...net, version: 'v0.56.0' }, advisories), [])
})

test('Alpine 3.11, busybox 1.31.1-r9: r10 fixes one, r11 the other ten', options, () => {
  const advisories = advisoriesOf('Alpine', 'busybox')
  const alpine = distributionOf('alpine', '3.11.6')
  const expected = [
    'CVE-2021-28831: ALPINE-CVE-2021-28831',
    ...['42374', '42378', '42379', '42380', '42381', '42382', '42383', '42384', '42385', '42386'].map(
      (number) => `CVE-2021-${number}: ALPINE-CVE-2021-${number}`,
    ),
  ]
  const busybox = { type: 'apk', name: 'busybox', source: { name: 'busybox' } } as const
  assert.deepEqual(found({ ...busybox, version: '1.31.1-r9' }, advisories, alpine), expected)
  const client = { type: 'apk', name: 'ssl_client', source: { name: 'busybox' } } as const
  assert.deepEqual(found({ ...client, version: '1.31.1-r9' }, advisories, alpine), expected)
  assert.deepEqual(found({ ...busybox, version: '1.31.1-r10' }, advisories, alpine), expected.slice(1))
  assert.deepEqual(found({ ...busybox, version: '1.31.1-r11' }, advisories, alpine), [])
})

test('Red Hat: what will not be fixed is affected, with the vendor’s words', options, () => {
  const advisories = advisoriesOf('Red Hat', 'ruby')
  const rhel7 = distributionOf('rhel', '7.9')
  const libs = packageOf(
    { type: 'rpm', name: 'ruby-libs', version: '2.0.0.648-39.el7_9', source: { name: 'ruby' } },
    rhel7,
  )
  const { findings } = matched({ packages: [libs], distribution: rhel7, now }, advisories)
  const finding = findings.find(({ vulnerability }) => vulnerability.id === 'CVE-2019-16161')
  assert.equal(finding?.fixState, 'will-not-fix')
  assert.equal(finding?.evidence[0].fixReason, 'Will not fix')
  assert.equal(finding?.evidence[0].matchedBy, 'source')
  assert.equal(finding?.evidence[0].ecosystem, 'Red Hat:enterprise_linux:7')
})

test('Debian: an unimportant issue is negligible and stays unfixed', options, () => {
  const advisories = advisoriesOf('Debian', 'apparmor')
  const debian12 = distributionOf('debian', '12')
  const apparmor = packageOf(
    { type: 'deb', name: 'libapparmor1', version: '3.0.8-3', source: { name: 'apparmor' } },
    debian12,
  )
  const { findings } = matched({ packages: [apparmor], distribution: debian12, now }, advisories)
  assert.equal(findings.length, 1)
  assert.equal(findings[0].severity, 'negligible')
  assert.equal(findings[0].fixState, 'not-fixed')
  assert.deepEqual(findings[0].fixedVersions, [])
})
