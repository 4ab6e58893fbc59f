import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { rDescription } from './index.ts'

const path = 'usr/local/lib/R/site-library/jsonlite/DESCRIPTION'

test('an installed package', () => {
  const content =
    'Package: jsonlite\nVersion: 1.8.7\nTitle: A Simple and Robust JSON Parser\n    and Generator\nLicense: MIT + file LICENSE\nBuilt: R 4.3.1; x86_64-pc-linux-gnu; 2023-07-01; unix\n'
  assert.deepEqual(observe(rDescription, path, content).packages, [
    {
      kind: 'package',
      type: 'cran',
      name: 'jsonlite',
      version: '1.8.7',
      licenses: ['MIT + file LICENSE'],
      confidence: 'declared',
    },
  ])
})

test('sources and other files of this name say nothing', () => {
  for (const content of ['', 'A description.\n', 'Package: x\nVersion: 1.0\n']) {
    assert.deepEqual(observe(rDescription, path, content), { packages: [], names: [], problems: [] })
  }
})

test('malformed and truncated files', () => {
  for (const content of [
    'Built: R 4',
    'Built: R 4\nPackage: x',
    'Built: R 4\nPackage: ../x\nVersion: 1',
    'Built: R 4\nPackage: x\nVersion: 1 2',
  ]) {
    assert.deepEqual(observe(rDescription, path, content).problems, ['malformed'], content)
  }
})
