import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { composerInstalled } from './index.ts'

const path = 'app/vendor/composer/installed.json'
const log = { name: 'monolog/monolog', version: 'v2.9.1', license: ['MIT'], require: { php: '>=7.2' } }
const unit = { name: 'phpunit/phpunit', version: '9.6.0', license: 'BSD-3-Clause' }

test('the object of Composer 2, with what only development needs', () => {
  const document = { packages: [log, unit], dev: true, 'dev-package-names': ['phpunit/phpunit'] }
  assert.deepEqual(observe(composerInstalled, path, JSON.stringify(document)).packages, [
    {
      kind: 'package',
      type: 'composer',
      namespace: 'monolog',
      name: 'monolog',
      version: 'v2.9.1',
      licenses: ['MIT'],
      confidence: 'declared',
    },
    {
      kind: 'package',
      type: 'composer',
      namespace: 'phpunit',
      name: 'phpunit',
      version: '9.6.0',
      licenses: ['BSD-3-Clause'],
      development: true,
      confidence: 'declared',
    },
  ])
})

test('the list of Composer 1', () => {
  assert.deepEqual(observe(composerInstalled, path, JSON.stringify([log])).names, ['monolog/monolog v2.9.1'])
})

test('entries without a name of two parts and a version are passed over', () => {
  const entries = [
    null,
    7,
    [],
    {},
    { name: 'x' },
    { name: 'x', version: '1' },
    { name: 'a/b/c', version: '1' },
    { name: 'a/b', version: 1 },
    log,
  ]
  assert.deepEqual(observe(composerInstalled, path, JSON.stringify(entries)).names, [
    'monolog/monolog v2.9.1',
  ])
})

test('malformed, truncated and hostile files', () => {
  const whole = JSON.stringify([log])
  for (const content of [
    '',
    '{',
    whole.slice(0, -1),
    '{}',
    '7',
    'null',
    '{"packages":{}}',
    '{"__proto__":{"packages":[]}}',
    '['.repeat(1_000_000),
  ]) {
    assert.deepEqual(observe(composerInstalled, path, content).problems, ['malformed'], content.slice(0, 40))
  }
  const odd = '[{"__proto__":{"name":"a/b","version":"1"}},{"name":"__proto__/constructor","version":"1"}]'
  assert.deepEqual(observe(composerInstalled, path, odd).names, ['__proto__/constructor 1'])
})
