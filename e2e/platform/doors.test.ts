import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { image } from '../../packages/testkit/src/index.ts'
import { type Api, startSignedIn } from './api.ts'
import { buildStep, scanImage } from './doors.ts'
import { layoutOf, smallImage } from './images.ts'
import type { Platform } from './platform.ts'

describe('gates that people have in their pipelines', () => {
  let platform: Platform
  let api: Api

  before(async () => {
    ;({ platform, api } = await startSignedIn({ args: ['--demo'] }))
  })

  after(async () => {
    await platform?.stop()
  })

  /** The demo's advisories call this version fixed. */
  const clean = image({
    layers: [
      {
        'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
        'var/lib/dpkg/status':
          'Package: libexpat1\nStatus: install ok installed\nSource: expat\nVersion: 2.5.0-1+deb12u1\nArchitecture: amd64\n\n',
      },
    ],
  })

  test('the vendor\u2019s scanning script: login, push, wait, score', async () => {
    const weak = await scanImage(platform, await layoutOf(smallImage('scan'), '1'), 'door/scan', '1')
    assert.equal(weak.exit, 1)
    // By hand: lodash's 9.1 is critical; for expat the demo has no rating.
    assert.equal(weak.score, 2000)
    assert.deepEqual(
      weak.asked.slice(0, -1).filter((status) => status !== 404),
      [],
    )
    const layout = await layoutOf(smallImage('scan'), '2')
    assert.equal((await scanImage(platform, layout, 'door/scan', '2', 2001)).exit, 0)
    const strong = await scanImage(platform, await layoutOf(clean, '3'), 'docker.io/library/clean', '3')
    assert.deepEqual([strong.exit, strong.score], [0, 0])
  })

  test('the vendor\u2019s Jenkins plugin: push, wait, one question for the verdict', async () => {
    const layout = await layoutOf(smallImage('build'), '1')
    assert.equal((await buildStep(platform, layout, 'door/build', '1')).exit, 0)
    const policies = '/container-security/entities/image-assessment-policies/v1'
    const [{ policy_id: id }] = await api.resources('POST', policies, {
      body: { name: 'gate', description: '' },
    })
    const rule = async (action: string) =>
      api.resources('PATCH', policies, {
        query: { id },
        body: {
          name: 'gate',
          description: '',
          is_enabled: true,
          policy_data: {
            rules: [{ action, policy_rules_data: { conditions: [{ prop: 'severity', value: 'critical' }] } }],
          },
        },
      })
    await rule('block')
    const fresh = await layoutOf(smallImage('another build'), '2')
    const blocked = await buildStep(platform, fresh, 'door/build', '2')
    assert.equal(blocked.exit, 1)
    assert.equal(blocked.asked.at(-1), 200)
    assert.equal((await buildStep(platform, await layoutOf(clean, '3'), 'door/build', '3')).exit, 0)
    await rule('alert')
    const warned = await buildStep(platform, fresh, 'door/build', '2')
    assert.deepEqual([warned.exit, warned.warnings], [0, ['gate']])
    await api.resources('DELETE', policies, { query: { id } })
  })
})
