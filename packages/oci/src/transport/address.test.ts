import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AddressKind, addressKind, isLoopbackHost, isMetadataHost } from './address.ts'

// IANA's special-purpose registries, and where clouds document their metadata services.
const kinds: readonly (readonly [string, AddressKind | undefined])[] = [
  ['8.8.8.8', 'public'],
  ['172.32.0.1', 'public'],
  ['100.128.0.1', 'public'],
  ['2606:4700::1111', 'public'],
  ['10.1.2.3', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fc00::1', 'private'],
  ['fd12:3456::1', 'private'],
  ['127.0.0.1', 'loopback'],
  ['127.255.0.1', 'loopback'],
  ['0.0.0.0', 'loopback'],
  ['::1', 'loopback'],
  ['::', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['169.254.0.1', 'link-local'],
  ['169.254.169.254', 'link-local'],
  ['::ffff:169.254.169.254', 'link-local'],
  ['::ffff:a9fe:a9fe', 'link-local'],
  ['0:0:0:0:0:ffff:a9fe:a9fe', 'link-local'],
  ['64:ff9b::a9fe:a9fe', 'link-local'],
  ['2002:a9fe:a9fe::1', 'link-local'],
  ['::a9fe:a9fe', 'link-local'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['febf::1', 'link-local'],
  ['[fe80::1]', 'link-local'],
  ['fd00:ec2::254', 'link-local'],
  ['fd00:0ec2:0:0::254', 'link-local'],
  ['100.100.100.200', 'link-local'],
  ['168.63.129.16', 'link-local'],
  ['example.com', undefined],
  ['1.2.3', undefined],
  ['', undefined],
]

for (const [address, kind] of kinds) {
  test(`${address || 'nothing'} is ${kind ?? 'no address'}`, () => assert.equal(addressKind(address), kind))
}

test('URLs bring other spellings of IPv4 into the one that is known', () => {
  for (const spelling of [
    '0xa9fea9fe',
    '2852039166',
    '0251.0376.0251.0376',
    '169.254.43518',
    '169.254.169.254.',
  ]) {
    assert.equal(addressKind(new URL(`http://${spelling}/`).hostname), 'link-local', spelling)
  }
})

test('names of metadata services and of this machine are known', () => {
  for (const host of ['metadata.google.internal', 'METADATA.google.internal.', 'instance-data']) {
    assert.equal(isMetadataHost(host), true, host)
  }
  assert.equal(isMetadataHost('metadata.example.com'), false)
  for (const host of ['localhost', 'a.localhost', 'LOCALHOST.', '127.0.0.1', '[::1]', '::1']) {
    assert.equal(isLoopbackHost(host), true, host)
  }
  for (const host of ['localhost.example.com', 'notlocalhost', '10.0.0.1'])
    assert.equal(isLoopbackHost(host), false, host)
})
