import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ImagePolicyFacts, PolicyPackage } from './facts.ts'
import { PlacesAsked } from './places-asked.ts'
import { PolicyPreview, type PolicyRevision } from './preview.ts'
import type { Policy } from './rule.ts'
import { factsOf, findingOf, packageOf } from './testing/facts.ts'

const now = Date.parse('2026-03-02T09:15:00Z')
const policy = (severity: string, more: Partial<Policy> = {}): Policy => ({
  id: 'p',
  name: 'Production',
  enabled: true,
  rules: [{ action: 'block', conditions: [{ prop: 'severity', value: severity }] }],
  groups: [],
  ...more,
})
const standard: Policy = {
  id: 'd',
  name: 'Default',
  enabled: true,
  isDefault: true,
  rules: [],
  groups: [],
}
const of = (policies: readonly Policy[], exclusions: PolicyRevision['exclusions'] = []): PolicyRevision => ({
  policies: [...policies, standard],
  exclusions,
})
const images = [
  factsOf({ tag: '1', findings: [findingOf({ severity: 'critical' })] }),
  factsOf({ tag: '2', findings: [findingOf({ severity: 'high' })] }),
  factsOf({ tag: '3', findings: [findingOf({ severity: 'high' }), findingOf({ severity: 'low' })] }),
  factsOf({ tag: '4', findings: [findingOf({ severity: 'medium' })] }),
]

function previewOf(
  facts: readonly ImagePolicyFacts[],
  before: PolicyRevision,
  after: PolicyRevision,
  most = 1000,
) {
  const preview = new PolicyPreview(before, after, now, most)
  for (const image of facts) preview.add(image)
  return preview.result()
}

test('a stricter rule turns the images between the two bounds', () => {
  const preview = previewOf(images, of([policy('critical')]), of([policy('high')]), 1)
  assert.equal(preview.images, 4)
  assert.deepEqual(preview.denied, { before: 1, after: 3 })
  assert.equal(preview.flipped, 2)
  const [flip, ...others] = preview.flips
  assert.deepEqual(others, [])
  assert.equal(flip?.image.tag, '2')
  assert.deepEqual(flip?.before, { action: 'allow', policy: 'Default' })
  assert.deepEqual(flip?.after, { action: 'block', policy: 'Production' })
  assert.deepEqual(preview.byPolicy, [{ policy: 'Production', from: 'allow', to: 'block', images: 2 }])
})

test('an exclusion turns nothing where something else still counts; one that covers nothing is told', () => {
  const after = of([policy('high')], [{ prop: 'cve', value: ['CVE-1999-0001'] }])
  const preview = previewOf(images, of([policy('high')]), after)
  assert.deepEqual([preview.flips, preview.denied], [[], { before: 3, after: 3 }])
  assert.deepEqual(preview.exclusionsUnmatched, [0])
})

test('images with one content are told apart by what is asked of their names, and by nothing else', () => {
  const content = { packages: [packageOf()], findings: [findingOf({ severity: 'high' })] }
  const named = ['shop/a', 'shop/b', 'lab/a'].map((repository) => factsOf({ ...content, repository }))
  const group = { id: 'g', name: 'shop', conditions: [{ prop: 'repository', value: 'shop/*' }] }
  const preview = previewOf(named, of([]), of([policy('high', { groups: [group] })]))
  assert.deepEqual(preview.denied, { before: 0, after: 2 })
  assert.deepEqual(
    preview.flips.map(({ image }) => image.repository),
    ['shop/a', 'shop/b'],
  )
})

test('an exclusion for one digest spares that image of those with the same content', () => {
  const content = { packages: [packageOf()], findings: [findingOf({ severity: 'high' })] }
  const digests = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`)
  const named = digests.map((digest) => factsOf({ ...content, digest }))
  const scoped = { prop: 'severity', value: ['high'], scope: { digest: digests.slice(1) } }
  const preview = previewOf(named, of([policy('high')]), of([policy('high')], [scoped]))
  assert.deepEqual(preview.denied, { before: 2, after: 1 })
  assert.equal(preview.flips[0]?.image.digest, digests[1])
  assert.deepEqual(preview.exclusionsUnmatched, [])
})

test('an order alone can turn verdicts; what the first policies decide alike stays', () => {
  const alert = policy('high', {
    id: 'a',
    name: 'Alert',
    rules: [{ action: 'alert', conditions: [{ prop: 'severity', value: 'high' }] }],
  })
  const first = policy('critical', { id: 'f', name: 'First' })
  const block = policy('high')
  const preview = previewOf(images, of([first, alert, block]), of([first, block, alert]))
  assert.deepEqual(preview.denied, { before: 1, after: 3 })
  assert.deepEqual(preview.byPolicy, [{ policy: 'Production', from: 'alert', to: 'block', images: 2 }])
})

test('images that are not assessed are judged by name and state', () => {
  const preview = new PolicyPreview(
    of([policy('high')]),
    of([
      policy('high', {
        rules: [{ action: 'block', conditions: [{ prop: 'assessment', value: 'pending' }] }],
      }),
    ]),
    now,
    10,
  )
  const name = { registry: '', repository: 'shop/checkout', tag: '1', digest: '' }
  preview.addUnassessed({ ...name, state: 'pending' })
  preview.addUnassessed({ ...name, tag: '2', state: 'pending' })
  preview.addUnassessed({ ...name, state: 'not_assessable' })
  const { images: count, undecided, flips, byPolicy } = preview.result()
  assert.deepEqual([count, undecided], [3, 1])
  assert.deepEqual(byPolicy, [{ policy: 'Production', from: null, to: 'block', images: 2 }])
  assert.deepEqual(
    flips.map(({ image }) => image.tag),
    ['1', '2'],
  )
})

test('places are asked for only where they can decide', () => {
  const unknown = (): PolicyPackage => ({
    ...packageOf(),
    get places(): never {
      throw new PlacesAsked()
    },
  })
  const own = policy('high', {
    rules: [
      {
        action: 'block',
        conditions: [
          { prop: 'severity', value: 'high' },
          { prop: 'layer', value: 'own' },
        ],
      },
    ],
  })
  const preview = new PolicyPreview(of([]), of([own]), now, 10)
  preview.add(factsOf({ packages: [unknown()], findings: [findingOf({ severity: 'low' })] }))
  const asking = factsOf({ packages: [unknown()], findings: [findingOf({ severity: 'high' })] })
  for (let times = 0; times < 2; times++) assert.throws(() => preview.add(asking), PlacesAsked)
  const place = { path: 'a', layer: 'sha256:1', origin: 'own' as const }
  preview.add({ ...asking, packages: [packageOf({ places: [place] })] })
  assert.deepEqual(preview.result().denied, { before: 0, after: 1 })
  assert.equal(preview.result().images, 2)
})
