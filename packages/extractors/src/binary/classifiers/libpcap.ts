import { defineClassifier } from './classifier.ts'

export const libpcap = defineClassifier({
  id: 'libpcap',
  label: 'libpcap',
  name: 'libpcap',
  revision: 1,
  paths: ['**/libpcap.so*'],
  patterns: [{ anchor: 'libpcap version ', pattern: /^libpcap version (?<version>\d+\.\d+\.\d+)[ \0]/ }],
  specimens: [
    {
      from: 'libpcap0.8 1.10.3-1 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libpcap.so.1.10.3',
      bytes: '\x00libpcap version 1.10.3 (with TPACKET_V3)\x00',
      version: '1.10.3',
    },
  ],
  nearMisses: [{ path: 'usr/lib/libpcap.so.1', bytes: 'libpcap version unknown\x001.10.3\x00' }],
})
