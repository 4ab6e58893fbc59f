import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { condaMeta } from './index.ts'

const path = 'opt/conda/conda-meta/zlib-1.2.13-h166bdaf_4.json'

test('what a record says of its package', () => {
  const record = {
    name: 'zlib',
    version: '1.2.13',
    build: 'h166bdaf_4',
    subdir: 'linux-64',
    channel: 'https://conda.anaconda.org/conda-forge/linux-64',
    license: 'Zlib',
    files: ['lib/libz.so'],
  }
  assert.deepEqual(observe(condaMeta, path, JSON.stringify(record)).packages, [
    {
      kind: 'package',
      type: 'conda',
      name: 'zlib',
      version: '1.2.13',
      licenses: ['Zlib'],
      qualifiers: { build: 'h166bdaf_4', channel: 'conda-forge', subdir: 'linux-64' },
      confidence: 'declared',
    },
  ])
})

test('malformed, truncated and hostile records', () => {
  for (const content of [
    '',
    '{"name":"zlib"',
    '[]',
    '{}',
    '{"name":"zlib"}',
    '{"__proto__":{"name":"x","version":"1"}}',
  ]) {
    assert.deepEqual(
      observe(condaMeta, path, content),
      { packages: [], names: [], problems: ['malformed'] },
      content,
    )
  }
})
