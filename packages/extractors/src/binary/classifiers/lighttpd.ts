import { defineClassifier } from './classifier.ts'

export const lighttpd = defineClassifier({
  id: 'lighttpd',
  label: 'lighttpd',
  name: 'lighttpd',
  revision: 1,
  paths: ['**/lighttpd'],
  patterns: [{ anchor: '\x00lighttpd/', pattern: /^\0lighttpd\/(?<version>\d+\.\d+\.\d+)[ \0]/ }],
  specimens: [
    {
      from: 'lighttpd 1.4.69-1 of Debian 12',
      path: 'usr/sbin/lighttpd',
      bytes: '\x00lighttpd/1.4.69\x00server\x00',
      version: '1.4.69',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/lighttpd', bytes: '\x00server started (lighttpd/1.4.69)\x00' }],
})
