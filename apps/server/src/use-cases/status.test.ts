import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../testing/database.ts'
import { queueLength } from './status.ts'

test('the length of the queue is counted now and then, however often it is asked', async (t) => {
  const { database } = await testDatabase(t)
  let now = 0
  const length = queueLength({ database, clock: () => now })
  const none = { ready: 0, delayed: 0, running: 0 }
  assert.deepEqual(await length(), none)
  await sql`insert into job (id, turn, cid, name, key, priority, resource, state, max_attempts, payload)
    select gen_random_uuid(), gen_random_uuid(), 'c', 'n', n::text, 0, '', n % 3, 1, '{}' from generate_series(0, 3) n`.execute(
    database,
  )
  now = 9_999
  assert.deepEqual(await length(), none)
  now = 10_000
  assert.deepEqual(await length(), { ready: 2, delayed: 1, running: 1 })
  await database.destroy()
  now = 20_000
  assert.deepEqual(await length(), {}, 'the other metrics are printed all the same')
})
