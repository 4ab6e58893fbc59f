import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '@lanner/testkit'
import { checkBootstrap, checkFolder, checkMasterKey, checkSpace } from './folder.ts'

test('a data directory is a folder that is there and that not everybody writes to', async () => {
  await using folder = await temporaryFolder()
  assert.equal((await checkFolder(folder.path)).state, 'ok')
  assert.match((await checkFolder(join(folder.path, 'none'))).message, /is not there/)
  const file = join(folder.path, 'file')
  await writeFile(file, '')
  assert.match((await checkFolder(file)).message, /is no folder/)
  await chmod(folder.path, 0o777)
  const open = await checkFolder(folder.path)
  assert.equal(open.state, 'failed')
  assert.match(open.advice ?? '', /chmod o-w/)
})

test('the disk says how much is free', async () => {
  await using folder = await temporaryFolder()
  assert.match((await checkSpace(folder.path)).message, /^\d+(?:\.\d)? [kMGT]?B free$/)
})

test('credentials: none is a warning, half or open ones fail, whole ones name the server', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'bootstrap.json')
  assert.equal((await checkBootstrap(folder.path)).state, 'warning')
  await writeFile(path, '{"client_id": "a"}', { mode: 0o600 })
  assert.match((await checkBootstrap(folder.path)).message, /no whole credentials/)
  await writeFile(path, JSON.stringify({ url: 'http://x', client_id: 'a', client_secret: 'hidden' }))
  const whole = await checkBootstrap(folder.path)
  assert.deepEqual([whole.state, whole.message], ['ok', `${path} names http://x`])
  await chmod(path, 0o640)
  const open = await checkBootstrap(folder.path)
  assert.equal(open.state, 'failed')
  assert.doesNotMatch(JSON.stringify(open), /hidden/)
})

test('the master key: of the setting, of the file, missing, unreadable as one', async () => {
  await using folder = await temporaryFolder()
  const key = 'ab'.repeat(32)
  const path = join(folder.path, 'master.key')
  assert.match((await checkMasterKey(folder.path, undefined)).message, /^there is no /)
  assert.deepEqual(
    (await checkMasterKey(folder.path, `${key},${key}`)).message,
    '2 keys in LANNER_MASTER_KEY',
  )
  await writeFile(path, `${key}\n`, { mode: 0o600 })
  assert.equal((await checkMasterKey(folder.path, undefined)).message, `one key in ${path}`)
  for (const [setting, text] of [
    [undefined, 'too short'],
    ['too short', key],
  ]) {
    await writeFile(path, text!)
    const bad = await checkMasterKey(folder.path, setting)
    assert.equal(bad.state, 'failed')
    assert.doesNotMatch(JSON.stringify(bad), /too short/)
  }
})
