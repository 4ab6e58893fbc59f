import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { javaRelease } from './index.ts'

test('product, version and vendor of a runtime', () => {
  const path = 'usr/lib/jvm/java/release'
  const openjdk = observe(javaRelease, path, 'IMPLEMENTOR="Eclipse Adoptium"\nJAVA_VERSION="17.0.9"\n')
  assert.deepEqual(openjdk.names, ['openjdk 17.0.9'])
  assert.equal(openjdk.packages[0].vendor, 'Eclipse Adoptium')
  assert.deepEqual(observe(javaRelease, path, 'JAVA_VERSION=1.8.0_392\r\n').names, ['openjdk 1.8.0_392'])
  assert.deepEqual(observe(javaRelease, path, 'GRAALVM_VERSION="23.0.1"\nJAVA_VERSION="17.0.7"').names, [
    'graalvm 17.0.7',
  ])
})

test('a release file of something else says nothing', () => {
  for (const content of [
    '',
    'v1.2.3\n',
    'VERSION=1\n',
    'JAVA_VERSION=""',
    'JAVA_VERSION="',
    'JAVA_VERSION="x y"',
    '\0'.repeat(100),
  ]) {
    assert.deepEqual(observe(javaRelease, 'etc/release', content), { packages: [], names: [], problems: [] })
  }
})

test('a cut file gives what it still says', () => {
  const whole = 'JAVA_VERSION="21.0.4"\nMODULES="java.base java.xml"\n'
  assert.deepEqual(observe(javaRelease, 'opt/java/release', whole.slice(0, 30)).names, ['openjdk 21.0.4'])
})
