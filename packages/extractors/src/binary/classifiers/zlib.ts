import { defineClassifier } from './classifier.ts'

export const zlib = defineClassifier({
  id: 'zlib',
  label: 'zlib',
  name: 'zlib',
  revision: 1,
  paths: ['**/libz.so*'],
  patterns: [{ anchor: ' deflate ', pattern: /^ deflate (?<version>1\.\d+(?:\.\d+){0,2}) Copyright / }],
  specimens: [
    {
      from: 'zlib1g 1:1.2.13.dfsg-1 of Debian 12',
      path: 'lib/x86_64-linux-gnu/libz.so.1.2.13',
      bytes: ' deflate 1.2.13 Copyright 1995-2022 Jean',
      version: '1.2.13',
    },
  ],
  nearMisses: [{ path: 'usr/lib/libz.so.1', bytes: ' deflate 1.2.13.f-ng Copyright 1995\x00' }],
})
