import { defineClassifier } from './classifier.ts'

export const zstd = defineClassifier({
  id: 'zstd',
  label: 'Zstandard',
  name: 'zstd',
  revision: 1,
  paths: ['**/libzstd.so.1*'],
  nameVersion: /\/libzstd\.so\.(?<version>1\.\d+\.\d+)$/,
  patterns: [{ anchor: '{name}\x00', pattern: /^(?<version>1\.\d+\.\d+)\0/ }],
  specimens: [
    {
      from: 'libzstd1 1.5.4+dfsg2-5 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libzstd.so.1.5.4',
      bytes: 'w\xca\xeb\x851.5.4\x00\x00\x00\x00',
      version: '1.5.4',
    },
  ],
  nearMisses: [{ path: 'usr/lib/libzstd.so.1.5.4', bytes: '1.5.40\x001.5.5\x00' }],
})
