import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DocumentFault } from '../document-fault.ts'
import { readVex } from './read.ts'
import type { VexDocument, VexProduct, VexStatement } from './statement.ts'

const digest = `sha256:${'ab'.repeat(32)}`
const at = '2026-02-03T04:05:06.000Z'

const openVex = (statements: unknown, more: object = {}) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://acme.example/vex/7',
  author: 'Acme Security',
  timestamp: '2026-02-03T05:05:06+01:00',
  version: 3,
  statements,
  ...more,
})

const cycloneDx = (vulnerabilities: unknown, more: object = {}) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 2,
  metadata: { timestamp: at, authors: [{ name: 'Acme Security' }] },
  vulnerabilities,
  ...more,
})

const csaf = (vulnerabilities: unknown, tree: object = {}, document: object = {}) => ({
  document: {
    category: 'csaf_vex',
    csaf_version: '2.0',
    publisher: { category: 'vendor', name: 'Acme Security', namespace: 'https://acme.example' },
    title: 'Checkout',
    tracking: {
      id: 'ACME-2026-7',
      version: '1.2.0',
      status: 'final',
      initial_release_date: '2026-01-01T00:00:00Z',
      current_release_date: at,
      revision_history: [],
    },
    ...document,
  },
  product_tree: tree,
  vulnerabilities,
})

/** Products in a line each: what they stand for, or why for nothing. */
function lines(products: readonly VexProduct[]): readonly string[] {
  const line = ({ purl, image, problem }: Omit<VexProduct, 'parts'>) => {
    if (problem) return `? ${problem}`
    if (purl) return purl
    const { registry, repository, tag, digest, architecture } = image ?? {}
    return [registry, repository, tag, digest, architecture].map((text) => text ?? '-').join(' ')
  }
  return products.map((product) => [line(product), ...product.parts.map((part) => line(part))].join(' > '))
}

function only(document: VexDocument): VexStatement {
  assert.equal(document.statements.length, 1)
  const [statement] = document.statements
  assert.ok(statement)
  return statement
}

function faultOf(document: unknown): DocumentFault {
  try {
    readVex(document)
  } catch (error) {
    assert.ok(error instanceof DocumentFault, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'the document was read' })
}

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

test('CycloneDX: states, justifications and reasons', () => {
  const analysed = (analysis: object) =>
    only(readVex(cycloneDx([{ id: 'CVE-2024-0001', analysis, affects: [{ ref: 'pkg:npm/lodash@4.17.4' }] }])))
  const said = (analysis: object) => {
    const { status, justification, impact, problem } = analysed(analysis)
    return [status, justification, impact, problem].map((text) => text ?? '-').join(' | ')
  }
  assert.equal(said({ state: 'resolved' }), 'fixed | - | - | -')
  assert.equal(said({ state: 'resolved_with_pedigree' }), 'fixed | - | - | -')
  assert.equal(said({ state: 'exploitable' }), 'affected | - | - | -')
  assert.equal(said({ state: 'in_triage' }), 'under_investigation | - | - | -')
  assert.equal(said({ state: 'false_positive' }), 'not_affected | - | false positive | -')
  assert.equal(
    said({ state: 'not_affected', justification: 'code_not_reachable', detail: 'never called' }),
    'not_affected | vulnerable_code_not_in_execute_path | never called | -',
  )
  assert.equal(
    said({ state: 'not_affected', justification: 'requires_configuration', detail: 'off' }),
    'not_affected | - | requires configuration: off | -',
  )
  assert.match(said({ state: 'fine' }), /the state fine is none of resolved/)
  assert.equal(
    analysed({ state: 'resolved', firstIssued: '2026-01-01T00:00:00Z', lastUpdated: '2026-01-02T00:00:00Z' })
      .timestamp,
    '2026-01-02T00:00:00.000Z',
  )
  assert.match(only(readVex(cycloneDx([{ id: 'CVE-1' }]))).problem ?? '', /has no analysis/)
})

test('CycloneDX: components are parts of what the document is about', () => {
  const components = [
    {
      'bom-ref': 'app',
      type: 'application',
      name: 'shop',
      components: [{ 'bom-ref': 'l', name: 'lodash', purl: 'pkg:npm/lodash@4.17.4' }],
    },
    { 'bom-ref': 'n', name: 'nameless', version: '1', cpe: 'cpe:2.3:a:acme:nameless:1' },
  ]
  const about = (component: object | undefined, affects: readonly object[]) =>
    lines(
      only(
        readVex(
          cycloneDx([{ id: 'CVE-1', analysis: { state: 'resolved' }, affects }], {
            metadata: { component },
            components,
          }),
        ),
      ).products,
    )
  const image = { 'bom-ref': 'image', type: 'container', name: 'ghcr.io/shop/checkout', version: digest }
  assert.deepEqual(about(image, [{ ref: 'l' }]), [`- - - ${digest} - > pkg:npm/lodash@4.17.4`])
  assert.deepEqual(about(image, [{ ref: 'image' }]), [`- - - ${digest} -`])
  assert.deepEqual(about(undefined, [{ ref: 'l' }]), ['pkg:npm/lodash@4.17.4'])
  assert.deepEqual(about(image, [{ ref: 'n' }]), [
    `- - - ${digest} - > ? nameless 1 has no package URL and no digest, only cpe:2.3:a:acme:nameless:1`,
  ])
  assert.deepEqual(about({ 'bom-ref': 'p', type: 'application', name: 'shop' }, [{ ref: 'l' }]), [
    '? shop has no package URL and no digest > pkg:npm/lodash@4.17.4',
  ])
  // https://cyclonedx.org/capabilities/bomlink/
  const link = `urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#${encodeURIComponent('pkg:npm/y@1')}`
  assert.deepEqual(about(image, [{ ref: link }]), [`- - - ${digest} - > pkg:npm/y@1`])
  assert.match(about(undefined, [{ ref: link }])[0] ?? '', /belongs to another bill of materials/)
})

test('CycloneDX: versions of a target are taken one by one, ranges are not', () => {
  const affects = [
    {
      ref: 'pkg:npm/lodash@4.17.4?x=y',
      versions: [
        { version: '4.17.3' },
        { version: '1/2', status: 'affected' },
        { version: '4.17.12', status: 'unaffected' },
        { range: 'vers:npm/<4.17.12' },
      ],
    },
  ]
  const read = readVex(cycloneDx([{ id: 'CVE-1', analysis: { state: 'resolved' }, affects }]))
  assert.deepEqual(lines(only(read).products), [
    'pkg:npm/lodash@4.17.3?x=y',
    'pkg:npm/lodash@1%2F2?x=y',
    '? pkg:npm/lodash@4.17.4?x=y: a range of versions cannot be asked for',
  ])
})

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

for (const [what, document, code, says] of [
  ['no object', [], 'malformed', /no JSON object/],
  ['something else', { spdxVersion: 'SPDX-2.3' }, 'malformed', /neither OpenVEX/],
  ['OpenVEX without an id', openVex([], { '@id': undefined }), 'malformed', /no @id/],
  ['OpenVEX with an id of a megabyte', openVex([], { '@id': 'x'.repeat(1e6) }), 'malformed', /too long/],
  ['OpenVEX without statements', openVex(undefined), 'malformed', /no statements/],
  ['statements that are none', openVex({}), 'malformed', /no list/],
  ['too many statements', openVex(new Array(20_001).fill({})), 'limit-exceeded', /at most 20000/],
  [
    'too many products',
    openVex([{ vulnerability: 'CVE-1', status: 'fixed', products: new Array(100_001).fill('x') }]),
    'limit-exceeded',
    /more than 100000 products/,
  ],
  ['CycloneDX 1.3', cycloneDx([], { specVersion: '1.3' }), 'unsupported', /1\.4 to 1\.7/],
  [
    'CycloneDX without a serial number',
    cycloneDx([], { serialNumber: undefined }),
    'malformed',
    /serialNumber/,
  ],
  ['CSAF 2.1', csaf([], {}, { csaf_version: '2.1' }), 'unsupported', /CSAF 2\.0 is read/],
  ['an advisory', csaf([], {}, { category: 'csaf_security_advisory' }), 'unsupported', /csaf_vex is read/],
  ['CSAF without tracking', csaf([], {}, { tracking: undefined }), 'malformed', /tracking id/],
  [
    'a signed envelope',
    { payloadType: 'application/vnd.in-toto+json', payload: 'e30=' },
    'unsupported',
    /DSSE/,
  ],
] as const)
  test(`${what} is refused`, () => {
    const fault = faultOf(document)
    assert.equal(fault.code, code)
    assert.match(fault.message, says)
  })

test('an in-toto statement is read for what it says', () => {
  const predicate = openVex([])
  const read = readVex({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://openvex.dev/ns',
    predicate,
  })
  assert.equal(read.id, 'https://acme.example/vex/7')
})

test('depth is bounded, and names of the prototype are names like others', () => {
  let deep: object = { name: 'x' }
  for (let level = 0; level < 100; level++) deep = { name: 'x', components: [deep] }
  assert.equal(faultOf(cycloneDx([], { components: [deep] })).code, 'limit-exceeded')
  let branch: object = { name: 'x' }
  for (let level = 0; level < 100; level++) branch = { name: 'x', branches: [branch] }
  assert.equal(faultOf(csaf([], { branches: [branch] })).code, 'limit-exceeded')
  const statement = {
    vulnerability: { name: '__proto__' },
    products: [{ '@id': 'constructor' }],
    status: 'fixed',
  }
  const read = only(readVex(openVex([statement])))
  assert.equal(read.vulnerability, '__proto__')
  assert.deepEqual(lines(read.products), ['? constructor has no package URL and no digest'])
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
