import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DocumentFault } from './document-fault.ts'
import { readDocument } from './read-document.ts'
import { packageOf, reportOf, setOf } from './testing/reports.ts'
import { writeDocument } from './write-document.ts'

function faultOf(text: string): DocumentFault | undefined {
  try {
    readDocument(text)
    return undefined
  } catch (error) {
    if (error instanceof DocumentFault) return error
    throw error
  }
}

/** Values under the names that the readers look at, of any kind. */
const names = fc.constantFrom(
  'bomFormat',
  'specVersion',
  'metadata',
  'component',
  'components',
  'type',
  'name',
  'version',
  'purl',
  'licenses',
  'license',
  'id',
  'properties',
  'value',
  'spdxVersion',
  'packages',
  'SPDXID',
  'externalRefs',
  'referenceType',
  'referenceLocator',
  'annotations',
  'comment',
  'relationships',
  'schema',
  'reports',
  'image',
  'distribution',
  'repositoryCpes',
  'reasons',
  'predicate',
  '_type',
  '@context',
  '__proto__',
  'constructor',
)
const words = fc.constantFrom(
  'CycloneDX',
  '1.5',
  'SPDX-2.3',
  'lanner.report/1',
  'lanner:reference',
  'lanner:image',
  'lanner:package:confidence',
  'lanner:package:location',
  'declared',
  'container',
  'library',
  'operating-system',
  'pkg:npm/a@1',
  'pkg:deb/debian/a@1?distro=debian-12&upstream=%00',
  'pkg:rpm/a@1?upstream=a.src.rpm&epoch=x',
  'purl',
  'lanner:properties [{"name":"lanner:package:confidence","value":"declared"}]',
  'lanner:properties {',
  'https://in-toto.io/Statement/v1',
)
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    words,
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(names, tie('tree'), { maxKeys: 8, noNullPrototype: true }),
  ),
}))
const start = fc.constantFrom(
  { bomFormat: 'CycloneDX', specVersion: '1.5' },
  { spdxVersion: 'SPDX-2.3' },
  { schema: 'lanner.report/1' },
  {},
)

test('any JSON gives an inventory or a fault', () => {
  fc.assert(
    fc.property(start, fc.dictionary(names, tree, { maxKeys: 6, noNullPrototype: true }), (head, body) => {
      faultOf(JSON.stringify({ ...body, ...head }))
    }),
    { numRuns: 2000 },
  )
})

test('any tag-value gives an inventory or a fault', () => {
  const line = fc
    .tuple(
      fc.constantFrom(
        'PackageName',
        'SPDXID',
        'ExternalRef',
        'Relationship',
        'SPDXREF',
        'AnnotationComment',
        'LicenseID',
        'ExtractedText',
        'FileName',
        '',
      ),
      fc.oneof(
        words,
        fc.string(),
        fc.constantFrom('<text>', '</text>', 'PACKAGE-MANAGER purl pkg:npm/a@1', 'a DESCRIBES b'),
      ),
    )
    .map(([tag, value]) => `${tag}: ${value}`)
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      faultOf(`SPDXVersion: SPDX-2.3\n${lines.join('\n')}`)
    }),
    { numRuns: 500 },
  )
})

test('a document cut off anywhere gives a fault', () => {
  const set = setOf([reportOf([packageOf({ type: 'npm', name: 'a', version: '1' })])])
  for (const format of ['json', 'cyclonedx', 'spdx']) {
    const text = writeDocument(format, set)
    for (let end = 1; end < text.length - 2; end += 97)
      assert.equal(faultOf(text.slice(0, end))?.code, 'malformed', `${format} cut at ${end}`)
  }
})

test('depth is no way to break the reader', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  for (const text of [
    `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":${deep}}]}`,
    `{"@context":${deep}}`,
    `{"spdxVersion":"SPDX-2.3","packages":${deep}}`,
  ])
    faultOf(text)
  assert.equal(faultOf(deep)?.code, 'malformed')
})

test('messages carry no control characters of the document', () => {
  const steering = '\u001b[2J\u202e'
  for (const text of [
    JSON.stringify({ bomFormat: 'CycloneDX', specVersion: steering }),
    JSON.stringify({ spdxVersion: steering }),
    JSON.stringify({ schema: `lanner.report/${steering}` }),
    `{"a": ${steering}`,
    `SPDXVersion: SPDX-2.3\n${steering}: <text>`,
  ]) {
    const fault = faultOf(text)
    assert.ok(fault)
    assert.doesNotMatch(fault.message, /[\u0000-\u001f\u202e]/)
  }
  const { reasons } = readDocument(
    JSON.stringify({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      components: [{ type: 'library', name: `x${steering}` }],
    }),
  )
  assert.equal(reasons.length, 1)
  assert.doesNotMatch(reasons[0].message, /[\u0000-\u001f\u202e]/)
})

test('our own report must be what its schema says', () => {
  const report = JSON.parse(
    writeDocument('json', setOf([reportOf([packageOf({ type: 'npm', name: 'a', version: '1' })])])),
  )
  const changed = (
    change: (report: { packages: Record<string, unknown>[]; [name: string]: unknown }) => void,
  ) => {
    const copy = structuredClone(report)
    change(copy.reports[0])
    return faultOf(JSON.stringify(copy))
  }
  assert.equal(
    changed(() => {}),
    undefined,
  )
  for (const [change, message] of [
    [
      (r: { packages: Record<string, unknown>[] }) => (r.packages[0]['type'] = 'x'),
      /packages\[0\]\.type is not one of deb/,
    ],
    [
      (r: { packages: Record<string, unknown>[] }) => (r.packages[0]['version'] = 1),
      /packages\[0\]\.version is not a text/,
    ],
    [
      (r: { packages: Record<string, unknown>[] }) => delete r.packages[0]['purl'],
      /packages\[0\] has no field `purl`/,
    ],
    [
      (r: { packages: Record<string, unknown>[] }) => (r.packages[0]['locations'] = {}),
      /locations is not a list/,
    ],
    [(r: Record<string, unknown>) => (r['packages'] = 'x'), /packages is not a list/],
    [(r: Record<string, unknown>) => (r['image'] = { manifestDigest: 'sha256:x' }), /image/],
  ] as const) {
    const fault = changed(change)
    assert.equal(fault?.code, 'malformed')
    assert.match(fault.message, message)
  }
  assert.equal(faultOf(JSON.stringify({ ...report, schema: 'lanner.report/2' }))?.code, 'unsupported')
})
