import { defineClassifier } from './classifier.ts'

export const libssh2 = defineClassifier({
  id: 'libssh2',
  label: 'libssh2',
  name: 'libssh2',
  revision: 1,
  paths: ['**/libssh2.so*'],
  patterns: [{ anchor: 'SSH-2.0-libssh2_', pattern: /^SSH-2\.0-libssh2_(?<version>\d+\.\d+\.\d+)[\0\r]/ }],
  specimens: [
    {
      from: 'libssh2-1 1.10.0-3+deb12u1 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libssh2.so.1.0.1',
      bytes: '\x00SSH-2.0-libssh2_1.10.0\x00',
      version: '1.10.0',
    },
  ],
  nearMisses: [{ path: 'usr/lib/libssh2.so.1', bytes: 'SSH-2.0-libssh2_1.11.1_DEV\x00' }],
})
