import { defineClassifier } from './classifier.ts'

export const libjpegTurbo = defineClassifier({
  id: 'libjpeg-turbo',
  label: 'libjpeg-turbo',
  name: 'libjpeg-turbo',
  revision: 1,
  paths: ['**/libjpeg.so*', '**/libturbojpeg.so*'],
  patterns: [
    {
      anchor: 'libjpeg-turbo version ',
      pattern: /^libjpeg-turbo version (?<version>\d+\.\d+(?:\.\d+)?)[ \0]/,
    },
  ],
  specimens: [
    {
      from: 'libjpeg62-turbo 1:2.1.5-2 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libjpeg.so.62.3.0',
      bytes: '\x00libjpeg-turbo version 2.1.5 (build 20230203)\x00',
      version: '2.1.5',
    },
  ],
  nearMisses: [{ path: 'usr/lib/libjpeg.so.62', bytes: 'libjpeg-turbo version %s\x002.1.5\x00' }],
})
