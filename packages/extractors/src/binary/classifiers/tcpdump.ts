import { defineClassifier } from './classifier.ts'

export const tcpdump = defineClassifier({
  id: 'tcpdump',
  label: 'tcpdump',
  name: 'tcpdump',
  revision: 1,
  paths: ['**/tcpdump'],
  patterns: [{ anchor: '%s version ', pattern: /^%s version (?<version>\d+\.\d+(?:\.\d+)?)\n/ }],
  specimens: [
    {
      from: 'tcpdump 4.99.3-1 of Debian 12',
      path: 'usr/bin/tcpdump',
      bytes: '\x00%s version 4.99.3\n\x00',
      version: '4.99.3',
    },
  ],
  nearMisses: [{ path: 'usr/bin/tcpdump', bytes: '%s version %s\n\x00' }],
})
