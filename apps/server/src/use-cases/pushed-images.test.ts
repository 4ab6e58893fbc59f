import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '@lanner/model'
import { sql } from 'kysely'
import { putImage, supersedeImages } from '../db/image.ts'
import { testDatabase } from '../testing/database.ts'
import { descriptorOf, pushBlob, putManifest, written } from '../testing/push-content.ts'
import { aliceCid, startPushRegistry } from '../testing/push-registry.ts'
import type { AssessPorts } from './assessment/assess-pushed.ts'
import { imageStates } from './image-states.ts'
import { pushedImages } from './pushed-images.ts'
import type { Reports } from './reports.ts'

// What BuildKit pushes by its digest beside an image that it built.
// https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
const config = Buffer.from('{"architecture":"unknown","os":"unknown"}')
const statement = Buffer.from('{"_type":"https://in-toto.io/Statement/v0.1"}')
const attestation = written({
  config: descriptorOf(config, 'application/vnd.oci.image.config.v1+json'),
  layers: [descriptorOf(statement, 'application/vnd.in-toto+json')],
})

test('statements about an image are no image, unless somebody gives them a name of their own', async (t) => {
  const { database } = await testDatabase(t)
  const registry = await startPushRegistry(t, { database })
  const now = () => new Date('2026-03-02T09:14:05Z')
  const ports: AssessPorts = {
    database,
    transaction: (work) => database.transaction().execute(work),
    matcher: { match: async () => undefined },
    advisories: () => undefined,
    now,
    reader: { read: async () => assert.fail('there is nothing to read in it') },
  }
  const images = pushedImages({ ...ports, blobs: registry.blobs, changed: () => {} })
  registry.onManifest = (put) => images.noted(put)
  await pushBlob(registry, 'shop', config)
  await pushBlob(registry, 'shop', statement)
  const rows = async () =>
    (await sql`select tag, state from image where cid = ${aliceCid}`.execute(database)).rows

  assert.equal((await putManifest(registry, 'shop', attestation.digest, attestation)).status, 201)
  assert.deepEqual(await rows(), [])

  assert.equal((await putManifest(registry, 'shop', 'odd', attestation)).status, 201)
  assert.deepEqual(await rows(), [{ tag: 'odd', state: 'pending' }])
  const pushed = { repository: 'shop', reference: 'odd', digest: attestation.digest }
  await images.assess(aliceCid, pushed, AbortSignal.timeout(10_000), () => {})
  assert.deepEqual(await rows(), [{ tag: 'odd', state: 'not_assessable' }])

  const states = imageStates({ database, reports: {} as Reports, advisories: () => undefined, now })
  const { reasons } = await states.state(aliceCid, attestation.digest)
  assert.equal(reasons.length, 1, 'what could not even be read says why, too')
  assert.match(reasons[0], /shop/)
})

test('a tag that moved on is no name of the image that it left', async (t) => {
  const { database } = await testDatabase(t)
  const at = new Date('2026-03-02T09:14:05Z')
  const name = { registry: '', repository: 'shop', tag: '1' }
  const put = (digest: string, tag: string) =>
    putImage(
      database,
      aliceCid,
      {
        ...name,
        tag,
        digest,
        imageUuid: crypto.randomUUID(),
        indexDigest: '',
        imageId: '',
        os: '',
        architecture: '',
        variant: '',
        source: 'push',
      },
      at,
    )
  const [first, second] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`]
  for (const tag of ['1', 'kept']) await put(first, tag)
  await put(second, '1')
  await supersedeImages(database, aliceCid, name, [second], at)
  const states = imageStates({ database, reports: {} as Reports, advisories: () => undefined, now: () => at })
  const { images, names } = await states.state(aliceCid, first)
  assert.equal(images.length, 2)
  assert.deepEqual(
    names.map(({ tag }) => tag),
    ['kept'],
  )
})

test('an image whose assessment failed for good says so, in words meant for others only', async (t) => {
  const { database } = await testDatabase(t)
  const registry = await startPushRegistry(t, { database })
  const now = () => new Date('2026-03-02T09:14:05Z')
  const told: string[] = []
  const images = pushedImages({
    database,
    transaction: (work) => database.transaction().execute(work),
    matcher: { match: async () => undefined },
    advisories: () => undefined,
    now,
    reader: { read: async () => assert.fail('it is given up') },
    blobs: registry.blobs,
    changed: (cid) => told.push(cid),
  })
  registry.onManifest = (put) => images.noted(put)
  await pushBlob(registry, 'shop', config)
  await pushBlob(registry, 'shop', statement)
  await putManifest(registry, 'shop', 'odd', attestation)
  const { digest } = attestation
  const row = async () =>
    (await sql`select state, state_reason from image where cid = ${aliceCid}`.execute(database)).rows

  await images.givenUp(aliceCid, { digest }, new TypeError('x is not a function'))
  assert.deepEqual(await row(), [
    { state: 'not_assessable', state_reason: 'reading it failed again and again; the log says why' },
  ])
  await images.givenUp(aliceCid, { digest }, new Fault('crashed', 'its thread took more memory than it may'))
  assert.deepEqual(await row(), [
    { state: 'not_assessable', state_reason: 'its thread took more memory than it may' },
  ])
  assert.deepEqual(told, [aliceCid, aliceCid])
})
