import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { opkg } from './index.ts'

const path = 'usr/lib/opkg/status'
const status = `Package: busybox
Version: 1.36.1-r2
Status: install ok installed
Architecture: x86_64
Conffiles:
 /etc/syslog.conf e3b0c44298fc1c14

Package: gone
Version: 1
Status: deinstall ok not-installed
`
const busybox = {
  type: 'opkg',
  name: 'busybox',
  version: '1.36.1-r2',
  arch: 'x86_64',
  confidence: 'declared',
}

test('installed packages of the status file', () => {
  assert.deepEqual(extraction(opkg, path, status).packages, [busybox])
})

test('a control file states the same package with its licence', () => {
  const control =
    'Package: busybox\nVersion: 1.36.1-r2\nSource: package/utils/busybox\nLicense: GPL-2.0\nArchitecture: x86_64\n'
  const found = extraction(opkg, 'usr/lib/opkg/info/busybox.control', control)
  assert.deepEqual(found.packages, [{ ...busybox, licenses: ['GPL-2.0'] }])
})

test('a list names its package and its files', () => {
  const found = extraction(opkg, 'usr/lib/opkg/info/busybox.list', '/bin/ash\n/bin/busybox\t0100755\n')
  assert.deepEqual(found.owned, { busybox: ['/bin/ash', '/bin/busybox'] })
})

test('malformed and truncated files', () => {
  assert.equal(extraction(opkg, path, 'nothing of the kind').fault?.code, 'malformed')
  const cut = extraction(opkg, path, `${status}\nPackage: late\nStatus: install ok installed\nVers`)
  assert.deepEqual(cut.packages, [busybox])
  assert.equal(cut.problems[0]?.code, 'malformed')
  assert.deepEqual(extraction(opkg, path, '').packages, [])
})
