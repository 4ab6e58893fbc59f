import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchInParts } from './match-in-parts.ts'
import type { Matched, MatchGroup } from './matcher.ts'

function group(name: string, count: number): MatchGroup {
  const packages = Array.from({ length: count }, (_, at) => ({
    type: 'npm' as const,
    name: `${name}-${at}`,
    version: '1',
    purl: `pkg:npm/${name}-${at}@1`,
    confidence: 'declared' as const,
  }))
  return { repositoryCpes: [name], packages }
}

/** Finds one vulnerability in each package, named by its place, so that parts have some in common. */
function matcher() {
  const asked: (readonly number[])[] = []
  const match = async (groups: readonly MatchGroup[]): Promise<Matched> => {
    asked.push(groups.map(({ packages }) => packages.length))
    const row = (name: string) => ({ vulnerabilityId: `CVE-${name.split('-')[1]}`, facts: name })
    const findings = groups.map(({ packages }) => packages.map(({ name }) => [row(name)]))
    const vulnerabilities = findings.flat(2).map(({ vulnerabilityId, facts }) => ({
      id: vulnerabilityId,
      facts,
    }))
    return { revision: 'one', findings, vulnerabilities } as unknown as Matched
  }
  return { asked, match }
}

test('few packages are matched at once, none too: the answer says by which advisories', async () => {
  const { asked, match } = matcher()
  await matchInParts([group('a', 600), group('b', 400)], match)
  const { revision } = await matchInParts([group('a', 0)], match)
  assert.equal(revision, 'one')
  assert.deepEqual(asked, [[600, 400], [0]])
})

test('many are matched in parts, and each keeps its findings and its place', async () => {
  const { asked, match } = matcher()
  const groups = [group('a', 1500), group('b', 0), group('c', 1)]
  const matched = await matchInParts(groups, match)
  assert.deepEqual(asked, [[1000], [500], [1]])
  assert.deepEqual(
    matched.findings.map((rows) => rows.map(([row]) => row?.facts)),
    groups.map(({ packages }) => packages.map(({ name }) => name)),
  )
  // Each once, as it was found first.
  assert.deepEqual(
    matched.vulnerabilities.map(({ facts }) => facts),
    groups[0]?.packages.map(({ name }) => name),
  )
})
