import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { LannerClient, type PolicyRule } from '../../packages/sdk/src/index.ts'
import { output } from '../process.ts'
import { startWebhook, type Webhook } from './admission.ts'
import { eventually } from './api.ts'
import { layoutOf, smallImage } from './images.ts'
import { type Platform, startPlatform } from './platform.ts'

describe('a cluster that runs what policies let pass', () => {
  let platform: Platform
  let sdk: LannerClient
  const webhooks: Webhook[] = []
  const built = smallImage('admission')
  let image: string
  let own: { readonly id: string; readonly secret: string }

  before(async () => {
    platform = await startPlatform({ args: ['--demo'] })
    const { client_id, client_secret } = platform.credentials
    sdk = new LannerClient({ baseUrl: platform.url, client_id, client_secret })
    image = `${platform.host}/shop/checkout`
    const layout = await layoutOf(built, '1')
    const push = ['--insecure-policy', 'copy', '--quiet', '--dest-tls-verify=false', '--preserve-digests']
    await output('skopeo', [
      ...[...push, `--dest-creds=${client_id}:${client_secret}`],
      ...[`oci:${layout}:1`, `docker://${image}:1.8.2`],
    ])
    await eventually('the assessment', async () => {
      const parameters = { repository: 'shop/checkout', tag: '1.8.2' }
      const result = await sdk.command('GetVerdict', { parameters })
      return result.ok && result.body.resources[0]?.state === 'assessed' ? true : undefined
    })
    // Nothing but verdicts is open to it.
    const body = { name: 'admission', scopes: ['lanner-verdicts:read'] }
    const made = await sdk.command('CreateClient', { body })
    assert.ok(made.ok, JSON.stringify(made))
    const [client] = made.body.resources
    own = { id: client!.client_id, secret: client!.client_secret }
  })

  after(async () => {
    for (const webhook of webhooks) await webhook.stop()
    await platform?.stop()
  })

  async function webhook(...args: readonly string[]): Promise<Webhook> {
    const started = await startWebhook(platform.url, own, args)
    webhooks.push(started)
    return started
  }

  /** A policy that asks first, made by the SDK. */
  async function policy(name: string, repository: string, rule: PolicyRule): Promise<void> {
    const made = await sdk.command('CreatePolicies', { body: { name, description: '' } })
    assert.ok(made.ok, JSON.stringify(made))
    const id = made.body.resources[0]!.policy_id
    const group = await sdk.command('CreatePolicyGroups', {
      body: {
        name,
        description: '',
        policy_id: id,
        policy_group_data: { conditions: [{ prop: 'repository', value: repository }] },
      },
    })
    assert.ok(group.ok, JSON.stringify(group))
    const changed = await sdk.command('UpdatePolicies', {
      parameters: { id },
      body: { name, description: '', is_enabled: true, policy_data: { rules: [rule] } },
    })
    assert.ok(changed.ok, JSON.stringify(changed))
  }

  test('what no policy denies runs; the digest that was judged is in the audit log', async () => {
    const closed = await webhook('--cache-seconds', '0')
    const passed = await closed.pod(`${image}:1.8.2`)
    assert.equal(passed.allowed, true, JSON.stringify(passed))
    assert.equal(passed.uid, 'e911857d-c318-11e8-bbad-025000000001')
    assert.equal(passed.auditAnnotations['images'], `${image}@${built.digest} allowed`)
    assert.equal((await closed.pod(`${image}@${built.digest}`)).allowed, true)
  })

  test('what a policy denies does not, and the developer is told why', async () => {
    await policy('Production', 'shop/*', {
      action: 'block',
      policy_rules_data: { conditions: [{ prop: 'severity', op: 'gte', value: 'critical' }] },
    })
    const [closed] = webhooks
    const { allowed, status } = await closed!.pod(`${image}:1.8.2`)
    assert.equal(allowed, false)
    assert.deepEqual([status?.code, status?.reason], [403, 'Forbidden'])
    // By hand from the demo's advisories (GHSA-jf85-cpcp-j695).
    assert.equal(
      status?.message,
      [
        `image ${image}:1.8.2 of container "app" is denied by policy "Production" (group "Production"), rule 1 (severity gte "critical")`,
        `  digest ${built.digest}`,
        '  CVE-2019-10744 critical in lodash 4.17.4: fixed in 4.17.12',
        'Build the image anew with the fixed versions, or ask who keeps the policy for an exclusion.',
        `More: lanner policy-check shop/checkout@${built.digest}`,
      ].join('\n'),
    )
    assert.equal((await closed!.pod(`${image}:anything@${built.digest}`)).allowed, false)
    const [warning] = (await (await webhook('--dry-run')).pod(`${image}:1.8.2`)).warnings ?? []
    assert.match(
      warning ?? '',
      /^would have been denied: image .*:1\.8\.2 of container "app" is denied by policy/,
    )
  })

  test('what is not assessed: denied, allowed, and as a policy says', async () => {
    const [closed] = webhooks
    const lenient = await webhook('--unassessed', 'allow', '--cache-seconds', '0')
    const stranger = `${platform.host}/stranger/app:1`
    const denied = await closed!.pod(stranger)
    assert.equal(denied.allowed, false)
    assert.match(denied.status?.message ?? '', /is not known to Lanner/)
    const passed = await lenient.pod(stranger)
    assert.equal(passed.allowed, true)
    assert.match(passed.warnings?.[0] ?? '', /passes unjudged: it is not known to Lanner/)
    // The same name elsewhere is another image.
    assert.match(
      (await closed!.pod('quay.io/shop/checkout:1.8.2')).status?.message ?? '',
      /is not known to Lanner/,
    )
    await policy('Strangers', 'stranger/*', {
      action: 'block',
      policy_rules_data: { conditions: [{ prop: 'assessment', value: 'unknown' }] },
    })
    const byPolicy = await eventually('the policy on what is unknown', async () => {
      const response = await lenient.pod(stranger)
      return response.allowed ? undefined : response
    })
    assert.match(byPolicy.status?.message ?? '', /denied by policy "Strangers".*assessment eq "unknown"/)
  })

  test('a platform that is gone: closed and open; both end well', async () => {
    const [closed] = webhooks
    const open = await webhook('--fail', 'open', '--timeout', '2s')
    await platform.stop()
    const denied = await closed!.pod(`${image}:1.8.2`)
    assert.equal(denied.allowed, false)
    assert.deepEqual([denied.status?.code, denied.status?.reason], [503, 'ServiceUnavailable'])
    const passed = await open.pod(`${image}:1.8.2`)
    assert.equal(passed.allowed, true)
    assert.match(passed.warnings?.[0] ?? '', /passes unjudged: the platform cannot be asked/)
    for (const each of webhooks.splice(0)) assert.equal(await each.stop(), 0)
  })
})
