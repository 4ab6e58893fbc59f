import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchedMatcher } from './batched-matcher.ts'
import type { FoundRow, Matched, MatchGroup } from './matcher.ts'

const pack = (index: number) => ({
  type: 'deb' as const,
  name: `p${index}`,
  version: '1',
  purl: `pkg:deb/debian/p${index}@1`,
  confidence: 'declared' as const,
})
const groupOf = (count: number): MatchGroup => ({
  repositoryCpes: [],
  packages: Array.from({ length: count }, (_, index) => pack(index)),
})

/** Finds so many vulnerabilities in each package, called by package and number. */
function finding(each: number, revisionOf: (call: number) => string = () => 'one') {
  const sizes: number[] = []
  return {
    sizes,
    async match([group]: readonly MatchGroup[]): Promise<Matched> {
      sizes.push(group.packages.length)
      const ids = group.packages.map(({ name }) => Array.from({ length: each }, (_, at) => `${name}-${at}`))
      return {
        revision: revisionOf(sizes.length),
        findings: [ids.map((own) => own.map((vulnerabilityId) => ({ vulnerabilityId }) as FoundRow))],
        vulnerabilities: ids.flat().map((id) => ({ id }) as Matched['vulnerabilities'][number]),
      }
    },
  }
}

test('all packages are matched, in their order', async () => {
  const inner = finding(1)
  const matched = await batchedMatcher(inner, 10_000).match([groupOf(5_000)])
  assert.deepEqual(
    matched?.findings[0]?.map(([row]) => row?.vulnerabilityId),
    Array.from({ length: 5_000 }, (_, index) => `p${index}-0`),
  )
  assert.equal(matched?.vulnerabilities.length, 5_000)
  assert.equal(
    inner.sizes.reduce((sum, size) => sum + size),
    5_000,
  )
  assert.deepEqual(inner.sizes.slice(0, 3), [16, 32, 64])
  assert.equal(Math.max(...inner.sizes), 1_024)
})

test('packages with many findings come in few at a time, and no further than the bound', async () => {
  const inner = finding(4_000)
  await assert.rejects(batchedMatcher(inner, 100_000).match([groupOf(20_000)]), {
    code: 'too-large',
    message: /more than 100000 .* of 20000 packages/,
  })
  assert.ok(inner.sizes.reduce((sum, size) => sum + size) <= 16 + 8 + 4)
})

test('no package is asked for once, and no advisories are none', async () => {
  const inner = finding(1)
  assert.deepEqual(await batchedMatcher(inner, 10).match([groupOf(0)]), {
    revision: 'one',
    findings: [[]],
    vulnerabilities: [],
  })
  assert.deepEqual(inner.sizes, [0])
  assert.equal(await batchedMatcher({ match: async () => undefined }, 10).match([groupOf(1)]), undefined)
})

test('findings of two revisions are never mixed', async () => {
  const once = finding(1, (call) => (call === 1 ? 'one' : 'two'))
  const matched = await batchedMatcher(once, 1_000).match([groupOf(40)])
  assert.equal(matched?.revision, 'two')
  assert.deepEqual(once.sizes, [16, 24, 16, 24])
  const ever = finding(1, String)
  await assert.rejects(batchedMatcher(ever, 1_000).match([groupOf(40)]), { code: 'unavailable' })
})
