import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { assertExit, lanner, newUser, type User } from '../lanner.ts'
import { type Ended, output } from '../process.ts'
import { layoutOf, smallImage } from './images.ts'
import { type Platform, startPlatform } from './platform.ts'

const policies = `version: 1
policies:
  - name: Production
    rules:
      - action: block
        conditions:
          - { prop: severity, op: gte, value: critical }
          - { prop: fix_available, value: true }
    groups:
      - name: shop
        conditions:
          - { prop: repository, value: shop/* }
`

/** What the team says of lodash in its image, in a version of the document. */
function vex(version: number, status: 'not_affected' | 'under_investigation'): string {
  return JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://example.org/vex/checkout',
    author: 'Checkout team',
    timestamp: `2026-11-0${version}T08:00:00Z`,
    version,
    statements: [
      {
        vulnerability: { name: 'CVE-2019-10744' },
        products: [{ '@id': 'pkg:npm/lodash@4.17.4' }],
        status,
        ...(status === 'not_affected' ? { justification: 'vulnerable_code_not_in_execute_path' } : {}),
      },
    ],
  })
}

describe('a pipeline that asks whether its image may pass', () => {
  let platform: Platform
  let user: User
  const built = smallImage('gate')

  before(async () => {
    platform = await startPlatform({ args: ['--demo'] })
    user = newUser('pipeline')
    writeFileSync(join(user.home, 'policies.yaml'), policies)
  })

  after(() => platform?.stop())

  const command = (...args: readonly string[]): Promise<Ended> =>
    lanner(user, args, { env: { LANNER_DATA_DIR: platform.folder } })

  test('policies come from a file: applied once, and then there is nothing to change', async () => {
    assertExit(await command('policy', 'diff', 'policies.yaml'), 1)
    // No image is of the group yet.
    assertExit(await command('policy', 'preview', 'policies.yaml'), 0)
    assertExit(await command('policy', 'apply', 'policies.yaml'), 0)
    assertExit(await command('policy', 'diff', 'policies.yaml'), 0)
  })

  test('what nobody pushed is no pass', async () => {
    const ended = await command('policy-check', 'shop/nothing:1')
    assertExit(ended, 3)
    assert.match(ended.stdout, /^UNDECIDED {2}shop\/nothing:1/)
  })

  test('an image that is pushed while it is waited for is denied, and JUnit says by what', async () => {
    const waiting = command(
      ...['policy-check', 'shop/checkout:1.8.2', '--wait', '2m'],
      ...['--format', 'junit', '--output', 'result.xml'],
    )
    const { client_id, client_secret } = platform.credentials
    const layout = await layoutOf(built, '1')
    await output('skopeo', [
      ...['--insecure-policy', 'copy', '--quiet', '--dest-tls-verify=false', '--preserve-digests'],
      ...[`--dest-creds=${client_id}:${client_secret}`],
      ...[`oci:${layout}:1`, `docker://${platform.host}/shop/checkout:1.8.2`],
    ])
    assertExit(await waiting, 1)
    const result = readFileSync(join(user.home, 'result.xml'), 'utf8')
    // By hand from the demo's advisories: GHSA-jf85-cpcp-j695 alone is critical.
    assert.match(result, /<testsuites name="lanner" tests="2" failures="2" /)
    assert.match(result, /<failure message="CVE-2019-10744 in lodash 4\.17\.4: .*fixed in 4\.17\.12"/)
  })

  test('what the team has looked into passes, and no longer once the team takes it back', async () => {
    writeFileSync(join(user.home, 'vex.json'), vex(1, 'not_affected'))
    assertExit(await command('vex', 'import', 'vex.json'), 0)
    const passed = await command('policy-check', `shop/checkout@${built.digest}`, '--format', 'json')
    assertExit(passed, 0)
    const exported = await command('vex', 'export', 'shop/checkout:1.8.2')
    assertExit(exported, 0)
    const { statements } = JSON.parse(exported.stdout) as {
      statements: { vulnerability: { name: string }; status: string; justification: string }[]
    }
    assert.deepEqual(
      statements.map(({ vulnerability, status, justification }) => [
        vulnerability.name,
        status,
        justification,
      ]),
      [['CVE-2019-10744', 'not_affected', 'vulnerable_code_not_in_execute_path']],
    )
    writeFileSync(join(user.home, 'vex.json'), vex(2, 'under_investigation'))
    await command('vex', 'import', 'vex.json')
    assertExit(await command('policy-check', 'shop/checkout:1.8.2'), 1)
  })

  test('a server that cannot be asked is no pass', async () => {
    await platform.stop()
    assertExit(await command('policy-check', 'shop/checkout:1.8.2'), 3)
  })
})
