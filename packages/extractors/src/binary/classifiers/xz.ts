import { defineClassifier } from './classifier.ts'

export const xz = defineClassifier({
  id: 'xz',
  label: 'XZ Utils',
  name: 'xz',
  revision: 1,
  paths: ['**/liblzma.so.5*'],
  nameVersion: /\/liblzma\.so\.(?<version>5\.\d+\.\d+)$/,
  patterns: [{ anchor: '\x00{name}\x00', pattern: /^\0(?<version>5\.\d+\.\d+)\0/ }],
  specimens: [
    {
      from: 'liblzma5 5.4.1-1+deb12u2 of Debian 12',
      path: 'lib/x86_64-linux-gnu/liblzma.so.5.4.1',
      bytes: '\x005.4.1\x00',
      version: '5.4.1',
    },
  ],
  nearMisses: [
    { path: 'usr/lib/liblzma.so.5.4.1', bytes: '\x005.4.10\x005.6.1\x00' },
    { path: 'usr/lib/liblzma.so.5', bytes: '\x005.4.1\x00' },
  ],
})
