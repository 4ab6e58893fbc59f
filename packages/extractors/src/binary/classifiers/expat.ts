import { defineClassifier } from './classifier.ts'

export const expat = defineClassifier({
  id: 'expat',
  label: 'Expat',
  name: 'expat',
  revision: 1,
  paths: ['**/libexpat.so*'],
  patterns: [{ anchor: 'expat_', pattern: /^expat_(?<version>\d+\.\d+\.\d+)\0/ }],
  specimens: [
    {
      from: 'libexpat1 2.5.0-1+deb12u5 of Debian 12',
      path: 'lib/x86_64-linux-gnu/libexpat.so.1.8.10',
      bytes: '\x00expat_2.5.0\x00',
      version: '2.5.0',
    },
  ],
  nearMisses: [{ path: 'usr/lib/libexpat.so.1', bytes: 'expat_realloc\x00expat_2\x00' }],
})
