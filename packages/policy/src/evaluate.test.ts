import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { compilePolicies } from './compile.ts'
import { evaluate } from './evaluate.ts'
import { readCases } from './testing/policy-case.ts'
import { verdictLine } from './testing/verdict-line.ts'

const folder = join(import.meta.dirname, 'cases')
for (const file of readdirSync(folder).sort())
  for (const { title, facts, policies, exclusions, now, expected } of readCases(
    readFileSync(join(folder, file), 'utf8'),
  )) {
    test(`${file}: ${title}`, () => {
      assert.equal(verdictLine(evaluate(facts, compilePolicies(policies, exclusions), now)), expected)
    })
  }
