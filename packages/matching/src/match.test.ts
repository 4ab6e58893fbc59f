import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import type { Distribution, Finding, Package } from '@lanner/model'
import type { AdvisoryReader } from './advisory.ts'
import { matchPackages } from './match.ts'
import { memoryAdvisories } from './testing/memory-advisories.ts'
import { distributionOf, packageOf } from './testing/packages.ts'

const now = new Date('2026-01-15T00:00:00Z')
const debian10 = distributionOf('debian', '10')
const openssl = packageOf(
  { type: 'deb', name: 'libssl1.1', version: '1.1.1d-0+deb10u1', arch: 'amd64', source: { name: 'openssl' } },
  debian10,
)
const v3 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'

function record(
  id: string,
  ecosystem: string,
  name: string,
  fixed: string | undefined,
  more: object = {},
): object {
  const events = fixed === undefined ? [{ introduced: '0' }] : [{ introduced: '0' }, { fixed }]
  const { affected = {}, ...rest } = more as { affected?: object }
  return {
    id,
    modified: '2025-01-01T00:00:00Z',
    affected: [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }], ...affected }],
    ...rest,
  }
}

function matched(
  packages: readonly Package[],
  advisories: AdvisoryReader | undefined,
  distribution?: Distribution,
): ReturnType<typeof matchPackages> {
  return matchPackages({ packages, now, ...(distribution ? { distribution } : {}) }, advisories)
}

function ids(findings: readonly Finding[]): string[] {
  return findings.map((finding) => finding.vulnerability.id)
}

test('a distribution package is matched by its source, and the evidence says how', () => {
  const advisories = memoryAdvisories([
    record('DSA-1-1', 'Debian:10', 'openssl', '1.1.1d-0+deb10u3', { upstream: ['CVE-2020-1967'] }),
    record('DSA-2-1', 'Debian:11', 'openssl', '9.9-1', { upstream: ['CVE-2020-0001'] }),
    record('DSA-3-1', 'Debian:10', 'libssl1.1', '9.9-1', { upstream: ['CVE-2020-0002'] }),
  ])
  const { findings } = matched([openssl], advisories, debian10)
  assert.deepEqual(ids(findings), ['CVE-2020-1967'])
  const [finding] = findings
  assert.equal(finding.package, openssl.purl)
  assert.equal(finding.fixState, 'fixed')
  assert.deepEqual(finding.fixedVersions, ['1.1.1d-0+deb10u3'])
  assert.deepEqual(finding.evidence, [
    {
      advisory: 'DSA-1-1',
      feed: 'osv',
      ecosystem: 'Debian:10',
      name: 'openssl',
      matchedBy: 'source',
      version: '1.1.1d-0+deb10u1',
      verdict: 'affected',
      scheme: 'deb',
      range: 'introduced 0, fixed 1.1.1d-0+deb10u3',
      fixedVersions: ['1.1.1d-0+deb10u3'],
      fixState: 'fixed',
    },
  ])
})

test('a fix is dated by the erratum that brought it, not by a record of its CVE', () => {
  const published = '2023-02-07T00:00:00Z'
  const since = (id: string, fixed: string | undefined) => {
    const found = record(id, 'Debian:10', 'openssl', fixed, { upstream: ['CVE-2020-1967'], published })
    return matched([openssl], memoryAdvisories([found]), debian10).findings[0]?.evidence[0]?.fixedSince
  }
  assert.equal(since('DSA-1-1', '1.1.1d-0+deb10u3'), published)
  assert.equal(since('DSA-1-1', undefined), undefined)
  assert.equal(since('DEBIAN-CVE-2020-1967', '1.1.1d-0+deb10u3'), undefined)
})

test('the source’s version is compared where it differs, with the epoch that a source rpm does not carry', () => {
  const rocky = distributionOf('rocky', '9.3')
  const perl = packageOf(
    {
      type: 'rpm',
      name: 'perl-libs',
      version: '4:5.32.1-480.el9',
      source: { name: 'perl', version: '5.32.1-480.el9' },
    },
    rocky,
  )
  const advisories = memoryAdvisories([
    record('RLSA-2023:1', 'Rocky Linux:9', 'perl', '4:5.32.1-480.el9', { upstream: ['CVE-2023-0001'] }),
    record('RLSA-2023:2', 'Rocky Linux:9', 'perl', '4:5.32.1-481.el9', { upstream: ['CVE-2023-0002'] }),
  ])
  assert.deepEqual(ids(matched([perl], advisories, rocky).findings), ['CVE-2023-0002'])
})

test('an erratum of several CVEs makes one finding for each; the CVE is found in id, alias, upstream and related', () => {
  const advisories = memoryAdvisories([
    record('DSA-1-1', 'Debian:10', 'openssl', '2-1', { upstream: ['CVE-2021-0001', 'CVE-2021-0002'] }),
    record('DSA-2-1', 'Debian:10', 'openssl', '2-1', { aliases: ['CVE-2021-0003'] }),
    record('DLA-3-1', 'Debian:10', 'openssl', '2-1', { related: ['CVE-2021-0004'] }),
    record('DEBIAN-CVE-2021-0005', 'Debian:10', 'openssl', '2-1'),
    record('DSA-6-1', 'Debian:10', 'openssl', '2-1'),
    // `related` next to `upstream` is only a pointer.
    record('DSA-7-1', 'Debian:10', 'openssl', '2-1', {
      upstream: ['CVE-2021-0007'],
      related: ['CVE-2021-9999'],
    }),
  ])
  assert.deepEqual(ids(matched([openssl], advisories, debian10).findings), [
    'CVE-2021-0001',
    'CVE-2021-0002',
    'CVE-2021-0003',
    'CVE-2021-0004',
    'CVE-2021-0005',
    'CVE-2021-0007',
    'DSA-6-1',
  ])
})

test('several records of one CVE become one finding; `related` does not merge language records', () => {
  const lodash = packageOf({ type: 'npm', name: 'lodash', version: '4.17.4' })
  const advisories = memoryAdvisories([
    record('GHSA-aaaa', 'npm', 'lodash', '4.17.12', { aliases: ['CVE-2019-10744'], summary: 'Pollution' }),
    record('x_GLAD-1', 'npm', 'lodash', '4.17.19', { aliases: ['CVE-2019-10744'] }),
    record('GHSA-bbbb', 'npm', 'lodash', '4.17.5', { related: ['CVE-2019-10744'] }),
    // Two records without a CVE that name each other.
    record('GHSA-cccc', 'npm', 'lodash', '5.0.0'),
    record('NSWG-1', 'npm', 'lodash', '5.0.0', { aliases: ['GHSA-cccc'] }),
    // This one knows its CVE only through the GHSA.
    record('OTHER-1', 'npm', 'lodash', '4.17.12', { aliases: ['GHSA-aaaa'] }),
  ])
  const { findings } = matched([lodash], advisories)
  assert.deepEqual(ids(findings).sort(), ['CVE-2019-10744', 'GHSA-bbbb', 'GHSA-cccc'])
  const merged = findings.find((finding) => finding.vulnerability.id === 'CVE-2019-10744')
  assert.deepEqual(
    merged?.evidence.map((evidence) => evidence.advisory),
    ['GHSA-aaaa', 'OTHER-1', 'x_GLAD-1'],
  )
  // 4.17.12 is still affected in the eyes of one of them.
  assert.deepEqual(merged?.fixedVersions, ['4.17.19'])
  assert.equal(merged?.vulnerability.title, 'Pollution')
  assert.deepEqual(merged?.vulnerability.aliases, ['GHSA-aaaa', 'OTHER-1', 'x_GLAD-1'])
})

test('a record of two CVEs joins each with the records of that CVE, and lends its other ids to neither', () => {
  const pack = packageOf({ type: 'golang', namespace: 'go.etcd.io', name: 'etcd', version: 'v3.3.0' })
  const advisories = memoryAdvisories([
    record('GO-2020-0005', 'Go', 'go.etcd.io/etcd', '3.4.0', {
      aliases: ['CVE-2020-15106', 'CVE-2020-15112', 'GHSA-one', 'GHSA-two'],
    }),
    record('GHSA-one', 'Go', 'go.etcd.io/etcd', '3.4.0', { aliases: ['CVE-2020-15106'] }),
  ])
  const { findings } = matched([pack], advisories)
  assert.deepEqual(ids(findings), ['CVE-2020-15106', 'CVE-2020-15112'])
  assert.deepEqual(findings[0].vulnerability.aliases, ['GHSA-one', 'GO-2020-0005'])
  assert.deepEqual(findings[1].vulnerability.aliases, ['GO-2020-0005'])
})

test('the distribution’s record of the very CVE decides over its errata and over general records', () => {
  const dsa = record('DSA-1-1', 'Debian:10', 'openssl', '2-1', {
    upstream: ['CVE-2021-0001', 'CVE-2021-0002'],
  })
  const fixed = record('DEBIAN-CVE-2021-0001', 'Debian:10', 'openssl', '1.1.1d-0+deb10u1')
  assert.deepEqual(ids(matched([openssl], memoryAdvisories([dsa, fixed]), debian10).findings), [
    'CVE-2021-0002',
  ])
  const withdrawn = { ...fixed, withdrawn: '2025-02-01T00:00:00Z' }
  assert.deepEqual(ids(matched([openssl], memoryAdvisories([dsa, withdrawn]), debian10).findings), [
    'CVE-2021-0001',
    'CVE-2021-0002',
  ])
  const general = record('CVE-2021-0003', 'Debian:10', 'openssl', undefined)
  const erratum = record('DSA-3-1', 'Debian:10', 'openssl', '1.1.1c-1', { upstream: ['CVE-2021-0003'] })
  assert.deepEqual(ids(matched([openssl], memoryAdvisories([general, erratum]), debian10).findings), [])
})

test('of two errata of one CVE the later one counts: the first fix was not the whole', () => {
  const advisories = memoryAdvisories([
    record('DSA-1-1', 'Debian:10', 'openssl', '1.1.1d-0+deb10u1', { upstream: ['CVE-2021-0001'] }),
    record('DSA-1-2', 'Debian:10', 'openssl', '1.1.1d-0+deb10u2', { upstream: ['CVE-2021-0001'] }),
  ])
  const [finding] = matched([openssl], advisories, debian10).findings
  assert.equal(finding.evidence[0].advisory, 'DSA-1-2')
  assert.deepEqual(finding.fixedVersions, ['1.1.1d-0+deb10u2'])
})

test('a native feed’s statement outranks OSV, in both directions', () => {
  const osv = record('DEBIAN-CVE-2021-0001', 'Debian:10', 'openssl', undefined)
  const native = {
    advisory: 'CVE-2021-0001',
    feed: 'debian-tracker',
    ecosystem: 'Debian:10',
    name: 'openssl',
    ranges: [],
    versions: [],
  }
  const cleared = memoryAdvisories([osv], {}, { affected: [{ ...native, notAffected: true }] })
  assert.deepEqual(ids(matched([openssl], cleared, debian10).findings), [])
  const open = memoryAdvisories(
    [osv],
    {},
    {
      affected: [
        {
          ...native,
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
          fixState: 'will-not-fix',
          fixReason: 'no-dsa: Minor issue',
        },
      ],
    },
  )
  const [finding] = matched([openssl], open, debian10).findings
  assert.equal(finding.fixState, 'will-not-fix')
  assert.equal(finding.evidence[0].feed, 'debian-tracker')
  assert.equal(finding.evidence[0].fixReason, 'no-dsa: Minor issue')
})

test('withdrawn records never match; errata that fix no vulnerability make no finding', () => {
  const alma = distributionOf('almalinux', '8.6')
  const pack = packageOf({ type: 'rpm', name: 'tzdata', version: '2020a-1.el8' }, alma)
  const advisories = memoryAdvisories([
    record('ALSA-2021:1', 'AlmaLinux:8', 'tzdata', '2021a-1.el8', {
      related: ['CVE-2021-0001'],
      withdrawn: '2022-01-01T00:00:00Z',
    }),
    record('ALBA-2021:2', 'AlmaLinux:8', 'tzdata', '2021a-1.el8'),
    record('ALBA-2021:3', 'AlmaLinux:8', 'tzdata', '2021a-1.el8', { related: ['CVE-2021-0003'] }),
  ])
  assert.deepEqual(ids(matched([pack], advisories, alma).findings), ['CVE-2021-0003'])
})

test('AlmaLinux: the title names the module stream, and builds of one erratum stand for each other', () => {
  const alma = distributionOf('almalinux', '8.6')
  const nginx = (version: string) =>
    packageOf(
      { type: 'rpm', name: 'nginx', version, module: 'nginx:1.18:8040020210526102347:9f9e2e7e' },
      alma,
    )
  const builds = ['1:1.18.0-3.module_el8.5.0+1+aaaaaaaa.1', '1:1.18.0-3.module_el8.4.0+1+bbbbbbbb.1']
  const advisories = memoryAdvisories([
    {
      id: 'ALSA-2021:1',
      modified: '2025-01-01T00:00:00Z',
      summary: 'Important: nginx:1.18 security update',
      related: ['CVE-2021-23017'],
      affected: builds.map((fixed) => ({
        package: { ecosystem: 'AlmaLinux:8', name: 'nginx' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      })),
    },
    record('ALSA-2022:9', 'AlmaLinux:8', 'nginx', '1:1.20.1-1.module_el8.6.0+1+cccccccc', {
      summary: 'Moderate: nginx:1.20 security update',
      related: ['CVE-2022-9999'],
    }),
  ])
  const old = matched([nginx('1:1.18.0-2.module_el8.4.0+1+bbbbbbbb.1')], advisories, alma).findings
  assert.deepEqual(ids(old), ['CVE-2021-23017'])
  assert.equal(old[0].severity, 'high')
  assert.equal(old[0].ratings[0].given, 'Important')
  const rebuilt = matched([nginx('1:1.18.0-3.module_el8.4.0+1+bbbbbbbb.1')], advisories, alma).findings
  assert.deepEqual(ids(rebuilt), [])
})

test('Ubuntu: a subscriber’s build is judged by the subscription’s entry, though the release has no fix', () => {
  const jammy = distributionOf('ubuntu', '22.04')
  const open = {
    id: 'UBUNTU-CVE-2024-0001',
    modified: '2025-01-01T00:00:00Z',
    affected: [
      {
        package: { ecosystem: 'Ubuntu:22.04:LTS', name: 'netqmail' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
      },
      {
        package: { ecosystem: 'Ubuntu:Pro:22.04:LTS', name: 'netqmail' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.06-6+esm2' }] }],
      },
    ],
  }
  const fixesOf = (version: string) => {
    const pack = packageOf({ type: 'deb', name: 'qmail', version, source: { name: 'netqmail' } }, jammy)
    return matched([pack], memoryAdvisories([open]), jammy).findings.map((finding) => [
      finding.fixState,
      finding.fixedVersions,
    ])
  }
  assert.deepEqual(fixesOf('1.06-6'), [['not-fixed', []]])
  assert.deepEqual(fixesOf('1.06-6+esm1'), [['fixed', ['1.06-6+esm2']]])
  assert.deepEqual(fixesOf('1.06-6+esm2'), [])
})

test('Ubuntu: the release decides, a fix behind a subscription is none', () => {
  const trusty = distributionOf('ubuntu', '14.04')
  const pack = packageOf(
    { type: 'deb', name: 'qmail', version: '1.06-5', source: { name: 'netqmail' } },
    trusty,
  )
  const both = {
    id: 'UBUNTU-CVE-2005-0001',
    modified: '2025-01-01T00:00:00Z',
    affected: ['Ubuntu:14.04:LTS', 'Ubuntu:Pro:14.04:LTS'].map((ecosystem, index) => ({
      package: { ecosystem, name: 'netqmail' },
      ranges: [
        { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: ['1.06-6', '1.06-6+esm1'][index] }] },
      ],
    })),
  }
  const advisories = memoryAdvisories([
    both,
    record('UBUNTU-CVE-2005-1515', 'Ubuntu:Pro:14.04:LTS', 'netqmail', '1.06-6+esm1', {
      severity: [{ type: 'Ubuntu', score: 'medium' }],
    }),
  ])
  const { findings } = matched([pack], advisories, trusty)
  assert.deepEqual(ids(findings), ['CVE-2005-1515', 'CVE-2005-0001'])
  const [pro, standard] = findings
  assert.equal(pro.severity, 'medium')
  assert.equal(pro.fixState, 'not-fixed')
  assert.deepEqual(pro.fixedVersions, [])
  assert.match(pro.evidence[0].note ?? '', /1\.06-6\+esm1.*Ubuntu Pro/)
  assert.deepEqual(standard.fixedVersions, ['1.06-6'])
  const subscribed = packageOf(
    { type: 'deb', name: 'qmail', version: '1.06-5+esm1', source: { name: 'netqmail' } },
    trusty,
  )
  const later = matched([subscribed], advisories, trusty).findings.find(
    ({ vulnerability }) => vulnerability.id === 'CVE-2005-1515',
  )
  assert.equal(later?.fixState, 'fixed')
  assert.deepEqual(later?.fixedVersions, ['1.06-6+esm1'])
  assert.equal(standard.evidence.length, 1)
})

test('severity: the distribution’s word, then the record’s CVSS, then that of the CVE by alias, else unknown', () => {
  const low = 'CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L'
  const severityOf = (...records: object[]) => {
    const [finding] = matched([openssl], memoryAdvisories(records), debian10).findings
    return [finding.severity, finding.ratings.map((rating) => `${rating.source}: ${rating.given}`)] as const
  }
  const cve = 'CVE-2021-0001'
  const id = `DEBIAN-${cve}`
  const word = (urgency: string) => ({ affected: { ecosystem_specific: { urgency } } })
  const byAlias = record('GHSA-aaaa', 'npm', 'elsewhere', '1.0.0', {
    aliases: [cve],
    severity: [{ type: 'CVSS_V3', score: v3 }],
  })
  assert.deepEqual(severityOf(record(id, 'Debian:10', 'openssl', '2-1', word('unimportant')), byAlias), [
    'negligible',
    ['debian: unimportant', 'cvss 3.1 (GHSA-aaaa): 9.8'],
  ])
  // Any other urgency is how soon a maintainer means to look, not how bad it is.
  assert.equal(severityOf(record(id, 'Debian:10', 'openssl', '2-1', word('low')), byAlias)[0], 'critical')
  const own = record(id, 'Debian:10', 'openssl', '2-1', { severity: [{ type: 'CVSS_V3', score: low }] })
  assert.deepEqual(severityOf(own, byAlias), [
    'medium',
    [`cvss 3.1 (${id}): 4.2`, 'cvss 3.1 (GHSA-aaaa): 9.8'],
  ])
  assert.deepEqual(severityOf(record(id, 'Debian:10', 'openssl', '2-1')), ['unknown', []])
  const newest = record(id, 'Debian:10', 'openssl', '2-1', {
    severity: [
      { type: 'CVSS_V2', score: 'AV:N/AC:L/Au:N/C:C/I:C/A:C' },
      { type: 'CVSS_V3', score: v3 },
      { type: 'CVSS_V4', score: 'CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N' },
    ],
  })
  assert.equal(severityOf(newest)[0], 'medium')
})

test('EPSS and exploitation are joined, and rate with CVSS how soon to look', () => {
  const rated = (score: string, facts: object) => {
    const advisories = memoryAdvisories(
      [
        record('DEBIAN-CVE-2021-0001', 'Debian:10', 'openssl', '2-1', {
          severity: [{ type: 'CVSS_V3', score }],
        }),
      ],
      { 'CVE-2021-0001': facts },
    )
    return matched([openssl], advisories, debian10).findings[0]
  }
  const exploited = { dateAdded: '2021-11-03', ransomware: true }
  const medium = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N'
  const epss = (score: number) => ({ epss: { score, percentile: 0.9 } })
  const table: readonly (readonly [string, object, string])[] = [
    [v3, { exploited }, 'critical'],
    [v3, epss(0.5), 'critical'],
    [v3, epss(0.49), 'high'],
    [medium, { exploited }, 'high'],
    [v3, epss(0.1), 'high'],
    [v3, epss(0.09), 'medium'],
    [medium, epss(0.9), 'medium'],
    [medium, epss(0.01), 'medium'],
    [v3, {}, 'medium'],
    [medium, epss(0.009), 'low'],
    [medium, {}, 'low'],
  ]
  for (const [score, facts, expected] of table) {
    assert.equal(rated(score, facts).cpsRating, expected, `${score} ${JSON.stringify(facts)}`)
  }
  const finding = rated(v3, { exploited, ...epss(0.97) })
  assert.deepEqual(finding.vulnerability.exploited, exploited)
  assert.equal(finding.vulnerability.epss?.score, 0.97)
})

test('a malicious package is critical by whatever versions the record lists', () => {
  const pack = packageOf({ type: 'npm', name: 'left-padd', version: '1.0.1' })
  const advisories = memoryAdvisories([
    {
      id: 'MAL-2024-1',
      modified: '2025-01-01T00:00:00Z',
      affected: [{ package: { ecosystem: 'npm', name: 'left-padd' }, versions: ['1.0.0', '1.0.1'] }],
    },
  ])
  const [finding] = matched([pack], advisories).findings
  assert.equal(finding.vulnerability.id, 'MAL-2024-1')
  assert.equal(finding.severity, 'critical')
  assert.equal(finding.cpsRating, 'critical')
  assert.equal(finding.vulnerability.malicious, true)
})

test('what belongs to an operating-system package is kept and does not count, unless nobody covers that package', () => {
  const owner = 'pkg:deb/debian/python3-requests@2.21.0-1'
  const requests = packageOf({ type: 'pypi', name: 'Requests', version: '2.19.0', owner })
  const advisories = memoryAdvisories([
    record('PYSEC-2018-28', 'PyPI', 'requests', '2.20.0', { aliases: ['CVE-2018-18074'] }),
    record('DSA-1-1', 'Debian:10', 'other', '1-1'),
  ])
  const [finding] = matched([requests], advisories, debian10).findings
  assert.equal(finding.suppressed?.reason, 'owned-by-os-package')
  assert.equal(finding.suppressed?.by, owner)
  assert.equal(
    matched([requests], advisories, distributionOf('amzn', '2023')).findings[0].suppressed,
    undefined,
  )
  assert.equal(matched([requests], advisories).findings[0].suppressed, undefined)
})

test('generic binaries are matched through Bitnami, and the evidence says so', () => {
  const node = packageOf({ type: 'generic', name: 'nodejs', version: '18.0.0' })
  const advisories = memoryAdvisories([
    {
      id: 'BIT-node-2022-1',
      modified: '2025-01-01T00:00:00Z',
      aliases: ['CVE-2022-32212'],
      affected: [
        {
          package: { ecosystem: 'Bitnami', name: 'node' },
          ranges: [{ type: 'SEMVER', events: [{ introduced: '18.0.0' }, { fixed: '18.5.0' }] }],
        },
      ],
    },
  ])
  const [finding] = matched([node], advisories).findings
  assert.equal(finding.vulnerability.id, 'CVE-2022-32212')
  assert.match(finding.evidence[0].note ?? '', /Bitnami/)
})

test('findings come worst first, unknown verdicts after affected ones, what does not count last', () => {
  const high = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'
  const cvss = (score: string) => ({ severity: [{ type: 'CVSS_V3', score }] })
  const advisories = memoryAdvisories([
    record('GHSA-unknown', 'npm', 'one', '2.0.0'),
    record('GHSA-high', 'npm', 'one', '2.0.0', cvss(high)),
    record('GHSA-critical', 'npm', 'one', '2.0.0', cvss(v3)),
    record('GHSA-undecided', 'npm', 'two', '2.0.0', cvss(v3)),
    record('GHSA-owned', 'npm', 'three', '2.0.0', cvss(v3)),
    record('DSA-1-1', 'Debian:10', 'other', '1-1'),
  ])
  const owner = 'pkg:deb/debian/node@1'
  const { findings, reasons } = matched(
    [
      packageOf({ type: 'npm', name: 'three', version: '1.0.0', owner }),
      packageOf({ type: 'npm', name: 'two', version: 'file:../two' }),
      packageOf({ type: 'npm', name: 'one', version: '1.0.0' }),
    ],
    advisories,
    debian10,
  )
  assert.deepEqual(ids(findings), [
    'GHSA-critical',
    'GHSA-undecided',
    'GHSA-high',
    'GHSA-unknown',
    'GHSA-owned',
  ])
  assert.equal(findings[1].verdict, 'unknown')
  const undecided = reasons.find((reason) => reason.code === 'unknown-versions')
  assert.match(undecided?.message ?? '', /1 vulnerability/)
  assert.equal(undecided?.informational, true)
})

test('what was not judged is said, and what merely should be known is marked', () => {
  const alpine = distributionOf('alpine', '3.19.1')
  const apk = packageOf({ type: 'apk', name: 'musl', version: '1.2.4-r2' }, alpine)
  const npm = packageOf({ type: 'npm', name: 'one', version: '1.0.0' })
  const some = memoryAdvisories([record('ALPINE-CVE-2025-0001', 'Alpine:v3.19', 'other', '1-r0')])
  const codes = (...args: Parameters<typeof matched>) =>
    matched(...args).reasons.map(({ code, informational }) => (informational ? `(${code})` : code))
  assert.deepEqual(codes([apk], undefined, alpine), ['no-advisories'])
  assert.deepEqual(codes([apk], memoryAdvisories([]), alpine), ['no-advisories'])
  assert.deepEqual(codes([apk], some, alpine), ['(no-feed)', 'end-of-life'])
  assert.deepEqual(codes([apk, npm], some, alpine), ['(no-feed)', 'no-feed', 'end-of-life'])
  assert.deepEqual(codes([apk], some), ['no-distribution'])
  assert.deepEqual(codes([apk], some, distributionOf('alpine', '3.23.0')), ['no-feed'])
  assert.deepEqual(codes([apk], some, distributionOf('amzn', '2023')), ['no-feed'])
  assert.deepEqual(codes([apk], some, distributionOf('nowhere', '1')), ['unknown-distribution'])
  assert.deepEqual(codes([openssl], some, alpine), ['(no-feed)', 'no-feed', 'end-of-life'])
  const unnamed = packageOf({ type: 'generic', name: 'homemade', version: '1' })
  assert.deepEqual(codes([unnamed], some), ['(no-feed)'])
  const conda = packageOf({ type: 'conda', name: 'numpy', version: '1' })
  assert.deepEqual(codes([conda], some), ['no-feed'])
})

test('names such as __proto__ are only names', () => {
  const hostile = ['__proto__', 'constructor', 'toString']
  const advisories = memoryAdvisories(
    hostile.map((name, index) => record(`GHSA-${index}`, 'npm', name, '2.0.0', { aliases: ['__proto__'] })),
  )
  const packages = hostile.map((name) => packageOf({ type: 'npm', name, version: '1.0.0' }))
  assert.equal(matched(packages, advisories).findings.length, 3)
  const generic = hostile.map((name) => packageOf({ type: 'generic', name, version: '1.0.0' }))
  assert.equal(matched(generic, advisories, distributionOf('constructor', '__proto__')).findings.length, 0)
})
