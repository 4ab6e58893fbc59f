import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readVex } from './read.ts'
import { csaf, cycloneDx, faultOf, lines, only, openVex } from './testing/documents.ts'

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
