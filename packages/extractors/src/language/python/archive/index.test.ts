import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zipOf } from '../../../formats/zip.fixture.ts'
import { observe } from '../../observe.fixture.ts'
import { pythonArchive } from './index.ts'

const content = 'Metadata-Version: 2.1\nName: pip\nVersion: 23.0.1\nLicense: MIT\n\nlong text'

test('metadata of a wheel and of an egg', () => {
  const wheel = observe(
    pythonArchive,
    'a/pip-23.0.1-py3-none-any.whl',
    zipOf([{ name: 'pip-23.0.1.dist-info/METADATA', content }]),
  )
  assert.deepEqual(wheel.packages, [
    {
      kind: 'package',
      type: 'pypi',
      name: 'pip',
      version: '23.0.1',
      licenses: ['MIT'],
      confidence: 'embedded',
      inner: 'pip-23.0.1.dist-info/METADATA',
    },
  ])
  assert.deepEqual(observe(pythonArchive, 'pip.egg', zipOf([{ name: 'EGG-INFO/PKG-INFO', content }])).names, [
    'pip 23.0.1',
  ])
})

test('metadata deeper inside is not of the archive', () => {
  const vendored = zipOf([
    { name: 'pip-23.0.1.dist-info/METADATA', content },
    { name: 'pip/_vendor/x-1.dist-info/METADATA', content: 'Name: x\nVersion: 1\n' },
  ])
  assert.deepEqual(observe(pythonArchive, 'pip.whl', vendored).names, ['pip 23.0.1'])
})

test('an archive without metadata goes by its name', () => {
  const found = observe(
    pythonArchive,
    'a/monotonic-1.6-py3.10.egg',
    zipOf([{ name: 'monotonic.py', content: '' }]),
  )
  assert.deepEqual(found.names, ['monotonic 1.6'])
  assert.equal(found.packages[0].confidence, 'inferred')
  assert.deepEqual(observe(pythonArchive, 'x.egg', zipOf([])).problems, ['malformed'])
})

test('a file of no bytes holds nothing that could be missed', () => {
  const found = observe(pythonArchive, 'x-1-py3-none-any.whl', '')
  assert.deepEqual([found.names, found.problems], [[], []])
})

test('malformed, truncated and hostile archives', () => {
  const archive = zipOf([{ name: 'EGG-INFO/PKG-INFO', content }])
  assert.deepEqual(observe(pythonArchive, 'x.egg', 'text').problems, ['malformed'])
  assert.notDeepEqual(observe(pythonArchive, 'x.egg', archive.subarray(0, -40)).problems, [])
  const bomb = zipOf([{ name: 'EGG-INFO/PKG-INFO', content: Buffer.alloc(20 * 1024 * 1024) }])
  assert.deepEqual(observe(pythonArchive, 'x.egg', bomb).problems, ['limit-exceeded'])
  const many = zipOf(
    Array.from({ length: 100 }, (_, index) => ({ name: `x${index}-1.dist-info/METADATA`, content })),
  )
  assert.deepEqual(observe(pythonArchive, 'x.whl', many).problems, ['limit-exceeded'])
})
