import assert from 'node:assert/strict'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../testing/bucket.ts'
import { lockForWriting } from './lock.ts'

const name = 'writer.lock'

test('one writer at a time; the lock and the work folder go together', () => {
  using folder = temporaryFolder()
  {
    using lock = lockForWriting(folder.path)
    assert.ok(existsSync(lock.workFolder))
    assert.throws(() => lockForWriting(folder.path), { name: 'AdvisoryFault', code: 'busy', retryable: true })
  }
  assert.deepEqual(readdirSync(folder.path), [])
  lockForWriting(folder.path)[Symbol.dispose]()
})

test('a lock of a process that is gone, or whose number another one has now, is taken over', () => {
  using folder = temporaryFolder()
  const gone = [
    // Beyond the largest process id that Linux gives out (2^22).
    { token: 'a', pid: 2 ** 22 + 1, host: hostname() },
    { token: 'b', pid: process.ppid, host: hostname(), started: '1' },
    { token: 'c', pid: process.pid, host: hostname(), started: '1' },
  ]
  for (const holder of gone) {
    writeFileSync(join(folder.path, name), JSON.stringify(holder))
    writeFileSync(join(folder.path, 'tmp-left'), '')
    {
      using lock = lockForWriting(folder.path)
      assert.deepEqual(
        readdirSync(folder.path).sort(),
        [lock.workFolder.slice(folder.path.length + 1), name].sort(),
      )
    }
    assert.deepEqual(readdirSync(folder.path), [])
  }
})

test('a lock that may be alive is left alone, and the message says what to do', () => {
  using folder = temporaryFolder()
  for (const content of [
    JSON.stringify({ token: 'a', pid: 1, host: 'another.example' }),
    JSON.stringify({ token: 'a', pid: process.ppid, host: hostname() }),
    'garbage',
  ]) {
    writeFileSync(join(folder.path, name), content)
    assert.throws(() => lockForWriting(folder.path), {
      code: 'busy',
      message: /remove .*writer\.lock if nothing runs/,
    })
  }
})

test('segments that no manifest names are removed, other files are not', () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'base-0123456789abcdef.store'), '')
  writeFileSync(join(folder.path, 'notes.txt'), '')
  lockForWriting(folder.path)[Symbol.dispose]()
  assert.deepEqual(readdirSync(folder.path), ['notes.txt'])
})
