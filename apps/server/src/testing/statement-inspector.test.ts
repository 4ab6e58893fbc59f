import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from './database.ts'
import { statementInspector, statementsSeen, tablesOf } from './statement-inspector.ts'

test('tables are found wherever SQL takes one', () => {
  const cases: [string, string[]][] = [
    ['select a, b from image', ['image']],
    [
      'select * from "public"."image" as i, policy p, unnest($1::text[]) u where x',
      ['image', 'policy', 'unnest'],
    ],
    ['insert into image (id) select id from other join lateral third on true', ['image', 'other', 'third']],
    ['update only image set a = 1', ['image']],
    ['delete from image using policy where true', ['image', 'policy']],
    ['merge into image using (select 1) s on true', ['image']],
    ['copy image (a) from stdin', ['image', 'stdin']],
    ['truncate table image', ['image']],
    [`select 'from policy' -- from other\n from image /* from third */`, ['image']],
    ['with x as (select 1 from image) select * from x', ['image', 'x']],
  ]
  for (const [text, tables] of cases) assert.deepEqual(tablesOf(text), tables, text)
})

test('a statement on a customer’s table names cid, or says why not', () => {
  const { inspect, violations } = statementInspector(['image'])
  inspect('select 1 from image where cid = $1')
  inspect('select image from other')
  inspect('select 1 from image /* every tenant: swept by age */')
  assert.equal(
    statementsSeen().get('select 1 from image /* every tenant: swept by age */')?.everyTenant,
    'swept by age',
  )
  for (const text of [
    'select 1 from image',
    'select 1 from image',
    `select 'cid' from image`,
    'select 1 from image -- cid',
    'select accident from image',
    'select 1 from image /* every tenant */',
  ]) {
    assert.throws(() => inspect(text), /does not take cid/, text)
  }
  assert.equal(violations.length, 6)
})

test('the tables of the schema are known, over the pool and over the builder', async (t) => {
  const { pool, database } = await testDatabase(t)
  const text = 'select count(*) from api_client where cid = $1 /* seen by the test of statements */'
  await pool.query(text, ['c'])
  await database.selectFrom('api_client').select('name').where('cid', '=', 'c').execute()
  assert.equal(statementsSeen().get(text)?.count, 1)
  assert.ok([...statementsSeen().keys()].some((seen) => seen.startsWith('select "name" from "api_client"')))
})
