import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { osRelease } from './index.ts'

function read(text: string): object | undefined {
  return extraction(osRelease, 'etc/os-release', text).distributions[0]
}

test('the fields of a distribution', () => {
  const text = `NAME="Fedora Linux"
# a comment
VERSION="39 (Container Image)"
ID=fedora
VERSION_ID=39
VERSION_CODENAME=""
PRETTY_NAME="Fedora Linux 39 (Container Image)"
ID_LIKE="rhel  centos"
CPE_NAME='cpe:/o:fedoraproject:fedora:39'
VARIANT_ID=container
`
  assert.deepEqual(read(text), {
    id: 'fedora',
    version: '39',
    like: ['rhel', 'centos'],
    name: 'Fedora Linux 39 (Container Image)',
    variant: 'container',
    cpe: 'cpe:/o:fedoraproject:fedora:39',
  })
})

test('quotes and backslashes as in the shell', () => {
  const cases: [text: string, name: string][] = [
    ['NAME=plain', 'plain'],
    ['NAME="two words"', 'two words'],
    ["NAME='single $HOME \\n'", 'single $HOME \\n'],
    ['NAME="a \\"quoted\\" word"', 'a "quoted" word'],
    ['NAME="a \\$dollar, a \\`tick, a \\\\ and a \\n"', 'a $dollar, a `tick, a \\ and a \\n'],
    ['NAME=one\\ word', 'one word'],
    ['NAME="a"\'b\'c', 'abc'],
    ['NAME=word # and a comment', 'word'],
    ['  NAME=indented', 'indented'],
    ['NAME=unquoted words  ', 'unquoted words'],
    ['NAME="crlf"\r', 'crlf'],
    ['NAME=first\nNAME=last', 'last'],
  ]
  for (const [text, name] of cases) assert.deepEqual(read(text), { id: 'linux', like: [], name }, text)
})

test('an ID is lower case, and linux where there is none', () => {
  assert.deepEqual(read('ID="openEuler"\nVERSION_ID="24.03"'), {
    id: 'openeuler',
    version: '24.03',
    like: [],
  })
  assert.deepEqual(read('VERSION_ID=1'), { id: 'linux', version: '1', like: [] })
})

test('malformed and truncated files', () => {
  assert.equal(extraction(osRelease, 'etc/os-release', '<html>').fault?.code, 'malformed')
  assert.deepEqual(read('ID=debian\nVERSION_ID="1'), { id: 'debian', like: [] })
  assert.equal(read(''), undefined)
  assert.equal(extraction(osRelease, 'etc/os-release', '').fault, undefined)
})
