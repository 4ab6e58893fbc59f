import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { dotnetDepsJson } from './index.ts'

const path = 'app/Web.deps.json'

const document = {
  runtimeTarget: { name: '.NETCoreApp,Version=v8.0' },
  targets: {
    '.NETCoreApp,Version=v8.0': {
      'Web/1.0.0': { runtime: { 'Web.dll': {} } },
      'Newtonsoft.Json/13.0.1': { runtime: { 'lib/Newtonsoft.Json.dll': {} } },
      'NETStandard.Library/1.6.0': { dependencies: {} },
      'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.0': { native: { 'libcoreclr.so': {} } },
    },
  },
  libraries: {
    'Web/1.0.0': { type: 'project' },
    'Newtonsoft.Json/13.0.1': { type: 'package' },
    'NETStandard.Library/1.6.0': { type: 'package' },
    'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.0': { type: 'runtimepack' },
    'Some.Reference/1.0.0': { type: 'referenceassembly' },
    'No.Version': { type: 'package' },
  },
}

test('packages and runtime packs, not projects and references', () => {
  const found = observe(dotnetDepsJson, path, JSON.stringify(document))
  assert.deepEqual(found.names, [
    'Newtonsoft.Json 13.0.1',
    'NETStandard.Library 1.6.0',
    'Microsoft.NETCore.App.Runtime.linux-x64 8.0.0',
  ])
  assert.deepEqual(
    found.packages.map(({ confidence }) => confidence),
    ['declared', 'inferred', 'declared'],
  )
  assert.equal(found.packages[0].type, 'nuget')
})

test('without targets nothing can be told apart', () => {
  const { libraries } = document
  const found = observe(dotnetDepsJson, path, JSON.stringify({ libraries }))
  assert.deepEqual(new Set(found.packages.map(({ confidence }) => confidence)), new Set(['declared']))
})

test('malformed, truncated and hostile files', () => {
  const whole = JSON.stringify(document)
  for (const content of ['', whole.slice(0, -1), '[]', 'null', '{"a":'.repeat(500_000)]) {
    assert.deepEqual(observe(dotnetDepsJson, path, content).problems, ['malformed'], content.slice(0, 40))
  }
  const odd =
    '{"libraries":{"__proto__/1.0":{"type":"package"},"a/b":null,"../x/1.0":{"type":"package"},"/1.0":{"type":"package"}},"targets":[1]}'
  assert.deepEqual(observe(dotnetDepsJson, path, odd).names, ['__proto__ 1.0'])
})
