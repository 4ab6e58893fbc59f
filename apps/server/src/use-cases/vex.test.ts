import assert from 'node:assert/strict'
import { test } from 'node:test'
import { by, cve, lodash, other } from '../testing/pushed-image.ts'
import { host, openVex, reasons, said, vexScene } from '../testing/vex-scene.ts'

test('a denied image passes by a statement, and is denied again when a newer version of it withdraws', async (t) => {
  const { take, denied, exclusions, pass, policies } = await vexScene(t)
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
  const { take, exclusions, pass } = await vexScene(t)
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
  const { take, denied, exclusions, policies } = await vexScene(t)
  const { created } = await take(openVex([said('fixed', { '@id': lodash })]), { dryRun: true })
  assert.equal(created.length, 1)
  assert.deepEqual(await exclusions(), [])
  assert.equal(await denied(), true)
  const { records } = await policies.changes(by.cid, { limit: 10, offset: 0 })
  assert.ok(records.every(({ action }) => action !== 'vex_import'))
})

test('exclusions of people stay when a document comes, and when it is withdrawn', async (t) => {
  const { take, exclusions, policyExclusions } = await vexScene(t)
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
  const { take, denied, pass } = await vexScene(t)
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
  const { take, denied, digest, exclusions } = await vexScene(t)
  const purl = `pkg:oci/anything@${encodeURIComponent(digest)}?repository_url=elsewhere.example/x`
  await take(openVex([said('not_affected', { '@id': purl, subcomponents: [{ '@id': lodash }] })]))
  assert.deepEqual((await exclusions())[0]?.scope, { digest: [digest] })
  assert.equal(await denied(), false)
})

test('what was not taken says why', async (t) => {
  const { take } = await vexScene(t)
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
  const { take, denied, exclusions } = await vexScene(t)
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
    const { take, denied, exclusions, pass } = await vexScene(t)
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
  const { take, exclusions } = await vexScene(t)
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
  const { vex, policyExclusions } = await vexScene(t)
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
