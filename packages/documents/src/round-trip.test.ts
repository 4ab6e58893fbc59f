import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Package, packageTypes, purlOf, type Report } from '@lanner/model'
import fc from 'fast-check'
import { readDocument } from './read-document.ts'
import { digestOf, reportOf, setOf } from './testing/reports.ts'
import { writeDocument } from './write-document.ts'

/** The formats that carry an inventory; SARIF carries findings only. */
const inventoryFormats = ['json', 'cyclonedx', 'spdx'] as const

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9+._~-]{0,12}$/)
/** Whatever people write into package databases, empty texts left out. */
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((value) => value.trim() === value)
const license = fc.oneof(
  text,
  fc.constantFrom(
    'MIT',
    'mit',
    'GPL-2+',
    'MIT OR Apache-2.0',
    'GPL-2.0-only WITH Classpath-exception-2.0',
    'LicenseRef-x',
    'NONE',
    'NOASSERTION',
  ),
  fc.string({ minLength: 201, maxLength: 250 }).filter((value) => value.trim() === value),
)
const optional = { requiredKeys: [] as [] }
const distribution = fc.record(
  {
    id: fc.constantFrom('debian', 'alpine', 'rhel', 'sles', 'wolfi'),
    version: word,
    like: fc.array(word, { maxLength: 2 }),
    name: text,
    cpe: text,
    path: text,
  },
  { requiredKeys: ['id', 'like', 'path'] },
)
const location = fc.record({
  path: text,
  layer: fc.constantFrom(digestOf('a'), digestOf('b'), ''),
  layerIndex: fc.integer({ min: -1, max: 200 }),
  extractor: fc.constantFrom('os/dpkg', 'language/node/package-json'),
})
const facts = fc
  .tuple(
    fc.record({
      type: fc.constantFrom(...packageTypes),
      name: fc.oneof(word, text),
      version: fc.oneof(word, fc.constantFrom('1:2.0-1', '0:1-1', '(devel)', '1.0+b1', '')),
      confidence: fc.constantFrom('declared', 'embedded', 'inferred', 'matched'),
      locations: fc.array(location, { maxLength: 3 }),
    }),
    fc.record(
      {
        namespace: fc.oneof(word, text, fc.constantFrom('@scope', 'github.com/a/b')),
        arch: word,
        source: fc.record({ name: fc.oneof(word, text), version: word }, { requiredKeys: ['name'] }),
        licenses: fc.array(license, { minLength: 1, maxLength: 3 }),
        module: fc.constantFrom('nodejs:18:8090020231:a75119d5'),
        vendor: text,
        qualifiers: fc.dictionary(
          fc.constantFrom('platform', 'epoch', 'upstream', 'vcs_revision', 'distro'),
          word,
          { minKeys: 1, maxKeys: 2 },
        ),
        subpath: word,
        inner: text,
        development: fc.boolean(),
        owner: text,
      },
      optional,
    ),
  )
  .map(([known, more]) => structuredClone({ ...known, ...more }))

const report = fc
  .tuple(
    fc.option(distribution, { nil: undefined }),
    fc.array(facts, { maxLength: 6 }),
    fc.array(text, { maxLength: 2 }),
  )
  .map(([system, list, repositoryCpes]): Report => {
    const packages = new Map<string, Package>()
    for (const item of list) {
      const purl = purlOf(item, system)
      packages.set(purl, { ...item, purl })
    }
    const { distribution: _, ...rest } = reportOf([...packages.values()], { repositoryCpes })
    return { ...rest, ...(system ? { distribution: structuredClone(system) } : {}) }
  })

function inventoryOf(found: Report) {
  return {
    reference: found.reference,
    image: found.image,
    ...(found.distribution ? { distribution: found.distribution } : {}),
    packages: found.packages,
    repositoryCpes: found.repositoryCpes,
    reasons: [],
  }
}

for (const format of inventoryFormats) {
  test(`any report written as ${format} reads back with the same packages`, () => {
    fc.assert(
      fc.property(report, (written) => {
        const read = readDocument(writeDocument(format, setOf([written])))
        assert.deepEqual(read, inventoryOf(written))
      }),
      { numRuns: 300 },
    )
  })
}
