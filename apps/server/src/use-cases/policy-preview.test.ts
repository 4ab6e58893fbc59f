import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Fault } from '@lanner/model'
import type { Preview } from '@lanner/policy'
import { insertTenant } from '../db/tenant.ts'
import { testDatabase } from '../testing/database.ts'
import { policyPreviews, previewLimits } from './policy-preview.ts'
import type { EstatePreviewAsked } from './policy-preview-estate.ts'
import { RequestFault } from './request-fault.ts'

const by = { cid: 'a'.repeat(32), actor: 'ci' }
const other = { cid: 'b'.repeat(32), actor: 'other' }
const none: Preview = {
  images: 0,
  undecided: 0,
  denied: { before: 0, after: 0 },
  flipped: 0,
  flips: [],
  byPolicy: [],
  exclusionsUnmatched: [0],
}

interface Asked {
  readonly asked: EstatePreviewAsked
  readonly signal: AbortSignal
  readonly answer: PromiseWithResolvers<Preview>
}

async function open(t: TestContext) {
  const { database } = await testDatabase(t)
  for (const { cid } of [by, other]) await insertTenant(database, cid, cid)
  const judged: Asked[] = []
  let told = () => {}
  const previews = policyPreviews({
    database,
    clock: () => Date.parse('2026-03-02T09:15:00Z'),
    judge(asked, signal) {
      const answer = Promise.withResolvers<Preview>()
      signal.addEventListener('abort', () => answer.reject(signal.reason), { once: true })
      judged.push({ asked, signal, answer })
      told()
      return answer.promise
    },
  })
  const under = (count: number) =>
    new Promise<void>((resolve) => {
      told = () => void (judged.length >= count && resolve())
      told()
    })
  return { previews, judged, under }
}

const refusedAs = (code: string) => (fault: unknown) => fault instanceof RequestFault && fault.code === code

test('policies as they would be are held against those that are there; what is new is told', async (t) => {
  const { previews, judged, under } = await open(t)
  const document = { policies: [{ name: 'P', rules: [] }], exclusions: [{ prop: 'cve', value: ['CVE-1'] }] }
  const result = previews.of(by, document, { flips: 7, signal: new AbortController().signal })
  await under(1)
  const [one] = judged
  assert.equal(one?.asked.most, 7)
  assert.deepEqual(
    [one?.asked.before, one?.asked.after].map((set) => set?.policies.map(({ name }) => name)),
    [['Default'], ['P', 'Default']],
  )
  one?.answer.resolve(none)
  const { exclusionsUnmatched } = await result
  assert.deepEqual(
    exclusionsUnmatched.map(({ exclusion, isNew }) => [exclusion.value, isNew]),
    [[['CVE-1'], true]],
  )
})

test('only so many are under way at once, fewer of one tenant; then there is room again', async (t) => {
  const { previews, judged, under } = await open(t)
  const ask = (who: typeof by) => previews.of(who, {}, { flips: 1, signal: new AbortController().signal })
  const running = Array.from({ length: previewLimits.ofTenant }, () => ask(by))
  await under(previewLimits.ofTenant)
  await assert.rejects(ask(by), refusedAs('too-many'))
  const others = ask(other)
  await under(previewLimits.ofTenant + 1)
  for (const { answer } of judged) answer.resolve(none)
  await Promise.all([...running, others])
  const again = ask(by)
  await under(previewLimits.ofTenant + 2)
  judged.at(-1)?.answer.resolve(none)
  await again
})

test('who goes away ends it', async (t) => {
  const { previews, judged, under } = await open(t)
  const client = new AbortController()
  const asked = previews.of(by, {}, { flips: 1, signal: client.signal })
  await under(1)
  client.abort()
  await assert.rejects(asked, refusedAs('unavailable'))
  assert.ok(judged[0]?.signal.aborted)
})

test('a thread that ends is told as what can be tried again', async (t) => {
  const { previews, judged, under } = await open(t)
  for (const [place, code] of ['closed', 'out-of-memory'].entries()) {
    const asked = previews.of(by, {}, { flips: 1, signal: new AbortController().signal })
    await under(place + 1)
    judged[place]?.answer.reject(new Fault(code, 'a thread ended'))
    await assert.rejects(asked, refusedAs('unavailable'))
  }
})

test('a document that is not understood is not judged', async (t) => {
  const { previews, judged } = await open(t)
  const document = { policies: [{ name: '' }] } as never
  const asked = previews.of(by, document, { flips: 1, signal: new AbortController().signal })
  await assert.rejects(asked, refusedAs('invalid'))
  assert.deepEqual(judged, [])
})
