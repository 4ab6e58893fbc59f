import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ImageName } from '@lanner/admission'
import { LannerClient } from '@lanner/sdk'
import { verdictPlatform } from '../testing/verdict-platform.ts'
import { AdmissionMetrics } from './metrics.ts'
import { rememberedVerdicts } from './remembered-verdicts.ts'
import { VerdictCache } from './verdict-cache.ts'
import { platformVerdicts } from './verdict-source.ts'

const image: ImageName = { registry: '', repository: 'shop/app', tag: '1' }
const digest = `sha256:${'ab'.repeat(32)}` as NonNullable<ImageName['digest']>
const patient = () => AbortSignal.timeout(20_000)

async function start(t: TestContext, options: { readonly seconds?: number; readonly timeout?: number } = {}) {
  const platform = await verdictPlatform(t)
  const time = { now: 0 }
  const metrics = new AdmissionMetrics()
  const client = new LannerClient({ baseUrl: platform.url, clientId: 'a', clientSecret: 'b', retries: 0 })
  const verdicts = rememberedVerdicts({
    source: platformVerdicts(client),
    cache: new VerdictCache({ seconds: options.seconds ?? 30, clock: () => time.now }),
    metrics,
    timeout: options.timeout ?? 20_000,
  })
  return { platform, time, metrics, verdicts }
}

test('who asks for the same at the same time shares one question, and who comes later its answer', async (t) => {
  const { platform, verdicts, metrics, time } = await start(t)
  platform.say('shop/app:1', {})
  const answers = await Promise.all(Array.from({ length: 20 }, () => verdicts.ask(image, patient())))
  for (const answer of answers) assert.equal(answer.kind === 'verdict' && answer.verdict.action, 'allow')
  assert.equal(platform.asked.length, 1)
  time.now = 29_999
  await verdicts.ask(image, patient())
  assert.equal(platform.asked.length, 1)
  time.now = 30_000
  await verdicts.ask(image, patient())
  assert.equal(platform.asked.length, 2)
  assert.match(metrics.print(), /^lanner_admission_verdicts_total\{cache="hit"\} 1$/m)
  assert.match(metrics.print(), /^lanner_admission_verdicts_total\{cache="miss"\} 21$/m)
})

test('a denial is asked about again after two seconds, so that who mends it sees it', async (t) => {
  const { platform, verdicts, time } = await start(t)
  platform.say('shop/app:1', { action: 'block' })
  const ask = async () => {
    const answer = await verdicts.ask(image, patient())
    return answer.kind === 'verdict' ? answer.verdict.action : answer.problem
  }
  assert.equal(await ask(), 'block')
  platform.say('shop/app:1', {})
  time.now = 1999
  assert.equal(await ask(), 'block')
  time.now = 2000
  assert.equal(await ask(), 'allow')
})

test('another name is another question', async (t) => {
  const { platform, verdicts } = await start(t)
  const names = [image, { ...image, tag: '2' }, { ...image, registry: 'quay.io' }, { ...image, digest }]
  for (const name of names) await verdicts.ask(name, patient())
  assert.deepEqual(platform.asked, ['shop/app:1', 'shop/app:2', 'quay.io/shop/app:1', `shop/app@${digest}`])
})

test('at most 32 questions are open at one time', async (t) => {
  const { platform, verdicts } = await start(t)
  const release = platform.hold()
  const names = Array.from({ length: 100 }, (_, index) => ({ ...image, tag: `${index}` }))
  const answers = Promise.all(names.map((name) => verdicts.ask(name, patient())))
  while (platform.asked.length < 32) await new Promise((resolve) => setImmediate(resolve))
  release()
  assert.equal((await answers).length, 100)
  assert.equal(platform.asked.length, 100)
  assert.equal(platform.mostAtOnce, 32)
})

test('without an answer the last known verdict counts, for as long as it is kept', async (t) => {
  const { platform, verdicts, time, metrics } = await start(t)
  platform.say(`shop/app@${digest}`, { action: 'block' })
  const name = { ...image, digest }
  await verdicts.ask(name, patient())
  assert.equal(verdicts.problem, undefined)
  platform.behave('away')
  time.now = 29_000
  const known = await verdicts.ask(name, patient())
  assert.ok(known.kind === 'verdict')
  assert.deepEqual([known.verdict.action, known.age], ['block', 29])
  assert.match(verdicts.problem ?? '', /^the platform cannot be asked: /)
  assert.match(metrics.print(), /cache="last-known"\} 1$/m)
  time.now = 30_000
  assert.equal((await verdicts.ask(name, patient())).kind, 'unanswered')
  platform.behave('well')
  assert.equal((await verdicts.ask(name, patient())).kind, 'verdict')
  assert.equal(verdicts.problem, undefined)
})

test('who may wait no longer gets no answer, and the question goes on for the next', async (t) => {
  const { platform, verdicts } = await start(t)
  platform.say('shop/app:1', {})
  const release = platform.hold()
  const hurried = new AbortController()
  const asked = verdicts.ask(image, hurried.signal)
  while (platform.asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
  hurried.abort()
  assert.deepEqual(await asked, { kind: 'unanswered', problem: 'the platform did not answer in time' })
  const next = verdicts.ask(image, patient())
  release()
  assert.equal((await next).kind, 'verdict')
  assert.equal(platform.asked.length, 1)
})

test('a platform that never answers is given up', async (t) => {
  const { platform, verdicts } = await start(t, { timeout: 50 })
  platform.behave('silent')
  const answer = await verdicts.ask(image, patient())
  assert.equal(answer.kind, 'unanswered')
})

test('why there is no verdict is told in words', async (t) => {
  const { platform, verdicts } = await start(t)
  for (const [status, kind, says] of [
    [400, 'refused', /^refused by the test$/],
    [403, 'unanswered', /needs the scope lanner-verdicts:read: refused by the test/],
    [404, 'unanswered', /refuses the question: refused by the test \(status 404\)/],
    [500, 'unanswered', /refuses the question: refused by the test \(status 500\)/],
  ] as const) {
    platform.behave(status)
    const answer = await verdicts.ask(image, patient())
    assert.equal(String(answer.kind), kind)
    assert.match('problem' in answer ? answer.problem : '', says)
  }
})

test('a verdict about another image opens no door', async (t) => {
  const { platform, verdicts } = await start(t)
  for (const [index, other] of [
    { registry: 'quay.io' },
    { repository: 'shop/other' },
    { image_digest: `sha256:${'cd'.repeat(32)}` },
  ].entries()) {
    const name = { ...image, repository: `shop/app${index}`, digest }
    platform.say(`shop/app${index}@${digest}`, { image: other })
    assert.deepEqual(await verdicts.ask(name, patient()), {
      kind: 'unanswered',
      problem: 'the platform answered about another image',
    })
  }
  // The digest of an index is its image's too.
  platform.say(`shop/app@${digest}`, {
    image: { image_digest: `sha256:${'cd'.repeat(32)}`, index_digest: digest },
  })
  assert.equal((await verdicts.ask({ ...image, digest }, patient())).kind, 'verdict')
})

test('what is no verdict opens no door', async (t) => {
  const { platform, verdicts } = await start(t, { seconds: 0 })
  const wrong = { action: 'maybe', state: 'fine', deny: 'no', reason: 1, rules: null } as const
  for (const [member, value] of Object.entries(wrong)) {
    platform.say('shop/app:1', { [member]: value })
    assert.deepEqual(
      await verdicts.ask(image, patient()),
      { kind: 'unanswered', problem: 'the answer of the platform is no verdict' },
      member,
    )
  }
  platform.say('shop/app:1', { action: 'allow', deny: true })
  const contradictory = await verdicts.ask(image, patient())
  assert.equal(contradictory.kind === 'verdict' && contradictory.verdict.action, 'block')
})
