import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { pacman } from './index.ts'

const folder = 'var/lib/pacman/local/gcc-libs-13.2.1-3'
const desc = `%NAME%
gcc-libs

%VERSION%
13.2.1-3

%BASE%
gcc

%ARCH%
x86_64

%PACKAGER%
Frederik Schwan <freswa@example.org>

%LICENSE%
GPL
LGPL

%REASON%
1

`

test('a package with its base and licences', () => {
  assert.deepEqual(extraction(pacman, `${folder}/desc`, desc).packages, [
    {
      type: 'alpm',
      name: 'gcc-libs',
      version: '13.2.1-3',
      arch: 'x86_64',
      source: { name: 'gcc' },
      licenses: ['GPL', 'LGPL'],
      vendor: 'Frederik Schwan <freswa@example.org>',
      confidence: 'declared',
    },
  ])
})

test('files belong to the package that the folder names; folders and other sections are left out', () => {
  const files = '%FILES%\nusr/\nusr/lib/libgcc_s.so\n\n%BACKUP%\netc/gcc.conf\t79fce043\n'
  assert.deepEqual(extraction(pacman, `${folder}/files`, files).owned, {
    'gcc-libs': ['usr/lib/libgcc_s.so'],
  })
})

test('malformed and truncated descriptions are faults', () => {
  assert.equal(extraction(pacman, `${folder}/desc`, '%NME%\na\n\n%VER.6-1\n').fault?.code, 'malformed')
  assert.equal(
    extraction(pacman, `${folder}/desc`, desc.slice(0, desc.indexOf('13.2'))).fault?.code,
    'malformed',
  )
  assert.equal(extraction(pacman, `${folder}/desc`, '').fault?.code, 'malformed')
  assert.equal(
    extraction(pacman, 'var/lib/pacman/local/nodashes/files', '%FILES%\n').fault?.code,
    'malformed',
  )
})
