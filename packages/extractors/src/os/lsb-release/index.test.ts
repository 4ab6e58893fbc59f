import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { lsbRelease } from './index.ts'

const path = 'etc/lsb-release'

test('Ubuntu before os-release', () => {
  const text =
    'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_CODENAME=lucid\nDISTRIB_DESCRIPTION="Ubuntu 10.04.4 LTS"\n'
  assert.deepEqual(extraction(lsbRelease, path, text).distributions, [
    { id: 'ubuntu', version: '10.04', codename: 'lucid', like: [], name: 'Ubuntu 10.04.4 LTS' },
  ])
})

test('a file that names no distribution, malformed or truncated, says nothing', () => {
  for (const text of ['LSB_VERSION=base-4.0-amd64\n', '', 'nonsense', 'DISTRIB_ID="Ubun']) {
    assert.deepEqual(extraction(lsbRelease, path, text).distributions, [])
  }
})
