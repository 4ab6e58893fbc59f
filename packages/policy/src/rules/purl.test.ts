import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readExclusions } from '../exclusions.ts'
import { PolicyFault } from '../fault.ts'
import { purlCovers } from './purl.ts'

const expat = 'pkg:deb/debian/libexpat1@2.5.0-1?arch=amd64&distro=debian-12&upstream=expat'
const openssl =
  'pkg:rpm/rhel/openssl-libs@3.0.7-27.el9?arch=x86_64&distro=rhel-9.4&epoch=1&upstream=openssl%401:3.0.7-27.el9'

// By the package URL specification: what a purl leaves out it does not speak of; what it states must be so.
for (const [wanted, actual, covers] of [
  ['pkg:npm/lodash@4.17.4', 'pkg:npm/lodash@4.17.4', true],
  ['pkg:npm/lodash', 'pkg:npm/lodash@4.17.4', true],
  ['pkg:npm/lodash@4.17.5', 'pkg:npm/lodash@4.17.4', false],
  ['pkg:npm/lodash@4.17.4', 'pkg:npm/lodash@4.17.40', false],
  ['pkg:npm/lodash@4.*', 'pkg:npm/lodash@4.17.4', true],
  ['pkg:npm/lodas', 'pkg:npm/lodash@4.17.4', false],
  ['pkg:npm/%40babel/core', 'pkg:npm/%40babel/core@7.0.0', true],
  ['pkg:npm/core', 'pkg:npm/%40babel/core@7.0.0', false],
  ['pkg:pypi/Django_Rest@1.0', 'pkg:pypi/django-rest@1.0', true],
  ['pkg:deb/debian/libexpat1', expat, true],
  ['pkg:deb/debian/libexpat1@2.5.0-1?arch=amd64', expat, true],
  ['pkg:deb/debian/libexpat1@2.5.0-1?arch=arm64', expat, false],
  ['pkg:deb/debian/libexpat1?distro=debian-12', expat, true],
  ['pkg:deb/debian/libexpat1?distro=debian-1', expat, false],
  ['pkg:deb/debian/libexpat1?distro=debian-12&arch=amd64', expat, true],
  ['pkg:deb/debian/expat?arch=source&distro=bookworm', expat, true],
  ['pkg:deb/debian/expat?arch=source&distro=bullseye', expat, false],
  [
    'pkg:deb/ubuntu/curl@7.81.0-1ubuntu1.15?arch=source&distro=jammy',
    'pkg:deb/ubuntu/libcurl4@7.81.0-1ubuntu1.15?arch=amd64&distro=ubuntu-22.04&upstream=curl',
    true,
  ],
  ['pkg:deb/ubuntu/libexpat1', expat, false],
  ['pkg:deb/libexpat1', expat, false],
  ['pkg:deb/debian/expat?arch=source', expat, true],
  ['pkg:deb/debian/expat@2.5.0-1?arch=source&distro=debian-12', expat, true],
  ['pkg:deb/debian/expat', expat, false],
  ['pkg:rpm/redhat/openssl-libs@3.0.7-27.el9?arch=x86_64', openssl, true],
  ['pkg:rpm/redhat/openssl-libs@3.0.7-27.el9?epoch=1', openssl, true],
  ['pkg:rpm/redhat/openssl-libs@1:3.0.7-27.el9', openssl, true],
  ['pkg:rpm/redhat/openssl-libs@3.0.7-27.el9?epoch=2', openssl, false],
  ['pkg:rpm/redhat/openssl@3.0.7-27.el9?arch=src&epoch=1', openssl, true],
  ['pkg:rpm/redhat/openssl@3.0.8-1.el9?arch=src', openssl, false],
  ['pkg:rpm/rhel/bash@5.1-6?epoch=0', 'pkg:rpm/rhel/bash@5.1-6?arch=x86_64', true],
  ['pkg:maven/org.slf4j/slf4j-api@2.0.0?type=jar', 'pkg:maven/org.slf4j/slf4j-api@2.0.0', true],
  ['pkg:maven/org.slf4j/slf4j-api@2.0.0?classifier=tests', 'pkg:maven/org.slf4j/slf4j-api@2.0.0', false],
  ['pkg:golang/github.com/BurntSushi/toml@v1.4.0', 'pkg:golang/github.com/BurntSushi/toml@v1.4.0', true],
  ['pkg:golang/github.com/a/b#sub', 'pkg:golang/github.com/a/b@v1#sub', true],
  ['pkg:golang/github.com/a/b#sub', 'pkg:golang/github.com/a/b@v1', false],
  ['pkg:golang/github.com/a/b', 'pkg:golang/github.com/a/b@v1#sub', true],
  ['pkg:npm/a%26arch=amd64', 'pkg:npm/a?arch=amd64', false],
] as const)
  test(`${wanted} ${covers ? 'covers' : 'does not cover'} ${actual}`, () => {
    assert.equal(purlCovers(wanted, actual), covers)
  })

test('what is no package URL is refused with its place', () => {
  assert.throws(
    () => readExclusions([{ prop: 'cve', value: ['CVE-1'], and: [{ prop: 'purl', value: 'lodash' }] }]),
    (fault) => fault instanceof PolicyFault && /purl eq\): 'lodash' is no purl/.test(fault.message),
  )
})
