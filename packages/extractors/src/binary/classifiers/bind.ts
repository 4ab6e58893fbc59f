import { defineClassifier } from './classifier.ts'

/** Since 9.16 the program names its own libraries with its version. */
export const bind = defineClassifier({
  id: 'bind',
  label: 'BIND 9',
  name: 'bind',
  revision: 1,
  paths: ['**/named'],
  patterns: [{ anchor: '\x00libisc-9.', pattern: /^\0libisc-(?<version>9\.\d+\.\d+)[^\0]{0,64}\.so/ }],
  specimens: [
    {
      from: 'bind9 1:9.18.49-1~deb12u3 of Debian 12',
      path: 'usr/sbin/named',
      bytes: '\x00libisc-9.18.49-1~deb12u3-Debian.so\x00',
      version: '9.18.49',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/named', bytes: '\x00libisc.so.1100\x00libdns-9.18.49.so\x00' }],
})
