import { defineClassifier } from './classifier.ts'

export const squid = defineClassifier({
  id: 'squid',
  label: 'Squid',
  name: 'squid',
  revision: 1,
  paths: ['**/squid'],
  patterns: [{ anchor: '\x00squid/', pattern: /^\0squid\/(?<version>\d+\.\d+(?:\.\d+)?)\0/ }],
  specimens: [
    {
      from: 'squid 5.7-2+deb12u6 of Debian 12',
      path: 'usr/sbin/squid',
      bytes: '\x00squid/5.7\x00',
      version: '5.7',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/squid', bytes: '\x00squid/%s\x00' }],
})
