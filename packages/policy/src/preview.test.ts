import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicies } from './compile.ts'
import { previewPolicy } from './preview.ts'
import type { Policy } from './rule.ts'
import { factsOf, findingOf } from './testing/facts.ts'

const now = Date.parse('2026-03-02T09:15:00Z')
const policy = (severity: string): Policy => ({
  id: 'p',
  name: 'Production',
  enabled: true,
  rules: [{ action: 'block', conditions: [{ prop: 'severity', value: severity }] }],
  groups: [],
})
const images = [
  factsOf({ tag: '1', findings: [findingOf({ severity: 'critical' })] }),
  factsOf({ tag: '2', findings: [findingOf({ severity: 'high' })] }),
  factsOf({ tag: '3', findings: [findingOf({ severity: 'high' }), findingOf({ severity: 'low' })] }),
  factsOf({ tag: '4', findings: [findingOf({ severity: 'medium' })] }),
]

test('a stricter rule turns the images between the two bounds', () => {
  const preview = previewPolicy(
    images,
    compilePolicies([policy('critical')]),
    compilePolicies([policy('high')]),
    now,
    1,
  )
  assert.equal(preview.images, 4)
  assert.deepEqual(preview.denied, { before: 1, after: 3 })
  assert.equal(preview.flipped, 2)
  assert.deepEqual(
    preview.flips.map(({ image }) => image.tag),
    ['2'],
  )
  assert.deepEqual(preview.byPolicy, [{ policy: 'Production', from: 'allow', to: 'block', images: 2 }])
})

test('an exclusion turns nothing where something else still counts', () => {
  const compiled = compilePolicies([policy('high')])
  const spared = compilePolicies([policy('high')], [{ prop: 'cve', value: ['CVE-1999-0001'] }])
  assert.deepEqual(previewPolicy(images, compiled, spared, now).flips, [])
})
