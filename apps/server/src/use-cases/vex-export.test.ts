import assert from 'node:assert/strict'
import { test } from 'node:test'
import { by, cve, lodash, wanted } from '../testing/pushed-image.ts'
import { host, openVex, said, vexScene } from '../testing/vex-scene.ts'

test('what is written of one image is read back as the same exclusion', async (t) => {
  const { take, denied, vex, digest, policyExclusions } = await vexScene(t)
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
  const { vex, policyExclusions } = await vexScene(t)
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

test('an exclusion tells when it covered something in a verdict', async (t) => {
  const { policyExclusions, denied, pass } = await vexScene(t)
  await policyExclusions.replace(by, [
    { prop: 'cve', value: [cve], description: 'for now', ttl: 86_400 },
    { prop: 'cve', value: ['CVE-1999-0002'] },
  ])
  await denied()
  pass(120)
  await denied()
  const { exclusions, total } = await policyExclusions.list(by.cid, {
    expiringWithin: 14,
    limit: 10,
    offset: 0,
  })
  assert.equal(total, 2)
  assert.deepEqual(
    exclusions.map(({ used }) => [used?.first.toISOString(), used?.last.toISOString()]),
    [
      ['2026-03-02T09:00:00.000Z', '2026-03-02T09:02:00.000Z'],
      [undefined, undefined],
    ],
  )
})
