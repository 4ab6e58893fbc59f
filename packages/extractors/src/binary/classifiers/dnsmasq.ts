import { defineClassifier } from './classifier.ts'

export const dnsmasq = defineClassifier({
  id: 'dnsmasq',
  label: 'Dnsmasq',
  name: 'dnsmasq',
  revision: 1,
  paths: ['**/dnsmasq'],
  patterns: [{ anchor: '\x00dnsmasq-', pattern: /^\0dnsmasq-(?<version>\d+\.\d+)\0/ }],
  specimens: [
    {
      from: 'dnsmasq-base 2.90-4~deb12u2 of Debian 12',
      path: 'usr/sbin/dnsmasq',
      bytes: '/etc/dnsmasq.conf\x00dnsmasq-2.90\x00',
      version: '2.90',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/dnsmasq', bytes: '\x00dnsmasq-dhcp\x00dnsmasq-2.x\x00' }],
})
