import { defineClassifier } from './classifier.ts'

/** The version string stands alone; a library that holds two of the kind is not decided. */
export const sqlite = defineClassifier({
  id: 'sqlite',
  label: 'SQLite',
  name: 'sqlite',
  revision: 1,
  paths: ['**/libsqlite3.so*'],
  patterns: [{ anchor: '\x003.', pattern: /^\0(?<version>3\.\d+\.\d+)\0/ }],
  specimens: [
    {
      from: 'libsqlite3-0 3.40.1-2+deb12u2 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libsqlite3.so.0.8.6',
      bytes: '\x03\x00\x00\x08\x00\x00\x003.40.1\x00',
      version: '3.40.1',
    },
  ],
  nearMisses: [{ path: 'usr/lib/libsqlite3.so.0', bytes: '\x003.40\x003.x.y\x00SQLite format 3\x00' }],
})
