import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder } from './make-folder.ts'

test('makes what is missing, for its owner only, and tells the uppermost', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'lanner-test-'))
  t.after(() => rm(root, { recursive: true }))
  assert.equal(await makeFolder(join(root, 'a/b/c')), join(root, 'a'))
  for (const name of ['a', 'a/b', 'a/b/c']) assert.equal((await stat(join(root, name))).mode & 0o777, 0o700)
  assert.equal(await makeFolder(join(root, 'a/b/c')), undefined)
  assert.equal(await makeFolder(join(root, 'a/d'), 0o711), join(root, 'a/d'))
  const both = await Promise.all([makeFolder(join(root, 'e/f')), makeFolder(join(root, 'e/f'))])
  assert.ok(both.includes(join(root, 'e')))
})

test('what is in the way is named', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'lanner-test-'))
  t.after(() => rm(root, { recursive: true }))
  await writeFile(join(root, 'file'), '')
  await assert.rejects(makeFolder(join(root, 'file')), { code: 'EEXIST' })
  await assert.rejects(makeFolder(join(root, 'file/below')), { code: 'ENOTDIR' })
})

const proc = process.platform === 'linux' ? false : 'needs a file system that takes no folders'
test('a file system that takes no folders is no endless task', { skip: proc }, async () => {
  await assert.rejects(makeFolder('/proc/lanner/below'), { code: 'ENOENT', path: '/proc/lanner' })
})
