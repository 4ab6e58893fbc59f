import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertTenant } from '../db/tenant.ts'
import { testDatabase } from '../testing/database.ts'
import { exclusionUse } from './exclusion-use.ts'

const [one, two] = ['a'.repeat(32), 'b'.repeat(32)]
const id = '00000000-0000-4000-8000-000000000001'

test('the first and the last time are kept, for each tenant, whoever writes them', async (t) => {
  const { database } = await testDatabase(t)
  for (const cid of [one, two]) await insertTenant(database, cid, cid)
  let now = Date.parse('2026-03-02T09:00:00Z')
  const clock = () => now
  const [first, second] = [exclusionUse({ database, clock }), exclusionUse({ database, clock })]
  first.noted(one, {}, () => [id])
  now += 90_000
  second.noted(one, {}, () => [id])
  await second.flush()
  // Written later, of an earlier time.
  await first.flush()
  assert.deepEqual(await first.of(one), await second.of(one))
  assert.deepEqual(
    [...(await first.of(one))],
    [[id, { first: new Date('2026-03-02T09:00:00Z'), last: new Date('2026-03-02T09:01:30Z') }]],
  )
  assert.equal((await first.of(two)).size, 0)
})

test('a verdict that is given again and again is noted once a minute, and its exclusions are not asked for between', async (t) => {
  const { database } = await testDatabase(t)
  await insertTenant(database, one, one)
  let now = Date.parse('2026-03-02T09:00:00Z')
  const use = exclusionUse({ database, clock: () => now })
  const verdict = {}
  let asked = 0
  for (let second = 0; second < 130; second++, now += 1000)
    use.noted(one, verdict, () => {
      asked++
      return [id]
    })
  assert.equal(asked, 3)
  assert.deepEqual((await use.of(one)).get(id)?.last, new Date('2026-03-02T09:02:00Z'))
})

test('what cannot be written now is written later', async (t) => {
  const { database } = await testDatabase(t)
  await insertTenant(database, one, one)
  let away = true
  const flaky = new Proxy(database, {
    get(target, name) {
      if (away) throw new Error('the database is away')
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const use = exclusionUse({ database: flaky, clock: () => Date.parse('2026-03-02T09:00:00Z') })
  use.noted(one, {}, () => [id])
  await use.flush()
  away = false
  assert.equal((await use.of(one)).size, 1)
})
