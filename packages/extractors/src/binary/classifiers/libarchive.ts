import { defineClassifier } from './classifier.ts'

export const libarchive = defineClassifier({
  id: 'libarchive',
  label: 'libarchive',
  name: 'libarchive',
  revision: 1,
  paths: ['**/libarchive.so*'],
  patterns: [{ anchor: '\x00libarchive ', pattern: /^\0libarchive (?<version>\d+\.\d+\.\d+)\0/ }],
  specimens: [
    {
      from: 'libarchive13 3.6.2-1+deb12u5 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libarchive.so.13.6.2',
      bytes: '\x00libarchive 3.6.2\x00',
      version: '3.6.2',
    },
  ],
  nearMisses: [
    { path: 'usr/lib/libarchive.so.13', bytes: '\x00libarchive 3.6\x00software: libarchive/3.6.2\x0d\n' },
  ],
})
