import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { temporaryFolder } from '../../testing/bucket.ts'
import { readVexArchive, readVexFolder } from './documents.ts'
import { readRedHatVex } from './index.ts'

const testData = process.env['LANNER_TEST_DATA']

/** One rpm in one product, as Red Hat's documents say it. */
function document(
  status: object,
  more: object = {},
  purl = 'pkg:rpm/redhat/curl@7.76.1-26.el9?arch=x86_64&epoch=1',
): object {
  return {
    document: {
      category: 'csaf_vex',
      csaf_version: '2.0',
      aggregate_severity: { text: 'Moderate' },
      tracking: { current_release_date: '2026-01-01T00:00:00+00:00' },
    },
    product_tree: {
      branches: [
        {
          category: 'vendor',
          branches: [
            {
              category: 'product_name',
              product: {
                product_id: 'AppStream-9',
                product_identification_helper: { cpe: 'cpe:/a:redhat:enterprise_linux:9::appstream' },
              },
            },
          ],
        },
        {
          category: 'product_version',
          product: { product_id: 'curl', product_identification_helper: { purl } },
        },
      ],
      relationships: [
        {
          category: 'default_component_of',
          full_product_name: { product_id: 'AppStream-9:curl' },
          product_reference: 'curl',
          relates_to_product_reference: 'AppStream-9',
        },
      ],
    },
    vulnerabilities: [{ cve: 'CVE-2026-1000', product_status: status, ...more }],
  }
}

function entries(json: unknown) {
  const reading = readRedHatVex(json)
  assert.ok('records' in reading)
  return reading.records[0].affected
}

const ids = ['AppStream-9:curl']
const common = {
  advisory: 'redhat-vex/CVE-2026-1000',
  feed: 'redhat-vex',
  ecosystem: 'Red Hat:enterprise_linux:9::appstream',
  name: 'curl',
  versions: [],
}
const everyVersion = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }]

test('fixed: a range up to the build, with its epoch; impact is the rating', () => {
  const threats = [{ category: 'impact', details: 'Important', product_ids: ids }]
  assert.deepEqual(entries(document({ fixed: ids }, { threats })), [
    {
      ...common,
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1:7.76.1-26.el9' }] }],
      rating: 'Important',
    },
  ])
})

/** https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/#remediations */
const unfixed: [category: string, details: string, fixState: string][] = [
  ['none_available', 'Affected', 'not-fixed'],
  ['none_available', 'Fix deferred', 'deferred'],
  ['no_fix_planned', 'Will not fix', 'will-not-fix'],
  ['no_fix_planned', 'Out of support scope', 'end-of-life'],
]
for (const [category, details, fixState] of unfixed) {
  test(`affected: ${category}, ${details}`, () => {
    const remediations = [
      { category: 'workaround', details: 'Do not use it', product_ids: ids },
      { category, details, product_ids: ids },
    ]
    assert.deepEqual(entries(document({ known_affected: ids }, { remediations })), [
      { ...common, ranges: everyVersion, fixState, fixReason: details, rating: 'Moderate' },
    ])
  })
}

test('affected without a word on fixes, not affected with its reason, under investigation', () => {
  assert.deepEqual(entries(document({ known_affected: ids })), [
    { ...common, ranges: everyVersion, fixState: 'not-fixed', rating: 'Moderate' },
  ])
  const flags = [{ label: 'vulnerable_code_not_present', product_ids: ids }]
  assert.deepEqual(entries(document({ known_not_affected: ids }, { flags })), [
    {
      ...common,
      ranges: [],
      notAffected: true,
      fixReason: 'vulnerable_code_not_present',
      rating: 'Moderate',
    },
  ])
  assert.deepEqual(entries(document({ under_investigation: ids })), [
    {
      ...common,
      ranges: everyVersion,
      fixState: 'under-investigation',
      fixReason: 'under_investigation',
      rating: 'Moderate',
    },
  ])
})

test('a module: from the purl, and from a relationship in between', () => {
  const labelled =
    'pkg:rpm/redhat/curl@1-1.module%2Bel8?arch=src&rpmmod=virt:rhel:8100020240704072441:489197e6'
  assert.equal(entries(document({ fixed: ids }, {}, labelled))[0].module, 'virt:rhel')
  const json = document({ fixed: ['AppStream-9:nodejs:18:curl'] }) as {
    product_tree: { branches: object[]; relationships: object[] }
  }
  json.product_tree.branches.push({
    product: {
      product_id: 'nodejs:18:1:2',
      product_identification_helper: { purl: 'pkg:rpmmod/redhat/nodejs@18:8090020240101:abcdef' },
    },
  })
  json.product_tree.relationships = [
    {
      full_product_name: { product_id: 'AppStream-9:nodejs:18' },
      product_reference: 'nodejs:18:1:2',
      relates_to_product_reference: 'AppStream-9',
    },
    {
      full_product_name: { product_id: 'AppStream-9:nodejs:18:curl' },
      product_reference: 'curl',
      relates_to_product_reference: 'AppStream-9:nodejs:18',
    },
  ]
  const [entry] = entries(json)
  assert.deepEqual([entry.module, entry.ecosystem], ['nodejs:18', 'Red Hat:enterprise_linux:9::appstream'])
})

test('images and whole products are no packages; relationships in a circle end', () => {
  assert.deepEqual(entries(document({ known_affected: ids }, {}, 'pkg:oci/openshift3/metrics')), [])
  assert.deepEqual(entries(document({ known_affected: ['AppStream-9'] })), [])
  const json = document({ fixed: ids }) as { product_tree: { relationships: object[] } }
  json.product_tree.relationships = [
    {
      full_product_name: { product_id: ids[0] },
      product_reference: 'curl',
      relates_to_product_reference: ids[0],
    },
  ]
  const reading = readRedHatVex(json)
  assert.ok('records' in reading)
  assert.deepEqual([reading.records[0].affected.length, reading.refused.length], [0, 1])
})

test('what is no VEX document is refused', () => {
  const broken = [
    null,
    [],
    {},
    { document: { csaf_version: '2.0' } },
    { document: { csaf_version: '2.0' }, vulnerabilities: [] },
    document({}, { cve: 'x' }),
  ]
  for (const json of broken) assert.ok('problem' in readRedHatVex(json), JSON.stringify(json))
})

test('folders and archives of documents, whatever they are packed with', async () => {
  using folder = temporaryFolder()
  const json = Buffer.from(JSON.stringify(document({ fixed: ids })))
  const archive = tar([
    ['2026/cve-2026-1000.json', json],
    ['readme.md', Buffer.from('hi')],
    ['2026/broken.json', Buffer.from('{')],
  ])
  folder.write('vex/2026/cve-2026-1000.json.gz', gzipSync(json))
  folder.write('vex/all.tar.gz', gzipSync(archive))
  const names: string[] = []
  for await (const item of readVexFolder(join(folder.path, 'vex')))
    names.push('problem' in item ? item.name : item.record.id)
  assert.deepEqual(names, ['redhat-vex/CVE-2026-1000', 'redhat-vex/CVE-2026-1000', '2026/broken.json'])
  for (const packed of [archive, gzipSync(archive), zstdCompressSync(archive)]) {
    const path = folder.write('some.part', packed)
    let records = 0
    for await (const item of readVexArchive(path)) if (!('problem' in item)) records++
    assert.equal(records, 1)
  }
  for (const broken of [
    archive.subarray(0, 700),
    Buffer.alloc(2_000, 'x'),
    gzipSync(archive).subarray(0, 100),
  ]) {
    const path = folder.write('broken.part', broken)
    await assert.rejects(async () => {
      for await (const item of readVexArchive(path)) assert.ok(item)
    })
  }
})

test('documents as published', { skip: !testData && 'needs LANNER_TEST_DATA' }, () => {
  const read = (name: string) => {
    const reading = readRedHatVex(
      JSON.parse(
        gunzipSync(readFileSync(join(testData ?? '', 'fixtures/feeds/redhat-vex', name))).toString(),
      ),
    )
    assert.ok('records' in reading)
    return { ...reading.records[0], refused: reading.refused }
  }
  const curl = read('cve-2023-38545.json.gz')
  assert.deepEqual(curl.record.upstream, ['CVE-2023-38545'])
  assert.deepEqual(curl.record.severity, [
    { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H' },
  ])
  const fixed = curl.affected.find(
    (entry) => entry.name === 'libcurl' && entry.ecosystem === 'Red Hat:enterprise_linux:9::baseos',
  )
  assert.deepEqual(
    fixed?.ranges.map((range) => range.events[1]),
    [{ fixed: '0:7.76.1-23.el9_2.4' }, { fixed: '0:7.76.1-26.el9_3.2' }],
  )
  assert.equal(fixed?.rating, 'Important')
  const old = curl.affected.find(
    (entry) => entry.name === 'curl' && entry.ecosystem === 'Red Hat:enterprise_linux:8',
  )
  assert.deepEqual([old?.notAffected, old?.fixReason], [true, 'vulnerable_code_not_present'])
  const yaml = read('cve-2022-38752.json.gz').affected
  assert.equal(
    yaml.find((entry) => entry.ecosystem === 'Red Hat:enterprise_linux:7' && entry.name === 'snakeyaml')
      ?.fixState,
    'end-of-life',
  )
  assert.equal(
    yaml.find((entry) => entry.ecosystem === 'Red Hat:rhel_software_collections:3')?.fixState,
    'will-not-fix',
  )
  const illegal = read('cve-2024-24786-bad-rpmmod.json.gz')
  assert.deepEqual(
    illegal.affected.map((entry) => [entry.name, entry.fixState]),
    [
      ['cri-tools', undefined],
      ['good-pkg', 'not-fixed'],
    ],
  )
  assert.match(illegal.refused[0].problem, /rhel10/)
  assert.equal(read('cve-2024-24786-illegal-module.json.gz').affected[0].module, 'go-toolset:rhel8')
})

/** https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html (ustar) */
function tar(files: [name: string, content: Buffer][]): Buffer {
  const parts = files.flatMap(([name, content]) => {
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write(content.length.toString(8).padStart(11, '0'), 124)
    header.write('0', 156)
    header.write('ustar', 257)
    header.fill(' ', 148, 156)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...parts, Buffer.alloc(1_024)])
}
