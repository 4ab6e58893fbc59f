import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DocumentFault } from '../document-fault.ts'
import { readDocument } from '../read-document.ts'
import { bookworm, findingOf, imageOf, packageOf, reportOf, setOf } from '../testing/reports.ts'
import { writeDocument } from '../write-document.ts'

const openssl = packageOf(
  {
    type: 'deb',
    name: 'libssl3',
    version: '3.0.9-1',
    arch: 'amd64',
    source: { name: 'openssl' },
    licenses: ['Apache-2.0', 'GPL-2+ or so', 'MIT OR BSD-3-Clause'],
    vendor: 'Debian OpenSSL Team',
  },
  bookworm,
)
const arm = packageOf({ ...openssl, arch: 'arm64', purl: undefined }, bookworm)

interface SpdxPackage {
  readonly [name: string]: unknown
  readonly SPDXID: string
  readonly externalRefs?: readonly { readonly [name: string]: string }[]
}

test('what is written has every field that SPDX 2.3 requires, in the form it requires', () => {
  const set = setOf([
    reportOf([openssl], { findings: [findingOf(openssl, 'CVE-2023-5363')] }),
    reportOf([arm], { image: imageOf('arm64') }),
  ])
  const document = JSON.parse(writeDocument('spdx', set))
  // Clause 6: document creation information.
  assert.equal(document.spdxVersion, 'SPDX-2.3')
  assert.equal(document.dataLicense, 'CC0-1.0')
  assert.equal(document.SPDXID, 'SPDXRef-DOCUMENT')
  assert.equal(document.name, set.reference)
  assert.match(document.documentNamespace, /^urn:uuid:[0-9a-f-]{36}$/)
  assert.match(document.creationInfo.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.deepEqual(document.creationInfo.creators, ['Tool: lanner-0.1.0'])
  // Clause 7: packages.
  const packages = document.packages as SpdxPackage[]
  const ids = new Set(packages.map((pack) => pack.SPDXID))
  assert.equal(ids.size, packages.length)
  for (const pack of packages) {
    assert.match(pack.SPDXID, /^SPDXRef-[A-Za-z0-9.-]+$/)
    assert.equal(typeof pack['name'], 'string')
    assert.equal(pack['downloadLocation'], 'NOASSERTION')
    assert.equal(pack['filesAnalyzed'], false)
    for (const reference of pack.externalRefs ?? []) assert.doesNotMatch(reference['referenceLocator'], /\s/)
  }
  // Clause 10: every reference to a licence that is not on the list is explained.
  const libssl = packages.find((pack) => pack['name'] === 'libssl3')
  assert.ok(libssl)
  const [info] = document.hasExtractedLicensingInfos
  assert.match(info.licenseId, /^LicenseRef-[A-Za-z0-9.-]+$/)
  assert.equal(info.extractedText, 'GPL-2+ or so')
  assert.equal(libssl['licenseDeclared'], `Apache-2.0 AND ${info.licenseId} AND (MIT OR BSD-3-Clause)`)
  assert.equal(libssl['supplier'], 'Organization: Debian OpenSSL Team')
  assert.deepEqual(libssl.externalRefs?.[0], {
    referenceCategory: 'PACKAGE-MANAGER',
    referenceType: 'purl',
    referenceLocator: openssl.purl,
  })
  assert.equal(
    libssl.externalRefs?.[1]?.['referenceLocator'],
    'https://nvd.nist.gov/vuln/detail/CVE-2023-5363',
  )
  // Clause 11: relationships name elements of the document.
  const relationships = document.relationships as Record<string, string>[]
  for (const relationship of relationships) {
    assert.ok(ids.has(relationship['relatedSpdxElement']))
    assert.ok(relationship['spdxElementId'] === 'SPDXRef-DOCUMENT' || ids.has(relationship['spdxElementId']))
  }
  assert.equal(relationships.filter((item) => item['relationshipType'] === 'DESCRIBES').length, 2)
})

test('several images read back as one list', () => {
  const read = readDocument(writeDocument('spdx', setOf([reportOf([openssl]), reportOf([arm])])))
  assert.deepEqual(read.packages, [openssl, arm])
  assert.deepEqual(read.distribution, bookworm)
})

const syftSpdx = {
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'alpine',
  packages: [
    {
      name: 'musl',
      SPDXID: 'SPDXRef-Package-apk-musl',
      versionInfo: '1.2.4-r2',
      supplier: 'Person: Natanael Copa (ncopa@alpinelinux.org)',
      sourceInfo: 'acquired package info from APK DB: /lib/apk/db/installed',
      licenseConcluded: 'NOASSERTION',
      licenseDeclared: 'MIT',
      externalRefs: [
        {
          referenceCategory: 'SECURITY',
          referenceType: 'cpe23Type',
          referenceLocator: 'cpe:2.3:a:musl:musl:1:*',
        },
        {
          referenceCategory: 'PACKAGE-MANAGER',
          referenceType: 'purl',
          referenceLocator: 'pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.18.6',
        },
      ],
    },
    {
      name: 'alpine',
      SPDXID: 'SPDXRef-DocumentRoot-Image-alpine',
      versionInfo: 'sha256:abc',
      primaryPackagePurpose: 'CONTAINER',
      externalRefs: [
        {
          referenceCategory: 'PACKAGE_MANAGER',
          referenceType: 'purl',
          referenceLocator: 'pkg:oci/alpine@sha256:abc',
        },
      ],
    },
  ],
  relationships: [
    {
      spdxElementId: 'SPDXRef-DOCUMENT',
      relatedSpdxElement: 'SPDXRef-DocumentRoot-Image-alpine',
      relationshipType: 'DESCRIBES',
    },
  ],
}

test('SPDX of Syft: evidence from sourceInfo, the image is no package of itself', () => {
  const read = readDocument(JSON.stringify(syftSpdx))
  assert.equal(read.reference, 'alpine')
  assert.deepEqual([read.distribution?.id, read.distribution?.version], ['alpine', '3.18.6'])
  assert.deepEqual(read.reasons, [])
  assert.deepEqual(read.packages, [
    {
      type: 'apk',
      name: 'musl',
      version: '1.2.4-r2',
      arch: 'x86_64',
      licenses: ['MIT'],
      vendor: 'Natanael Copa (ncopa@alpinelinux.org)',
      confidence: 'declared',
      purl: 'pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.18.6',
      locations: [{ path: 'lib/apk/db/installed', layer: '', layerIndex: -1, extractor: 'document/syft' }],
    },
  ])
})

test('SPDX of Trivy: source package, operating system, layers', () => {
  const purl = 'pkg:deb/debian/libssl3@3.0.9-1?arch=amd64&distro=debian-12.1'
  const layer = `sha256:${'a'.repeat(64)}`
  const read = readDocument(
    JSON.stringify({
      spdxVersion: 'SPDX-2.2',
      documentDescribes: ['SPDXRef-ContainerImage-1'],
      packages: [
        {
          name: 'app.tar',
          SPDXID: 'SPDXRef-ContainerImage-1',
          attributionTexts: ['SchemaVersion: 2', `DiffID: sha256:${'b'.repeat(64)}`, `DiffID: ${layer}`],
        },
        { name: 'debian', SPDXID: 'SPDXRef-OperatingSystem-2e91c856c499a371', versionInfo: '12.1' },
        {
          name: 'libssl3',
          SPDXID: 'SPDXRef-1',
          versionInfo: '3.0.9-1',
          sourceInfo: 'built package from: openssl 3.0.9-1',
          attributionTexts: [
            'PkgID: libssl3@3.0.9-1',
            `LayerDiffID: ${layer}`,
            'FilePath: var/lib/dpkg/status',
          ],
          externalRefs: [
            { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl },
          ],
        },
      ],
    }),
  )
  assert.deepEqual([read.distribution?.id, read.distribution?.version], ['debian', '12.1'])
  assert.equal(read.reference, 'app.tar')
  assert.deepEqual(read.reasons, [])
  const [libssl] = read.packages
  assert.deepEqual(libssl.source, { name: 'openssl', version: '3.0.9-1' })
  assert.deepEqual([libssl.locations[0].layer, libssl.locations[0].layerIndex], [layer, 1])
})

test('tag-value gives what JSON gives', () => {
  const text = `# made by hand
SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: alpine
DocumentNamespace: https://example.org/alpine
Creator: Tool: syft-1.0
Created: 2024-01-01T00:00:00Z

##### Package: musl
PackageName: musl
SPDXID: SPDXRef-Package-apk-musl
PackageVersion: 1.2.4-r2
PackageSupplier: Person: Natanael Copa (ncopa@alpinelinux.org)
PackageDownloadLocation: NONE
PackageSourceInfo: <text>acquired package info from APK DB: /lib/apk/db/installed</text>
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: LicenseRef-odd
PackageCopyrightText: <text>several
PackageName: not a package
lines</text>
ExternalRef: PACKAGE-MANAGER purl pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.18.6

PackageName: alpine
SPDXID: SPDXRef-Image
PrimaryPackagePurpose: CONTAINER
PackageDownloadLocation: NOASSERTION

FileName: ./etc/passwd
SPDXID: SPDXRef-File

LicenseID: LicenseRef-odd
ExtractedText: <text>An odd licence</text>

Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Image
`
  const read = readDocument(text)
  const [musl] = syftSpdx.packages
  const expected = readDocument(
    JSON.stringify({
      ...syftSpdx,
      packages: [{ ...musl, licenseDeclared: 'An odd licence' }, syftSpdx.packages[1]],
    }),
  )
  assert.deepEqual(read, expected)
  assert.deepEqual(readDocument(text.replaceAll('\n', '\r\n')), expected)
})

test('what is not read says what it is', () => {
  const message = (text: string) => {
    try {
      readDocument(text)
    } catch (error) {
      if (error instanceof DocumentFault) return `${error.code}: ${error.message}`
      throw error
    }
    return 'read'
  }
  assert.match(
    message('{"spdxVersion":"SPDX-2.1"}'),
    /^unsupported: .*SPDX-2\.1; SPDX-2\.2 and SPDX-2\.3 are read/,
  )
  assert.match(message('SPDXVersion: SPDX-3.0\n'), /^unsupported: /)
  assert.match(message('spdxVersion: SPDX-2.3\npackages: []\n'), /^unsupported: .*YAML/)
  assert.match(message('<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#">'), /^unsupported: .*RDF/)
  assert.match(message('{"spdxVersion":"SPDX-2.3","packages":{}}'), /^malformed: /)
  assert.match(message('SPDXVersion: SPDX-2.3\nPackageName: <text>endless'), /^malformed: .*PackageName/)
})
