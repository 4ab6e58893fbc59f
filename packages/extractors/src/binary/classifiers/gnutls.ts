import { defineClassifier } from './classifier.ts'

export const gnutls = defineClassifier({
  id: 'gnutls',
  label: 'GnuTLS',
  name: 'gnutls',
  revision: 1,
  paths: ['**/libgnutls.so*'],
  patterns: [{ anchor: 'Enabled GnuTLS ', pattern: /^Enabled GnuTLS (?<version>\d+\.\d+\.\d+) logging/ }],
  specimens: [
    {
      from: 'libgnutls30 3.7.9-2+deb12u7 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libgnutls.so.30.34.3',
      bytes: 'Enabled GnuTLS 3.7.9 logging...\n\x00',
      version: '3.7.9',
    },
  ],
  nearMisses: [{ path: 'usr/lib/libgnutls.so.30', bytes: 'Enabled GnuTLS %s logging...\n\x003.7.9\x00' }],
})
