import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { installationTokens, oAuth2 } from '@lanner/contract/falcon'
import { Configuration, InstallationTokensApi, Oauth2Api, ResponseError } from 'crowdstrike-falcon'
import { testServer } from '../../testing/server.ts'
import type { IdentityServices } from '../../use-cases/identity.ts'
import { type Room, room } from '../dialect.ts'
import { oAuth2Handlers } from './o-auth2.ts'

/** Of the whole collection this one operation is enough to use a token on. */
const settings = {
  ...installationTokens,
  operations: { customer_settings_read: installationTokens.operations.customer_settings_read },
}
const rooms = [
  room(oAuth2, oAuth2Handlers),
  room<typeof settings, IdentityServices>(settings, {
    customer_settings_read: async () => ({ resources: [{ tokens_required: false, max_active_tokens: 1 }] }),
  }),
] as unknown as readonly Room<IdentityServices>[]

const serve = (t: TestContext) => testServer<IdentityServices>(t, { rooms })

test('the vendor\u2019s own client signs in, calls, and gives its token back', async (t) => {
  const { url, tenant } = await serve(t)
  const signIn = new Oauth2Api(new Configuration({ basePath: url }))
  const { accessToken, tokenType, expiresIn } = await signIn.oauth2AccessToken(
    tenant.clientId,
    tenant.clientSecret,
  )
  assert.deepEqual([tokenType, expiresIn], ['bearer', 1799])
  const tokens = new InstallationTokensApi(
    new Configuration({ basePath: url, accessToken: `Bearer ${accessToken}` }),
  )
  const { resources } = await tokens.customerSettingsRead()
  assert.equal(resources[0]?.tokensRequired, false)
  await signIn.oauth2RevokeToken(`${accessToken}`, tenant.clientId)
  await assert.rejects(
    tokens.customerSettingsRead(),
    (error: unknown) => error instanceof ResponseError && error.response.status === 401,
  )
})

test('a script whose service classes each sign in on their own is not slowed down', async (t) => {
  const { call, tenant } = await serve(t)
  const body = `client_id=${tenant.clientId}&client_secret=${tenant.clientSecret}`
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const replies = await Promise.all(
    Array.from({ length: 40 }, () => call('POST', '/oauth2/token', { token: '', body, headers })),
  )
  assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([201]))
  assert.equal(new Set(replies.map((reply) => reply.body.access_token)).size, 40)
})

test('guesses get 429 with the time to come back, and the right secret is let in after it', async (t) => {
  const { call, pass, tenant } = await serve(t)
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const signIn = (secret: string) =>
    call('POST', '/oauth2/token', {
      token: '',
      body: `client_id=${tenant.clientId}&client_secret=${secret}`,
      headers,
    })
  const statuses: number[] = []
  for (let guess = 0; guess < 8; guess++) statuses.push((await signIn('x'.repeat(40))).status)
  assert.deepEqual(statuses, [403, 403, 403, 403, 403, 403, 429, 429])
  const slowed = await signIn(tenant.clientSecret)
  assert.equal(slowed.status, 429)
  assert.ok(Number(slowed.headers['x-ratelimit-retryafter']) > 0)
  pass(1100)
  assert.equal((await signIn(tenant.clientSecret)).status, 201)
})
