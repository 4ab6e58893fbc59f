import { defineClassifier } from './classifier.ts'

export const haproxy = defineClassifier({
  id: 'haproxy',
  label: 'HAProxy',
  name: 'haproxy',
  revision: 1,
  paths: ['**/haproxy'],
  patterns: [
    {
      anchor: ', released 20',
      before: 96,
      pattern: / version (?<version>\d+\.\d+\.\d+)(?:-[^\0,]{1,64})?, released \d{4}\/\d{2}\/\d{2}/,
    },
  ],
  specimens: [
    {
      from: 'haproxy 2.6.12-1+deb12u4 of Debian 12',
      path: 'usr/sbin/haproxy',
      bytes: ' version 2.6.12-1+deb12u4, released 2026/10/17\x00',
      version: '2.6.12',
    },
  ],
  nearMisses: [
    { path: 'usr/sbin/haproxy', bytes: 'HAProxy version %s %s\x002.6.12, released on 2026/10/17' },
  ],
})
