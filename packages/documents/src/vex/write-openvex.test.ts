import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readVex } from './read.ts'
import { openVexDocument } from './write-openvex.ts'

const statements = [
  {
    vulnerability: 'CVE-2024-0001',
    aliases: ['GHSA-aaaa-bbbb-cccc'],
    status: 'not_affected',
    justification: 'inline_mitigations_already_exist',
    impact: 'filtered in front',
    timestamp: '2026-01-02T00:00:00.000Z',
    products: [
      {
        purl: `pkg:oci/checkout@sha256:${'ab'.repeat(32)}?repository_url=ghcr.io%2Fshop%2Fcheckout`,
        parts: ['pkg:npm/lodash@4.17.4'],
      },
    ],
  },
  {
    vulnerability: 'CVE-2024-0002',
    aliases: [],
    status: 'fixed',
    timestamp: '2026-01-03T00:00:00.000Z',
    products: [{ purl: 'pkg:npm/lodash@4.17.4', parts: [] }],
  },
] as const

const written = openVexDocument({
  id: 'urn:uuid:3e671687-395b-81f5-a30f-a58921a69b79',
  author: 'Acme',
  timestamp: '2026-02-03T04:05:06.000Z',
  version: 4,
  tooling: 'lanner 1.2.3',
  statements,
})

// https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md: the members that are required, and which words they take.
test('what is written has what OpenVEX 0.2.0 requires', () => {
  assert.equal(written['@context'], 'https://openvex.dev/ns/v0.2.0')
  for (const member of ['@id', 'author', 'timestamp']) assert.equal(typeof written[member], 'string')
  assert.ok(Number.isInteger(written['version']) && (written['version'] as number) >= 1)
  const known = ['@context', '@id', 'author', 'timestamp', 'version', 'tooling', 'statements']
  assert.deepEqual(Object.keys(written), known)
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what is asserted
  for (const statement of written['statements'] as any[]) {
    assert.match(statement.vulnerability.name, /^CVE-/)
    assert.ok(statement.products.length > 0)
    assert.ok(['not_affected', 'affected', 'fixed', 'under_investigation'].includes(statement.status))
    if (statement.status === 'not_affected')
      assert.ok(statement.justification !== undefined || statement.impact_statement !== undefined)
    for (const product of statement.products)
      for (const thing of [product, ...(product.subcomponents ?? [])]) {
        assert.match(thing['@id'], /^pkg:/)
        assert.equal(thing.identifiers.purl, thing['@id'])
      }
  }
})

test('what is written is read back', () => {
  const read = readVex(JSON.parse(JSON.stringify(written)))
  assert.deepEqual(
    [read.id, read.version, read.author, read.timestamp],
    ['urn:uuid:3e671687-395b-81f5-a30f-a58921a69b79', '4', 'Acme', '2026-02-03T04:05:06.000Z'],
  )
  const [first, second] = read.statements
  assert.equal(first?.problem, undefined)
  assert.deepEqual(
    [
      first?.vulnerability,
      first?.aliases,
      first?.status,
      first?.justification,
      first?.impact,
      first?.timestamp,
    ],
    [
      'CVE-2024-0001',
      ['GHSA-aaaa-bbbb-cccc'],
      'not_affected',
      'inline_mitigations_already_exist',
      'filtered in front',
      '2026-01-02T00:00:00.000Z',
    ],
  )
  assert.deepEqual(first?.products[0]?.image, {
    registry: 'ghcr.io',
    repository: 'shop/checkout',
    digest: `sha256:${'ab'.repeat(32)}`,
  })
  assert.deepEqual(
    first?.products[0]?.parts.map(({ purl }) => purl),
    ['pkg:npm/lodash@4.17.4'],
  )
  assert.equal(second?.products[0]?.purl, 'pkg:npm/lodash@4.17.4')
})
