import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Digest, Finding, ImageFacts, Package, Report } from '@lanner/model'
import { factsOfReport } from './facts-of-report.ts'

const pack: Package = {
  type: 'deb',
  name: 'libexpat1',
  version: '2.5.0-1',
  licenses: ['MIT'],
  confidence: 'declared',
  purl: 'pkg:deb/debian/libexpat1@2.5.0-1',
  locations: [
    { path: 'var/lib/dpkg/status', layer: 'sha256:aa', layerIndex: 0, extractor: 'os/dpkg' },
    { path: 'var/lib/dpkg/status', layer: 'sha256:bb', layerIndex: 1, extractor: 'os/dpkg' },
  ],
}
const finding: Finding = {
  vulnerability: {
    id: 'CVE-2024-45490',
    aliases: ['DEBIAN-CVE-2024-45490'],
    published: '2024-08-30T03:15:00Z',
    cvss: [
      { version: '3.1', vector: '', score: 9.8, source: 'a' },
      { version: '4.0', vector: '', score: 6, source: 'b' },
      { version: '4.0', vector: '', score: 7, source: 'c' },
    ],
    epss: { score: 0.02, percentile: 0.5 },
    exploited: { dateAdded: '2024-09-01', ransomware: false },
    cwes: [],
    references: [],
  },
  package: pack.purl,
  verdict: 'affected',
  severity: 'high',
  ratings: [],
  fixState: 'fixed',
  fixedVersions: ['2.5.0-1+deb12u1'],
  cpsRating: 'high',
  evidence: [
    {
      advisory: 'DSA-5770-1',
      feed: 'osv',
      ecosystem: 'Debian:12',
      name: 'expat',
      matchedBy: 'source',
      version: '2.5.0-1',
      verdict: 'affected',
      fixedVersions: ['2.5.0-1+deb12u1'],
      fixState: 'fixed',
      fixedSince: '2024-09-07T00:00:00Z',
    },
  ],
}
const report = (image: Partial<ImageFacts> = {}): Report => ({
  reference: 'shop/checkout:1.8.2',
  image: {
    reference: 'shop/checkout:1.8.2',
    manifestDigest: 'sha256:9a' as Digest,
    configDigest: 'sha256:4c' as Digest,
    platform: { os: 'linux', architecture: 'amd64' },
    created: '2026-03-01T22:40:10Z',
    layers: [],
    labels: {},
    ...image,
  },
  source: 'image',
  distribution: {
    id: 'debian',
    version: '12',
    name: 'Debian GNU/Linux 12',
    like: [],
    path: 'etc/os-release',
  },
  repositoryCpes: [],
  state: 'partially',
  reasons: [],
  packages: [pack],
  findings: [
    finding,
    { ...finding, suppressed: { reason: 'owned-by-os-package', by: pack.purl, explanation: '' } },
  ],
  assessedAt: '2026-03-02T09:14:31Z',
})
const name = { registry: '', repository: 'shop/checkout', tag: '1.8.2' }

test('a report as policies see it: suppressed findings are left out, layers told apart', () => {
  const facts = factsOfReport(report(), {
    ...name,
    baseLayers: new Set(['sha256:aa']),
    baseOs: 'Debian GNU 12',
  })
  assert.deepEqual(facts, {
    ...name,
    digest: 'sha256:9a',
    baseOs: 'Debian GNU 12',
    distribution: { id: 'debian', version: '12' },
    architecture: 'amd64',
    created: '2026-03-01T22:40:10Z',
    assessment: 'partially',
    runsAsRoot: true,
    packages: [
      {
        type: 'deb',
        name: 'libexpat1',
        version: '2.5.0-1',
        purl: 'pkg:deb/debian/libexpat1@2.5.0-1',
        licenses: ['MIT'],
        places: [
          { path: 'var/lib/dpkg/status', layer: 'sha256:aa', origin: 'base' },
          { path: 'var/lib/dpkg/status', layer: 'sha256:bb', origin: 'own' },
        ],
      },
    ],
    findings: [
      {
        vulnerability: 'CVE-2024-45490',
        aliases: ['DEBIAN-CVE-2024-45490'],
        package: 0,
        verdict: 'affected',
        severity: 'high',
        cvssScore: 7,
        cpsRating: 'high',
        epss: 0.02,
        exploited: true,
        fixAvailable: true,
        fixedVersions: ['2.5.0-1+deb12u1'],
        fixedSince: '2024-09-07T00:00:00Z',
        published: '2024-08-30T03:15:00Z',
      },
    ],
    detections: [],
  })
})

for (const [user, root] of [
  [undefined, true],
  ['', true],
  ['root', true],
  ['0:0', true],
  ['root:daemon', true],
  ['1000', false],
  ['app', false],
  ['rooted', false],
  ['10', false],
] as const)
  test(`the user ${JSON.stringify(user)} ${root ? 'is' : 'is not'} root`, () =>
    assert.equal(factsOfReport(report(user === undefined ? {} : { user }), name).runsAsRoot, root))
