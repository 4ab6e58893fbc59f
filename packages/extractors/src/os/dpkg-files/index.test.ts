import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { dpkgFiles } from './index.ts'

const sum = '07d31e7e63800ab1b7966980709c51eb'

function owned(path: string, text: string): object {
  return extraction(dpkgFiles, path, text).owned
}

test('a list names its package, with or without an architecture', () => {
  const text = '/.\n/usr\n/usr/lib/libz.so.1\n'
  const paths = ['/.', '/usr', '/usr/lib/libz.so.1']
  assert.deepEqual(owned('var/lib/dpkg/info/zlib1g:amd64.list', text), { zlib1g: paths })
  assert.deepEqual(owned('var/lib/dpkg/info/libstdc++6.list', text), { 'libstdc++6': paths })
  assert.deepEqual(owned('var/lib/dpkg/info/libssl1.1.list', text), { 'libssl1.1': paths })
})

test('sums give the path behind the hash, spaces and all', () => {
  const text = `${sum}  usr/bin/a\n${sum}  usr/share/a file\n`
  assert.deepEqual(owned('var/lib/dpkg/info/a.md5sums', text), { a: ['usr/bin/a', 'usr/share/a file'] })
})

test('distroless names: in base64, or cut at a dot', () => {
  assert.deepEqual(Object.keys(owned('var/lib/dpkg/status.d/YmFzZS1maWxlcw==.md5sums', '')), ['base-files'])
  const documented = `${sum}  usr/lib/libssl.so.1.1\n${sum}  usr/share/doc/libssl1.1/copyright\n`
  assert.deepEqual(Object.keys(owned('var/lib/dpkg/status.d/libssl1.md5sums', documented)), ['libssl1.1'])
  const plain = `${sum}  usr/share/doc/libc6/copyright\n`
  assert.deepEqual(Object.keys(owned('var/lib/dpkg/status.d/libc6.md5sums', plain)), ['libc6'])
  assert.deepEqual(Object.keys(owned('var/lib/dpkg/status.d/tzdata.md5sums', '')), ['tzdata'])
})

test('truncated and malformed lines own nothing', () => {
  assert.deepEqual(owned('var/lib/dpkg/info/a.md5sums', `${sum}  usr/bin/a\n${sum.slice(0, 9)}`), {
    a: ['usr/bin/a'],
  })
  assert.deepEqual(owned('var/lib/dpkg/info/a.list', ''), { a: [] })
  assert.deepEqual(owned('var/lib/dpkg/info/.list', '/usr/bin/a\n'), {})
})
