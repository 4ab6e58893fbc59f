import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommandLine } from '../command.ts'
import { admission } from '../commands/admission.ts'
import { UsageError } from '../exit.ts'
import { admissionSettings } from './settings.ts'

const files = ['--tls-cert', 'tls.crt', '--tls-key', 'tls.key']
const settingsOf = (...args: readonly string[]) =>
  admissionSettings(parseCommandLine(admission, [...files, ...args]).options)

test('without options: closed in every respect', () => {
  assert.deepEqual(settingsOf(), {
    listen: { host: '0.0.0.0', port: 8443 },
    certificate: { certificate: 'tls.crt', key: 'tls.key' },
    gate: { unassessed: 'deny', fail: 'closed', dryRun: false },
    question: { exemptNamespaces: new Set(), judgeUnchanged: false, trustControllers: false },
    aliases: new Map(),
    cacheSeconds: 30,
    timeout: 8000,
    drain: 5000,
  })
})

test('every option', () => {
  const args =
    '--listen [::1]:0 --client-ca ca.crt --fail open --unassessed allow --dry-run --judge-unchanged --trust-controllers --exempt-namespace a,b --exempt-namespace c --registry-alias Mirror.example.com=docker.io --registry-alias lanner:5000= --architecture arm64 --cache-seconds 1m --timeout 500ms --drain 0'
  assert.deepEqual(settingsOf(...args.split(' ')), {
    listen: { host: '::1', port: 0 },
    certificate: { certificate: 'tls.crt', key: 'tls.key', clientCa: 'ca.crt' },
    gate: { unassessed: 'allow', fail: 'open', dryRun: true },
    question: { exemptNamespaces: new Set(['a', 'b', 'c']), judgeUnchanged: true, trustControllers: true },
    aliases: new Map([
      ['mirror.example.com', 'docker.io'],
      ['lanner:5000', ''],
    ]),
    architecture: 'arm64',
    cacheSeconds: 60,
    timeout: 500,
    drain: 0,
  })
  assert.deepEqual(settingsOf('--listen', ':9443').listen, { host: '0.0.0.0', port: 9443 })
})

test('what cannot be used is told before anything is started', () => {
  for (const [args, says] of [
    ['--listen 8443', /expected HOST:PORT/],
    ['--listen host:70000', /expected HOST:PORT/],
    ['--listen ::1:8443', /expected HOST:PORT/],
    ['--fail ajar', /one of closed, open/],
    ['--unassessed maybe', /one of deny, allow/],
    ['--timeout soon', /--timeout soon: a duration/],
    ['--timeout 0', /--timeout 0: a duration from 0.1s to 30s/],
    ['--timeout 5m', /a duration from 0.1s to 30s/],
    ['--cache-seconds 2h', /a duration from 0s to 3600s/],
    ['--registry-alias mirror', /expected HOST=REGISTRY/],
    ['--registry-alias =docker.io', /expected HOST=REGISTRY/],
    ['--registry-alias a/b=docker.io', /expected HOST=REGISTRY/],
  ] as const)
    assert.throws(
      () => settingsOf(...args.split(' ')),
      (error: Error) => error instanceof UsageError && says.test(error.message),
      args,
    )
  for (const missing of [['--tls-key', 'k'], ['--tls-cert', 'c'], []])
    assert.throws(() => admissionSettings(parseCommandLine(admission, missing).options), /is missing/)
})
