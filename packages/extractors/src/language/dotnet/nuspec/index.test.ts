import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { dotnetNuspec } from './index.ts'

const path = 'root/.nuget/packages/serilog/2.10.0/serilog.nuspec'

function nuspec(metadata: string): string {
  return `<?xml version="1.0"?>\n<package xmlns="x"><metadata minClientVersion="2.8">${metadata}</metadata></package>`
}

test('id, version and licence expression', () => {
  const found = observe(
    dotnetNuspec,
    path,
    nuspec(
      '<!-- <id>other</id> --><id>Serilog</id><version>2.10.0</version><license type="expression">Apache-2.0</license>',
    ),
  )
  assert.deepEqual(found.packages, [
    {
      kind: 'package',
      type: 'nuget',
      name: 'Serilog',
      version: '2.10.0',
      licenses: ['Apache-2.0'],
      confidence: 'declared',
    },
  ])
  const file = observe(
    dotnetNuspec,
    path,
    nuspec('<id>A</id><version>1.0</version><license type="file">LICENSE</license>'),
  )
  assert.equal(file.packages[0].licenses, undefined)
})

test('malformed, truncated and hostile files', () => {
  const whole = nuspec('<id>A</id><version>1.0</version>')
  const hostile = [
    '',
    'text',
    whole.slice(0, 80),
    nuspec('<id>A</id>'),
    nuspec('<id>a b</id><version>1</version>'),
    '<id '.repeat(500_000),
    '<id><version>'.repeat(100_000),
  ]
  for (const content of hostile) {
    assert.deepEqual(observe(dotnetNuspec, path, content).problems, ['malformed'], content.slice(0, 40))
  }
})
