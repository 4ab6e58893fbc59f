import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { readDocument } from '../read-document.ts'
import { bookworm, findingOf, imageOf, packageOf, reportOf, setOf } from '../testing/reports.ts'
import { writeDocument } from '../write-document.ts'
import { reportSchemaPage } from './page.ts'
import { reportParts, reportSchema } from './schema.ts'
import type { SchemaNode } from './schema-node.ts'

/** The schema with every object closed: then a valid document holds no field that is not documented. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed)
  if (typeof node !== 'object' || node === null) return node
  const copy = Object.fromEntries(Object.entries(node).map(([name, child]) => [name, closed(child)]))
  return 'properties' in node && 'required' in node ? { ...copy, additionalProperties: false } : copy
}

const ajv = new Ajv2020({ allErrors: true })
addFormats.default(ajv)
const valid = ajv.compile(closed(reportSchema) as object)

const pack = packageOf(
  {
    type: 'rpm',
    name: 'nodejs',
    version: '1:18.1-1.module',
    arch: 'x86_64',
    namespace: 'redhat',
    source: { name: 'nodejs', version: '1:18.1-1.module' },
    licenses: ['MIT and BSD'],
    module: 'nodejs:18:1:c',
    vendor: 'Red Hat, Inc.',
    qualifiers: { z: '1', a: '2' },
    subpath: 'x',
    inner: 'y',
    development: false,
    owner: 'pkg:rpm/redhat/x@1',
  },
  bookworm,
)

/** Every field of the model, so that none can be lost unseen. */
const full = setOf(
  [
    reportOf([pack], {
      image: imageOf('arm64', {
        indexDigest: imageOf('amd64').manifestDigest,
        created: '2026-01-01T00:00:00Z',
        command: ['-x'],
        platform: { os: 'linux', architecture: 'arm64', variant: 'v8', osVersion: '10' },
      }),
      distribution: { ...bookworm, like: ['x'], variant: 'container', cpe: 'cpe:/o:debian:debian_linux:12' },
      repositoryCpes: ['cpe:/o:x'],
      state: 'partially',
      reasons: [
        { code: 'limit-exceeded', message: 'Too large.', path: 'a/b' },
        { code: 'no-feed', message: 'Fixes only.', informational: true },
      ],
      advisories: {
        revision: 'r',
        sources: [
          { source: 'kev', records: 1, newest: '2026-01-01T00:00:00Z', checked: '2026-01-01T00:00:00Z' },
        ],
      },
      findings: [
        findingOf(pack, 'CVE-1', {
          vulnerability: {
            id: 'CVE-1',
            aliases: ['GHSA-1'],
            title: 't',
            description: 'd',
            published: '2026-01-01T00:00:00Z',
            modified: '2026-01-01T00:00:00Z',
            cvss: [{ version: '4.0', vector: 'CVSS:4.0/…', score: 9.3, source: 'GHSA-1' }],
            epss: { score: 0.5, percentile: 0.9, date: '2026-01-01' },
            exploited: { dateAdded: '2026-01-01', dueDate: '2026-02-01', ransomware: true },
            cwes: ['CWE-79'],
            references: ['https://example.org'],
            malicious: true,
          },
          evidence: [
            {
              advisory: 'RHSA-1',
              feed: 'redhat-vex',
              ecosystem: 'Red Hat',
              name: 'nodejs',
              matchedBy: 'name',
              version: '1',
              verdict: 'unknown',
              scheme: 'rpm',
              range: 'fixed 2',
              fixedVersions: [],
              fixState: 'will-not-fix',
              fixReason: 'Out of support scope',
              note: 'n',
            },
          ],
          suppressed: { reason: 'owned-by-os-package', by: 'pkg:rpm/x@1', explanation: 'e' },
        }),
      ],
    }),
  ],
  { others: [{ reference: 'r', digest: 'd', platform: 'p', code: 'unreadable', message: 'm' }] },
)

test('the schema is valid JSON Schema, and a full report is valid against it, every field of it', () => {
  const document = JSON.parse(writeDocument('json', full))
  assert.equal(valid(document), true, JSON.stringify(valid.errors, null, 1))
  const { schema, ...rest } = document
  assert.equal(schema, 'lanner.report/1')
  assert.deepEqual(rest, full)
})

test('an empty set and a report without an image are valid', () => {
  for (const set of [setOf([]), setOf([reportOf([])])]) {
    assert.equal(valid(JSON.parse(writeDocument('json', set))), true, JSON.stringify(valid.errors))
  }
})

test('the schema refuses what is not a report', () => {
  const document = JSON.parse(writeDocument('json', full))
  for (const wrong of [
    { ...document, schema: 'lanner.report/2' },
    { ...document, reports: [{ ...document.reports[0], state: 'clean' }] },
    { ...document, reports: [{ ...document.reports[0], surprise: 1 }] },
  ])
    assert.equal(valid(wrong), false)
})

test('keys are in the order of the schema whatever the order of the set, maps by key', () => {
  const [report] = full.reports
  const turned = Object.fromEntries(Object.entries(report).reverse()) as typeof report
  const text = writeDocument('json', full)
  assert.equal(writeDocument('json', { ...full, reports: [turned] }), text)
  assert.deepEqual(Object.keys(JSON.parse(text)), ['schema', 'reference', 'tool', 'reports', 'others'])
  assert.deepEqual(Object.keys(JSON.parse(text).reports[0].packages[0].qualifiers), ['a', 'z'])
  assert.match(text, /^\{\n {2}"schema"/)
  assert.ok(text.endsWith('}\n'))
})

test('what could not be read stays a reason; what matching found is left to matching', () => {
  const { reasons } = readDocument(writeDocument('json', full))
  assert.deepEqual(reasons, [{ code: 'limit-exceeded', message: 'Too large.', path: 'a/b' }])
})

test('the page has a row for every field of every part, with a meaning', () => {
  const page = reportSchemaPage()
  const fields = (node: SchemaNode): string[] => Object.keys(node.properties ?? {})
  for (const [name, node] of Object.entries(reportParts)) {
    const section = page.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? ''
    for (const field of fields(node))
      assert.match(section, new RegExp(`^\\| \`${field}\` \\| .+ \\| (yes|no) \\| .+ \\|$`, 'm'))
  }
  for (const field of ['schema', 'reference', 'tool', 'tool.version', 'reports', 'others'])
    assert.match(page, new RegExp(`^\\| \`${field}\` `, 'm'))
})
