import { defineClassifier } from './classifier.ts'

export const sudo = defineClassifier({
  id: 'sudo',
  label: 'Sudo',
  name: 'sudo',
  revision: 1,
  paths: ['**/sudo'],
  patterns: [
    {
      anchor: '\x00Sudo version %s\n\x00',
      pattern: /^\0Sudo version %s\n\0(?<version>\d+\.\d+\.\d+(?:p\d+)?)\0/,
    },
  ],
  specimens: [
    {
      from: 'sudo 1.9.13p3-1+deb12u4 of Debian 12',
      path: 'usr/bin/sudo',
      bytes: '\x00Sudo version %s\n\x001.9.13p3\x00',
      version: '1.9.13p3',
    },
  ],
  nearMisses: [{ path: 'usr/bin/sudo', bytes: '\x00Sudo version %s\n\x00Configure options: %s\n\x00' }],
})
