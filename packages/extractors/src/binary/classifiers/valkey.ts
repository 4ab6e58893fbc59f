import { defineClassifier } from './classifier.ts'

/** Its command-line client keeps the form of the Redis client that it was forked from. */
export const valkey = defineClassifier({
  id: 'valkey',
  label: 'Valkey',
  name: 'valkey',
  revision: 1,
  paths: ['**/valkey-cli'],
  patterns: [{ anchor: '\x00 (git:%s', before: 24, pattern: /\0(?<version>\d+\.\d+\.\d+)\0 \(git:%s/ }],
  untried: true,
  specimens: [],
  nearMisses: [{ path: 'usr/bin/valkey-cli', bytes: '\x00 (git:%s\x008.0.1\x00' }],
})
