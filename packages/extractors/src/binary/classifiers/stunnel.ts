import { defineClassifier } from './classifier.ts'

export const stunnel = defineClassifier({
  id: 'stunnel',
  label: 'stunnel',
  name: 'stunnel',
  revision: 1,
  paths: ['**/stunnel', '**/stunnel4'],
  patterns: [{ anchor: '\x00stunnel ', pattern: /^\0stunnel (?<version>\d+\.\d+) on / }],
  specimens: [
    {
      from: 'stunnel4 3:5.68-2+deb12u1 of Debian 12',
      path: 'usr/bin/stunnel4',
      bytes: '\x00stunnel 5.68 on x86_64-pc-linux-gnu platform\x00',
      version: '5.68',
    },
  ],
  nearMisses: [{ path: 'usr/bin/stunnel4', bytes: '\x00stunnel 5.68\x00stunnel on\x00' }],
})
