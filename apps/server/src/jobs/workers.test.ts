import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enqueue } from '../use-cases/job-type.ts'
import { sample, testQueue } from './testing/queue.ts'

test('a job is begun as soon as its transaction has committed, and leaves one line of history', async (t) => {
  const { database, workers } = await testQueue(t)
  const ran: string[] = []
  const { told, events } = workers(async ({ key }: { key: string }) => void ran.push(key))
  const id = await database.transaction().execute(async (transaction) => {
    const id = await enqueue(transaction, sample, { key: 'a' }, { cid: 'one' })
    assert.deepEqual(ran, [])
    return id
  })
  await told('ended')
  assert.deepEqual(ran, ['a'])
  const began = events.find((event) => event.kind === 'began')
  assert.ok(began && began.waited < 300)
  const rows = await database.selectFrom('job_history').select(['id', 'cid', 'outcome', 'attempts']).execute()
  assert.deepEqual(rows, [{ id, cid: 'one', outcome: 'done', attempts: 1 }])
  assert.deepEqual(await database.selectFrom('job').select(['id', 'cid']).execute(), [])
})
