import { defineClassifier } from './classifier.ts'

export const libpng = defineClassifier({
  id: 'libpng',
  label: 'libpng',
  name: 'libpng',
  revision: 1,
  paths: ['**/libpng*.so*'],
  patterns: [{ anchor: ' libpng version ', pattern: /^ libpng version (?<version>\d+\.\d+\.\d+) - / }],
  specimens: [
    {
      from: 'libpng16-16 1.6.39-2+deb12u6 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libpng16.so.16.39.0',
      bytes: '\x00 libpng version 1.6.39 - November 20, 2022\n\n\x00',
      version: '1.6.39',
    },
  ],
  nearMisses: [
    { path: 'usr/lib/libpng16.so.16', bytes: 'built with libpng version 1.6.39 but running with ' },
  ],
})
