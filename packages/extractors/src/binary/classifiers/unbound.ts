import { defineClassifier } from './classifier.ts'

export const unbound = defineClassifier({
  id: 'unbound',
  label: 'Unbound',
  name: 'unbound',
  revision: 1,
  paths: ['**/unbound'],
  patterns: [{ anchor: '\x00unbound 1.', pattern: /^\0unbound (?<version>1\.\d+\.\d+)\0/ }],
  specimens: [
    {
      from: 'unbound 1.17.1-2+deb12u4 of Debian 12',
      path: 'usr/sbin/unbound',
      bytes: '\x00unbound 1.17.1\x00',
      version: '1.17.1',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/unbound', bytes: '\x00unbound 1\x00unbound-control\x00' }],
})
