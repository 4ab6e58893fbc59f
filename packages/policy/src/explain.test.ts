import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicies } from './compile.ts'
import { explain, explanationLines } from './explain.ts'
import { readCases } from './testing/policy-case.ts'

const [given] = readCases(`
## An image with two policies
image repository=shop/checkout tag=1.8.2
finding CVE-2024-0001 openssl severity=critical
finding CVE-2024-0002 openssl severity=high fixAvailable=true
finding CVE-2024-0003 openssl severity=low
policy Laboratory
group lab [{"prop":"repository","value":"lab/*"}]
block []
policy Off disabled
block []
policy Production
group shop [{"prop":"repository","value":"shop/*"}]
block [{"prop":"severity","value":"high"},{"prop":"fix_available","value":true}]
block [{"prop":"cve","value":"CVE-2024-0001"}]
policy Watch
alert []
policy Default default
exclude {"prop":"cve","value":["CVE-2024-0001"],"description":"not reachable"}
=> written below
`)

test('an explanation tells of every policy, rule and condition, and of what was excluded', () => {
  assert.ok(given)
  const { facts, policies, exclusions, now } = given
  assert.deepEqual(explanationLines(explain(facts, compilePolicies(policies, exclusions), now)), [
    'shop/checkout:1.8.2: decides: denied by policy Production (block)',
    '  policy Laboratory: passed over: the image is in none of its groups (lab)',
    '  policy Off: passed over: it is not enabled',
    '  policy Production: decides: the image is in its group shop',
    '    rule 1: block: holds: met by 1 finding',
    "      severity gte 'high': holds: 2 of 3 findings",
    '      fix_available eq true: holds: 1 of 3 findings',
    '    rule 2: block: fails: all that meets it is excluded',
    "      cve eq 'CVE-2024-0001': holds: 1 of 3 findings",
    '  policy Watch: not asked: an earlier policy decided',
    '  policy Default: not asked: an earlier policy decided',
    '  exclusion cve ["CVE-2024-0001"]: holds: not reachable: takes away 1 findings, 0 packages, 0 detections',
  ])
})

test('where nothing matches, the default passes', () => {
  const [calm] = readCases('## calm\npolicy Default default\n=> x')
  assert.ok(calm)
  assert.deepEqual(explanationLines(explain(calm.facts, compilePolicies(calm.policies), calm.now)), [
    'shop/checkout:1.8.2: decides: passes by policy Default, as no rule matched',
    '  policy Default: fails: it has no rules',
  ])
})
