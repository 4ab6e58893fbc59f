import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { importAdvisories, openStore } from '@lanner/advisories'
import { extractorRevision, imageFacts, readImage } from '@lanner/assessment'
import { image, imageSource, layer, temporaryFolder } from '@lanner/testkit'
import { advisoryState, takeOverRevision } from '../db/advisory-state.ts'
import { putImage } from '../db/image.ts'
import { insertTenant } from '../db/tenant.ts'
import { toPolicyCheck } from '../http/falcon/policy-check.ts'
import { testDatabase } from '../testing/database.ts'
import { matchGroups } from './assessment/matcher.ts'
import { recordImage } from './assessment/record.ts'
import { policyFacts } from './policy-facts.ts'
import { policyServices } from './policy-services.ts'

const now = new Date('2026-03-02T09:14:05Z')
const by = { cid: '0f1e2d3c4b5a69788796a5b4c3d2e1f0', actor: 'ci' }
const wanted = { repository: 'shop/checkout', tag: '1.8.2' }

const built = image({
  layers: [
    layer({
      'etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n',
      'var/lib/dpkg/status':
        'Package: libexpat1\nStatus: install ok installed\nSource: expat\nVersion: 2.5.0-1\nArchitecture: amd64\n',
    }),
    layer({
      'app/node_modules/lodash/package.json': JSON.stringify({
        name: 'lodash',
        version: '4.17.4',
        license: 'MIT',
      }),
    }),
  ],
})

/** A pushed and assessed image, judged by what the demo's advisories say of it. */
async function open(t: TestContext) {
  const { database } = await testDatabase(t)
  await insertTenant(database, by.cid, 'one')
  const temporary = await temporaryFolder()
  t.after(() => temporary[Symbol.asyncDispose]())
  await importAdvisories(join(import.meta.dirname, '../../../../demo/advisories'), temporary.path, {
    now: () => now,
  })
  const advisories = openStore(temporary.path)
  t.after(() => advisories[Symbol.dispose]())
  await advisoryState(database)
  await takeOverRevision(database, advisories.revision, now)
  const source = imageSource(built)
  const [resolved] = (await source.resolve()).images
  assert.ok(resolved)
  const known = await readImage(source, resolved, { version: 'test', onEvent: () => {} })
  const facts = imageFacts(resolved, known.layers, known.inventory)
  const named = { registry: '', ...wanted, digest: facts.manifestDigest, indexDigest: '', imageId: '' }
  await putImage(
    database,
    by.cid,
    { imageUuid: crypto.randomUUID(), ...named, os: '', architecture: '', variant: '', source: 'push' },
    now,
  )
  const reader = policyFacts({ database, advisories: () => advisories, now: () => now })
  const services = policyServices({ database, clock: () => now.getTime(), reader })
  return {
    ...services,
    check: async () => toPolicyCheck(await services.policyChecks.ofImage(by.cid, wanted)),
    assess: () =>
      recordImage(
        { facts, documents: { manifest: '{}', config: '{}' }, known, extractorRevision: extractorRevision() },
        {
          database,
          transaction: (work) => database.transaction().execute(work),
          matcher: { match: async (groups) => matchGroups(groups, advisories, now) },
          advisories: () => advisories,
          now: () => now,
        },
      ),
    async rule(name: string, ...conditions: readonly object[]) {
      const { id } = await services.policies.create(by, { name })
      const rules = [{ action: 'block', policy_rules_data: { conditions } }]
      await services.policies.update(by, id, { enabled: true, rules })
      return id
    },
  }
}

test('an image is judged by what was found in it, as soon as it is assessed', async (t) => {
  const { check, assess, rule, policyExclusions } = await open(t)
  await assert.rejects(check(), /shop\/checkout:1\.8\.2: pending; /)
  await assess()
  assert.equal((await check()).deny, false)

  await rule('npm', { prop: 'package_type', value: 'npm' }, { prop: 'fix_available', value: true })
  const denied = await check()
  assert.equal(denied.deny, true)
  // By hand from demo/advisories: GHSA-jf85-cpcp-j695 is CVE-2019-10744, fixed in lodash 4.17.12.
  assert.deepEqual(denied.evaluation_details.matched_cve_list, ['CVE-2019-10744'])

  await policyExclusions.replace(by, [{ prop: 'cve', value: ['GHSA-jf85-cpcp-j695'] }])
  const spared = await check()
  assert.equal(spared.deny, false)
  assert.deepEqual(spared.evaluation_details.excluded_cve_list, ['CVE-2019-10744'])
})

test('packages, licences and the base OS are asked for as the image has them', async (t) => {
  const { check, assess, rule } = await open(t)
  await assess()
  await rule('licence', { prop: 'license', value: 'MIT' }, { prop: 'base_os', value: 'debian:12' })
  const { deny, evaluation_details: details } = await check()
  assert.equal(deny, true)
  assert.deepEqual(details.matched_package_list, ['lodash 4.17.4'])
  assert.deepEqual(details.matched_base_os_list, ['Debian GNU/Linux 12'])
})
