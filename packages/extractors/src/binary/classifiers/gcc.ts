import { defineClassifier } from './classifier.ts'

export const gcc = defineClassifier({
  id: 'gcc',
  label: 'GCC',
  name: 'gcc',
  revision: 1,
  paths: ['**/gcc', '**/gcc-*', '**/*-gcc', '**/*-gcc-*'],
  patterns: [
    {
      anchor: '\x00gcc version %s',
      before: 128,
      pattern: /\0(?<version>\d+\.\d+\.\d+)(?:\0\([^\0]{1,80}\) )?\0gcc version %s/,
    },
  ],
  specimens: [
    {
      from: 'gcc-12 12.2.0-14+deb12u1 of Debian 12',
      path: 'usr/bin/x86_64-linux-gnu-gcc-12',
      bytes: '\x0012.2.0\x00(Debian 12.2.0-14+deb12u1) \x00gcc version %s',
      version: '12.2.0',
    },
  ],
  nearMisses: [{ path: 'usr/bin/gcc', bytes: '\x00gcc version %s %s\n\x0012.2.0\x00' }],
})
