import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { toPolicyCheck } from '../http/falcon/policy-check.ts'
import { by, cve, pushedImage, wanted } from '../testing/pushed-image.ts'

async function open(t: TestContext) {
  const scene = await pushedImage(t)
  return {
    ...scene,
    check: async () => toPolicyCheck(await scene.policyChecks.ofImage(by.cid, wanted)),
  }
}

test('an image is judged by what was found in it, as soon as it is assessed', async (t) => {
  const { check, assess, block, policyExclusions } = await open(t)
  await assert.rejects(check(), /shop\/checkout:1\.8\.2: pending; /)
  await assess()
  assert.equal((await check()).deny, false)

  await block('npm', { prop: 'package_type', value: 'npm' }, { prop: 'fix_available', value: true })
  const denied = await check()
  assert.equal(denied.deny, true)
  assert.deepEqual(denied.evaluation_details.matched_cve_list, [cve])

  await policyExclusions.replace(by, [{ prop: 'cve', value: ['GHSA-jf85-cpcp-j695'] }])
  const spared = await check()
  assert.equal(spared.deny, false)
  assert.deepEqual(spared.evaluation_details.excluded_cve_list, [cve])
})

test('packages, licences and the base OS are asked for as the image has them', async (t) => {
  const { check, assess, block } = await open(t)
  await assess()
  await block('licence', { prop: 'license', value: 'MIT' }, { prop: 'base_os', value: 'debian:12' })
  const { deny, evaluation_details: details } = await check()
  assert.equal(deny, true)
  assert.deepEqual(details.matched_package_list, ['lodash 4.17.4'])
  assert.deepEqual(details.matched_base_os_list, ['Debian GNU/Linux 12'])
})
