import { defineClassifier } from './classifier.ts'

export const vsftpd = defineClassifier({
  id: 'vsftpd',
  label: 'vsftpd',
  name: 'vsftpd',
  revision: 1,
  paths: ['**/vsftpd'],
  patterns: [{ anchor: 'vsftpd: version ', pattern: /^vsftpd: version (?<version>\d+\.\d+\.\d+)\n/ }],
  specimens: [
    {
      from: 'vsftpd 3.0.3-13+b2 of Debian 12',
      path: 'usr/sbin/vsftpd',
      bytes: '\x00vsftpd: version 3.0.3\n\x00',
      version: '3.0.3',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/vsftpd', bytes: 'vsftpd: version %s\n' }],
})
