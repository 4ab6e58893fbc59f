import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DocumentFault } from '../document-fault.ts'
import { readDocument } from '../read-document.ts'

/** A document of another tool: what its format says, written by hand. */
function bom(components: readonly unknown[], more: object = {}): string {
  return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components, ...more })
}

const properties = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }))

function faultOf(text: string): DocumentFault {
  try {
    readDocument(text)
  } catch (error) {
    assert.ok(error instanceof DocumentFault, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'the document was read' })
}

test('Syft: source, module, locations and distribution', () => {
  const read = readDocument(
    bom(
      [
        {
          type: 'library',
          publisher: 'GNU Libc Maintainers <debian-glibc@lists.debian.org>',
          name: 'libc6',
          version: '2.36-9+deb12u4',
          licenses: [{ license: { id: 'LGPL-2.1' } }, { license: { name: 'GPL-2' } }],
          purl: 'pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc',
          properties: properties({
            'syft:package:type': 'deb',
            'syft:location:0:layerID': `sha256:${'a'.repeat(64)}`,
            'syft:location:0:path': '/var/lib/dpkg/status',
            'syft:metadata:source': 'glibc',
          }),
        },
        {
          type: 'library',
          name: 'nodejs',
          version: '1:18.17.1-1.module+el9',
          purl: 'pkg:rpm/redhat/nodejs@18.17.1-1.module%2Bel9?arch=x86_64&distro=rhel-9.2&epoch=1&rpmmod=nodejs:18:9&upstream=nodejs-18.17.1-1.module%2Bel9.src.rpm',
        },
        {
          type: 'library',
          name: 'github.com/aws/aws-sdk-go-v2/service/s3',
          version: 'v1.2.3',
          purl: 'pkg:golang/github.com/aws/aws-sdk-go-v2@v1.2.3#service/s3',
        },
        { type: 'library', name: 'stdlib', version: 'go1.22.1', purl: 'pkg:golang/stdlib@1.22.1' },
        {
          type: 'operating-system',
          name: 'debian',
          version: '12',
          properties: properties({
            'syft:distro:id': 'debian',
            'syft:distro:prettyName': 'Debian GNU/Linux 12 (bookworm)',
            'syft:distro:versionCodename': 'bookworm',
            'syft:distro:versionID': '12',
          }),
        },
        { type: 'file', name: '/etc/passwd' },
      ],
      { metadata: { component: { type: 'container', name: 'debian:12', version: 'sha256:abc' } } },
    ),
  )
  assert.equal(read.reference, 'debian:12')
  assert.deepEqual(read.distribution, {
    id: 'debian',
    version: '12',
    codename: 'bookworm',
    name: 'Debian GNU/Linux 12 (bookworm)',
    like: [],
    path: '',
  })
  assert.deepEqual(read.reasons, [])
  const [libc, node, s3, stdlib] = read.packages
  assert.deepEqual(libc, {
    type: 'deb',
    name: 'libc6',
    version: '2.36-9+deb12u4',
    arch: 'amd64',
    source: { name: 'glibc' },
    licenses: ['LGPL-2.1', 'GPL-2'],
    vendor: 'GNU Libc Maintainers <debian-glibc@lists.debian.org>',
    confidence: 'declared',
    purl: 'pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc',
    locations: [
      {
        path: 'var/lib/dpkg/status',
        layer: `sha256:${'a'.repeat(64)}`,
        layerIndex: -1,
        extractor: 'document/syft',
      },
    ],
  })
  assert.equal(node.version, '1:18.17.1-1.module+el9')
  assert.deepEqual(node.source, { name: 'nodejs', version: '1:18.17.1-1.module+el9' })
  assert.equal(node.module, 'nodejs:18:9')
  assert.deepEqual([s3.namespace, s3.name], ['github.com/aws/aws-sdk-go-v2/service', 's3'])
  assert.equal(s3.subpath, undefined)
  assert.equal(stdlib.version, '1.22.1')
})

test('Trivy: source with epoch and release, layers by index, lock files are no packages', () => {
  const layers = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`]
  const read = readDocument(
    bom(
      [
        {
          type: 'operating-system',
          name: 'redhat',
          version: '9.2',
          properties: properties({
            'aquasecurity:trivy:Class': 'os-pkgs',
            'aquasecurity:trivy:Type': 'redhat',
          }),
        },
        {
          type: 'application',
          name: 'app/package-lock.json',
          properties: properties({
            'aquasecurity:trivy:Class': 'lang-pkgs',
            'aquasecurity:trivy:Type': 'npm',
          }),
        },
        {
          type: 'library',
          name: 'libacl',
          version: '2.3.1-3.el9',
          purl: 'pkg:rpm/redhat/libacl@2.3.1-3.el9?arch=x86_64&distro=redhat-9.2&epoch=2',
          properties: properties({
            'aquasecurity:trivy:LayerDiffID': layers[1],
            'aquasecurity:trivy:PkgType': 'redhat',
            'aquasecurity:trivy:SrcEpoch': '2',
            'aquasecurity:trivy:SrcName': 'acl',
            'aquasecurity:trivy:SrcRelease': '3.el9',
            'aquasecurity:trivy:SrcVersion': '2.3.1',
            'aquasecurity:trivy:FilePath': 'var/lib/rpm/rpmdb.sqlite',
          }),
        },
        {
          type: 'library',
          name: 'bsdutils',
          version: '2.38.1-5',
          purl: 'pkg:deb/debian/bsdutils@2.38.1-5?arch=amd64&distro=debian-12.5&epoch=1',
        },
      ],
      {
        metadata: {
          component: {
            type: 'container',
            name: 'app:1',
            version: '',
            purl: 'pkg:oci/app@sha256:1',
            properties: layers.map((value) => ({ name: 'aquasecurity:trivy:DiffID', value })),
          },
        },
      },
    ),
  )
  assert.deepEqual([read.distribution?.id, read.distribution?.version], ['rhel', '9.2'])
  const [acl, bsdutils] = read.packages
  assert.equal(read.packages.length, 2)
  assert.equal(acl.version, '2:2.3.1-3.el9')
  assert.deepEqual(acl.source, { name: 'acl', version: '2:2.3.1-3.el9' })
  assert.deepEqual(acl.locations, [
    { path: 'var/lib/rpm/rpmdb.sqlite', layer: layers[1], layerIndex: 1, extractor: 'document/trivy' },
  ])
  assert.equal(bsdutils.version, '1:2.38.1-5')
  assert.deepEqual(read.reasons, [])
})

test('a Go module keeps the letters of its name where the purl lowers them', () => {
  const module = { type: 'library', version: 'v1.4.0', purl: 'pkg:golang/github.com/burntsushi/toml@v1.4.0' }
  const listedAs = (name: string) => {
    const [{ namespace, name: last }] = readDocument(bom([{ ...module, name }])).packages
    return `${namespace}/${last}`
  }
  assert.equal(listedAs('github.com/BurntSushi/toml'), 'github.com/BurntSushi/toml')
  assert.equal(listedAs('toml'), 'github.com/burntsushi/toml')
})

test('npm and cdxgen: scopes, development, groups, nested components, distribution from purls', () => {
  const read = readDocument(
    bom([
      {
        type: 'library',
        name: '@babel/core',
        version: '7.0.0',
        purl: 'pkg:npm/%40babel/core@7.0.0',
        properties: properties({ 'cdx:npm:package:development': 'true' }),
        components: [
          {
            type: 'library',
            group: 'org.slf4j',
            name: 'slf4j-api',
            version: '2.0.0',
            purl: 'pkg:maven/org.slf4j/slf4j-api@2.0.0?type=jar',
          },
        ],
      },
      {
        type: 'library',
        group: 'alpine',
        name: 'musl',
        version: '1.2.4-r2',
        purl: 'pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.18.6&distro_name=alpine-3.18',
      },
    ]),
  )
  const [babel, musl, slf4j] = read.packages
  assert.deepEqual([babel.namespace, babel.name, babel.development], ['@babel', 'core', true])
  assert.deepEqual([musl.name, musl.namespace, musl.qualifiers], ['musl', undefined, undefined])
  assert.deepEqual(
    [slf4j.namespace, slf4j.name, slf4j.qualifiers],
    ['org.slf4j', 'slf4j-api', { type: 'jar' }],
  )
  assert.deepEqual([read.distribution?.id, read.distribution?.version], ['alpine', '3.18.6'])
})

for (const [qualifier, purlType, id, version] of [
  ['bookworm', 'deb/debian', 'debian', '12'],
  ['jammy', 'deb/ubuntu', 'ubuntu', '22.04'],
  ['opensuse-leap-15.5', 'rpm/opensuse', 'opensuse-leap', '15.5'],
  ['amazon-2 (Karoo)', 'rpm/amazon', 'amzn', '2'],
  ['oracle-8.9', 'rpm/oracle', 'ol', '8.9'],
  ['wolfi', 'apk/wolfi', 'wolfi', undefined],
  ['nonesuch', 'deb/debian', undefined, undefined],
] as const) {
  test(`distro=${qualifier} is ${id ?? 'not known'} ${version ?? ''}`, () => {
    const purl = `pkg:${purlType}/x@1?distro=${encodeURIComponent(qualifier)}`
    const { distribution } = readDocument(bom([{ type: 'library', name: 'x', purl }]))
    assert.deepEqual([distribution?.id, distribution?.version], [id, version])
  })
}

test('packages of two distributions leave it open, and it is said', () => {
  const read = readDocument(
    bom([
      { type: 'library', name: 'a', purl: 'pkg:deb/debian/a@1?distro=debian-11' },
      { type: 'library', name: 'b', purl: 'pkg:deb/debian/b@1?distro=debian-12' },
    ]),
  )
  assert.equal(read.distribution, undefined)
  assert.equal(read.packages.length, 2)
  assert.equal(read.reasons[0].code, 'no-distribution')
  assert.match(read.reasons[0].message, /debian 11, debian 12/)
})

test('what cannot be a package is counted, not dropped in silence', () => {
  const read = readDocument(
    bom([
      { type: 'library', name: 'mystery', version: '1' },
      { type: 'library', name: 'broken', purl: 'pkg:' },
      { type: 'library', name: 'x', purl: 'pkg:huggingface/x@1' },
      { type: 'library', name: 'versionless', purl: 'pkg:npm/versionless' },
      {
        type: 'library',
        name: 'left-pad',
        version: '1.3.0',
        properties: properties({ 'syft:package:type': 'npm' }),
      },
      {
        type: 'library',
        name: 'guava',
        version: '1',
        properties: properties({ 'syft:package:type': 'java-archive' }),
      },
    ]),
  )
  assert.deepEqual(
    read.packages.map((pack) => pack.purl),
    ['pkg:npm/versionless', 'pkg:npm/left-pad@1.3.0'],
  )
  assert.deepEqual(
    read.reasons.map(({ code, informational }) => [code, informational]),
    [
      ['unreadable-evidence', true],
      ['unreadable-evidence', true],
      ['unknown-versions', true],
    ],
  )
  assert.match(read.reasons[0].message, /^3 components .*: mystery, broken, guava\.$/)
})

test('a scope encoded with the name is a scope, and occurrences are places', () => {
  const [pack] = readDocument(
    bom([
      {
        type: 'library',
        name: '@scope/name',
        version: '1.1.3',
        purl: 'pkg:npm/%40scope%2Fname@1.1.3',
        evidence: { occurrences: [{ location: '/srv/node_modules/@scope/name/package.json' }] },
      },
    ]),
  ).packages
  assert.deepEqual([pack.namespace, pack.name], ['@scope', 'name'])
  assert.deepEqual(pack.locations, [
    {
      path: 'srv/node_modules/@scope/name/package.json',
      layer: '',
      layerIndex: -1,
      extractor: 'document/cyclonedx',
    },
  ])
})

test('a package listed twice is one, in both places', () => {
  const component = (path: string) => ({
    type: 'library',
    name: 'a',
    purl: 'pkg:npm/a@1',
    properties: properties({ 'syft:location:0:path': path }),
  })
  const [pack, ...others] = readDocument(bom([component('/x'), component('/y'), component('/x')])).packages
  assert.deepEqual(others, [])
  assert.deepEqual(
    pack.locations.map(({ path }) => path),
    ['x', 'y'],
  )
})

test('hostile documents give a fault or nothing', () => {
  assert.equal(faultOf('').code, 'malformed')
  assert.equal(faultOf('{').code, 'malformed')
  assert.equal(faultOf('[]').code, 'malformed')
  assert.equal(faultOf('{}').code, 'malformed')
  assert.equal(faultOf('hello').code, 'malformed')
  assert.equal(faultOf('<html>').code, 'malformed')
  const xml = faultOf('<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>')
  assert.equal(xml.code, 'unsupported')
  assert.match(xml.message, /CycloneDX in XML/)
  assert.equal(faultOf(bom([], { specVersion: '2.0' })).code, 'unsupported')
  assert.equal(faultOf('{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}').code, 'unsupported')
  assert.equal(faultOf('{"payloadType":"application/vnd.in-toto+json","payload":"e30="}').code, 'unsupported')
  let nested: unknown = { type: 'library', name: 'x' }
  for (let depth = 0; depth < 100; depth++) nested = { type: 'library', name: 'x', components: [nested] }
  assert.equal(faultOf(bom([nested])).code, 'limit-exceeded')
  assert.equal(
    faultOf(`{"bomFormat":"CycloneDX","specVersion":"1.5","components":[${'1,'.repeat(500_001)}1]}`).code,
    'limit-exceeded',
  )
  assert.deepEqual(
    readDocument('{"bomFormat":"CycloneDX","specVersion":"1.5","components":{"__proto__":1},"metadata":7}')
      .packages,
    [],
  )
  const strange = [
    null,
    1,
    'x',
    [],
    {},
    { name: 5, purl: {}, licenses: 'x', properties: [null, { name: 1 }] },
  ]
  assert.deepEqual(readDocument(bom(strange)).packages, [])
})

test('a document of prototype names leaves prototypes alone', () => {
  const text = `{"bomFormat":"CycloneDX","specVersion":"1.5","__proto__":{"polluted":1},"components":[
    {"type":"library","name":"__proto__","purl":"pkg:npm/__proto__@1?__proto__=1&constructor=2",
     "properties":[{"name":"__proto__","value":"x"},{"name":"lanner:package:confidence","value":"declared"},
                   {"name":"lanner:package:qualifier:__proto__","value":"y"}]}]}`
  const [pack] = readDocument(text).packages
  assert.equal(pack.name, '__proto__')
  assert.equal(Object.getPrototypeOf(pack.qualifiers), Object.prototype)
  assert.equal(({} as { polluted?: unknown }).polluted, undefined)
})

test('properties that only look like ours are a fault where they must hold JSON', () => {
  const main = (value: string) =>
    bom([], {
      metadata: {
        component: {
          type: 'container',
          name: 'x',
          properties: [
            { name: 'lanner:reference', value: 'x' },
            { name: 'lanner:image', value },
          ],
        },
      },
    })
  assert.equal(faultOf(main('{')).code, 'malformed')
  assert.match(faultOf(main('{"reference":"x"}')).message, /lanner:image has no field `manifestDigest`/)
})

test('an in-toto statement is read for its predicate', () => {
  const predicate = JSON.parse(bom([{ type: 'library', name: 'a', purl: 'pkg:npm/a@1' }]))
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://cyclonedx.org/bom',
    predicate,
  }
  assert.equal(readDocument(JSON.stringify(statement)).packages.length, 1)
})
