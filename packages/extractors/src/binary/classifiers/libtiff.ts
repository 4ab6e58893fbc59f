import { defineClassifier } from './classifier.ts'

export const libtiff = defineClassifier({
  id: 'libtiff',
  label: 'LibTIFF',
  name: 'libtiff',
  revision: 1,
  paths: ['**/libtiff.so*'],
  patterns: [{ anchor: 'LIBTIFF, Version ', pattern: /^LIBTIFF, Version (?<version>\d+\.\d+\.\d+)\n/ }],
  specimens: [
    {
      from: 'libtiff6 4.5.0-6+deb12u4 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libtiff.so.6.0.0',
      bytes: '\x00LIBTIFF, Version 4.5.0\n',
      version: '4.5.0',
    },
  ],
  nearMisses: [{ path: 'usr/lib/libtiff.so.6', bytes: 'LIBTIFF, Version %s\nCopyright' }],
})
