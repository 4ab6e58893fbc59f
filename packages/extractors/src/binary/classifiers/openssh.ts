import { defineClassifier } from './classifier.ts'

export const openssh = defineClassifier({
  id: 'openssh',
  label: 'OpenSSH',
  name: 'openssh',
  revision: 1,
  paths: ['**/sshd', '**/ssh'],
  patterns: [{ anchor: '\x00OpenSSH_', pattern: /^\0OpenSSH_(?<version>\d+\.\d+p\d+)[ \0]/ }],
  specimens: [
    {
      from: 'openssh-server 1:9.2p1-2+deb12u10 of Debian 12',
      path: 'usr/sbin/sshd',
      bytes: '\x00OpenSSH_9.2p1 Debian-2+deb12u10\x00',
      version: '9.2p1',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/sshd', bytes: '\x00OpenSSH_9.2\x00OpenSSH_2.*,OpenSSH_3.0*\x00' }],
})
