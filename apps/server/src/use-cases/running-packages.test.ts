import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packageFields } from '@lanner/contract/fields'
import { readFilter } from '@lanner/fql'
import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { countRunningPackages, runningPackagesChanged } from '../db/tenant-running-package.ts'
import { testDatabase } from '../testing/database.ts'
import { makeImageEstate } from '../testing/image-estate.ts'
import { startedContainers } from '../testing/image-estate-containers.ts'
import { containerServices } from './container-services.ts'

const now = new Date('2026-02-01T12:30:00Z')
const cid = 'a'.repeat(32)
const otherCid = 'b'.repeat(32)
const all = { limit: 100, offset: 0 }

test('how many running images have a package follows what runs and what images are', async (t) => {
  const { database } = await testDatabase(t)
  await makeImageEstate(database, cid, otherCid)
  const { packages, containers } = containerServices({
    database,
    transaction: <T>(work: (held: Database) => Promise<T>) => database.transaction().execute(work),
    now: () => now,
  })

  /** By package, from the containers, the images and their sets themselves; nothing that is kept. */
  async function counted(): Promise<Map<number, number>> {
    const { rows } = await sql<{ package_id: number; images: number }>`
      select member.package_id, count(distinct image.image_uuid)::int as images
      from image join package_set_member as member on member.set_id = image.set_id and not member.suppressed
      where image.cid = ${cid} and image.superseded_at is null and exists (
        select from container where container.cid = ${cid} and container.running and container.image_digest <> ''
          and (container.image_digest = image.digest or container.image_digest = image.index_digest))
      group by member.package_id`.execute(database)
    return new Map(rows.map((row) => [row.package_id, row.images]))
  }

  /** What lists show, once it is what the rows themselves say, and what is filtered by. */
  async function listed(): Promise<readonly number[]> {
    const { rows } = await packages.list(cid, all)
    const own = await counted()
    for (const row of rows) assert.equal(row.runningImages, own.get(row.package_id) ?? 0, row.name)
    for (const bound of [0, 1, 2]) {
      const filter = readFilter(`running_images:>${bound}`, packageFields, { now })
      const found = (await packages.list(cid, { ...all, filter })).rows.map((row) => row.package_id)
      const expected = rows.filter((row) => row.runningImages > bound).map((row) => row.package_id)
      assert.deepEqual(found, expected)
    }
    assert.equal(await runningPackagesChanged(database, cid), false)
    return rows.map((row) => row.runningImages)
  }

  const before = await listed()
  assert.ok(before.some((images) => images > 0))
  const started = startedContainers()
  await containers.record(cid, { cluster: 'new', containers: started, complete: true })
  const more = await listed()
  assert.notDeepEqual(more, before)

  await containers.record(otherCid, { cluster: 'new', containers: started, complete: true })
  assert.deepEqual(await listed(), more)

  await containers.record(cid, { cluster: 'new', containers: [], complete: true })
  assert.deepEqual(await listed(), before)

  await sql`update container set running = false where cid = ${cid}`.execute(database)
  assert.ok((await listed()).every((images) => images === 0))
  const { rows } = await sql`select from tenant_running_package where cid = ${cid}`.execute(database)
  assert.equal(rows.length, 0)
})

test('two who count at once count what runs once', async (t) => {
  const { database } = await testDatabase(t)
  await makeImageEstate(database, cid, otherCid)
  const count = () => database.transaction().execute((held) => countRunningPackages(held, cid))
  await Promise.all([count(), count(), count()])
  assert.equal(await runningPackagesChanged(database, cid), false)
  const { rows } = await sql<{ wrong: number }>`
    select count(*) as wrong from tenant_running_package as kept join (
      select member.package_id, sum(counted.images) as images from tenant_running_package_set as counted
      join package_set_member as member on member.set_id = counted.set_id
      where counted.cid = ${cid} and not member.suppressed group by member.package_id
    ) as own on own.package_id = kept.package_id where kept.cid = ${cid} and kept.images <> own.images`.execute(
    database,
  )
  assert.equal(rows[0]?.wrong, 0)
})
