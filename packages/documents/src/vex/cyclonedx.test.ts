import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readVex } from './read.ts'
import { cycloneDx, digest, lines, only } from './testing/documents.ts'

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
