import assert from 'node:assert/strict'
import { test } from 'node:test'
import { falconContainer } from '@lanner/contract'
import { sql } from 'kysely'
import { startEstate } from '../../testing/estate.ts'

const { url } = falconContainer.operations.CreateRegistryEntities

test('only a secret that is sent takes the place of the one that is sealed', async (t) => {
  const { tenants, database, complaints } = await startEstate(t)
  const [amber, birch] = tenants
  const secret = 'hunter-of-herons'
  const created = await amber.call('POST', url, {
    body: {
      type: 'harbor',
      url: 'https://harbor.example.com',
      credential: { username: 'robot', password: secret },
    },
  })
  assert.equal(created.status, 201, created.text)
  const { id } = created.body.resources
  const sealed = async () => {
    const { rows } = await sql<{ sealed_credential: string }>`
      select sealed_credential from registry_connection where cid = ${amber.cid} and registry_id = ${id}::uuid`.execute(
      database,
    )
    return rows[0]?.sealed_credential
  }
  const first = await sealed()
  assert.ok(first && !first.includes(secret))
  const answers = [created.text]
  const change = async (method: string, body: object) => {
    const answer = await amber.call(method, url, { query: { id }, body })
    assert.equal(answer.status, 200, answer.text)
    answers.push(answer.text)
  }
  for (const method of ['PATCH', 'POST'])
    for (const credential of [
      undefined,
      null,
      {},
      { details: {} },
      { details: null },
      { details: { password: '' } },
      { type: 'harbor' },
    ]) {
      await change(method, {
        user_defined_alias: 'renamed',
        ...(credential === undefined ? {} : { credential }),
      })
      assert.equal(await sealed(), first, `${method} ${JSON.stringify(credential)}`)
    }
  await change('PATCH', { credential: { details: { username: 'robot', password: `${secret}-2` } } })
  assert.notEqual(await sealed(), first)
  for (const answer of answers) assert.ok(!answer.includes(secret))

  for (const [method, path] of [
    ['GET', `${url}?ids=${id}`],
    ['PATCH', `${url}?id=${id}`],
    ['POST', `${url}?id=${id}`],
    ['DELETE', `${url}?ids=${id}`],
  ] as const) {
    const answer = await birch.call(
      method,
      path,
      method === 'GET' || method === 'DELETE' ? {} : { body: { state: 'pause' } },
    )
    assert.equal(answer.status, 404, `${method} of another tenant`)
  }
  assert.equal((await amber.call('GET', url, { query: { ids: id } })).status, 200)
  assert.deepEqual(complaints, [])
})
