import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { importAdvisories, openStore } from '@lanner/advisories'
import { extractorRevision, imageFacts, readImage } from '@lanner/assessment'
import { image, imageSource, layer, temporaryFolder } from '@lanner/testkit'
import { advisoryState, takeOverRevision } from '../db/advisory-state.ts'
import { putImage } from '../db/image.ts'
import { insertTenant } from '../db/tenant.ts'
import { testDatabase } from '../testing/database.ts'
import { matchGroups } from './assessment/matcher.ts'
import { recordImage } from './assessment/record.ts'
import { policyFacts } from './policy-facts.ts'
import { policyServices } from './policy-services.ts'
import type { VexImport } from './vex.ts'

const start = Date.parse('2026-03-02T09:00:00Z')
const by = { cid: '0f1e2d3c4b5a69788796a5b4c3d2e1f0', actor: 'ci' }
const other = { cid: 'f'.repeat(32), actor: 'other' }
const wanted = { repository: 'shop/checkout', tag: '1.8.2' }
const host = 'registry.example:8080'

// By hand from demo/advisories: CVE-2019-10744 (GHSA-jf85-cpcp-j695) is in lodash before 4.17.12.
const cve = 'CVE-2019-10744'
const lodash = 'pkg:npm/lodash@4.17.4'

const built = image({
  layers: [
    layer({
      'etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n',
      'var/lib/dpkg/status':
        'Package: libexpat1\nStatus: install ok installed\nSource: expat\nVersion: 2.5.0-1\nArchitecture: amd64\n',
    }),
    layer({ 'app/node_modules/lodash/package.json': '{"name":"lodash","version":"4.17.4"}' }),
  ],
})

/** A pushed and assessed image under a policy that denies it for what is in npm packages. */
async function open(t: TestContext) {
  const { database } = await testDatabase(t)
  for (const { cid } of [by, other]) await insertTenant(database, cid, `Acme ${cid.slice(0, 4)}`)
  const temporary = await temporaryFolder()
  t.after(() => temporary[Symbol.asyncDispose]())
  const begun = new Date(start)
  await importAdvisories(join(import.meta.dirname, '../../../../demo/advisories'), temporary.path, {
    now: () => begun,
  })
  const advisories = openStore(temporary.path)
  t.after(() => advisories[Symbol.dispose]())
  await advisoryState(database)
  await takeOverRevision(database, advisories.revision, begun)
  const source = imageSource(built)
  const [resolved] = (await source.resolve()).images
  assert.ok(resolved)
  const known = await readImage(source, resolved, { version: 'test', onEvent: () => {} })
  const facts = imageFacts(resolved, known.layers, known.inventory)
  const named = { registry: '', ...wanted, digest: facts.manifestDigest, indexDigest: '', imageId: '' }
  await putImage(
    database,
    by.cid,
    { imageUuid: crypto.randomUUID(), ...named, os: '', architecture: '', variant: '', source: 'push' },
    begun,
  )
  await recordImage(
    { facts, documents: { manifest: '{}', config: '{}' }, known, extractorRevision: extractorRevision() },
    {
      database,
      transaction: (work) => database.transaction().execute(work),
      matcher: { match: async (groups) => matchGroups(groups, advisories, begun) },
      advisories: () => advisories,
      now: () => begun,
    },
  )
  let now = start
  const reader = policyFacts({ database, advisories: () => advisories, now: () => begun })
  const services = policyServices({ database, clock: () => now, reader, version: '1.2.3' })
  const { policies, policyChecks, vex } = services
  const { id } = await policies.create(by, { name: 'npm' })
  const conditions = [{ prop: 'package_type', value: 'npm' }]
  await policies.update(by, id, {
    enabled: true,
    rules: [{ action: 'block', policy_rules_data: { conditions } }],
  })
  return {
    ...services,
    digest: facts.manifestDigest as string,
    denied: async () => (await policyChecks.ofImage(by.cid, wanted)).verdict.deny,
    take: (document: unknown, options: { dryRun?: boolean; keepUnmatched?: boolean } = {}) =>
      vex.import(by, document, { dryRun: false, keepUnmatched: false, host, ...options }),
    pass: (seconds: number) => void (now += seconds * 1000),
    exclusions: async () => (await services.policyExclusions.read(by.cid)).exclusions,
  }
}

/** An OpenVEX document as its specification has it; times are minutes after nine. */
function openVex(
  statements: readonly object[],
  { id = 'https://acme.example/vex/checkout', version = 1, minute = 0, author = 'Acme Security' } = {},
) {
  const timestamp = new Date(start + minute * 60_000).toISOString()
  return { '@context': 'https://openvex.dev/ns/v0.2.0', '@id': id, author, timestamp, version, statements }
}

const said = (status: string, product: object, name = cve) => ({
  vulnerability: { name },
  products: [product],
  status,
  ...(status === 'not_affected' ? { justification: 'vulnerable_code_not_in_execute_path' } : {}),
  ...(status === 'affected' ? { action_statement: 'update' } : {}),
})

const reasons = ({ statements }: VexImport) =>
  statements.map(({ refusals }) => refusals.map(({ reason }) => reason).join(' '))

test('a denied image passes by a statement, and is denied again when a newer version of it withdraws', async (t) => {
  const { take, denied, exclusions, pass, policies } = await open(t)
  assert.equal(await denied(), true)
  const first = await take(openVex([said('not_affected', { '@id': lodash })]))
  assert.deepEqual(
    first.statements.map(({ taken, refusals }) => [taken, refusals]),
    [[1, []]],
  )
  assert.equal(await denied(), false)
  const [exclusion] = await exclusions()
  assert.deepEqual(
    [exclusion?.prop, exclusion?.value, exclusion?.and, exclusion?.scope, exclusion?.author],
    ['cve', [cve], [{ prop: 'purl', op: 'in', value: [lodash] }], undefined, 'ci'],
  )
  assert.equal(
    exclusion?.description,
    'vulnerable code not in execute path (VEX of Acme Security, https://acme.example/vex/checkout)',
  )
  assert.deepEqual(exclusion?.vex, {
    document: 'https://acme.example/vex/checkout',
    version: '1',
    author: 'Acme Security',
    vulnerability: cve,
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
    statedAt: '2026-03-02T09:00:00.000Z',
  })

  pass(600)
  const second = await take(
    openVex([said('under_investigation', { '@id': lodash })], { version: 2, minute: 5 }),
  )
  assert.deepEqual(reasons(second), ['spares_nothing'])
  assert.deepEqual(
    second.withdrawn.map(({ id }) => id),
    [exclusion?.id],
  )
  assert.deepEqual(await exclusions(), [])
  assert.equal(await denied(), true)

  const stale = await take(openVex([said('not_affected', { '@id': lodash })]))
  assert.deepEqual(reasons(stale), ['older'])
  assert.equal(await denied(), true)
  const { records } = await policies.changes(by.cid, { limit: 10, offset: 0 })
  assert.deepEqual(
    records.filter(({ action }) => action === 'vex_import').map(({ actor, subject }) => [actor, subject]),
    Array(3).fill(['ci', 'https://acme.example/vex/checkout']),
  )
})

test('the same document again changes nothing; what it leaves out is withdrawn with its next version', async (t) => {
  const { take, exclusions, pass } = await open(t)
  const document = openVex([said('not_affected', { '@id': lodash })])
  await take(document)
  const before = await exclusions()
  pass(60)
  const again = await take(document)
  assert.deepEqual([again.created, again.withdrawn], [[], []])
  assert.deepEqual(await exclusions(), before)
  const empty = await take(openVex([], { version: 2 }))
  assert.equal(empty.withdrawn.length, 1)
  assert.deepEqual(await exclusions(), [])
})

test('a dry run tells the same and changes nothing', async (t) => {
  const { take, denied, exclusions, policies } = await open(t)
  const { created } = await take(openVex([said('fixed', { '@id': lodash })]), { dryRun: true })
  assert.equal(created.length, 1)
  assert.deepEqual(await exclusions(), [])
  assert.equal(await denied(), true)
  const { records } = await policies.changes(by.cid, { limit: 10, offset: 0 })
  assert.ok(records.every(({ action }) => action !== 'vex_import'))
})

test('exclusions of people stay when a document comes, and when it is withdrawn', async (t) => {
  const { take, exclusions, policyExclusions } = await open(t)
  await policyExclusions.replace(by, [{ prop: 'cve', value: ['CVE-1999-0001'], description: 'mine' }])
  await take(openVex([said('fixed', { '@id': lodash })]))
  assert.equal((await exclusions()).length, 2)
  await take(openVex([], { version: 2 }))
  assert.deepEqual(
    (await exclusions()).map(({ description }) => description),
    ['mine'],
  )
})

const products = [
  ['the package in any version', { '@id': 'pkg:npm/lodash' }, true],
  ['the package by its identifiers', { '@id': 'lodash', identifiers: { purl: lodash } }, true],
  ['another version', { '@id': 'pkg:npm/lodash@4.17.3' }, false],
  ['another package', { '@id': 'pkg:npm/lodash-es@4.17.4' }, false],
  [
    'the package in a repository that was pushed here',
    {
      '@id': `pkg:oci/checkout?repository_url=${host}/shop/checkout`,
      subcomponents: [{ '@id': lodash }],
    },
    true,
  ],
  [
    'the package in a tag of it',
    {
      '@id': `pkg:oci/checkout?repository_url=${host}/shop/checkout&tag=1.8.2`,
      subcomponents: [{ '@id': 'pkg:npm/lodash' }],
    },
    true,
  ],
  ['another tag', { '@id': `pkg:oci/checkout?repository_url=${host}/shop/checkout&tag=2` }, false],
  [
    'the repository of another registry',
    { '@id': 'pkg:oci/checkout?repository_url=ghcr.io/shop/checkout' },
    false,
  ],
  ['the whole repository', { '@id': 'pkg:oci/checkout?repository_url=shop/checkout' }, true],
  [
    'a part of the image that does not have it',
    {
      '@id': `pkg:oci/checkout?repository_url=${host}/shop/checkout`,
      subcomponents: [{ '@id': 'pkg:deb/debian/libexpat1@2.5.0-1' }],
    },
    false,
  ],
  ['another image', { '@id': `pkg:oci/checkout@sha256%3A${'0'.repeat(64)}` }, false],
  ['a part of a package', { '@id': 'pkg:npm/shop@1', subcomponents: [{ '@id': lodash }] }, false],
  ['an address', { '@id': 'https://acme.example/checkout' }, false],
  ['a package of another kind', { '@id': 'pkg:huggingface/acme/model@1' }, false],
  ['a wildcard', { '@id': 'pkg:npm/*' }, false],
] as const

test('a statement spares what its product names, and nothing else', async (t) => {
  const { take, denied, pass } = await open(t)
  for (const [index, [what, product, covers]] of products.entries()) {
    // Each is the next version of the document, so that nothing of the one before is left.
    const { statements } = await take(
      openVex([said('not_affected', product)], { version: index + 1, minute: index }),
    )
    assert.equal(statements[0]?.taken, covers ? 1 : 0, `${what}: ${JSON.stringify(statements)}`)
    assert.equal(statements[0]?.refusals.length, covers ? 0 : 1, what)
    assert.equal(await denied(), !covers, what)
    pass(60)
  }
})

test('an image is named by its digest, whatever it is called besides', async (t) => {
  const { take, denied, digest, exclusions } = await open(t)
  const purl = `pkg:oci/anything@${encodeURIComponent(digest)}?repository_url=elsewhere.example/x`
  await take(openVex([said('not_affected', { '@id': purl, subcomponents: [{ '@id': lodash }] })]))
  assert.deepEqual((await exclusions())[0]?.scope, { digest: [digest] })
  assert.equal(await denied(), false)
})

test('what was not taken says why', async (t) => {
  const { take } = await open(t)
  const result = await take(
    openVex([
      said('not_affected', { '@id': lodash }, 'CVE-1999-0001'),
      said('not_affected', { '@id': 'pkg:npm/left-pad' }),
      said('affected', { '@id': lodash }),
      { vulnerability: { name: cve }, products: [{ '@id': lodash }], status: 'not_affected' },
      { vulnerability: { name: cve }, status: 'fixed' },
      said('not_affected', { '@id': 'https://acme.example/checkout' }),
      said('not_affected', { '@id': `pkg:oci/x@sha256:${'0'.repeat(64)}` }),
      said('fine', { '@id': lodash }),
    ]),
  )
  assert.deepEqual(reasons(result), [
    'no_such_vulnerability',
    'no_such_package',
    'spares_nothing',
    'incomplete',
    'no_product',
    'unsupported_product',
    'no_such_image',
    'incomplete',
  ])
  assert.deepEqual(result.created, [])
})

test('a vulnerability may be named by an alias', async (t) => {
  const { take, denied, exclusions } = await open(t)
  await take(openVex([said('fixed', { '@id': lodash }, 'GHSA-jf85-cpcp-j695')]))
  assert.equal(await denied(), false)
  assert.deepEqual((await exclusions())[0]?.value, ['GHSA-jf85-cpcp-j695', cve])
})

test('the later word of two documents counts, in whichever order they come', async (t) => {
  const supplier = { id: 'https://supplier.example/vex/1', author: 'Supplier' }
  const spared = openVex([said('not_affected', { '@id': 'pkg:npm/lodash' })], { minute: 1 })
  const affected = openVex([said('affected', { '@id': lodash })], { ...supplier, minute: 5 })
  for (const order of [
    [spared, affected],
    [affected, spared],
  ]) {
    const { take, denied, exclusions, pass } = await open(t)
    pass(3600)
    for (const document of order) await take(document)
    assert.deepEqual(await exclusions(), [])
    assert.equal(await denied(), true)
    // And the word after that.
    await take(openVex([said('not_affected', { '@id': lodash })], { version: 2, minute: 10 }))
    assert.equal(await denied(), false)
  }
})

test('statements on what is not here are kept for images to come, where that is asked for', async (t) => {
  const { take, exclusions } = await open(t)
  const { created } = await take(
    openVex([said('not_affected', { '@id': 'pkg:npm/left-pad' }, 'CVE-1999-0001')]),
    {
      keepUnmatched: true,
    },
  )
  assert.equal(created.length, 1)
  assert.deepEqual((await exclusions())[0]?.value, ['CVE-1999-0001'])
})

test('another tenant has no such image, and gets no exclusion', async (t) => {
  const { vex, policyExclusions } = await open(t)
  const { statements } = await vex.import(other, openVex([said('not_affected', { '@id': lodash })]), {
    dryRun: false,
    keepUnmatched: false,
    host,
  })
  assert.deepEqual(
    statements.map(({ taken, refusals }) => [taken, refusals[0]?.reason]),
    [[0, 'no_such_vulnerability']],
  )
  assert.deepEqual((await policyExclusions.read(other.cid)).exclusions, [])
})

test('what is written of one image is read back as the same exclusion', async (t) => {
  const { take, denied, vex, digest, policyExclusions } = await open(t)
  await take(openVex([said('not_affected', { '@id': lodash })]))
  const { document, statements, leftOut } = await vex.export(by.cid, wanted, host)
  assert.equal(statements, 1)
  assert.deepEqual(leftOut, [])
  assert.deepEqual(document['statements'], [
    {
      vulnerability: { name: cve, aliases: ['GHSA-jf85-cpcp-j695'] },
      timestamp: '2026-03-02T09:00:00.000Z',
      products: [
        {
          '@id': `pkg:oci/checkout@${digest}?arch=amd64&repository_url=${encodeURIComponent(host).replace('%3A', ':')}%2Fshop%2Fcheckout&tag=1.8.2`,
          identifiers: {
            purl: `pkg:oci/checkout@${digest}?arch=amd64&repository_url=${encodeURIComponent(host).replace('%3A', ':')}%2Fshop%2Fcheckout&tag=1.8.2`,
          },
          subcomponents: [{ '@id': lodash, identifiers: { purl: lodash } }],
        },
      ],
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
    },
  ])
  await policyExclusions.replace(by, [])
  assert.equal(await denied(), true)
  const back = await take(document)
  assert.deepEqual(
    back.statements.map(({ taken }) => taken),
    [1],
  )
  assert.equal(await denied(), false)
})

test('what people excluded is written with their reasons; what VEX has no words for is counted', async (t) => {
  const { vex, policyExclusions } = await open(t)
  await policyExclusions.replace(by, [
    { prop: 'cve', value: [cve], description: 'not reachable', ttl: 3600 },
    { prop: 'cve', value: [cve] },
    { prop: 'severity', op: 'lte', value: ['low'], description: 'noise' },
    { prop: 'detection_name', value: ['PrivateKey'], description: 'a test key' },
    { prop: 'cve', value: ['CVE-1999-0001'], description: 'nothing has it' },
    { prop: 'cve', value: [cve], scope: { repository: 'lab/*' }, description: 'the lab' },
  ])
  const { document, leftOut } = await vex.export(by.cid, {}, host)
  assert.deepEqual(document['statements'], [
    {
      vulnerability: { name: cve },
      timestamp: '2026-03-02T09:00:00.000Z',
      products: [{ '@id': lodash, identifiers: { purl: lodash } }],
      status: 'not_affected',
      impact_statement: 'not reachable; holds until 2026-03-02T10:00:00.000Z',
    },
  ])
  assert.deepEqual(Object.fromEntries(leftOut.map(({ reason, exclusions }) => [reason, exclusions])), {
    no_reason: 1,
    condition: 1,
    not_a_vulnerability: 1,
    nothing_held: 1,
    scope: 1,
  })
  assert.equal(document['author'], 'Acme 0f1e')
  assert.equal(document['@id'], (await vex.export(by.cid, {}, host)).document['@id'])
})

test('exclusions tell who wrote them, when they end, and when they covered something', async (t) => {
  const { policyExclusions, denied, pass } = await open(t)
  await policyExclusions.replace(by, [
    { prop: 'cve', value: [cve], description: 'for now', ttl: 86_400 },
    { prop: 'cve', value: ['CVE-1999-0001'], ttl: 60 },
    { prop: 'cve', value: ['CVE-1999-0002'] },
  ])
  await denied()
  pass(120)
  await denied()
  const list = async (state?: 'active' | 'expired' | 'unmatched' | 'expiring', expiringWithin = 14) => {
    const page = await policyExclusions.list(by.cid, {
      ...(state ? { state } : {}),
      expiringWithin,
      limit: 10,
      offset: 0,
    })
    return page.exclusions.map(({ exclusion, state, used }) => [
      exclusion.value.join(),
      state,
      used?.first.toISOString(),
      used?.last.toISOString(),
    ])
  }
  const spared = [cve, 'expiring', '2026-03-02T09:00:00.000Z', '2026-03-02T09:02:00.000Z']
  const ended = ['CVE-1999-0001', 'expired', undefined, undefined]
  const open_ = ['CVE-1999-0002', 'active', undefined, undefined]
  assert.deepEqual(await list(), [spared, ended, open_])
  assert.deepEqual(await list('active'), [spared, open_])
  assert.deepEqual(await list('expired'), [ended])
  assert.deepEqual(await list('unmatched'), [ended, open_])
  assert.deepEqual(await list('expiring'), [spared])
})
