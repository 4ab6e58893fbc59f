import { defineClassifier } from './classifier.ts'

/** The server, its checkers and its sentinel are one program under several names. */
export const redis = defineClassifier({
  id: 'redis',
  label: 'Redis',
  name: 'redis',
  revision: 1,
  paths: ['**/redis-server', '**/redis-sentinel', '**/redis-cli', '**/redis-check-aof', '**/redis-check-rdb'],
  patterns: [
    { anchor: '\x00c11-builtin\x00', before: 24, pattern: /\0(?<version>\d+\.\d+\.\d+)\0c11-builtin/ },
    { anchor: '\x00 (git:%s', before: 24, pattern: /\0(?<version>\d+\.\d+\.\d+)\0 \(git:%s/ },
  ],
  specimens: [
    {
      from: 'redis-tools 5:7.0.15-1~deb12u10 of Debian 12',
      path: 'usr/bin/redis-check-rdb',
      bytes: '\x007.0.15\x00c11-builtin\x00',
      version: '7.0.15',
    },
    {
      from: 'redis-tools 5:7.0.15-1~deb12u10 of Debian 12',
      path: 'usr/bin/redis-cli',
      bytes: '\x007.0.15\x00 (git:%s\x00',
      version: '7.0.15',
    },
  ],
  nearMisses: [
    { path: 'usr/bin/redis-server', bytes: '\x007.0.0\x007.0.3\x00jemalloc-5.3.0\x00' },
    { path: 'usr/bin/redis-cli', bytes: '\x00redis %s (git:%s\x007.0.15\x00' },
  ],
})
