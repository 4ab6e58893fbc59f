import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { rpmManifest } from './index.ts'

const path = 'var/lib/rpmmanifest/container-manifest-2'
const openssl =
  'openssl-libs\t1.1.1k-28.cm2\t1700000000\t1690000000\tMicrosoft Corporation\t(none)\t3452\tx86_64\t0\topenssl-1.1.1k-28.cm2.src.rpm\n'
const dbus =
  'dbus\t1.14.0-6.cm2\t1700000000\t1690000000\t(none)\t1\t3452\tx86_64\t1\tdbus-1.13.0-6.cm2.src.rpm\n'

test('a line is a package', () => {
  assert.deepEqual(extraction(rpmManifest, path, openssl + dbus).packages, [
    {
      type: 'rpm',
      name: 'openssl-libs',
      version: '1.1.1k-28.cm2',
      arch: 'x86_64',
      source: { name: 'openssl' },
      vendor: 'Microsoft Corporation',
      confidence: 'declared',
    },
    {
      type: 'rpm',
      name: 'dbus',
      version: '1:1.14.0-6.cm2',
      arch: 'x86_64',
      source: { name: 'dbus', version: '1:1.13.0-6.cm2' },
      confidence: 'declared',
    },
  ])
})

test('malformed and truncated lists', () => {
  assert.equal(extraction(rpmManifest, path, 'openssl-libs 1.1.1k').fault?.code, 'malformed')
  const cut = extraction(rpmManifest, path, openssl + dbus.slice(0, 30))
  assert.equal(cut.packages.length, 1)
  assert.equal(cut.problems[0]?.code, 'malformed')
  assert.equal(extraction(rpmManifest, path, '').fault, undefined)
})
