import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Api, type Call, eventually, signIn } from './api.ts'
import { databasesBelow } from './databases.ts'
import { type Platform, startPlatform } from './platform.ts'

const registries = '/container-security/entities/registries/v1'
const tokens = '/installation-tokens/entities/tokens/v1'

/** Nothing else has these words in it. */
function word(name: string): string {
  return `${name}${randomBytes(12).toString('hex')}`
}

const secrets = {
  clientSecret: randomBytes(20).toString('hex'),
  masterKey: randomBytes(32).toString('hex'),
  registryPassword: word('password'),
  changedPassword: word('changed'),
  privateKey: word('privatekey'),
  misplaced: word('misplaced'),
}

describe('secrets appear in no log, no error, no answer, and in no file unsealed', () => {
  let platform: Platform
  let api: Api
  /** Every answer, whatever it was. */
  const answers: string[] = []

  before(async () => {
    platform = await startPlatform({
      args: ['--demo', '--log-level', 'trace'],
      env: {
        LANNER_CLIENT_ID: randomBytes(16).toString('hex'),
        LANNER_CLIENT_SECRET: secrets.clientSecret,
        LANNER_MASTER_KEY: secrets.masterKey,
      },
    })
    assert.equal(platform.credentials.client_secret, secrets.clientSecret)
    api = await signIn(platform.url, platform.credentials)
  })

  after(async () => {
    await platform?.stop()
  })

  async function ask(method: string, path: string, call?: Call) {
    const answer = await api.call(method, path, call)
    answers.push(`${method} ${path} ${answer.status} ${answer.text}`)
    return answer
  }

  async function raw(path: string, init: RequestInit): Promise<number> {
    const response = await fetch(new URL(path, platform.url), init)
    answers.push(
      `${init.method ?? 'GET'} ${path.split('?', 1)[0]} ${response.status} ${await response.text()}`,
    )
    return response.status
  }

  function assertNone(where: string, text: string, found: Readonly<Record<string, string>>): void {
    for (const [name, secret] of Object.entries(found))
      for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')]) {
        const at = text.indexOf(form)
        assert.equal(at, -1, `${name} in ${where}: ${text.slice(Math.max(0, at - 200), Math.max(0, at))}`)
      }
  }

  test('calls that have secrets in them, right and wrong ones', async () => {
    const { client_id } = platform.credentials
    const basic = (user: string, password: string) =>
      `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    // Right, in each way; the answers hold tokens, which are no secrets of these.
    const body = new URLSearchParams({ client_id, client_secret: secrets.clientSecret })
    assert.equal(await raw('/oauth2/token', { method: 'POST', body }), 201)
    const authorization = basic(client_id, secrets.clientSecret)
    assert.equal(await raw('/v2/', { headers: { Authorization: authorization } }), 200)
    // Wrong: at the wrong place, of the wrong shape, with the wrong user.
    await raw('/oauth2/token', {
      method: 'POST',
      body: `client_secret=${secrets.clientSecret}`,
      headers: form,
    })
    await raw('/oauth2/token', {
      method: 'POST',
      body: `{"client_secret": ${secrets.clientSecret}`,
      headers: form,
    })
    await raw('/v2/', { headers: { Authorization: basic('nobody', secrets.misplaced) } })
    await raw('/v2/token?service=x', { headers: { Authorization: basic('nobody', secrets.misplaced) } })
    await raw('/reports', { headers: { Authorization: `Bearer ${secrets.misplaced}` } })
    await raw(`/oauth2/token?client_secret=${secrets.clientSecret}`, { method: 'POST' })
    await raw(`/v2/?password=${secrets.misplaced}`, {})

    const details = { username: 'reader', password: secrets.registryPassword }
    const created = await ask('POST', registries, {
      body: { type: 'harbor', url: 'https://harbor.example', credential: { details } },
    })
    assert.equal(created.status, 201)
    const id = created.body.resources.id as string
    const account = {
      type: 'service_account',
      project_id: 'shop',
      client_email: 'scan@shop.example',
      private_key_id: 'k1',
      private_key: `-----BEGIN PRIVATE KEY-----\n${secrets.privateKey}\n-----END PRIVATE KEY-----\n`,
    }
    const gcr = await ask('POST', registries, {
      body: {
        type: 'gcr',
        url: 'https://gcr.example',
        credential: {
          details: {
            project_id: 'shop',
            scope_name: 'shop',
            service_account_json: account,
          },
        },
      },
    })
    assert.equal(gcr.status, 201, gcr.text)
    await ask('PATCH', registries, {
      query: { id },
      body: { credential: { details: { username: 'reader', password: secrets.changedPassword } } },
    })
    await ask('GET', registries, { query: { ids: id } })
    await ask('GET', '/container-security/queries/registries/v1')
    // Refused ones: the same again, an unknown type, a credential that is a text, a body that is no JSON.
    for (const wrong of [
      { type: 'harbor', url: 'https://harbor.example', credential: { details } },
      { type: 'nothing', url: 'https://harbor.example', credential: { details } },
      { type: 'harbor', url: 'https://harbor.example/x', credential: secrets.registryPassword },
      { type: 'harbor', url: 'https://harbor.example/x', credential: { details: secrets.registryPassword } },
      {
        type: 'harbor',
        url: 'https://harbor.example/x',
        credential: { details: { password: [secrets.registryPassword] } },
      },
      {
        type: 'gcr',
        url: 'https://gcr.example/x',
        credential: { details: { service_account_json: secrets.privateKey } },
      },
      {
        type: 'harbor',
        url: `https://reader:${secrets.registryPassword}@harbor.example/y`,
        credential: { details: {} },
      },
    ])
      await ask('POST', registries, { body: wrong })
    const json = { 'Content-Type': 'application/json', Authorization: `Bearer ${api.token}` }
    for (const broken of [
      `{"credential": {"details": {"password": ${secrets.registryPassword}}}}`,
      `{"credential": {"details": {"password": "${secrets.registryPassword}}}}`,
      `{"password": "${secrets.registryPassword}" "x"}`,
      `password=${secrets.registryPassword}`,
    ])
      assert.equal(await raw(registries, { method: 'POST', body: broken, headers: json }), 400)
    await ask('GET', '/lanner/v1/audit')
    await ask('GET', '/lanner/v1/clients')
    await ask('GET', '/lanner/v1/status')
    await raw('/metrics', {})
    await raw('/readyz', {})
  })

  test('the database goes away under a call that seals a secret', async () => {
    const [postmaster] = databasesBelow(platform.folder)
    assert.ok(postmaster)
    const calls = Array.from({ length: 8 }, (_, at) =>
      ask('POST', registries, {
        body: {
          type: 'harbor',
          url: `https://harbor.example/${at}`,
          credential: { details: { username: 'reader', password: secrets.registryPassword } },
        },
      }),
    )
    process.kill(postmaster, 'SIGKILL')
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    assert.ok(
      statuses.every((status) => status === 201 || status >= 500),
      statuses.join(' '),
    )
    await eventually('readiness', async () => ((await raw('/readyz', {})) === 200 ? true : undefined))
  })

  test('an installation token is shown to who made it, and told to nobody else', async () => {
    const made = await api.call('POST', tokens, { body: { label: 'ci' } })
    assert.equal(made.status, 201)
    const { id, value } = made.body.resources[0] as { id: string; value: string }
    await ask('POST', tokens, { body: { label: 'x', value, expires_timestamp: value } })
    await ask('PATCH', tokens, { query: { ids: id }, body: { revoked: true } }).then(() => answers.pop())
    const { body } = await ask('GET', '/installation-tokens/queries/audit-events/v1')
    for (const event of body.resources as string[])
      await ask('GET', '/installation-tokens/entities/audit-events/v1', { query: { ids: event } })
    assertNone('the log', platform.said(), { value })
    assertNone('answers', answers.join('\n'), { value })
  })

  test('none of them came out', async () => {
    assert.ok(answers.length > 25 && platform.said().includes('"level"'))
    assertNone('the log', platform.said(), secrets)
    assertNone('answers', answers.join('\n'), secrets)
    const { username, password } = platform.credentials
    assert.ok(username)
    assertNone('the log', platform.said(), { password, token: api.token })
    await platform.stop()
    assertNone('the log', platform.said(), secrets)
    const own = ['bootstrap.json', 'master.key']
    const files = globSync('**/*', { cwd: platform.folder }).filter(
      (path) => !own.includes(path) && statSync(join(platform.folder, path)).isFile(),
    )
    assert.ok(files.some((path) => path.endsWith('server.log')))
    for (const path of files)
      assertNone(path, readFileSync(join(platform.folder, path), 'latin1'), { ...secrets, password })
  })
})
