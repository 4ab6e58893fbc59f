import assert from 'node:assert/strict'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { type AdvisoryStore, importAdvisories, openStore } from '@lanner/advisories'
import type { Explanation } from '@lanner/matching'
import type { Report } from '@lanner/model'
import { type BuiltImage, image, imageSource, temporaryFolder } from '@lanner/testkit'
import { assess } from './assess.ts'
import { explainFinding } from './explain-finding.ts'
import { alpineImage, debianImage, weakVersions } from './testing/weak-images.ts'

const data = process.env['LANNER_TEST_DATA']
const now = () => new Date('2026-10-01T00:00:00Z')

/**
 * What the images must show: vulnerability, the versions that fix it, the advisories that say so. Taken from the zips by
 * hand: every record that names the package (for Debian and Alpine in this release), not withdrawn, one of whose ranges
 * holds the version by `dpkg --compare-versions`, `apk version -t`, PEP 440, or by reading.
 */
const expected: Readonly<Record<string, readonly string[]>> = {
  // DSA-4539-1 (CVE-2019-1547, CVE-2019-1563) was fixed in this very version. DSA-4539-3 names no CVE: it repaired the fix.
  openssl: [
    'CVE-2019-1551 1.1.1d-0+deb10u5 DSA-4855-1',
    'CVE-2020-1967 1.1.1d-0+deb10u3 DSA-4661-1',
    'CVE-2020-1971 1.1.1d-0+deb10u4 DSA-4807-1',
    'CVE-2021-23840 1.1.1d-0+deb10u5 DSA-4855-1',
    'CVE-2021-23841 1.1.1d-0+deb10u5 DSA-4855-1',
    'CVE-2021-3449 1.1.1d-0+deb10u6 DSA-4875-1',
    'CVE-2021-3711 1.1.1d-0+deb10u7 DSA-4963-1',
    'CVE-2021-3712 1.1.1d-0+deb10u7 DSA-4963-1',
    'CVE-2021-4160 1.1.1d-0+deb10u8 DSA-5103-1',
    'CVE-2022-0778 1.1.1d-0+deb10u8 DSA-5103-1',
    'CVE-2022-1292 1.1.1n-0+deb10u2 DSA-5139-1',
    'CVE-2022-2068 1.1.1n-0+deb10u3 DSA-5169-1',
    'CVE-2022-2097 1.1.1n-0+deb10u4 DLA-3325-1',
    'CVE-2022-4304 1.1.1n-0+deb10u4 DLA-3325-1',
    'CVE-2022-4450 1.1.1n-0+deb10u4 DLA-3325-1',
    'CVE-2023-0215 1.1.1n-0+deb10u4 DLA-3325-1',
    'CVE-2023-0286 1.1.1n-0+deb10u4 DLA-3325-1',
    'DSA-4539-3 1.1.1d-0+deb10u2 DSA-4539-3',
  ],
  // x_NSWG-ECO-516 begins at 4.17.15. Of CVE-2020-8203 one record says 4.17.19 and another 4.17.20: only the later suits both.
  lodash: [
    'CVE-2018-16487 4.17.11 GHSA-4xc9-xhrj-v574 x_GLAD-npm-lodash-CVE-2018-16487 x_NSWG-ECO-493',
    'CVE-2018-3721 4.17.5 GHSA-fvqr-27wr-82fm x_GLAD-npm-lodash-CVE-2018-3721 x_NSWG-ECO-368',
    'CVE-2019-1010266 4.17.11 GHSA-x5rq-j2xg-h7qm x_GLAD-npm-lodash-CVE-2019-1010266',
    'CVE-2019-10744 4.17.12 GHSA-jf85-cpcp-j695 x_GLAD-npm-lodash-CVE-2019-10744',
    'CVE-2020-28500 4.17.21 GHSA-29mw-wpgm-hmr9 x_GLAD-npm-lodash-CVE-2020-28500',
    'CVE-2020-8203 4.17.20 GHSA-p6mc-m468-83gw x_GLAD-npm-lodash-CVE-2020-8203',
    'CVE-2021-23337 4.17.21 GHSA-35jh-r3h4-6jhm x_GLAD-npm-lodash-CVE-2021-23337',
    'x_GLAD-npm-lodash-GMS-2018-10 4.17.5 x_GLAD-npm-lodash-GMS-2018-10',
  ],
  // PYSEC-2014-13, -14 and PYSEC-2015-17 end before 2.6.0.
  requests: [
    'CVE-2018-18074 2.20.0 PYSEC-2018-28',
    'CVE-2023-32681 2.31.0 PYSEC-2023-74',
    'CVE-2024-35195 2.32.0 PYSEC-2026-1873',
    'CVE-2024-47081 2.32.4 PYSEC-2026-1872',
    'CVE-2026-25645 2.33.0 PYSEC-2026-2275',
  ],
  // Past: CVE-2017-5645 (2.8.2), CVE-2020-9488 (2.13.2); CVE-2021-4104 lists 1.2 alone. The record of CVE-2021-45105 states
  // the last version affected on this branch, 2.16.0, and none that fixes it.
  'log4j-core': [
    'CVE-2021-44228 2.17.1 x_GLAD-maven-org.apache.logging.log4j_log4j-core-CVE-2021-44228',
    'CVE-2021-44832 2.17.1 x_GLAD-maven-org.apache.logging.log4j_log4j-core-CVE-2021-44832',
    'CVE-2021-45046 2.16.0 x_GLAD-maven-org.apache.logging.log4j_log4j-core-CVE-2021-45046',
    'CVE-2021-45105 - x_GLAD-maven-org.apache.logging.log4j_log4j-core-CVE-2021-45105',
    'CVE-2026-34480 2.25.4 GHSA-3pxv-7cmr-fjr4',
  ],
  // Past: what was fixed in 2018 and 2019 (GO-2020-0014, GO-2021-0078, GO-2022-0192, -0193, -0197, -0536). Not yet there:
  // CVE-2022-41721 (2022-05-24 on) and CVE-2026-27141 (0.50.0 on).
  net: [
    'CVE-2021-31525 0.0.0-20210428140749-89ef3d95e781 GO-2022-0236',
    'CVE-2021-33194 0.0.0-20210520170846-37e1c6afe023 GO-2021-0238',
    'CVE-2021-44716 0.0.0-20211209124913-491a49abca63 GO-2022-0288',
    'CVE-2022-27664 0.0.0-20220906165146-f3363e06e74c GO-2022-0969',
    'CVE-2022-41717 0.4.0 GHSA-xrjj-mj9h-534m GO-2022-1144',
    'CVE-2022-41723 0.7.0 GHSA-vvpx-j8f3-3w6h GO-2023-1571',
    'CVE-2023-39325 0.17.0 GO-2023-2102',
    'CVE-2023-3978 0.13.0 GO-2023-1988',
    'CVE-2023-44487 0.17.0 GHSA-qppj-fm5r-hxr3',
    'CVE-2023-45288 0.23.0 GO-2024-2687',
    'CVE-2024-45338 0.33.0 GO-2024-3333',
    'CVE-2025-22870 0.36.0 GO-2025-3503',
    'CVE-2025-22872 0.38.0 GO-2025-3595',
    'CVE-2025-47911 0.45.0 GO-2026-4440',
    'CVE-2025-58190 0.45.0 GO-2026-4441',
    'CVE-2026-25680 0.55.0 GO-2026-5028',
    'CVE-2026-25681 0.55.0 GO-2026-5029',
    'CVE-2026-27136 0.55.0 GO-2026-5030',
    'CVE-2026-33814 0.53.0 GO-2026-4918',
    'CVE-2026-39821 0.55.0 GO-2026-5026',
    'CVE-2026-42502 0.55.0 GO-2026-5027',
    'CVE-2026-42506 0.55.0 GO-2026-5025',
    'CVE-2026-46600 0.56.0 GO-2026-5942',
  ],
  // The six older records of busybox in 3.11 end at 1.30.1-r2 or before.
  busybox: [
    'CVE-2021-28831 1.31.1-r10 ALPINE-CVE-2021-28831',
    'CVE-2021-42374 1.31.1-r11 ALPINE-CVE-2021-42374',
    'CVE-2021-42378 1.31.1-r11 ALPINE-CVE-2021-42378',
    'CVE-2021-42379 1.31.1-r11 ALPINE-CVE-2021-42379',
    'CVE-2021-42380 1.31.1-r11 ALPINE-CVE-2021-42380',
    'CVE-2021-42381 1.31.1-r11 ALPINE-CVE-2021-42381',
    'CVE-2021-42382 1.31.1-r11 ALPINE-CVE-2021-42382',
    'CVE-2021-42383 1.31.1-r11 ALPINE-CVE-2021-42383',
    'CVE-2021-42384 1.31.1-r11 ALPINE-CVE-2021-42384',
    'CVE-2021-42385 1.31.1-r11 ALPINE-CVE-2021-42385',
    'CVE-2021-42386 1.31.1-r11 ALPINE-CVE-2021-42386',
  ],
}

/** Packages that are built from the source of another, whose records are theirs. */
const builtFrom: Readonly<Record<string, string>> = { 'libssl1.1': 'openssl', ssl_client: 'busybox' }

function findingsByPackage(report: Report): Record<string, string[]> {
  const names = new Map(report.packages.map(({ purl, name }) => [purl, name]))
  const found: Record<string, string[]> = {}
  for (const finding of report.findings) {
    assert.equal(finding.verdict, 'affected', finding.vulnerability.id)
    assert.equal(finding.suppressed, undefined)
    const advisories = finding.evidence.map(({ advisory }) => advisory).sort()
    const line = [finding.vulnerability.id, finding.fixedVersions.join(',') || '-', ...advisories].join(' ')
    const list = (found[names.get(finding.package) ?? finding.package] ??= [])
    list.push(line)
  }
  for (const list of Object.values(found)) list.sort()
  return found
}

function expectedOf(...names: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(names.map((name) => [name, expected[builtFrom[name] ?? name]]))
}

suite('findings of the test data', { skip: !data && 'needs LANNER_TEST_DATA' }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let store: AdvisoryStore

  before(async () => {
    folder = await temporaryFolder()
    const feeds = join(folder.path, 'feeds')
    await mkdir(feeds)
    for (const name of ['Alpine', 'Debian', 'Go', 'Maven', 'PyPI', 'npm', 'EPSS', 'KEV'])
      await symlink(join(data ?? '', 'advisories', name), join(feeds, name))
    const into = join(folder.path, 'store')
    const { sources } = await importAdvisories(feeds, into, { now })
    assert.deepEqual(
      sources.filter(({ refused, failed }) => refused > 0 || failed),
      [],
    )
    store = openStore(into)
  })

  after(async () => {
    store?.close()
    await folder?.[Symbol.asyncDispose]()
  })

  async function reportOf(built: BuiltImage): Promise<Report> {
    const { reports } = await assess(imageSource(built), { version: 'test', advisories: store, now })
    assert.equal(reports.length, 1)
    return reports[0]
  }

  test('Debian 10 with a language package of each kind', async () => {
    const report = await reportOf(debianImage(weakVersions))
    assert.deepEqual(
      findingsByPackage(report),
      expectedOf('openssl', 'libssl1.1', 'lodash', 'requests', 'log4j-core', 'net'),
    )
    // Buster's support has ended: what the records do not know may still be there.
    assert.deepEqual([report.state, report.reasons.map(({ code }) => code)], ['partially', ['end-of-life']])
    // Worst first; CISA lists these three as exploited, and EPSS is taken from the file of the day.
    assert.equal(report.findings[0].vulnerability.id, 'CVE-2021-44228')
    const exploited = report.findings.filter(({ vulnerability }) => vulnerability.exploited)
    assert.deepEqual(
      exploited
        .map(({ vulnerability }) => `${vulnerability.id} ${vulnerability.exploited?.dateAdded}`)
        .sort(),
      ['CVE-2021-44228 2021-12-10', 'CVE-2021-45046 2023-05-01', 'CVE-2023-44487 2023-10-10'],
    )
    assert.equal(report.findings[0].vulnerability.epss?.score, 0.99999)
  })

  test('Alpine 3.11 with busybox', async () => {
    const report = await reportOf(alpineImage(weakVersions))
    assert.deepEqual(findingsByPackage(report), expectedOf('busybox', 'ssl_client'))
  })

  test('the fixed versions show none', async () => {
    const fixed = {
      openssl: '1.1.1n-0+deb10u4',
      lodash: '4.17.21',
      requests: '2.33.0',
      log4j: '2.25.4',
      net: 'v0.56.0',
      busybox: '1.31.1-r11',
    }
    for (const built of [debianImage(fixed), alpineImage(fixed)]) {
      const report = await reportOf(built)
      assert.deepEqual(findingsByPackage(report), {})
    }
  })

  const explained: readonly (readonly [
    id: string,
    conclusion: Explanation['conclusion'],
    outcome: string | undefined,
    says: RegExp,
  ])[] = [
    ['CVE-2022-0778', 'affected', 'affected', /DSA-5103-1.*1\.1\.1d-0\+deb10u8/s],
    ['DSA-5103-1', 'affected', 'affected', /openssl/],
    ['CVE-2021-44228', 'affected', 'affected', /log4j-core.*2\.17\.1/s],
    // Fixed in the version that is there.
    ['CVE-2019-1547', 'not-affected', 'fixed', /DSA-4539-1.*1\.1\.1d-0\+deb10u1/s],
    // From 0.50.0 on.
    ['CVE-2026-27141', 'not-affected', 'unaffected', /golang\.org\/x\/net|net/],
    // Alpine's record of another distribution's package.
    ['CVE-2021-28831', 'not-named', undefined, /./],
    ['CVE-1999-0001', 'no-record', undefined, /./],
  ]

  for (const [id, conclusion, outcome, says] of explained) {
    test(`why ${id}: ${conclusion}`, async () => {
      const report = await reportOf(debianImage(weakVersions))
      const { explanation, lines } = explainFinding(id, report, store)
      assert.equal(explanation.conclusion, conclusion)
      assert.equal(explanation.packages[0]?.outcome, outcome)
      assert.match(lines.join('\n'), says)
    })
  }

  test('why CVE-2018-18074: suppressed where Debian brought the library', async () => {
    const metadata = 'usr/lib/python3/dist-packages/requests-2.19.0.dist-info/METADATA'
    const report = await reportOf(
      image({
        layers: [
          {
            'etc/os-release': 'ID=debian\nVERSION_ID="10"\n',
            'var/lib/dpkg/status':
              'Package: python3-requests\nStatus: install ok installed\nArchitecture: all\nSource: requests\nVersion: 2.21.0-1+deb10u1\nDescription: x\n\n',
            'var/lib/dpkg/info/python3-requests.list': `/.\n/${metadata}\n`,
            [metadata]: 'Metadata-Version: 2.1\nName: requests\nVersion: 2.19.0\n',
          },
        ],
      }),
    )
    const ours = report.findings.filter(({ package: purl }) => purl === 'pkg:pypi/requests@2.19.0')
    assert.equal(ours.length, expected['requests'].length)
    for (const { suppressed } of ours)
      assert.match(suppressed?.by ?? '', /^pkg:deb\/debian\/python3-requests@/)
    const { explanation, lines } = explainFinding('CVE-2018-18074', report, store)
    assert.equal(explanation.conclusion, 'suppressed')
    assert.match(lines.join('\n'), /python3-requests/)
  })

  test('a version that cannot be read is unknown, not clean', async () => {
    const report = await reportOf(debianImage({ ...weakVersions, requests: 'some!', net: 'v?' }))
    for (const prefix of ['pkg:pypi/requests@', 'pkg:golang/golang.org/x/net@']) {
      const findings = report.findings.filter(({ package: purl }) => purl.startsWith(prefix))
      assert.ok(findings.length > 0)
      assert.ok(findings.every(({ verdict }) => verdict === 'unknown'))
    }
    assert.ok(report.reasons.some(({ code }) => code === 'unknown-versions'))
  })
})
