import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { dotnetPackagesConfig } from './index.ts'

const path = 'app/packages.config'

test('packages with their attributes in any order and quotes', () => {
  const content = `\ufeff<?xml version="1.0" encoding="utf-8"?>
<packages>
  <package id="jQuery" version="3.1.1" targetFramework="net46" />
  <package developmentDependency='true'
           version = '1.0.0-beta' id='Some.Tool'></package>
  <!-- <package id="Commented.Out" version="1.0.0" /> -->
  <package id="No.Version" />
  <package version="1.0.0" />
  <package id="a b" version="1.0.0" />
</packages>`
  const found = observe(dotnetPackagesConfig, path, content)
  assert.deepEqual(found.names, ['jQuery 3.1.1', 'Some.Tool 1.0.0-beta'])
  assert.deepEqual(
    found.packages.map(({ development }) => development),
    [undefined, true],
  )
  assert.deepEqual(found.problems, [])
})

test('an empty list', () => {
  assert.deepEqual(observe(dotnetPackagesConfig, path, '<packages/>'), {
    packages: [],
    names: [],
    problems: [],
  })
})

test('a truncated file gives what it still holds, and says so', () => {
  const found = observe(
    dotnetPackagesConfig,
    path,
    '<packages><package id="A" version="1.0.0" /><package id="B" ver',
  )
  assert.deepEqual(found.names, ['A 1.0.0'])
  assert.deepEqual(found.problems, ['truncated'])
})

test('malformed and hostile files', () => {
  assert.deepEqual(observe(dotnetPackagesConfig, path, '').problems, ['malformed'])
  assert.deepEqual(observe(dotnetPackagesConfig, path, 'not xml').problems, ['malformed'])
  const hostile = [
    `<packages>${'<package '.repeat(300_000)}</packages>`,
    `<packages><package ${'id = '.repeat(300_000)}/></packages>`,
    `<packages><package id${' '.repeat(1_000_000)}="A" version="1"/></packages>`,
    `<packages>${'<!--'.repeat(300_000)}</packages>`,
  ]
  for (const content of hostile) assert.deepEqual(observe(dotnetPackagesConfig, path, content).names, [])
  const entity =
    '<!DOCTYPE x [<!ENTITY a "b">]><packages><package id="&a;" version="1.0"/><package id="__proto__" version="1"/></packages>'
  assert.deepEqual(observe(dotnetPackagesConfig, path, entity).names, ['__proto__ 1'])
})
