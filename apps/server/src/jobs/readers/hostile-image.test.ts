import assert from 'node:assert/strict'
import { test } from 'node:test'
import { image, index, layer } from '@lanner/testkit'
import { type Estate, type EstateTenant, startEstate } from '../../testing/estate.ts'
import { pushBuilt } from '../../testing/estate-pushes.ts'

const mebibyte = 1024 ** 2
const reading = {
  entry: new URL('../testing/hostile-image.fixture.ts', import.meta.url),
  memory: { heap: 128 * mebibyte, total: 512 * mebibyte },
}

const base = layer({
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
  'var/lib/dpkg/status':
    'Package: bash\nStatus: install ok installed\nVersion: 5.2.15-2+b2\nArchitecture: amd64\n\n',
})
const built = (name: string, platform = 'linux/amd64') =>
  image({ platform, layers: [base, layer({ 'srv/name': `${name} ${platform}` })] })

/** The state of an image once there is one. Meanwhile the server has to be ready. */
async function stateOf({ url, tenants: [tenant] }: Estate, digest: string) {
  for (const until = performance.now() + 60_000; performance.now() < until; ) {
    const [ready, { body }] = await Promise.all([
      fetch(`${url}/readyz`),
      tenant.call('GET', `/lanner/v1/images/${digest}`),
    ])
    assert.equal(ready.status, 200)
    const [state] = body.resources
    if (state.state !== 'pending') return state
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return assert.fail('it is pending for ever')
}

test('an image that asks for all memory at once costs a process, not the server: it is tried twice and says why', async (t) => {
  const estate = await startEstate(t, { reading })
  const [tenant] = estate.tenants
  const [hostile, sound, next] = [built('both', 'linux/s390x'), built('both'), built('next')]
  await pushBuilt(tenant, 'both', '1', index([hostile, sound]))
  const { state, reasons } = await stateOf(estate, hostile.digest)
  assert.equal(state, 'not_assessable')
  assert.match(
    reasons.join(),
    /^reading the image needed more memory than 512 MiB, 128 MiB of it for objects; it was tried twice/,
  )
  await pushBuilt(tenant, 'next', '1', next)
  for (const { digest } of [sound, next]) {
    const other = await stateOf(estate, digest)
    assert.equal(other.state, 'assessed', other.reasons.join())
  }
  const job = await endedJob(tenant, 'both 1')
  // Two that ended their process, and one that gave the image up and read the other.
  assert.deepEqual([job.state, job.attempts], ['done', 3])
  assert.deepEqual(estate.complaints, [])
})

/** Once it has ended; between two attempts a job waits and is nowhere in the list of those that have. */
async function endedJob(tenant: EstateTenant, key: string): Promise<{ state: string; attempts: number }> {
  for (const until = Date.now() + 30_000; Date.now() < until; ) {
    const { body } = await tenant.call('GET', '/lanner/v1/jobs', { query: { state: 'done,failed' } })
    const [job] = body.resources.filter((each: { key: string }) => each.key === key)
    if (job) return job
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return assert.fail(`the job ${key} does not end`)
}
