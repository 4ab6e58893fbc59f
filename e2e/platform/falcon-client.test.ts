import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { run } from '../process.ts'
import { type Ground, groundOf } from './falcon-ground.ts'
import { journeys } from './falcon-journeys.ts'
import { type Platform, startPlatform } from './platform.ts'

describe('the vendor\u2019s own client (crowdstrike-falcon)', () => {
  let platform: Platform
  let ground: Ground

  before(async () => {
    platform = await startPlatform({ args: ['--demo'] })
    ground = groundOf(platform.credentials)
  })

  after(async () => {
    await platform?.stop()
  })

  for (const journey of journeys) test(journey.name, () => journey.run(ground))
})

test('the vendor\u2019s own client, over HTTPS with a certificate of the server\u2019s own making', async (t) => {
  const platform = await startPlatform({ args: ['--demo', '--tls', 'self-signed'] })
  t.after(() => platform.stop())
  assert.match(platform.url, /^https:/)
  const [authority] = globSync('**/*ca*.{pem,crt}', { cwd: platform.folder })
  assert.ok(authority, 'the CA lies in the data directory')
  const script = join(import.meta.dirname, 'run-falcon-journeys.ts')
  const args = [script, join(platform.folder, 'bootstrap.json')]
  const trusting = { ...process.env, NODE_EXTRA_CA_CERTS: join(platform.folder, authority) }
  const ended = await run(process.execPath, args, { env: trusting })
  assert.equal(ended.code, 0, ended.stderr)
  assert.deepEqual(
    ended.stdout.trim().split('\n'),
    journeys.map(({ name }) => name),
  )
  const distrusting = { ...process.env, NODE_EXTRA_CA_CERTS: '' }
  const stranger = await run(process.execPath, args, { env: distrusting })
  assert.notEqual(stranger.code, 0)
  assert.match(stranger.stderr, /certificate/)
})
