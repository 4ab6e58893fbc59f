import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { startAdmission } from '../testing/admission.ts'
import { readAdmissionCases } from '../testing/admission-case.ts'
import { verdictPlatform } from '../testing/verdict-platform.ts'

for (const path of globSync(join(import.meta.dirname, 'cases/*.txt')).sort()) {
  const cases = readAdmissionCases(readFileSync(path, 'utf8'))
  for (const { title, args, verdicts, review, status, answer, asked } of cases)
    test(`${basename(path, '.txt')}: ${title}`, async (t) => {
      const platform = await verdictPlatform(t)
      for (const [name, verdict] of verdicts) platform.say(name, verdict)
      const admission = await startAdmission(t, platform, args)
      const got = await admission.ask('POST', '/validate?timeout=10s', {
        headers: { 'Content-Type': 'application/json' },
        body: review,
      })
      assert.equal(got.status, status, got.text)
      if (answer.startsWith('{')) {
        assert.equal(got.headers['content-type'], 'application/json')
        assert.deepEqual(got.body, expected(answer))
      } else if (answer.startsWith('~ ')) assert.ok(got.text.startsWith(answer.slice(2)), got.text)
      else assert.equal(got.text, `${answer}\n`)
      // At the same time, so in any order.
      assert.deepEqual(platform.asked.toSorted(), asked.toSorted())
      assert.equal(await admission.stop(), 0)
    })
}

/** The message of a denial stands as a list of lines. */
function expected(answer: string): unknown {
  const review = JSON.parse(answer) as { response: { status?: { message: unknown } } }
  const { status } = review.response
  if (status) status.message = (status.message as readonly string[]).join('\n')
  return review
}
