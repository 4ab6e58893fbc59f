import { defineClassifier } from './classifier.ts'

export const pcre2 = defineClassifier({
  id: 'pcre2',
  label: 'PCRE2',
  name: 'pcre2',
  revision: 1,
  paths: ['**/libpcre2-*.so*'],
  patterns: [{ anchor: '\x0010.', pattern: /^\0(?<version>10\.\d\d) \d{4}-\d\d-\d\d\0/ }],
  specimens: [
    {
      from: 'libpcre2-8-0 10.42-1+deb12u2 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libpcre2-8.so.0.11.2',
      bytes: '\x0010.42 2022-12-11\x00',
      version: '10.42',
    },
  ],
  nearMisses: [{ path: 'usr/lib/libpcre2-8.so.0', bytes: '\x0010.42\x0010.43-DEV 2023-01-01\x00' }],
})
