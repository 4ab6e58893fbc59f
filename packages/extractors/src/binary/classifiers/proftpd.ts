import { defineClassifier } from './classifier.ts'

export const proftpd = defineClassifier({
  id: 'proftpd',
  label: 'ProFTPD',
  name: 'proftpd',
  revision: 1,
  paths: ['**/proftpd'],
  patterns: [
    {
      anchor: 'ProFTPD Version ',
      pattern: /^ProFTPD Version (?<version>\d+\.\d+\.\d+(?:rc\d+|[a-z])?)[ \0]/,
    },
  ],
  specimens: [
    {
      from: 'proftpd-core 1.3.8+dfsg-4+deb12u5 of Debian 12',
      path: 'usr/sbin/proftpd',
      bytes: '\x00ProFTPD Version 1.3.8\x00',
      version: '1.3.8',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/proftpd', bytes: '\x00ProFTPD Version: %s\x00' }],
})
