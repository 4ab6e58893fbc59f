import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure, Verdict } from '@lanner/sdk'
import { type Asked, askedOf, awaitVerdict } from './await-verdict.ts'
import { gateExit, gateResult } from './gate-result.ts'

const verdict = (state: Verdict['state'], more: Partial<Verdict> = {}): Asked => ({
  verdict: { state, reason: 'why', action: null, ...more } as Verdict,
})
const away: Asked = { problem: 'refused', passing: true }

/** Asks with a clock of its own: each answer in turn, the last again and again. */
async function waitFor(answers: readonly Asked[], wait: number) {
  let now = 0
  let asked = 0
  const pauses: number[] = []
  const told: Asked[] = []
  const last = await awaitVerdict({
    wait,
    signal: new AbortController().signal,
    now: () => now,
    ask: async () => answers[Math.min(asked++, answers.length - 1)]!,
    async pause(milliseconds) {
      pauses.push(milliseconds)
      now += milliseconds
    },
    onWait: (one) => void told.push(one),
  })
  return { last, asked, pauses, told }
}

test('without a wait it is asked once', async () => {
  const pending = verdict('pending')
  assert.deepEqual(await waitFor([pending], 0), { last: pending, asked: 1, pauses: [], told: [] })
})

test('an assessment is waited for, with longer and longer pauses, through an absence of the server', async () => {
  const [pending, done] = [verdict('pending'), verdict('assessed')]
  const { last, pauses, told } = await waitFor(
    [verdict('unknown'), pending, away, away, pending, done],
    60_000,
  )
  assert.equal(last, done)
  assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000])
  assert.equal(told.length, 5)
})

test('when the time is over the last answer counts, and it is asked until then', async () => {
  const pending = verdict('pending')
  const { last, pauses } = await waitFor([pending], 12_000)
  assert.equal(last, pending)
  assert.equal(
    pauses.reduce((sum, one) => sum + one, 0),
    12_000,
  )
  assert.ok(Math.max(...pauses) <= 5000)
})

test('what does not change by waiting ends it at once', async () => {
  for (const one of [verdict('not_assessable'), verdict('partially'), { problem: 'no', passing: false }])
    assert.equal((await waitFor([one], 60_000)).asked, 1)
})

test('a server that asks to be left alone is left alone', async () => {
  const { pauses } = await waitFor([{ ...away, rest: 7000 } as Asked, verdict('assessed')], 60_000)
  assert.deepEqual(pauses, [7000])
})

test('interrupted while waiting', async () => {
  const controller = new AbortController()
  const waiting = awaitVerdict({
    wait: 60_000,
    signal: controller.signal,
    now: () => 0,
    ask: async () => away,
    pause: async () => controller.abort(new Error('interrupted')),
  })
  await assert.rejects(waiting, /interrupted/)
})

const failure = (more: Partial<Failure>, headers: Record<string, string> = {}): Failure => ({
  ok: false,
  reason: 'refused',
  message: 'm',
  status: 0,
  headers: new Headers(headers),
  body: undefined,
  errors: [],
  ...more,
})

for (const [what, result, expected] of [
  [
    'not reached',
    failure({ reason: 'unreachable' }),
    { problem: 'the server cannot be asked: m', passing: true },
  ],
  [
    'busy, in Unix time',
    failure({ status: 429 }, { 'X-Ratelimit-Retryafter': '1010' }),
    { problem: 'the server refuses: m (status 429)', passing: true, rest: 10_000 },
  ],
  [
    'busy, in seconds',
    failure({ status: 503 }, { 'Retry-After': '3' }),
    { problem: 'the server refuses: m (status 503)', passing: true, rest: 3000 },
  ],
  ['a mistake', failure({ status: 400 }), { problem: 'the server refuses: m (status 400)', passing: false }],
  [
    'without the scope',
    failure({ status: 403 }),
    { problem: 'the client needs the scope lanner-verdicts:read: m', passing: false },
  ],
  [
    'without a token',
    failure({ reason: 'unauthorized', status: 403 }),
    { problem: 'the server takes no such client: m', passing: false },
  ],
  [
    'of another server',
    { ok: true as const, status: 200, headers: new Headers(), body: { resources: [] } },
    { problem: 'the answer of the server is no verdict; is it of this version?', passing: false },
  ],
] as const)
  test(`an answer: ${what}`, () => assert.deepEqual(askedOf(result, 1_000_000), expected))

for (const [state, action, allowed, expected] of [
  ['assessed', 'allow', false, ['pass', 0]],
  ['assessed', 'alert', false, ['pass', 0]],
  ['assessed', 'block', false, ['deny', 1]],
  ['partially', 'allow', false, ['pass', 0]],
  ['pending', null, false, ['undecided', 3]],
  ['pending', null, true, ['pass', 0]],
  ['unknown', null, false, ['undecided', 3]],
  ['not_assessable', null, true, ['pass', 0]],
  // A policy's word counts for more than the caller's.
  ['unknown', 'block', true, ['deny', 1]],
  ['unknown', 'alert', false, ['pass', 0]],
] as const)
  test(`${state}, ${action}${allowed ? ', unassessed allowed' : ''}: ${expected[0]}`, () => {
    const result = gateResult(verdict(state, { action }), { allowUnassessed: allowed, waited: 0 })
    assert.deepEqual([result.result, gateExit(result)], expected)
  })

test('who is not answered does not pass, whatever is allowed', () => {
  const result = gateResult(away, { allowUnassessed: true, waited: 5 })
  assert.deepEqual([result, gateExit(result)], [{ result: 'undecided', reason: 'refused' }, 3])
})
