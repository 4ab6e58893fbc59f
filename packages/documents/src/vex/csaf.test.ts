import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readVex } from './read.ts'
import { at, csaf, digest, lines, only } from './testing/documents.ts'

const tree = {
  branches: [
    {
      category: 'vendor',
      name: 'Acme',
      branches: [
        {
          category: 'product_version',
          name: 'checkout 1.8.2',
          product: {
            name: 'checkout 1.8.2',
            product_id: 'image',
            product_identification_helper: { purl: `pkg:oci/checkout@${digest}` },
          },
        },
      ],
    },
  ],
  full_product_names: [
    {
      name: 'lodash 4.17.4',
      product_id: 'lodash',
      product_identification_helper: { purl: 'pkg:npm/lodash@4.17.4' },
    },
    {
      name: 'expat',
      product_id: 'expat',
      product_identification_helper: { purl: 'pkg:rpm/acme/expat@2.5.0-1.el9?arch=x86_64' },
    },
    {
      name: 'expat of any version',
      product_id: 'any-expat',
      product_identification_helper: { purl: 'pkg:rpm/acme/expat' },
    },
    {
      name: 'Acme Linux 9',
      product_id: 'linux',
      product_identification_helper: { cpe: 'cpe:/o:acme:linux:9' },
    },
  ],
  relationships: [
    ['lodash', 'image'],
    ['expat', 'linux'],
    ['any-expat', 'linux'],
    ['lodash', 'linux'],
  ].map(([component, whole]) => ({
    category: 'default_component_of',
    product_reference: component,
    relates_to_product_reference: whole,
    full_product_name: { name: `${component} of ${whole}`, product_id: `${whole}:${component}` },
  })),
  product_groups: [{ group_id: 'both', product_ids: ['lodash', 'image'] }],
}

test('CSAF: products of branches, names and relationships', () => {
  const known_not_affected = [
    'image',
    'lodash',
    'image:lodash',
    'linux:expat',
    'linux:any-expat',
    'linux:lodash',
    'linux',
    'nobody',
  ]
  const flags = [{ label: 'component_not_present' }]
  const read = only(
    readVex(csaf([{ cve: 'CVE-2024-0001', product_status: { known_not_affected }, flags }], tree)),
  )
  assert.deepEqual(lines(read.products), [
    `- - - ${digest} -`,
    'pkg:npm/lodash@4.17.4',
    `- - - ${digest} - > pkg:npm/lodash@4.17.4`,
    'pkg:rpm/acme/expat@2.5.0-1.el9?arch=x86_64',
    '? any-expat of linux: packages cannot be asked for as parts of Acme Linux 9',
    '? lodash of linux: packages cannot be asked for as parts of Acme Linux 9',
    '? Acme Linux 9 has no package URL and no digest, only cpe:/o:acme:linux:9',
    '? the document has no product nobody',
  ])
})

test('CSAF: a statement for each status and each reason', () => {
  const read = readVex(
    csaf(
      [
        {
          cve: 'CVE-2024-0001',
          ids: [{ system_name: 'GitHub', text: 'GHSA-aaaa-bbbb-cccc' }],
          product_status: {
            known_not_affected: ['image', 'lodash', 'expat'],
            fixed: ['linux'],
            under_investigation: ['any-expat'],
            last_affected: ['nobody'],
            recommended: ['lodash'],
          },
          flags: [{ label: 'vulnerable_code_not_present', group_ids: ['both'] }],
          threats: [
            { category: 'impact', details: 'not used', product_ids: ['image'] },
            { category: 'exploit_status', details: 'none' },
          ],
        },
      ],
      tree,
    ),
  )
  assert.deepEqual(
    { ...read, statements: [] },
    {
      format: 'csaf',
      id: 'https://acme.example ACME-2026-7',
      version: '1.2.0',
      author: 'Acme Security',
      timestamp: at,
      statements: [],
    },
  )
  assert.deepEqual(
    read.statements.map(({ status, justification, impact, products, problem }) => [
      status,
      justification,
      impact,
      products.length,
      problem?.slice(0, 40),
    ]),
    [
      ['not_affected', 'vulnerable_code_not_present', 'not used', 1, undefined],
      ['not_affected', 'vulnerable_code_not_present', undefined, 1, undefined],
      ['not_affected', undefined, undefined, 1, 'the products are known_not_affected and '],
      ['fixed', undefined, undefined, 1, undefined],
      ['affected', undefined, undefined, 1, undefined],
      ['under_investigation', undefined, undefined, 1, undefined],
    ],
  )
  assert.deepEqual(read.statements[0]?.aliases, ['GHSA-aaaa-bbbb-cccc'])
})

test('a relationship that leads to itself or in a circle ends', () => {
  const relation = (product_id: string, product_reference: string, relates_to_product_reference: string) => ({
    category: 'installed_on',
    product_reference,
    relates_to_product_reference,
    full_product_name: { name: product_id, product_id },
  })
  const relationships = [relation('a', 'a', 'a'), relation('b', 'c', 'image'), relation('c', 'b', 'image')]
  const flags = [{ label: 'component_not_present' }]
  const read = only(
    readVex(
      csaf([{ cve: 'CVE-1', product_status: { known_not_affected: ['a', 'b', 'c'] }, flags }], {
        ...tree,
        relationships,
      }),
    ),
  )
  assert.ok(lines(read.products).every((line) => line.includes('? ')))
})
