import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { ConfigurationFault } from './configuration-fault.ts'
import { readServerSettings, serverSettings } from './settings.ts'

test('nothing set gives a server on the loopback with its own database', () => {
  const settings = readServerSettings({ HOME: '/nowhere', PATH: '' })
  assert.equal(settings.host, '127.0.0.1')
  assert.equal(settings.port, 8080)
  assert.equal(settings.dataFolder, '.lanner')
  assert.equal(settings.databaseUrl, undefined)
  assert.equal(settings.rateLimit, 6000)
  assert.equal(settings.tls, 'off')
  assert.ok(settings.workers >= 1)
  assert.ok(Object.isFrozen(settings))
})

test('values are parsed by their kind; what the command line gives goes first', () => {
  const settings = readServerSettings(
    {
      LANNER_PORT: '9000',
      LANNER_OFFLINE: 'yes',
      LANNER_QUOTA: '20GiB',
      LANNER_LOG_LEVEL: 'Debug',
      LANNER_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1',
      LANNER_HOST: ' ',
    },
    { LANNER_PORT: '0' },
  )
  assert.equal(settings.port, 0)
  assert.equal(settings.offline, true)
  assert.equal(settings.quota, 20 * 2 ** 30)
  assert.equal(settings.logLevel, 'debug')
  assert.deepEqual(settings.trustedProxies, ['10.0.0.0/8', '127.0.0.1'])
  assert.equal(settings.host, '127.0.0.1')
})

test('everything that is wrong is said at once, and no secret is', () => {
  const wrong = () =>
    readServerSettings({
      LANNER_PORT: '80a',
      LANNER_MASTER_KEY: 'much-too-short',
      LANNER_CLIENT_SECRET: 'short',
      LANNER_LOG_LEVEL: 'loud',
      LANNER_DATADIR: '/data',
      LANNER_SOMETHING_ELSE: '1',
      DATABASE_URL: 'mysql://root:topsecret@db',
    })
  assert.throws(wrong, (error: unknown) => {
    assert.ok(error instanceof ConfigurationFault)
    assert.match(error.message, /LANNER_PORT \("80a"\) is not a whole number from 0 to 65535/)
    assert.match(error.message, /LANNER_MASTER_KEY is not 32 bytes/)
    assert.match(error.message, /LANNER_CLIENT_SECRET is not 16 to 128/)
    assert.match(error.message, /LANNER_LOG_LEVEL \("loud"\) is not one of silent, fatal/)
    assert.match(error.message, /LANNER_DATADIR is no setting; did you mean LANNER_DATA_DIR\?/)
    assert.match(error.message, /LANNER_SOMETHING_ELSE is no setting$/m)
    assert.match(error.message, /DATABASE_URL is no postgresql URL/)
    assert.doesNotMatch(error.message, /much-too-short|topsecret/)
    return true
  })
})

test('settings that belong together', () => {
  assert.throws(
    () => readServerSettings({ LANNER_TLS_CERT: 'a.pem' }),
    /LANNER_TLS_CERT and LANNER_TLS_KEY go together/,
  )
  assert.throws(
    () => readServerSettings({ LANNER_CLIENT_ID: 'a'.repeat(32) }),
    /LANNER_CLIENT_ID and LANNER_CLIENT_SECRET/,
  )
  assert.throws(
    () => readServerSettings({ LANNER_TLS: 'self-signed', LANNER_TLS_CERT: 'a', LANNER_TLS_KEY: 'b' }),
    /exclude each other/,
  )
})

test('settings of the other commands and of the tests are no mistake', () => {
  readServerSettings({
    LANNER_CACHE_DIR: '/c',
    LANNER_ADVISORIES: '/a',
    LANNER_ADVISORIES_URL: 'https://mirror.example/osv',
    LANNER_TEST_DATA: '/t',
  })
})

test('secrets do not print', () => {
  const settings = readServerSettings({
    LANNER_CLIENT_ID: 'a'.repeat(32),
    LANNER_CLIENT_SECRET: 'B'.repeat(40),
    DATABASE_URL: 'postgresql://lanner:topsecret@db/lanner',
  })
  assert.doesNotMatch(`${JSON.stringify(settings)}${inspect(settings, { depth: 9 })}`, /B{40}|topsecret/)
  assert.equal(settings.clientSecret?.reveal(), 'B'.repeat(40))
})

test('each setting has a name of its own and one sentence', () => {
  const facts = Object.values(serverSettings)
  assert.equal(new Set(facts.map(({ name }) => name)).size, facts.length)
  for (const { name, help, type } of facts) {
    assert.match(help, /^[A-Z][^\n]+\.$/, name)
    assert.notEqual(type, '')
  }
})
