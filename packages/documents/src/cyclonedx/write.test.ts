import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { ReportSet } from '@lanner/model'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { readDocument } from '../read-document.ts'
import { bookworm, digestOf, findingOf, imageOf, packageOf, reportOf, setOf } from '../testing/reports.ts'
import { writeDocument } from '../write-document.ts'

const schemas = join(
  dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
  'res/schema',
)

/** The schema of the CycloneDX project, as its library ships it. */
function officialValidator() {
  const load = (name: string) => JSON.parse(readFileSync(join(schemas, name), 'utf8')) as object
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  // ajv-formats knows no IRIs; a URI reference is the narrower of the two.
  const uriReference = ajv.formats['uri-reference']
  assert.ok(uriReference)
  ajv.addFormat('iri-reference', uriReference)
  ajv.addFormat('idn-email', /^[^@\s]+@[^@\s]+$/)
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'])
    ajv.addSchema(
      load(`${name}.SNAPSHOT.schema.json`),
      `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
    )
  return ajv.compile(load('bom-1.6.SNAPSHOT.schema.json'))
}

const valid = officialValidator()

function written(set: ReportSet) {
  const document = JSON.parse(writeDocument('cyclonedx', set))
  assert.equal(valid(document), true, JSON.stringify(valid.errors?.slice(0, 5), null, 1))
  return document
}

const openssl = packageOf(
  {
    type: 'deb',
    name: 'libssl3',
    version: '3.0.9-1',
    arch: 'amd64',
    source: { name: 'openssl' },
    licenses: ['Apache-2.0', 'BSD-style, see file'],
    vendor: 'Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>',
  },
  bookworm,
)
const angular = packageOf({
  type: 'npm',
  namespace: '@angular',
  name: 'core',
  version: '17.0.0',
  licenses: ['MIT OR Apache-2.0'],
  development: true,
  locations: [
    {
      path: 'app/node_modules/@angular/core/package.json',
      layer: digestOf('b'),
      layerIndex: 2,
      extractor: 'language/node/package-json',
    },
  ],
})

const rich = findingOf(openssl, 'CVE-2023-5363', {
  vulnerability: {
    id: 'CVE-2023-5363',
    aliases: ['GHSA-xw78-pcr6-wrg8'],
    title: 'Incorrect cipher key and IV length processing',
    description: 'A bug has been identified.',
    published: '2023-10-25T18:17:43Z',
    modified: 'last Tuesday',
    cvss: [
      { version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', score: 7.5, source: 'NVD' },
    ],
    epss: { score: 0.01, percentile: 0.8, date: '2026-01-01' },
    exploited: { dateAdded: '2024-01-01', ransomware: false },
    cwes: ['CWE-684', 'CWE-0', 'NVD-CWE-noinfo'],
    references: [
      'https://www.openssl.org/news/secadv/20231024.txt',
      'javascript:alert(1)',
      'https://example.org/a b|c?d=[e]#f#g',
    ],
  },
})

test('an image is a valid CycloneDX 1.6 document', () => {
  const suppressed = findingOf(angular, 'GHSA-1', {
    suppressed: { reason: 'owned-by-os-package', by: openssl.purl, explanation: 'Debian decides.' },
  })
  const document = written(
    setOf([
      reportOf([openssl, angular], {
        findings: [rich, suppressed],
        repositoryCpes: ['cpe:/o:x'],
        reasons: [{ code: 'unreadable-evidence', message: 'A jar is cut off.', path: 'a.jar' }],
      }),
    ]),
  )
  assert.equal(document.specVersion, '1.6')
  const { component } = document.metadata
  assert.equal(component.type, 'container')
  assert.equal(component.version, digestOf('1'))
  assert.equal(
    component.purl,
    `pkg:oci/app@${digestOf('1')}?arch=amd64&repository_url=registry.example%2Fteam%2Fapp&tag=1.0`,
  )
  const [system, libssl, core] = document.components
  assert.deepEqual([system.type, system.name, system.version], ['operating-system', 'debian', '12'])
  assert.deepEqual(libssl.licenses, [
    { license: { id: 'Apache-2.0' } },
    { license: { name: 'BSD-style, see file' } },
  ])
  assert.equal(libssl.purl, 'pkg:deb/debian/libssl3@3.0.9-1?arch=amd64&distro=debian-12&upstream=openssl')
  assert.deepEqual(core.licenses, [{ expression: 'MIT OR Apache-2.0' }])
  assert.equal(core.group, '@angular')
  assert.deepEqual(core.evidence.occurrences, [{ location: 'app/node_modules/@angular/core/package.json' }])
  assert.deepEqual(document.dependencies[0].dependsOn, [
    system['bom-ref'],
    libssl['bom-ref'],
    core['bom-ref'],
  ])
  const [vulnerability, other] = document.vulnerabilities
  assert.equal(vulnerability.id, 'CVE-2023-5363')
  assert.deepEqual(vulnerability.cwes, [684])
  assert.equal(vulnerability.published, '2023-10-25T18:17:43.000Z')
  assert.equal('updated' in vulnerability, false)
  assert.deepEqual(vulnerability.affects, [
    {
      ref: libssl['bom-ref'],
      versions: [
        { version: '3.0.9-1', status: 'affected' },
        { version: '3.0.11-1~deb12u2', status: 'unaffected' },
      ],
    },
  ])
  assert.deepEqual(vulnerability.ratings[1], {
    source: { name: 'NVD' },
    score: 7.5,
    severity: 'high',
    method: 'CVSSv31',
    vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
  })
  assert.deepEqual(
    vulnerability.advisories.map(({ url }: { url: string }) => url),
    [
      'https://osv.dev/vulnerability/DSA-5532-1',
      'https://www.openssl.org/news/secadv/20231024.txt',
      'https://example.org/a%20b%7Cc?d=%5Be%5D#f%23g',
    ],
  )
  assert.deepEqual(other.analysis, { state: 'false_positive', detail: 'Debian decides.' })
})

test('findings that differ in the fix do not share an entry; those that agree do', () => {
  const other = packageOf({ type: 'deb', name: 'openssl', version: '3.0.9-1' }, bookworm)
  const third = packageOf({ type: 'deb', name: 'libssl-dev', version: '3.0.9-1' }, bookworm)
  const document = written(
    setOf([
      reportOf([openssl, other, third], {
        findings: [
          findingOf(openssl, 'CVE-1'),
          findingOf(other, 'CVE-1'),
          findingOf(third, 'CVE-1', { fixState: 'not-fixed', fixedVersions: [], verdict: 'unknown' }),
        ],
      }),
    ]),
  )
  assert.deepEqual(
    document.vulnerabilities.map(({ affects }: { affects: unknown[] }) => affects.length),
    [2, 1],
  )
  assert.equal(document.vulnerabilities[1].affects[0].versions[0].status, 'unknown')
})

test('the platforms of an index are containers with their packages, and read back as one list', () => {
  const arm = packageOf({ ...openssl, arch: 'arm64', purl: undefined }, bookworm)
  const amdReport = reportOf([openssl, angular], { findings: [rich] })
  const armReport = reportOf([arm, angular], { image: imageOf('arm64'), findings: [findingOf(arm, 'CVE-2')] })
  const set = setOf([amdReport, armReport], {
    others: [{ reference: 'x', code: 'not-an-image', message: 'An attestation.' }],
  })
  const document = written(set)
  assert.deepEqual(
    document.components.map((component: { [name: string]: unknown }) => [
      component['type'],
      component['bom-ref'],
    ]),
    [
      ['container', 'linux/amd64'],
      ['container', 'linux/arm64'],
    ],
  )
  assert.equal(document.vulnerabilities[1].affects[0].ref, `linux/arm64 ${arm.purl}`)
  const read = readDocument(JSON.stringify(document))
  assert.equal(read.reference, set.reference)
  assert.equal(read.image, undefined)
  assert.deepEqual(read.distribution, bookworm)
  assert.deepEqual(
    read.packages.map((pack) => pack.purl),
    [openssl.purl, angular.purl, arm.purl],
  )
})

test('nothing, hostile texts and what no image is known of are valid too', () => {
  written(setOf([]))
  const { image: _, distribution: __, ...rest } = reportOf([])
  written(setOf([{ ...rest, source: 'sbom', reference: 'sbom:x' }]))
  const hostile = packageOf({
    type: 'npm',
    name: '__proto__',
    version: 'x'.repeat(2000),
    licenses: ['', 'MIT) AND (', '</script>\u0000', 'a'.repeat(5000)],
  })
  written(
    setOf([
      reportOf([hostile, hostile], {
        findings: [
          findingOf(hostile, 'not an id \ud800', { fixedVersions: ['y'.repeat(2000)] }),
          findingOf({ ...hostile, purl: 'pkg:npm/absent' }, 'CVE-3'),
        ],
      }),
    ]),
  )
})

test('the same set gives the same document, another set another serial number', () => {
  const set = setOf([reportOf([openssl])])
  assert.equal(writeDocument('cyclonedx', set), writeDocument('cyclonedx', set))
  assert.notEqual(
    written(set).serialNumber,
    written(setOf([reportOf([openssl], { assessedAt: '2026-01-03T00:00:00Z' })])).serialNumber,
  )
})
