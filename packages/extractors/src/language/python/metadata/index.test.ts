import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { pythonMetadata } from './index.ts'

const path = 'usr/lib/python3/site-packages/x-1.dist-info/METADATA'

test('name, version and licence of the head', () => {
  const content =
    'Metadata-Version: 2.1\r\nName: Foo.Bar\r\nVersion: 1.0.post1\r\nLicense: MIT\r\n\r\nName: other\r\n'
  assert.deepEqual(observe(pythonMetadata, path, content).packages, [
    {
      kind: 'package',
      type: 'pypi',
      name: 'Foo.Bar',
      version: '1.0.post1',
      licenses: ['MIT'],
      confidence: 'declared',
    },
  ])
})

const licenses: [headers: string, expected: string[] | undefined][] = [
  ['License-Expression: MIT OR Apache-2.0\nLicense: see file', ['MIT OR Apache-2.0']],
  [
    'License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\nClassifier: Topic :: X',
    ['MIT License'],
  ],
  ['License: BSD\n  3-Clause', ['BSD 3-Clause']],
  [`License: ${'a whole text '.repeat(50)}\nClassifier: License :: OSI Approved`, undefined],
  ['', undefined],
]

test('where the licence comes from', () => {
  for (const [headers, expected] of licenses) {
    const found = observe(pythonMetadata, path, `Name: x\nVersion: 1\n${headers}\n\n`)
    assert.deepEqual(found.packages[0].licenses, expected, headers)
  }
})

test('header names in any case, the first of several, lines that are no header', () => {
  assert.deepEqual(
    observe(pythonMetadata, path, 'junk\nnAmE: a\nname: b\nmore junk\n\tfolded\nVERSION: 2\n').names,
    ['a 2'],
  )
})

test('the folder or file name where the metadata is incomplete', () => {
  const paths = [
    'site-packages/zipp-3.12.1.dist-info/METADATA',
    'site-packages/zipp-3.12.1-py3.9.egg-info/PKG-INFO',
    'site-packages/zipp-3.12.1-py3.9.egg-info',
    'site-packages/zipp-3.12.1-py3.10.egg/EGG-INFO/PKG-INFO',
  ]
  for (const incomplete of paths) {
    const found = observe(pythonMetadata, incomplete, 'Metadata-Version: 2.1\n')
    assert.deepEqual(found.names, ['zipp 3.12.1'], incomplete)
    assert.equal(found.packages[0].confidence, 'inferred')
  }
})

test('malformed, truncated and hostile files', () => {
  const nameless = 'site-packages/x.dist-info/METADATA'
  for (const content of [
    '',
    '\0'.repeat(1000),
    'Name: x',
    'Name: ../x\nVersion: 1',
    'Name: x\nVersion: a b',
    'Version: 1\n\nName: x',
  ]) {
    assert.deepEqual(observe(pythonMetadata, nameless, content).problems, ['malformed'], content)
  }
  const odd = 'Name: __proto__x\n__proto__: 1\nconstructor: 2\nVersion: 1\n'
  assert.deepEqual(observe(pythonMetadata, nameless, odd).problems, ['malformed'])
  const long = `Name: x\nVersion: 1\n${'A: b\n c\n'.repeat(400_000)}`
  assert.deepEqual(observe(pythonMetadata, nameless, long).names, ['x 1'])
})
