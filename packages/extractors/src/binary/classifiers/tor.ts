import { defineClassifier } from './classifier.ts'

export const tor = defineClassifier({
  id: 'tor',
  label: 'Tor',
  name: 'tor',
  revision: 1,
  paths: ['**/tor'],
  patterns: [{ anchor: '\x00tor 0.', pattern: /^\0tor (?<version>0\.\d+\.\d+\.\d+)\0/ }],
  specimens: [
    {
      from: 'tor 0.4.9.11-0+deb12u1 of Debian 12',
      path: 'usr/bin/tor',
      bytes: '\x00tor 0.4.9.11\x00',
      version: '0.4.9.11',
    },
  ],
  nearMisses: [{ path: 'usr/bin/tor', bytes: '\x00tor 0.4.9.11-dev\x00' }],
})
