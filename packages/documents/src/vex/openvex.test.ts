import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readVex } from './read.ts'
import { at, digest, lines, only, openVex } from './testing/documents.ts'

test('OpenVEX: all that a statement says', () => {
  const read = readVex(
    openVex([
      {
        '@id': 'https://acme.example/vex/7#1',
        vulnerability: {
          '@id': 'https://nvd.nist.gov/vuln/detail/CVE-2024-0001',
          name: 'CVE-2024-0001',
          aliases: ['GHSA-aaaa-bbbb-cccc'],
        },
        timestamp: '2026-02-04T00:00:00Z',
        products: [
          {
            '@id': `pkg:oci/checkout@${digest}?repository_url=ghcr.io/shop/checkout&arch=amd64`,
            subcomponents: [{ '@id': 'pkg:npm/lodash@4.17.4' }, { identifiers: { purl: 'pkg:npm/x@1' } }],
          },
        ],
        status: 'not_affected',
        justification: 'component_not_present',
        impact_statement: 'the module is removed\u001b[31m',
      },
    ]),
  )
  assert.deepEqual(
    { ...read, statements: [] },
    {
      format: 'openvex',
      id: 'https://acme.example/vex/7',
      version: '3',
      author: 'Acme Security',
      timestamp: at,
      statements: [],
    },
  )
  const { products, ...statement } = only(read)
  assert.deepEqual(statement, {
    vulnerability: 'CVE-2024-0001',
    aliases: ['GHSA-aaaa-bbbb-cccc'],
    status: 'not_affected',
    justification: 'component_not_present',
    impact: 'the module is removed[31m',
    timestamp: '2026-02-04T00:00:00.000Z',
  })
  assert.deepEqual(lines(products), [
    `ghcr.io shop/checkout - ${digest} amd64 > pkg:npm/lodash@4.17.4 > pkg:npm/x@1`,
  ])
})

test('OpenVEX: a statement takes its time from the document, whose last update is its newest', () => {
  const statement = { vulnerability: { name: 'CVE-1' }, products: [{ '@id': 'pkg:npm/x' }], status: 'fixed' }
  assert.equal(only(readVex(openVex([statement]))).timestamp, at)
  const updated = readVex(openVex([statement], { last_updated: '2026-03-01T00:00:00Z' }))
  assert.equal(updated.timestamp, '2026-03-01T00:00:00.000Z')
  assert.equal(only(updated).timestamp, '2026-03-01T00:00:00.000Z')
})

test('OpenVEX 0.0.x: vulnerabilities and products are texts, parts stand beside them', () => {
  const statement = only(
    readVex(
      openVex(
        [
          {
            vulnerability: 'CVE-2024-0001',
            products: [`pkg:oci/checkout@${digest}`],
            subcomponents: ['pkg:npm/lodash'],
            status: 'fixed',
          },
        ],
        { '@context': 'https://openvex.dev/ns' },
      ),
    ),
  )
  assert.equal(statement.vulnerability, 'CVE-2024-0001')
  assert.deepEqual(lines(statement.products), [`- - - ${digest} - > pkg:npm/lodash`])
})

for (const [what, statement, problem] of [
  ['no vulnerability', { products: [], status: 'fixed' }, /names no vulnerability/],
  ['no status', { vulnerability: { name: 'CVE-1' } }, /that is missing is none of not_affected, affected/],
  ['an unknown status', { vulnerability: { name: 'CVE-1' }, status: 'ok' }, /the status ok is none of/],
  [
    'not_affected without a reason',
    { vulnerability: { name: 'CVE-1' }, status: 'not_affected' },
    /asks for a justification or an impact_statement/,
  ],
  [
    'an unknown justification',
    { vulnerability: { name: 'CVE-1' }, status: 'not_affected', justification: 'trust_me' },
    /trust_me is none of component_not_present/,
  ],
  ['no object', 'CVE-1', /no object/],
] as const)
  test(`OpenVEX: ${what} is told`, () => {
    assert.match(only(readVex(openVex([statement]))).problem ?? '', problem)
  })

// By https://github.com/package-url/purl-spec: oci has its digest as version and its place in repository_url; docker has
// a tag or a digest as version and the registry in repository_url.
for (const [id, expected] of [
  ['pkg:npm/lodash@4.17.4', 'pkg:npm/lodash@4.17.4'],
  [`pkg:oci/debian@sha256%3A${'ab'.repeat(32)}?tag=12`, `- - 12 ${digest} -`],
  ['pkg:oci/debian?repository_url=docker.io/library/debian&tag=12', 'docker.io library/debian 12 - -'],
  ['pkg:oci/debian?repository_url=localhost:5000/x/debian', 'localhost:5000 x/debian - - -'],
  ['pkg:oci/checkout?repository_url=shop/checkout', '- shop/checkout - - -'],
  ['pkg:docker/cassandra@latest', 'docker.io library/cassandra latest - -'],
  [`pkg:docker/shop/checkout@${digest}?repository_url=gcr.io`, `gcr.io shop/checkout - ${digest} -`],
  [`ghcr.io/shop/checkout@${digest}`, `- - - ${digest} -`],
  [
    'pkg:oci/debian?tag=12',
    '? pkg:oci/debian?tag=12 names an image without a digest and without a repository_url',
  ],
  ['https://acme.example/checkout', '? https://acme.example/checkout has no package URL and no digest'],
  [
    'pkg:github/acme/checkout@1',
    '? pkg:github/acme/checkout@1 is of the type github, and no image is read for such packages',
  ],
  ['pkg:npm/lod%2Ash', '? pkg:npm/lod%2Ash: a package URL has no wildcards'],
  [
    'pkg:oci/x?repository_url=ghcr.io/*',
    '? pkg:oci/x?repository_url=ghcr.io/*: a package URL has no wildcards',
  ],
  [
    `pkg:npm/${'x'.repeat(1000)}`,
    `? pkg:npm/${'x'.repeat(292)} … is a package URL of more than 1000 characters`,
  ],
] as const)
  test(`a product ${id.slice(0, 80)}`, () => {
    const read = readVex(
      openVex([{ vulnerability: { name: 'CVE-1' }, products: [{ '@id': id }], status: 'fixed' }]),
    )
    assert.deepEqual(lines(only(read).products), [expected])
  })
