import { defineClassifier } from './classifier.ts'

export const memcached = defineClassifier({
  id: 'memcached',
  label: 'Memcached',
  name: 'memcached',
  revision: 1,
  paths: ['**/memcached'],
  patterns: [{ anchor: '\x00memcached 1.', pattern: /^\0memcached (?<version>1\.\d+\.\d+)[\0\n]/ }],
  specimens: [
    {
      from: 'memcached 1.6.18-1+deb12u1 of Debian 12',
      path: 'usr/bin/memcached',
      bytes: '\x00memcached 1.6.18\x00udp-port',
      version: '1.6.18',
    },
  ],
  nearMisses: [{ path: 'usr/bin/memcached', bytes: '\x00memcached 1.x\x00VERSION 1.6.18\x00' }],
})
