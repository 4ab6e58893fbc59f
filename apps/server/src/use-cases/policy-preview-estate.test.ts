import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import {
  compilePolicies,
  type Exclusion,
  evaluate,
  evaluateUnassessed,
  type Flip,
  type ImagePolicyFacts,
  type Outcome,
  type Policy,
  type PolicyRevision,
  type Preview,
} from '@lanner/policy'
import { image, layer } from '@lanner/testkit'
import fc from 'fast-check'
import type { Database } from '../db/database.ts'
import { imagePage } from '../db/image-list.ts'
import { type Estate, startEstate } from '../testing/estate.ts'
import { furnish } from '../testing/estate-holdings.ts'
import { commonImages } from '../testing/estate-images.ts'
import { pushBuilt } from '../testing/estate-pushes.ts'
import { policyFacts } from './policy-facts.ts'
import { type EstatePreviewAsked, previewEstate } from './policy-preview-estate.ts'

const now = Date.UTC(2026, 2, 2, 9, 15)
const lodash = (folder: string) => ({
  [`srv/${folder}/node_modules/lodash/package.json`]: JSON.stringify({
    name: 'lodash',
    version: '4.17.4',
    license: 'MIT',
  }),
})
const node = layer({
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  'var/lib/dpkg/status':
    'Package: libexpat1\nStatus: install ok installed\nSource: expat\nVersion: 2.5.0-1\nArchitecture: amd64\n',
})
const twice = layer({ ...lodash('one'), ...lodash('two') })

/** Images with one set of packages: in the same layers, in others, in other folders, in one layer for the base. */
const alike = {
  base: image({ layers: [node, twice], config: { created: '2026-02-01T00:00:00Z' } }),
  above: image({
    layers: [node, twice, layer({ 'srv/readme': 'above' })],
    config: { created: '2026-03-01T00:00:00Z', config: { User: 'app' } },
  }),
  again: image({
    layers: [node, twice, layer({ 'srv/readme': 'again' })],
    config: { config: { User: 'root' } },
  }),
  elsewhere: image({ layers: [node, layer(lodash('three')), layer(lodash('four'))] }),
  together: image({ layers: [node, layer({ ...lodash('one'), ...lodash('two'), 'srv/more': '1' })] }),
}

interface Judged {
  readonly facts: ImagePolicyFacts
  readonly unassessed?: 'pending' | 'not_assessable'
}

suite('a preview of a whole estate', () => {
  const ending: (() => unknown)[] = []
  let estate: Estate
  let images: readonly Judged[]

  before(async () => {
    estate = await startEstate({ after: (step: () => unknown) => void ending.push(step) } as never)
    await furnish(estate)
    const [tenant] = estate.tenants
    for (const [name, built] of Object.entries(alike)) await pushBuilt(tenant, `shop/${name}`, '1', built)
    await pushBuilt(tenant, 'lab/checkout', '1.8.2', commonImages.checkout)
    await estate.settled()
    const body = { base_images: [{ registry: '', repository: 'shop/base', tag: '1' }] }
    await tenant.call('POST', '/container-security/entities/base-images/v1', { body })
    images = await judgedOneByOne(estate)
  })
  after(async () => {
    for (const step of ending.reverse()) await step()
  })

  const preview = (more: Pick<EstatePreviewAsked, 'before' | 'after'> & Partial<EstatePreviewAsked>) =>
    previewEstate(
      estate.database,
      { cid: estate.tenants[0].cid, now, most: 1000, ...more },
      new AbortController().signal,
    )

  test('the estate has images of every kind', () => {
    const states = images.map(({ facts, unassessed }) => unassessed ?? facts.assessment)
    assert.deepEqual(new Set(states), new Set(['assessed', 'partially', 'not_assessable']))
    assert.ok(images.some(({ facts }) => facts.detections.length > 0))
    assert.ok(images.some(({ facts }) => facts.indexDigest !== undefined))
    const places = images.flatMap(({ facts }) => facts.packages.map((pack) => pack.places))
    assert.ok(places.some((list) => list.length > 1))
    assert.ok(places.some((list) => list.some(({ origin }) => origin === 'base')))
    assert.deepEqual(new Set(images.map(({ facts }) => facts.runsAsRoot)).has(true), true)
  })

  test('says what judging each image by itself says, whatever the policies', async () => {
    await fc.assert(
      fc.asyncProperty(revisions(images), async ([one, other]) => {
        const expected = expectedPreview(images, one, other)
        assert.deepEqual(await preview({ before: one, after: other }), expected)
      }),
      { numRuns: 150 },
    )
  })

  test('an exclusion for one digest, of an image or its index, spares that one alone', async () => {
    const before = everything
    const digests = images.map(({ facts }) => facts.indexDigest ?? facts.digest)
    for (const digest of new Set(digests)) {
      const exclusion = { prop: 'severity', op: 'gte', value: ['low'], scope: { digest: [digest] } }
      const after = { ...everything, exclusions: [exclusion] }
      assert.deepEqual(await preview({ before, after }), expectedPreview(images, before, after))
    }
    const excluding = digests.map((digest) => ({ prop: 'cve', op: 'neq', value: ['x'], scope: { digest } }))
    const spared = await preview({ before, after: { ...everything, exclusions: excluding } })
    assert.deepEqual([spared.denied.before > 0, spared.denied.after], [true, 0])
  })

  test('sees no image of another tenant', async () => {
    const nobody = { policies: [], exclusions: [] }
    const all = await preview({ before: nobody, after: nobody })
    assert.equal(all.images, images.length)
    const other = await preview({ cid: estate.tenants[1].cid, before: nobody, after: nobody })
    assert.equal(other.images, images.length - Object.keys(alike).length - 1)
  })

  test('ends when nobody waits for it', async () => {
    const asked = { cid: estate.tenants[0].cid, now, most: 1, before: everything, after: everything }
    await assert.rejects(
      previewEstate(estate.database, asked, AbortSignal.abort(new Error('nobody waits'))),
      /nobody waits/,
    )
  })
})

const everything: PolicyRevision = {
  policies: [
    {
      id: 'p',
      name: 'Everything',
      enabled: true,
      rules: [{ action: 'block', conditions: [{ prop: 'severity', op: 'gte', value: 'low' }] }],
      groups: [],
    },
  ],
  exclusions: [],
}

/** Every image as the check of a single one sees it. */
async function judgedOneByOne({ database, composition, tenants }: Estate): Promise<readonly Judged[]> {
  const [{ cid }] = tenants
  const reader = policyFacts({
    database,
    advisories: () => composition.shelf.reader,
    now: () => new Date(now),
  })
  const judged: Judged[] = []
  for (const { registry, repository, tag, digest, architecture } of await allImages(database, cid)) {
    const found = await reader.find(cid, { registry, repository, tag, digest })
    if (found.state === 'unknown') throw new Error(`${repository}:${tag} is not known`)
    if (found.state !== 'assessed') {
      const none = { packages: [], findings: [], detections: [] }
      const named = { registry, repository, tag, digest }
      judged.push({ facts: { ...named, assessment: found.state, ...none }, unassessed: found.state })
      continue
    }
    const checked = found.images.find((one) => one.digest === digest)
    assert.ok(checked)
    const facts = await reader.facts(cid, checked)
    assert.ok(facts)
    assert.equal(facts.architecture, architecture)
    judged.push({ facts })
  }
  return judged
}

function allImages(database: Database, cid: string) {
  return imagePage(database, cid, { limit: 1000, offset: 0 })
}

function expectedPreview(images: readonly Judged[], before: PolicyRevision, after: PolicyRevision): Preview {
  const [were, would] = [before, after].map(({ policies, exclusions }) =>
    compilePolicies(policies, exclusions),
  ) as [ReturnType<typeof compilePolicies>, ReturnType<typeof compilePolicies>]
  const covering = new Set<number>()
  const outcome = ({ facts, unassessed }: Judged, compiled: typeof were): Outcome => {
    const { registry, repository, tag, digest } = facts
    const verdict = unassessed
      ? evaluateUnassessed({ registry, repository, tag, digest, state: unassessed }, compiled, now)
      : evaluate(facts, compiled, now)
    if (compiled === would) for (const index of verdict?.exclusionsMatched ?? []) covering.add(index)
    return { action: verdict?.action ?? null, policy: verdict?.policy?.name ?? null }
  }
  const all = images.map((judged): Flip => {
    const { registry, repository, tag, digest, architecture } = judged.facts
    return {
      image: { registry, repository, tag, digest, ...(architecture ? { architecture } : {}) },
      before: outcome(judged, were),
      after: outcome(judged, would),
    }
  })
  const flips = all.filter((flip) => flip.before.action !== flip.after.action)
  const order = ({ after, image }: Flip) =>
    [after.action === 'block' ? 0 : 1, ...Object.values(image).slice(0, 4)].join('\n')
  const kinds = Map.groupBy(flips, ({ before, after }) =>
    JSON.stringify([after.policy, before.action, after.action]),
  )
  return {
    images: all.length,
    undecided: all.filter(({ before, after }) => before.action === null && after.action === null).length,
    denied: {
      before: all.filter(({ before }) => before.action === 'block').length,
      after: all.filter(({ after }) => after.action === 'block').length,
    },
    flipped: flips.length,
    flips: flips.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
    byPolicy: [...kinds.values()]
      .map((same) => ({
        policy: same[0]!.after.policy,
        from: same[0]!.before.action,
        to: same[0]!.after.action,
        images: same.length,
      }))
      .sort(byImages),
    exclusionsUnmatched: after.exclusions.flatMap((_, index) => (covering.has(index) ? [] : [index])),
  }
}

function byImages(a: Preview['byPolicy'][number], b: Preview['byPolicy'][number]): number {
  return b.images - a.images || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
}

/** Pairs of policies and exclusions over what these images have; often they have much in common. */
function revisions(images: readonly Judged[]): fc.Arbitrary<readonly [PolicyRevision, PolicyRevision]> {
  const of = <T>(values: readonly T[]) => fc.constantFrom(...new Set(values))
  const facts = images.map((one) => one.facts)
  const findings = facts.flatMap((one) => one.findings)
  const packages = facts.flatMap((one) => one.packages)
  const places = packages.flatMap((one) => one.places)
  const condition = (prop: string, value: fc.Arbitrary<unknown>, ...ops: readonly string[]) =>
    fc.record({ prop: fc.constant(prop), op: fc.constantFrom('eq', 'neq', ...ops), value })
  const severities = fc.constantFrom('low', 'medium', 'high', 'critical')
  const ofFinding = fc.oneof(
    condition('severity', severities, 'gte', 'lt'),
    condition('cve', of(findings.flatMap((one) => [one.vulnerability, ...one.aliases]))),
    condition('cvss_score', fc.constantFrom(5, 7.5, 9), 'gte', 'lt'),
    condition('epss', fc.constantFrom(0.01, 0.5), 'gte', 'lt'),
    condition('cps_rating', severities, 'gte'),
    condition('exploited', fc.boolean()),
    condition('fix_available', fc.boolean()),
    condition('fix_age_days', fc.constantFrom(30, 700), 'gt', 'lte'),
    condition('published_days', fc.constantFrom(30, 700, 3000), 'gt', 'lte'),
    condition('package_type', of(packages.map(({ type }) => type))),
    condition('verdict', fc.constantFrom('affected', 'unknown')),
    condition('layer', fc.constantFrom('base', 'own')),
  )
  const ofPackage = fc.oneof(
    condition('package', of(['lib*', ...packages.map(({ name }) => name)])),
    condition('license', of(packages.flatMap(({ licenses }) => licenses))),
    condition('purl', of(packages.map((pack) => pack.purl))),
  )
  const ofDetection = fc.oneof(
    condition('detection_type', fc.constantFrom('secret', 'misconfiguration', 'malware')),
    condition('detection_severity', severities, 'gte'),
  )
  const ofName = fc.oneof(
    condition('repository', of(['shop/*', 'lab/*', ...facts.map(({ repository }) => repository)])),
    condition('tag', of(facts.map(({ tag }) => tag))),
    condition('registry', fc.constantFrom('', 'docker.io')),
  )
  const ofImage = fc.oneof(
    ofName,
    condition('base_os', fc.constantFrom('debian*', 'alpine', 'debian:12', 'heron')),
    condition('arch', fc.constantFrom('amd64', 'arm64')),
    condition('image_age_days', fc.constantFrom(2, 100), 'gt', 'lte'),
    condition('assessment', fc.constantFrom('assessed', 'partially', 'not_assessable')),
    condition('runs_as_root', fc.boolean()),
  )
  const rule = fc.record({
    action: fc.constantFrom('block', 'block', 'alert', 'allow'),
    conditions: fc.array(fc.oneof(ofFinding, ofFinding, ofPackage, ofDetection, ofImage), { maxLength: 3 }),
  })
  const group = fc.record({
    id: fc.constant('g'),
    name: fc.constant('g'),
    conditions: fc.array(ofName, { minLength: 1, maxLength: 2 }),
  })
  const policy = fc.record({
    enabled: fc.constantFrom(true, true, false),
    rules: fc.array(rule, { maxLength: 3 }),
    groups: fc.array(group, { maxLength: 1 }),
  })
  const path = condition('path', of(['srv/one/*', 'var/*', ...places.map((place) => place.path)]))
  const scope = fc.oneof(
    fc.constant(undefined),
    fc.record({ repository: of(facts.map(({ repository }) => repository)) }),
    fc.record({ digest: of(facts.flatMap(({ digest, indexDigest = digest }) => [digest, indexDigest])) }),
    fc.record({ layer: of(['base', 'own', ...places.map((place) => place.layer)]) }),
  )
  const exclusion = fc.record(
    {
      about: fc.oneof(ofFinding, ofPackage, ofDetection, path),
      and: fc.oneof(fc.constant([]), fc.array(fc.oneof(ofFinding, ofPackage, path), { maxLength: 1 })),
      scope,
      ttl: fc.constantFrom(0, 60, 86_400),
    },
    { requiredKeys: ['about', 'and', 'scope', 'ttl'] },
  )
  const exclusions = fc.array(exclusion, { maxLength: 3 }).map((list) =>
    list.flatMap(({ about, and, scope, ttl }): Exclusion[] => {
      const detects = about.prop.startsWith('detection')
      const further = detects ? [] : and
      const updatedAt = new Date(now - 3_600_000).toISOString()
      return [{ ...about, and: further, ttl, updatedAt, ...(scope ? { scope } : {}) }]
    }),
  )
  const revision = fc.tuple(fc.array(policy, { maxLength: 3 }), exclusions).map(
    ([list, excluded]): PolicyRevision => ({
      policies: [
        ...list.map((one, index): Policy => ({ ...one, id: `${index}`, name: `policy ${index}` }) as Policy),
        { id: 'd', name: 'Default', enabled: true, isDefault: true, rules: [], groups: [] },
      ],
      exclusions: excluded,
    }),
  )
  return fc
    .tuple(revision, revision, fc.constantFrom('same', 'exclusions', 'policies', 'none'))
    .map(([one, other, common]): readonly [PolicyRevision, PolicyRevision] => [
      one,
      {
        policies: common === 'same' || common === 'policies' ? one.policies : other.policies,
        exclusions: common === 'same' || common === 'exclusions' ? one.exclusions : other.exclusions,
      },
    ])
}
