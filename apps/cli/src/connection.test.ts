import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { temporaryFolder } from '@lanner/testkit'
import { ParsedOptions } from './command.ts'
import { type Connection, connectionOf, connectionOptions, readBootstrap } from './connection.ts'
import { UsageError } from './exit.ts'
import { readSettings } from './settings.ts'

/** A data directory whose server answers at `http://127.0.0.1:1`. */
async function dataDirectory(parent: string, name: string): Promise<string> {
  const folder = join(parent, name)
  await mkdir(folder)
  const content = { url: 'http://127.0.0.1:1', client_id: `${name}-id`, client_secret: `${name}-secret` }
  await writeFile(join(folder, 'bootstrap.json'), JSON.stringify(content))
  return folder
}

function find(options: Record<string, string>, environment: Record<string, string>): Connection {
  for (const name of Object.keys(options)) assert.ok(Object.hasOwn(connectionOptions, name))
  return connectionOf(
    { options: new ParsedOptions(options), settings: readSettings({ HOME: '/nowhere', ...environment }) },
    'api',
  )
}

suite('which server, and as whom', () => {
  const environment = { LANNER_CLIENT_ID: 'env-id', LANNER_CLIENT_SECRET: 'env-secret' }

  test('a named data directory gives both, also where the environment has others', async () => {
    await using folder = await temporaryFolder()
    const data = await dataDirectory(folder.path, 'data')
    const kept = { url: 'http://127.0.0.1:1', clientId: 'data-id', clientSecret: 'data-secret' }
    assert.deepEqual(find({ 'data-dir': data }, {}), kept)
    assert.deepEqual(find({ 'data-dir': data }, { ...environment, LANNER_URL: 'http://other' }), kept)
    assert.deepEqual(find({ 'data-dir': data, url: 'http://lb' }, {}), { ...kept, url: 'http://lb' })
  })

  test('the data directory of the environment is a last resort', async () => {
    await using folder = await temporaryFolder()
    const LANNER_DATA_DIR = await dataDirectory(folder.path, 'data')
    assert.equal(find({}, { LANNER_DATA_DIR }).clientId, 'data-id')
    assert.deepEqual(find({}, { LANNER_DATA_DIR, ...environment, LANNER_URL: 'http://other' }), {
      url: 'http://other',
      clientId: 'env-id',
      clientSecret: 'env-secret',
    })
  })

  test('credentials of a directory that nobody named go to its own server only', async () => {
    await using folder = await temporaryFolder()
    const LANNER_DATA_DIR = await dataDirectory(folder.path, 'data')
    assert.equal(find({ url: 'http://127.0.0.1:1/' }, { LANNER_DATA_DIR }).clientId, 'data-id')
    for (const url of ['http://127.0.0.1:2', 'https://127.0.0.1:1', 'http://127.0.0.1.evil:1', 'nonsense'])
      assert.throws(() => find({ url }, { LANNER_DATA_DIR }), {
        name: 'UsageError',
        message: /^no credentials for /,
      })
    assert.throws(
      () => find({}, { LANNER_DATA_DIR, LANNER_URL: 'http://other' }),
      (error) => error instanceof UsageError && !error.message.includes('secret"'),
    )
  })

  test('a client by its id takes its secret from the environment', async () => {
    await using folder = await temporaryFolder()
    const data = await dataDirectory(folder.path, 'data')
    const options = { 'data-dir': data, 'client-id': 'me' }
    assert.deepEqual(find(options, { LANNER_CLIENT_SECRET: 's' }), {
      url: 'http://127.0.0.1:1',
      clientId: 'me',
      clientSecret: 's',
    })
    assert.throws(() => find(options, {}), /--client-id needs the secret in LANNER_CLIENT_SECRET/)
  })

  test('no address is told, with the file that was looked into', async () => {
    await using folder = await temporaryFolder()
    const data = join(folder.path, 'none')
    assert.throws(
      () => find({ 'data-dir': data }, environment),
      (error) => {
        return error instanceof UsageError && error.message.includes(join(data, 'bootstrap.json'))
      },
    )
  })
})

test('what is no whole bootstrap file is none', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'bootstrap.json')
  assert.equal(readBootstrap(folder.path), undefined)
  await writeFile(path, '{"url": 1, "client_id": "a"}')
  assert.deepEqual(readBootstrap(folder.path), { folder: folder.path, path, clientId: 'a' })
  for (const text of ['', 'null', '{"url":'] as const) {
    await writeFile(path, text)
    assert.equal(readBootstrap(folder.path), undefined, text)
  }
})
